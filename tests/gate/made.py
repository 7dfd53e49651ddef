"""What became of files, made by hand: lines and formats are tested alone."""

from typing import Any

from simulator.errors import Problem
from simulator.gate.played import Played
from simulator.result.whole import Bounds, Judgement


def judgement(**changes: Any) -> Judgement:
    """A recovery time that is met, expected in line 9; changes replace fields."""
    given: dict[str, Any] = {
        "expectation": "recovery_time at most 5 min",
        "verdict": "met",
        "measured": 70.0,
        "reason": "",
        "measure": "recovery_time",
        "scope": {},
        "bounds": Bounds(None, 300.0),
        "unit": "s",
        "file": "shop.yaml",
        "line": 9,
        "shown": "1 min 10 s",
    }
    return Judgement(**given | changes)


MISSED = judgement(
    verdict="missed", measured=532.0, shown="8 min 52 s", reason="8 min 52 s is more than 5 min"
)
UNEXERCISED = judgement(
    expectation="lost_writes at most 0",
    measure="lost_writes",
    verdict="not_exercised",
    measured=None,
    reason="no region went down for good",
    bounds=Bounds(None, 0.0),
    unit="count",
    line=11,
    shown="no data",
)


def passed(**changes: Any) -> Played:
    """A file that passes; changes replace fields."""
    given: dict[str, Any] = {
        "file": "gates/shop.yaml",
        "seed": 1,
        "verdict": "met",
        "experiment": "Dublin is dark",
        "expectations": (judgement(),),
        "recovery_time_s": 70.0,
        "recovery_shown": True,
        "recovery_point_s": 1.9,
    }
    return Played(**given | changes)


def failed(**changes: Any) -> Played:
    """A file with one expectation met, one missed and one not exercised."""
    given: dict[str, Any] = {
        "verdict": "missed",
        "expectations": (judgement(line=8), MISSED, UNEXERCISED),
        "recovery_time_s": 532.0,
        "dominated": "for 74 % of it people were held by DNS that led to what was down",
    }
    return passed(**given | changes)


def invalid(file: str = "gates/bad.yaml") -> Played:
    """A file with two problems."""
    problems = (
        Problem(file, 7, 10, "starts at 1 h, but the run ends at 10 min"),
        Problem(file, 9, 3, "unknown key 'atmost', did you mean 'at_most'?"),
    )
    return Played(file, 1, "invalid", problems=problems)
