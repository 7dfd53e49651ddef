"""Pydantic's errors in plain words, each with the path in the user's file."""

import difflib
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from simulator import catalog
from simulator.language.models.autoscaling import SCALING_KINDS
from simulator.language.models.compute import COMPUTE_KINDS
from simulator.language.models.faults import FAULT_KINDS
from simulator.language.models.operator import OPERATOR_KINDS
from simulator.language.models.plans import BRANCH_KINDS, PLAN_STEP_KINDS
from simulator.language.models.steps import STEP_KINDS
from simulator.language.models.stores import CAPACITY_KINDS
from simulator.language.reading.forms import TAG, known_keys
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.words import REGIONS, called_here, explained, values_meant
from simulator.units import shortened, shown

_IS_TAG = re.compile(rf"{TAG}[A-Z]\w*")
_ALIKE = 0.65  # similarity from which a name is suggested
_MOST_LISTED = 12
_MOST_REPORTED = 100


class _Form(NamedTuple):
    """A union of models that the user chooses by writing one of several keys."""

    noun: str
    kinds: dict[str, str]  # key → tag
    example: str
    beside: tuple[str, ...] = ()  # keys that say something else, whatever they resemble


_CAPACITY = "{provisioned: {write: 100/s, read: 200/s}}"
_FORMS = {
    "fault_form()": _Form("a fault", FAULT_KINDS, "{at: 10 min, region: …, mode: …}", ("mode",)),
    "step_form()": _Form("a step", STEP_KINDS, "{compute: 20 ms}"),
    "capacity_form()": _Form("a capacity", CAPACITY_KINDS, _CAPACITY),
    "operator_form()": _Form("an operator's call", OPERATOR_KINDS, "{change: …, at: 10 min, order: […]}"),
    "plan_step_form()": _Form("a step of a plan", PLAN_STEP_KINDS, "{custom: call the team, takes: 5 min}"),
    "branch_form()": _Form("a step beside others", BRANCH_KINDS, "{custom: call the team, takes: 5 min}"),
    "compute_form()": _Form("a compute", COMPUTE_KINDS, "{lambda: {}}"),
    "scaling_form()": _Form(
        "what is scaled", SCALING_KINDS, "{service: …, in: …, min: 2, max: 20, track: …}"
    ),
}


def nearest(name: str, known: Iterable[str]) -> str:
    """A suggestion such as `; did you mean 'browser'?`, or the list of what is allowed."""
    names = [str(one) for one in known]
    close = closest(name, names)
    if close:
        return f"; did you mean '{close}'?"
    if len(names) > _MOST_LISTED:
        by_likeness = difflib.get_close_matches(name, names, n=4, cutoff=0)
        return f"; of {len(names)} the nearest are {', '.join(by_likeness)}"
    return f"; one of: {', '.join(names)}" if names else ""


def known(
    document: Document,
    path: Path,
    name: str,
    names: Iterable[str] | None,
    what: str,
    *,
    at_key: bool = False,
) -> bool:
    """Report a name that is not among those that exist (None: nobody can tell); tell whether it is."""
    if names is None or name in (names := list(names)):
        return True
    hint = f"; one of: {', '.join(names)}" if name in catalog.region_names() else _hint(name, names)
    document.problem(f"unknown {what} '{name}'{hint}", path, at_key=at_key)
    return False


def _hint(name: str, names: list[str]) -> str:
    """The region of a city, if regions are due; else the nearest name."""
    called = (*catalog.regions_of_city(name), REGIONS.get(name.casefold(), ""))
    in_city = [region for region in called if region in names]
    return f"; {name} is {' or '.join(in_city)}" if in_city else nearest(name, names)


def closest(name: str, known: Iterable[str]) -> str | None:
    """The name that was probably meant, whatever its case; None if none is alike."""
    names = {one.casefold(): one for one in known}
    if name.casefold() in names:
        return names[name.casefold()]  # as it is in most files: comparing with every name takes long
    close = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=_ALIKE)
    return names[close[0]] if close else None


def report(error: ValidationError, document: Document, model: type[BaseModel]) -> None:
    """Add the errors of a validation to the document's problems: the first hundred, and how many more."""
    found = [one for one in error.errors(include_url=False) if not _was_reported(one)]
    meant = {_meant_path(one, model) for one in found if one["type"] == "extra_forbidden"}
    found = [one for one in found if one["type"] != "missing" or path_in_file(one["loc"]) not in meant]
    for one in found[:_MOST_REPORTED]:
        _report_one(one, _path_of(one), document, model)
    for one in found[_MOST_REPORTED : _MOST_REPORTED + 1]:
        more = f"and {len(found) - _MOST_REPORTED:,} more problems from here on"
        document.problem(more, path_in_file(one["loc"]), at_key=True)


def _was_reported(one: Any) -> bool:
    """Whether an error is of a key without a value, which was reported when the file was read."""
    return one["input"] is None and one["type"] != "missing"


def path_in_file(loc: tuple[int | str, ...]) -> Path:
    """Pydantic's location without what is not in the file: the tags of unions."""
    return tuple(part for part in loc if not _IS_TAG.fullmatch(str(part)))


def _path_of(error: Any) -> Path:
    """Where an error is in the file: an unknown key is the user's own, whatever it looks like."""
    *place, key = error["loc"] or ("",)
    unknown = error["type"] == "extra_forbidden"
    return (*path_in_file(tuple(place)), key) if unknown else path_in_file(error["loc"])


