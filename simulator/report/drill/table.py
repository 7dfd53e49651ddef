"""The table of a drill on the terminal: a line a scenario, and the functions that miss something below it."""

import textwrap
from collections.abc import Iterator

from simulator.report.drill.said import NONE, asked, dominated, findings, margin, measured
from simulator.report.readiness import readiness_lines
from simulator.result.drill import (
    MET,
    MISSED,
    NO_OBJECTIVE,
    NOT_SHOWN,
    UNTESTED,
    Cell,
    Drill,
    Judged,
    NotPlayed,
    Scenario,
    worst,
)
from simulator.units import printable

_MARKS = {MET: "✓", MISSED: "✗", NOT_SHOWN: "?", UNTESTED: "?", NO_OBJECTIVE: " "}
_FIGURE = 12
_LEAST_TITLE = 24
_WORDS = {
    "met": "MET: every objective holds in every scenario that was played",
    "missed": "MISSED: an objective does not hold",
    "inconclusive": "INCONCLUSIVE: not every objective was shown to hold",
    "no_expectations": "NO OBJECTIVES: the topology says none; measured all the same",
}


def table(drill: Drill, width: int, *, verbose: bool = False) -> str:
    """The table, in lines of at most so many columns where words allow."""
    return "\n".join(printable(line).rstrip() for line in _lines(drill, width, verbose))


def _lines(drill: Drill, width: int, verbose: bool) -> Iterator[str]:
    seed = f"seed {drill.seed}"
    yield from textwrap.wrap(f"{_WORDS[drill.verdict]}  ({len(drill.scenarios)} scenarios, {seed})", width)
    yield from textwrap.wrap(drill.title, width)
    yield from _objectives(drill, width)
    room = max(width - 2 - 2 * _FIGURE, _LEAST_TITLE)
    yield ""
    yield f"{'  Scenario':{room + 2}}{'recovery':>{_FIGURE}}{'recovery':>{_FIGURE}}"
    yield f"{'':{room + 2}}{'time':>{_FIGURE}}{'point':>{_FIGURE}}"
    for one in drill.listed:
        if isinstance(one, Scenario):
            yield from _scenario(drill, one, room, width, verbose)
        elif one.status == UNTESTED or verbose:
            yield from _not_played(one, width)
    yield ""
    if drill.readiness.standbys or drill.readiness.singles:
        yield "Readiness, by arithmetic"
        yield from readiness_lines(drill.readiness, width)
    yield from _end(drill, width)


def _objectives(drill: Drill, width: int) -> Iterator[str]:
    for one in drill.functions:
        cell = next((cell for cell in drill.cells if cell.function == one.name), None)
        if one.has_objective and cell is not None:
            note = "" if one.critical else ", not critical"
            said = f"{one.name}: recovery time {asked(cell.time)}, recovery point {asked(cell.point)}{note}"
            yield from textwrap.wrap(said, width, initial_indent="Objective   ", subsequent_indent=" " * 12)


def _scenario(drill: Drill, one: Scenario, room: int, width: int, verbose: bool) -> Iterator[str]:
    cells = [cell for cell in drill.cells if cell.scenario == one.key]
    verdict = worst(cell.verdict for cell in cells)
    first, *more = textwrap.wrap(one.title, room - 1) or [""]
    time, point = _worst_of([cell.time for cell in cells]), _worst_of([cell.point for cell in cells])
    yield f"{_MARKS[verdict]} {first:{room}}{time:>{_FIGURE}}{point:>{_FIGURE}}"
    yield from (f"  {line}" for line in more)
    for cell in cells:
        if verbose or cell.verdict in (MISSED, NOT_SHOWN, UNTESTED):
            yield from textwrap.wrap(_function(cell), width, initial_indent="    ", subsequent_indent=" " * 6)


def _worst_of(judged: list[Judged]) -> str:
    """The worst figure of several functions."""
    found = max(judged, key=lambda one: (one.endless, one.measured_s if one.measured_s is not None else -1.0))
    return measured(found) if found.measured_s is not None or found.endless else NONE


def _function(cell: Cell) -> str:
    """A function in a scenario: each objective with its margin, and what took longest."""
    parts = []
    for name, one in (("recovery time", cell.time), ("recovery point", cell.point)):
        if one.objective_s is not None:
            left = f", margin {margin(one)}" if one.margin_s is not None else ""
            parts.append(f"{name} {one.verdict}, {measured(one)} where {asked(one)} is asked{left}")
        elif one.measured_s is not None:
            parts.append(f"{name} {measured(one)}")
    why = [
        one.reason for one in (cell.time, cell.point) if one.reason and one.verdict not in (MET, NO_OBJECTIVE)
    ]
    held = dominated(cell)
    said = [*parts, *why, *([f"most of it: {held}"] if held else [])]
    return f"{_MARKS[cell.verdict]} {cell.function}: {'; '.join(said)}"


def _not_played(one: NotPlayed, width: int) -> Iterator[str]:
    said = f"{one.title}: {one.status}, {one.reason}"
    yield from textwrap.wrap(said, width, initial_indent="– ", subsequent_indent="  ")


def _end(drill: Drill, width: int) -> Iterator[str]:
    verdicts = [cell.verdict for cell in drill.cells]
    counts = [
        f"{verdicts.count(one)} {one}"
        for one in (MET, MISSED, NOT_SHOWN, UNTESTED, NO_OBJECTIVE)
        if one in verdicts
    ]
    left = [one for one in drill.not_played if one.status == UNTESTED]
    none = [one for one in drill.not_played if one.status != UNTESTED]
    yield ""
    said = f"Function × scenario: {', '.join(counts)}; "
    said += f"scenarios untested: {len(left)}, not applicable: {len(none)}"
    yield from textwrap.wrap(said, width)
    found = findings(drill)
    high = sum(one.severity == "high" for one in found)
    yield from textwrap.wrap(f"Findings: {len(found)}, of which {high} high; --out writes the report", width)
