"""The tables of the documentation that are made from the program's own lists.

Each stands between two marks, `<!-- NAME -->` and `<!-- /NAME -->`. `python -m tests.measure.pages` writes
them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from inspect import getdoc
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from simulator.boundary.events import KINDS, EventKind
from simulator.boundary.measure_terms import Measure, Part
from simulator.boundary.measures import MEASURES
from simulator.boundary.metric_terms import SUBJECT_KINDS
from simulator.boundary.metrics import METRICS
from simulator.boundary.modes import modes_of
from simulator.control_plane.registry import SERVICES
from simulator.result.plain import key_of, written
from simulator.result.whole import Result
from simulator.rules.listed import RULES
from simulator.texts import texts_under_fields

ROOT = Path(__file__).parents[2]

_UNITS = {"s": "duration", "count": "count", "share": "share", "ratio": "number", "bool": "`true` or `false`"}
_TYPES = {int: "count", float: "number", bool: "true or false", str: "text", object: "anything"}
_NUMBERS = {"_s": "seconds", "share": "share", "success": "share"}


# what can be expected


def expectations() -> str:
    """What each measure is bounded by, and what it means."""
    about = (_in_line(f"{one.says} {one.scope.says}") for one in MEASURES)
    rows = (f"| `{one.name}` | {_bounds(one)} | {says} |" for one, says in zip(MEASURES, about, strict=True))
    return "\n".join(["| Expectation | Bounds | About |", "|---|---|---|", *rows])


def _bounds(measure: Measure) -> str:
    if len(measure.parts) > 1:
        return ", ".join(f"`{part.name}`" for part in measure.parts)
    return _UNITS[measure.parts[0].unit]


def not_exercised() -> str:
    """When a run tells nothing of each measure."""
    rows = (
        f"| {' '.join(f'`{name}`' for name in (one.name, part.name) if name)} | {'; '.join(_reasons(part))} |"
        for one in MEASURES
        for part in one.parts
    )
    return "\n".join(["| Expectation | Not exercised when |", "|---|---|", *rows])


def _reasons(part: Part) -> Iterator[str]:
    for reason in part.unless:
        yield f"{reason.text} ({reason.of})" if reason.of else reason.text
    if part.no_value:
        yield part.no_value


# what can break


def modes_of_faults() -> str:
    """The table of faults with the modes of each target; its other columns are written by hand."""
    table, _ = (ROOT / "docs/reference.md").read_text(encoding="utf-8").split("<!-- /faults -->")
    rows = table.split("<!-- faults -->")[1].strip().splitlines()
    return "\n".join([*rows[:2], *map(_with_modes, rows[2:])])


def _with_modes(row: str) -> str:
    target, modes, about = (cell.strip() for cell in row.strip("|").split("|"))
    key = target.strip("`").split(":")[0]
    if any(mode.said is None for mode in modes_of(key).values()):
        modes = " ".join(f"`{name}`" for name in modes_of(key))
    return f"| {target} | {modes} | {about} |"


# what can be monitored


def metrics() -> str:
    """Every metric: AWS's name, what it is of, when it has a point, and where."""
    rows = (
        f"| `{one.name}` | {one.namespace} {one.aws} | {one.of.name} | {one.unit} | `{one.emission}` "
        f"| {one.home} | {one.period_min} min | {', '.join(one.statistics)} | {one.note} | {one.source} |"
        for one in METRICS
    )
    head = "| Metric | AWS | Of | Unit | Rule | Lives in | Period | Statistics | Note | Source |"
    return "\n".join([head, "|---" * 10 + "|", *rows])


def subjects() -> str:
    """What metrics are of, and how users write it."""
    rows = (f"| {one.name} | `{one.form}` | {one.says} |" for one in SUBJECT_KINDS)
    return "\n".join(["| Of | Written | What it is |", "|---|---|---|", *rows])


# what is logged


def events() -> str:
    """Every kind of entry in the event log."""
    return "\n".join(
        ["| kind | logged by | meaning | target | detail |", "|---|---|---|---|---|", *map(_row, KINDS)]
    )


