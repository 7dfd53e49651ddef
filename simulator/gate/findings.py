"""What `check` found, in the formats of other programs: SARIF, annotations of GitHub, JSON."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import quote

from simulator.errors import Problem
from simulator.gate.pages import annotation, path_from
from simulator.records import dataclass
from simulator.rules.finding import Finding
from simulator.rules.listed import INVALID, RULES, Rule

SCHEMA_VERSION = 1
_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}
"""GitHub's word for each severity."""


@dataclass(frozen=True)
class CheckedFile:
    """One file with what was found in it."""

    file: str
    findings: tuple[Finding, ...]

    @property
    def is_valid(self) -> bool:
        """Whether it can be simulated."""
        return all(one.rule != INVALID for one in self.findings)


def of_problem(problem: Problem) -> Finding:
    """What makes a file invalid, as a finding."""
    return Finding(INVALID, "error", problem.message, problem.file, problem.line, problem.column)


def told_once(files: Sequence[CheckedFile]) -> list[Finding]:
    """The findings of all files; those of a topology that several experiments name are told once."""
    return [*dict.fromkeys(one for file in files for one in file.findings)]


def sarif(files: Sequence[CheckedFile], root: str | None = None) -> str:
    """The Static Analysis Results Interchange Format, version 2.1.0 (OASIS standard)."""
    from simulator.versions import package_version

    names = [*RULES]
    run = {
        "tool": {
            "driver": {
                "name": "simulator",
                "version": package_version(),
                "rules": [_rule(one) for one in RULES.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, names.index(one.rule), root) for one in told_once(files)],
    }
    whole = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def github(files: Sequence[CheckedFile], root: str | None = None) -> str:
    """An annotation for each finding that nobody accepts."""
    lines = (
        annotation(
            _LEVELS[one.severity], path_from(one.file, root), one.line, one.column, one.rule, one.message
        )
        for one in told_once(files)
        if not one.suppressed
    )
    return "".join(f"{line}\n" for line in lines)


def as_json(files: Sequence[CheckedFile], root: str | None = None) -> str:
    """Every file with its findings, accepted ones with the reason."""
    whole = {
        "schema_version": SCHEMA_VERSION,
        "files": [
            {
                "file": path_from(file.file, root),
                "valid": file.is_valid,
                "findings": [_plain(one, root) for one in file.findings],
            }
            for file in files
        ],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


FORMATS: dict[str, Callable[[Sequence[CheckedFile], str | None], str]] = {
    "json": as_json,
    "sarif": sarif,
    "github": github,
}
"""The formats by name; text is made as files are read."""


def _plain(one: Finding, root: str | None) -> dict[str, Any]:
    found = asdict(replace(one, file=path_from(one.file, root)))
    found.pop("of_readiness")
    return found


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.about},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.remedy},
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(one: Finding, index: int, root: str | None) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": quote(path_from(one.file, root))},
        "region": {"startLine": one.line, "startColumn": one.column},
    }
    found: dict[str, Any] = {
        "ruleId": one.rule,
        "ruleIndex": index,
        "level": one.severity,
        "message": {"text": one.message},
        "locations": [{"physicalLocation": place}],
    }
    if one.suppressed:
        found["suppressions"] = [{"kind": "inSource", "justification": one.suppressed}]
    return found
