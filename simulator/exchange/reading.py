"""Infrastructure files to what they declare, whatever their format, or why they cannot be read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from simulator import catalog
from simulator.errors import Problem, SpecError, UsageError
from simulator.exchange.cloudformation.template import (
    exports_of,
    is_template,
    parameter_names,
    read_yaml,
    template_resources,
)
from simulator.exchange.draft.whole import drafted_from
from simulator.exchange.found import Found
from simulator.exchange.terraform.plan import resources_of
from simulator.records import dataclass
from simulator.result.imported import Imported

_MOST_BYTES = 100_000_000
_SHOW = "write what Terraform shows of it: terraform show -json PLAN > plan.json"
_REGIONAL = (
    "table", "bucket", "cache", "datastore", "aurora", "rds", "function", "rest_api", "http_api", "balancer",
    "fleet", "node_group", "user_pool",
)  # fmt: skip


@dataclass(frozen=True)
class _Input:
    """One file, as often as it was asked for."""

    path: str
    region: str | None
    file: str
    """What tells its references from those of others,"""
    where: str
    """and what names it for a reader; empty if there is one alone."""
    document: Any = None


def imported(files: Sequence[str], parameters: Mapping[str, str] | None = None) -> Imported:
    """A draft made of some files, each written as `FILE` or, with the region of what it says, `REGION=FILE`.

    `parameters` are those of templates. Raises SpecError with every file that cannot be read, UsageError if
    no template has one of the parameters.
    """
    given, problems = dict(parameters or {}), list[Problem]()
    inputs = []
    for one in _inputs(files):
        with _told(one, problems):
            inputs.append(replace(one, document=_document(one.path)))
    exports = _exports(inputs, given)
    found: list[Found] = []
    assumed: list[str] = []
    for one in inputs:
        with _told(one, problems):
            resources, notes = _resources(one, given, exports)
            found += resources
            assumed += notes
    if problems:
        raise SpecError(*problems)
    _check_parameters(given, inputs)
    return drafted_from(found, [*dict.fromkeys(Path(one.path).name for one in inputs)], assumed)


class _Unread(Exception):
    """Why a file is none that can be imported."""


def _inputs(files: Sequence[str]) -> Iterator[_Input]:
    asked = [_asked(one) for one in files]
    paths = {path for _, path in asked}
    for number, (region, path) in enumerate(asked):
        names = [Path(path).name] if len(paths) > 1 else []
        names += [region] if region and len(paths) < len(asked) else []
        yield _Input(path, region, str(number), ", ".join(names))


def _asked(text: str) -> tuple[str | None, str]:
    region, equals, path = text.partition("=")
    return (region, path) if equals and region in catalog.region_names() else (None, text)


@contextmanager
def _told(one: _Input, problems: list[Problem]) -> Iterator[None]:
    """Turn what is wrong with a file into a problem."""
    try:
        yield
    except (_Unread, ValueError) as why:
        problems.append(Problem(one.path, 1, 1, str(why)))
    except (TypeError, LookupError, AttributeError) as why:
        maker = "CloudFormation takes" if is_template(one.document) else "Terraform writes"
        problems.append(Problem(one.path, 1, 1, f"its shape is not what {maker}: {why}"))
    except RecursionError:
        problems.append(Problem(one.path, 1, 1, "its values are nested too deep"))


def _exports(inputs: Sequence[_Input], given: Mapping[str, str]) -> dict[tuple[str | None, str], Any]:
    """What templates export, by region and name; that one is faulty is told when its resources are read."""
    found: dict[tuple[str | None, str], Any] = {}
    for one in (one for one in inputs if is_template(one.document)):
        with _told(one, []):
            exported = exports_of(one.document, one.file, one.region, given)
            found |= {(one.region, name): value for name, value in exported.items()}
    return found


def _check_parameters(given: Mapping[str, str], inputs: Sequence[_Input]) -> None:
    """Report a parameter that no template has."""
    templates = [one.document for one in inputs if is_template(one.document)]
    there = {name for document in templates for name in parameter_names(document)}
    if unknown := [name for name in given if name not in there]:
        has = f"; they have {', '.join(sorted(there))}" if there else ""
        raise UsageError(f"no template has a parameter {unknown[0]}{has}")


def _resources(
    one: _Input, parameters: Mapping[str, str], exports: Mapping[tuple[str | None, str], Any]
) -> tuple[list[Found], list[str]]:
    """What a file declares, and what was taken for granted in it."""
    notes: list[str] = []
    if _is_terraform(one.document):
        found = [*resources_of(one.document, one.file, one.where, one.region)]
        nothing = "it has no resources; a plan that destroys everything has none either"
    elif is_template(one.document):
        imports = {name: value for (region, name), value in exports.items() if region == one.region}
        found, notes = template_resources(one.document, one.file, one.where, one.region, parameters, imports)
        nothing = "its 'Resources' are empty"
    else:
        raise _Unread(_what_else(one.document))
    if not found:
        raise _Unread(f"there is nothing to draft: {nothing}")
    lost = [two for two in found if two.kind in _REGIONAL and two.region is None]
    if lost:
        raise _Unread(
            f"it does not say in which region {lost[0].origin} is ({len(lost)} such resources); put the "
            f"region before the file: eu-west-1={one.path}"
        )
    return found, notes


def _document(path: str) -> Any:
    data = _bytes(path)
    if data[:2] == b"PK":
        raise _Unread(f"this is a plan as Terraform stores it, which it alone can read; {_SHOW}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _Unread("this is not a text file in UTF-8") from None
    if not text.strip():
        raise _Unread("the file is empty")
    if text.lstrip()[0] not in "{[":
        return _yaml(text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        if text.lstrip().startswith("{") and "Resources" in text and not text.lstrip().startswith('{"'):
            return _yaml(text)
        raise _Unread(f"this is not JSON: {error}") from None


def _bytes(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise _Unread("there is no such file") from None
    except (OSError, ValueError) as error:
        raise _Unread(f"cannot be read: {(getattr(error, 'strerror', None) or str(error)).lower()}") from None
    if len(data) > _MOST_BYTES:
        raise _Unread(f"the file is larger than {_MOST_BYTES:,} bytes, which is the most that is read")
    return data


def _yaml(text: str) -> Any:
    if text.lstrip().startswith(("resource ", "provider ", "terraform ", "module ", "variable ", "locals ")):
        raise _Unread(f"this is the configuration of Terraform itself; plan it, and {_SHOW}")
    try:
        return read_yaml(text)
    except ValueError as error:
        raise _Unread(f"this is neither JSON nor YAML: {error}") from None


def _is_terraform(document: Any) -> bool:
    return (
        isinstance(document, dict)
        and ("planned_values" in document or "values" in document)
        and ("format_version" in document or "terraform_version" in document)
    )


def _what_else(document: Any) -> str:
    """What a file is instead, and what to write."""
    if isinstance(document, dict) and "terraform_version" in document:
        return (
            "this is a state as Terraform stores it; write what it shows: terraform show -json > state.json"
        )
    if isinstance(document, dict) and "configuration" in document:
        return f"this is a plan without planned values; {_SHOW}"
    if isinstance(document, dict) and {"topology", "regions", "services"} & document.keys():
        return "this is a topology of the simulator already"
    return "neither a plan of Terraform (terraform show -json) nor a template of CloudFormation ('Resources')"
