"""The formats in which a gate is told, by name."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from simulator.gate.github import github
from simulator.gate.junit import junit
from simulator.gate.line import failures, line, total
from simulator.gate.markdown import markdown
from simulator.gate.pages import path_from
from simulator.gate.played import Played, exit_code_of
from simulator.result.plain import plain

_WIDTH = 100  # columns of a text in a file
SCHEMA_VERSION = 1

Format = Callable[[Sequence[Played], str, str | None], str]
"""From files, what fails a gate, and the root of the repository."""


def text(played: Sequence[Played], _fail_on: str, root: str | None = None) -> str:
    """What a terminal shows of many files, without colour."""
    lines = [row for one in played for row in (line(one, _WIDTH), *failures(one, _WIDTH))]
    return "\n".join([*lines, total(played, len(played))]) + "\n"


def as_json(played: Sequence[Played], fail_on: str, root: str | None = None) -> str:
    """The same for programs: the verdict of each file with its figures, judgements and problems."""
    whole = {
        "schema_version": SCHEMA_VERSION,
        "exit_code": exit_code_of(played, fail_on),
        "files": [_file(one, root) for one in played],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _file(one: Played, root: str | None) -> dict[str, Any]:
    return {
        "file": path_from(one.file, root),
        "verdict": one.verdict,
        "exit_code": one.exit_code,
        "experiment": one.experiment,
        "seed": one.seed,
        **({"seeds": one.seeds} if one.seeds else {}),
        "recovery_time_s": one.recovery_time_s,
        "recovery_shown": one.recovery_shown,
        "recovery_point_s": one.recovery_point_s,
        "lost_writes": one.lost_writes,
        "overwritten_writes": one.overwritten_writes,
        "dominated": one.dominated,
        "expectations": [plain(judgement) for judgement in one.expectations],
        "problems": [asdict(problem) for problem in one.problems],
        "defect": one.defect,
    }


FORMATS: dict[str, Format] = {
    "text": text,
    "json": as_json,
    "junit": junit,
    "github": github,
    "markdown": markdown,
}