def _report_one(error: Any, path: Path, document: Document, model: type[BaseModel]) -> None:
    kind = error["type"]
    if kind == "extra_forbidden":
        document.problem(_unknown_key(str(path[-1]), error["loc"], model), path, at_key=True)
    elif kind == "missing":
        document.problem(f"missing key '{path[-1]}'", path)
    elif kind in ("union_tag_not_found", "union_tag_invalid"):
        _report_formless(error, path, document)
    else:
        document.problem(_wrong_value(kind, error, model), path)


def _meant_path(error: Any, model: type[BaseModel]) -> Path | None:
    """Where the key stands that was meant by one that is unknown: it is not missing, too."""
    *place, key = error["loc"]
    close = _close_key(str(key), known_keys(model, tuple(place)))
    return None if close is None else (*path_in_file(tuple(place)), close)


def _close_key(key: str, keys: list[str]) -> str | None:
    return called_here(key, keys) or closest(key, keys)


def _unknown_key(key: str, loc: tuple[int | str, ...], model: type[BaseModel]) -> str:
    for form in _FORMS.values():
        chosen = next((kind for kind, tag in form.kinds.items() if loc[-2:-1] == (tag,)), None)
        if chosen is not None and key in form.kinds:
            return f"{form.noun} names one of {', '.join(form.kinds)}; this one has '{chosen}' already"
    keys = known_keys(model, loc[:-1])
    called = called_here(key, keys)
    instead = None if called else explained(key, keys)
    hint = f"; here it is called '{called}'" if called else f"; {instead}" if instead else nearest(key, keys)
    return f"unknown key '{key}'{hint}"


def _report_formless(error: Any, path: Path, document: Document) -> None:
    """A fault, a step … without the key that says of which kind it is."""
    form, value = _FORMS[error["ctx"]["discriminator"]], error["input"]
    allowed = f"{form.noun} names one of {', '.join(form.kinds)}"
    if not isinstance(value, dict):
        document.problem(f"{form.noun} is a mapping such as {form.example}, not {shown(value)}", path)
        return
    kinds = [*form.kinds]
    keys = (key for key in value if key not in form.beside)
    misspelled = next(((key, close) for key in keys if (close := _close_key(key, kinds))), None)
    if misspelled is None:
        document.problem(f"{allowed}; this one has {_listed(value) or 'nothing'}", path)
    else:
        key, close = misspelled
        document.problem(f"{allowed}; did you mean '{close}' by '{key}'?", (*path, key), at_key=True)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _wrong_value(kind: str, error: Any, model: type[BaseModel]) -> str:
    value, context = error["input"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        names = re.findall(r"'([^']*)'", context["expected"])
        same = [name for name in names if name.casefold() == str(value).casefold()]
        if same:
            return f"{shown(value)} is not allowed here; write '{same[0]}'"
        meant = [f"'{one}'" for one in values_meant(str(value), names)]
        hint = nearest(str(value), names) if len(names) > 2 else f"; write {' or '.join(names)}"
        hint = f"; write {' or '.join(meant)}" if meant else hint
        return f"{shown(value)} is not allowed here{hint}"
    if kind in ("too_short", "too_long"):
        return _wrong_length(kind, context)
    if kind == "model_type":
        keys = known_keys(model, error["loc"])
        return f"this must be a mapping{_with_keys(keys)}, not {shown(value)}{_as_bound(value, keys)}"
    if kind == "list_type" and value in catalog.region_names():
        return f"this must be a list, not {shown(value)}; write [{shortened(value)}]"
    if kind == "float_type" and (number := _number_in(value, is_weight="actions" in error["loc"])):
        return f"this must be a number, not {shown(value)}; write {number}"
    if kind == "string_type" and not isinstance(value, dict | list):
        return f"this must be text, not {shown(value)}; put it in quotes"
    return f"{_PLAIN.get(kind, error['msg']).format(**context)}, not {shown(value)}"


def _as_bound(value: Any, keys: list[str]) -> str:
    """How a plain value is written where bounds are due."""
    if "at_most" not in keys or isinstance(value, bool | list | dict):
        return ""
    return f"; write {{at_most: {value}}} or {{at_least: {value}}}"


def _number_in(value: Any, *, is_weight: bool) -> str | None:
    """The number in a text such as `"80"`, or, where weights are due, `80%`."""
    percent = "%?" if is_weight else ""
    pattern = rf"\s*([0-9]{{1,15}}(?:\.[0-9]{{1,15}})?)\s*{percent}\s*"
    found = re.fullmatch(pattern, value) if isinstance(value, str) else None
    return None if found is None else found[1]


_PLAIN = {
    "string_type": "this must be text",
    "float_type": "this must be a number",
    "bool_type": "this must be true or false",
    "dict_type": "this must be a mapping",
    "list_type": "this must be a list",
    "greater_than": "this must be more than {gt:,.10g}",
    "greater_than_equal": "this must be at least {ge:,.10g}",
    "less_than_equal": "this must be at most {le:,.10g}",
}


def _wrong_length(kind: str, context: dict[str, Any]) -> str:
    number = context["actual_length"]
    has = "is empty" if number == 0 else "has 1 entry" if number == 1 else f"has {number} entries"
    if kind == "too_short":
        return f"this list {has}; it needs at least {context['min_length']}"
    return f"this list {has}; it takes at most {context['max_length']}"


def _with_keys(keys: list[str]) -> str:
    return f" with the keys {', '.join(keys)}" if 0 < len(keys) <= _MOST_LISTED else ""