def _row(kind: EventKind[Any]) -> str:
    target = " or ".join(f"`{subject.form}`" for subject in kind.subjects)
    detail = "; ".join(f"`{name}`: {meaning}" for name, meaning in kind.detail.items())
    by = ", ".join(service.name for service in SERVICES if kind in service.events)
    return f"| `{kind.name}` | {by} | {kind.says} | {target} | {detail} |"


# the result


def fields_of_result() -> str:
    """Every field of `result.json`, class by class, in the order in which they are met."""
    return "\n\n".join(_table(class_) for class_ in _classes(Result, []))


def _classes(class_: Any, met: list[Any]) -> list[Any]:
    met.append(class_)
    for field in written(class_):
        for inner in _inner(get_type_hints(class_)[field.name]):
            if inner not in met:
                _classes(inner, met)
    return met


def _inner(type_: Any) -> Iterator[Any]:
    if is_dataclass(type_):
        yield type_
    for argument in get_args(type_):
        yield from _inner(argument)


def _table(class_: Any) -> str:
    texts, hints = texts_under_fields(class_), get_type_hints(class_)
    about = (getdoc(class_) or "").split("\n")[0]
    rows = (
        f"| {_name(field)} | {_type(hints[field.name], key_of(field))} | {_in_line(texts[field.name])} |"
        for field in written(class_)
    )
    head = [f"### {class_.__name__}", "", about, "", "| Field | Holds | Meaning |", "|---|---|---|"]
    return "\n".join([*head, *rows])


def _in_line(text: str) -> str:
    return " ".join(text.split())


def _name(field: Any) -> str:
    return "one for each outcome" if field.metadata.get("is_flat") else f"`{key_of(field)}`"


def _type(type_: Any, key: str) -> str:
    origin, arguments = get_origin(type_), get_args(type_)
    if is_dataclass(type_):
        return f"[{type_.__name__}](#{type_.__name__.lower()})"  # type: ignore[union-attr]
    if origin is Mapping:
        keys = get_args(arguments[0]) if get_origin(arguments[0]) is Literal else ()
        listed = f" ({', '.join(f'`{one}`' for one in keys)})" if keys else ""
        return f"by name{listed}: {_type(arguments[1], key)}"
    if origin in (tuple, Sequence):
        return f"list of {_type(arguments[0], key)}"
    if origin is Literal:
        return "text"
    if arguments:
        return " or ".join("null" if one is NoneType else _type(one, key) for one in arguments)
    if type_ is float:
        return next((unit for ending, unit in _NUMBERS.items() if key.endswith(ending)), "number")
    return _TYPES[type_]


# files

# what check finds without a run


def rules() -> str:
    """Every rule: what it finds, why that matters, what to do."""
    rows = (
        f"| `{name}` | {one.severity} | {one.about} | {one.why} | {one.remedy} |"
        for name, one in RULES.items()
    )
    return "\n".join(["| Rule | | Finds | Because | Remedy |", "|---|---|---|---|---|", *rows])


PAGES: tuple[tuple[str, str, Callable[[], str]], ...] = (
    ("docs/reference.md", "faults", modes_of_faults),
    ("docs/reference.md", "expectations", expectations),
    ("docs/measures.md", "not exercised", not_exercised),
    ("docs/result.md", "fields", fields_of_result),
    ("docs/model-control-plane.md", "events", events),
    ("docs/monitoring.md", "metrics", metrics),
    ("docs/monitoring.md", "subjects", subjects),
    ("docs/rules.md", "rules", rules),
)


def in_step(text: str, mark: str, table: str) -> str:
    """A page's text with a table put between its marks."""
    start, end = f"<!-- {mark} -->\n", f"\n<!-- /{mark} -->"
    before, rest = text.split(start)
    _, after = rest.split(end)
    return f"{before}{start}\n{table}\n{end}{after}"


def main() -> None:
    """Write every table."""
    for name, mark, make in PAGES:
        page = ROOT / name
        page.write_text(in_step(page.read_text(encoding="utf-8"), mark, make()), encoding="utf-8")


if __name__ == "__main__":
    main()
