"""Infrastructure files to what they declare, whatever their format, or why they cannot be read."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simulator import catalog
from simulator.errors import Problem, SpecError, UsageError
from simulator.exchange.cloudformation.template import (
    is_template,
    parameter_names,
    read_yaml,
    template_resources,
)
from simulator.exchange.draft.whole import drafted_from
from simulator.exchange.found import Found
from simulator.exchange.terraform.plan import resources_of
from simulator.result.imported import Imported

_MOST_BYTES = 100_000_000
_SHOW = "write what Terraform shows of it: terraform show -json PLAN > plan.json"
_REGIONAL = (
    "table", "bucket", "cache", "datastore", "aurora", "rds", "function", "rest_api", "http_api", "balancer",
    "fleet", "node_group", "user_pool",
)  # fmt: skip


def imported(files: Sequence[str], parameters: Mapping[str, str] | None = None) -> Imported:
    """A draft made of some files, each written as `FILE` or, with the region of what it says, `REGION=FILE`.

    `parameters` are those of templates. Raises SpecError with every file that cannot be read, UsageError if
    no template has one of the parameters.
    """
    asked = [_asked(one) for one in files]
    paths = [*dict.fromkeys(path for _, path in asked)]
    repeated = len(paths) < len(asked)
    found: list[Found] = []
    assumed: list[str] = []
    given, taken = dict(parameters or {}), set[str]()
    problems: list[Problem] = []
    for number, (region, path) in enumerate(asked):
        where = ", ".join(
            ([Path(path).name] if len(paths) > 1 else []) + ([region] if repeated and region else [])
        )
        try:
            document = _document(path)
            resources, notes = _resources(document, path, str(number), where, region, given)
            found += resources
            assumed += notes
            taken |= {*parameter_names(document)} if is_template(document) else set()
        except (_Unread, ValueError) as why:
            problems.append(Problem(path, 1, 1, str(why)))
        except (TypeError, LookupError, AttributeError) as why:
            maker = "CloudFormation takes" if is_template(document) else "Terraform writes"
            problems.append(Problem(path, 1, 1, f"its shape is not what {maker}: {why}"))
        except RecursionError:
            problems.append(Problem(path, 1, 1, "its values are nested too deep"))
    if problems:
        raise SpecError(*problems)
    if unknown := [name for name in given if name not in taken]:
        has = f"; they have {', '.join(sorted(taken))}" if taken else ""
        raise UsageError(f"no template has a parameter {unknown[0]}{has}")
    return drafted_from(found, [Path(path).name for path in paths], assumed)


class _Unread(Exception):
    """Why a file is none that can be imported."""


def _asked(text: str) -> tuple[str | None, str]:
    region, equals, path = text.partition("=")
    return (region, path) if equals and region in catalog.region_names() else (None, text)


def _resources(
    document: Any, path: str, file: str, where: str, region: str | None, parameters: Mapping[str, str]
) -> tuple[list[Found], list[str]]:
    """What a file declares, and what was taken for granted in it."""
    notes: list[str] = []
    if _is_terraform(document):
        found = [*resources_of(document, file, where, region)]
        nothing = "it has no resources; a plan that destroys everything has none either"
    elif is_template(document):
        found, notes = template_resources(document, file, where, region, parameters)
        nothing = "its 'Resources' are empty"
    else:
        raise _Unread(_what_else(document))
    if not found:
        raise _Unread(f"there is nothing to draft: {nothing}")
    lost = [one for one in found if one.kind in _REGIONAL and one.region is None]
    if lost:
        raise _Unread(
            f"it does not say in which region {lost[0].origin} is ({len(lost)} such resources); put the "
            f"region before the file: eu-west-1={path}"
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
