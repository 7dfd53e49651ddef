"""The history of drills: a file of JSON Lines, one line a drill, and what changed since the last."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from simulator.errors import Problem, SpecError
from simulator.result.drill import Compared, Drill

Line = Mapping[str, Any]

_FORMAT = "simulator-drill-1"
_KEYS = {"format", "file", "sha256", "date", "verdict", "objectives", "cells", "not_played"}
_CHANGED = 0.1
"""A figure that differs by more than this share, and by more than ten seconds, has changed."""
_CHANGED_S = 10.0


def line_of(drill: Drill, when: date | None) -> dict[str, Any]:
    """What the history keeps of a drill."""
    return {
        "format": _FORMAT,
        "date": None if when is None else when.isoformat(),
        "topology": drill.title,
        "file": drill.file,
        "sha256": drill.sha256,
        **({"settings": [*drill.settings]} if drill.settings else {}),
        "simulator": drill.simulator,
        "seed": drill.seed,
        "verdict": drill.verdict,
        "objectives": {
            one.name: {"recovery_time_s": one.recovery_time_s, "recovery_point_s": one.recovery_point_s}
            for one in drill.functions
        },
        "cells": {
            f"{cell.function} | {cell.scenario}": {
                "verdict": cell.verdict,
                "recovery_time_s": None if cell.time.endless else cell.time.measured_s,
                "recovery_point_s": None if cell.point.endless else cell.point.measured_s,
            }
            for cell in drill.cells
        },
        "not_played": {one.key: one.status for one in drill.not_played},
    }


def read_history(path: str | Path) -> list[Line]:
    """The lines of a history; none if there is no such file. SpecError at the first that is none."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError:
        raise SpecError(Problem(str(path), 1, 1, "this is not a text file in UTF-8")) from None
    except OSError as error:
        complaint = f"cannot be read: {(error.strerror or str(error)).lower()}"
        raise SpecError(Problem(str(path), 1, 1, complaint)) from None
    return [_line(text_, str(path), number) for number, text_ in enumerate(text.splitlines(), 1)]


def _line(text: str, file: str, number: int) -> Line:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not _KEYS.issubset(found) or found["format"] != _FORMAT:
        complaint = "this is no line of a drill's history; name one of drills, or one that is not there yet"
        raise SpecError(Problem(file, number, 1, complaint))
    return found


def append_line(path: str | Path, line: Line) -> None:
    """Add a line: whoever reads meanwhile, or is killed, sees the file without it or with all of it."""
    from filelock import FileLock

    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_name(f".{file.name}.lock")):
        before = file.read_bytes() if file.exists() else b""
        if before and not before.endswith(b"\n"):
            before += b"\n"
        unfinished = file.with_name(f".{file.name}.{os.getpid()}")
        unfinished.write_bytes(before + json.dumps(line, ensure_ascii=False).encode() + b"\n")
        unfinished.replace(file)


def compared(drill: Drill, when: date | None, earlier: Sequence[Line]) -> Compared:
    """A drill beside the earlier ones of a file of the same name."""
    now = line_of(drill, when)
    before = [one for one in earlier if one["file"] == drill.file]
    return Compared((*before, now), tuple(changes(before[-1], now)) if before else ())


def changes(before: Line, now: Line) -> Iterator[str]:
    """What differs between two drills, in sentences."""
    if before["sha256"] != now["sha256"]:
        yield f"the topology has changed (SHA-256 {before['sha256'][:12]} → {now['sha256'][:12]})"
    was_set, is_set = before.get("settings", []), now.get("settings", [])
    if was_set != is_set:
        yield f"settings: {'; '.join(was_set) or 'none'} → {'; '.join(is_set) or 'none'}"
    yield from _of_objectives(before["objectives"], now["objectives"])
    yield from _of_cells(before["cells"], now["cells"])
    for key in {**before["not_played"], **now["not_played"]}:
        was, is_ = before["not_played"].get(key), now["not_played"].get(key)
        if was != is_:
            yield f"{key}: {was or 'played, or not there'} → {is_ or 'played, or not there'}"


def _of_objectives(before: Line, now: Line) -> Iterator[str]:
    for name in {**before, **now}:
        if before.get(name) != now.get(name):
            yield f"the objective of {name} has changed: {_said(before.get(name))} → {_said(now.get(name))}"


def _said(objective: Line | None) -> str:
    if objective is None:
        return "none"
    time, point = objective["recovery_time_s"], objective["recovery_point_s"]
    parts = [f"{word} {value:g} s" for word, value in (("time", time), ("point", point)) if value is not None]
    return ", ".join(parts) or "none"


def _of_cells(before: Line, now: Line) -> Iterator[str]:
    for key in {**before, **now}:
        was, is_ = before.get(key), now.get(key)
        if was is None or is_ is None:
            yield f"{key}: {'was not there before' if was is None else 'is not there any more'}"
        elif was["verdict"] != is_["verdict"]:
            yield f"{key}: {was['verdict']} → {is_['verdict']}"
        else:
            yield from _of_figures(key, was, is_)


def _of_figures(key: str, was: Line, is_: Line) -> Iterator[str]:
    for name, word in (("recovery_time_s", "recovery time"), ("recovery_point_s", "recovery point")):
        old, new = was[name], is_[name]
        if old is None or new is None:
            continue
        if abs(new - old) > max(_CHANGED * max(old, new), _CHANGED_S):
            yield f"{key}: {word} {old:.0f} s → {new:.0f} s"
