"""Timelines of two faults on one target, and what the data plane is told of along them."""

from dataclasses import astuple
from typing import Any

import pytest

from simulator.boundary.looks import Look
from tests.control_plane.building import FRANKFURT, MILAN, REGIONS, SECOND, Written, plan_of, record, replay
from tests.control_plane.recording import arguments

QUIET = record(policy="simple")  # no health check, so that nothing but faults acts
NESTED = ((10, 40), (20, 30))
OVERLAPPING = ((10, 30), (20, 40))
TWICE_THE_SAME = ((10, 30), (10, 30))
IN_A_ROW = ((10, 20), (20, 30))
WINDOWS = [NESTED, OVERLAPPING, TWICE_THE_SAME, IN_A_ROW]

NEVER = 10_000

PAUSED: Written = {"replication": {}}
CUT_THERE: Written = {"link": {"from": REGIONS[MILAN], "to": REGIONS[FRANKFURT]}, "mode": "cut"}
CUT_BACK: Written = {"link": {"from": REGIONS[FRANKFURT], "to": REGIONS[MILAN]}, "mode": "cut"}
MILAN_DARK: Written = {"region": REGIONS[MILAN], "mode": "black_hole"}
FRANKFURT_REFUSES: Written = {"region": REGIONS[FRANKFURT], "mode": "refused"}

Windows = tuple[tuple[int, int], tuple[int, int]]


def changes(faults: list[Written], *methods: str, **topology: Any) -> list[tuple[int, tuple[Any, ...]]]:
    """What the data plane is told of by some methods: second, arguments."""
    plane, _ = replay(plan_of(faults, **(QUIET | topology)))
    return [(at_ns // SECOND, given) for at_ns, given in arguments(plane.of(*methods))]


def at_instants(windows: Windows, states: list[Any], idle: Any) -> list[tuple[int, Any]]:
    """The state after each instant at which one of two faults begins or ends.

    `states`: with the first fault alone, with the second alone, with both.
    """
    (first_on, first_off), (second_on, second_off) = windows
    found = []
    for instant in sorted({first_on, first_off, second_on, second_off} - {NEVER}):
        acting = (first_on <= instant < first_off, second_on <= instant < second_off)
        state = {(True, False): states[0], (False, True): states[1], (True, True): states[2]}
        found.append((instant, state.get(acting, idle)))
    return found


def only_changes(states: list[tuple[int, Any]], idle: Any) -> list[tuple[int, Any]]:
    """Of states in order, those that differ from the one before, at first the idle one."""
    before = [idle, *(state for _, state in states)]
    return [told for told, last in zip(states, before, strict=False) if told[1] != last]


def near(look: Look) -> Any:
    """A look but for the rounding of its shares and factors."""
    return _Near(look)


class _Near:
    def __init__(self, look: Look) -> None:
        self._look = look

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Look) and astuple(other) == pytest.approx(astuple(self._look))

    def __repr__(self) -> str:
        return f"near {self._look}"


def timed(fault: Written, window: tuple[int, int]) -> Written:
    """A fault that begins and ends at these seconds."""
    lasting = {} if window[1] == NEVER else {"until": f"{window[1]} s"}
    return fault | {"at": f"{window[0]} s"} | lasting


def flapping(fault: Written, period: str, duty: str) -> Written:
    """A fault that comes and goes."""
    return fault | {"flapping": {"period": period, "duty": duty}}
