"""The faults that act now, and what several of them add up to on one target.

Specification: docs/model-control-plane.md §2.
"""

import math
from collections.abc import Iterable
from functools import reduce

from simulator.boundary.outcomes import BLACK_HOLE, REFUSED, UP
from simulator.plan.timeline import FaultPlan

_DOWN = {"refused": REFUSED, "black_hole": BLACK_HOLE, "lost": BLACK_HOLE}


def timeline(faults: Iterable[FaultPlan], until_ns: int) -> dict[int, tuple[list[int], list[int]]]:
    """The instants at which faults change, in order: the numbers of those that end and those that begin."""
    instants: dict[int, tuple[list[int], list[int]]] = {}
    for number, fault in enumerate(faults):
        for start_ns, end_ns in fault.intervals(until_ns):
            if start_ns == end_ns:
                continue  # flapping so little that it rounds to nothing
            instants.setdefault(start_ns, ([], []))[1].append(number)
            if end_ns < until_ns:
                instants.setdefault(end_ns, ([], []))[0].append(number)
    return dict(sorted(instants.items()))


def share_of_any(shares: Iterable[float]) -> float:
    """The share of what suffers at least one of several independent shares, whatever their order."""
    return reduce(lambda some, more: some + more * (1.0 - some), sorted(shares, reverse=True), 0.0)


def worst_mode(faults: Iterable[FaultPlan]) -> int:
    """A black hole outweighs refusing, which outweighs all that leaves a target up."""
    return max((_DOWN.get(fault.mode, UP) for fault in faults), default=UP)


def error_share(faults: Iterable[FaultPlan]) -> float:
    """The share of answers that are a 5xx by any of the `error` faults."""
    return share_of_any(fault.share for fault in faults if fault.mode == "error")


def slowness(faults: Iterable[FaultPlan]) -> tuple[float, int]:
    """Factor and addition (ns) of all the `slow` faults together."""
    slow = [fault for fault in faults if fault.mode == "slow"]
    return math.prod(sorted(fault.factor for fault in slow), start=1.0), sum(fault.add_ns for fault in slow)


def capacity_left(faults: Iterable[FaultPlan]) -> float:
    """The share of its capacity that all the `capacity` faults together leave to a target."""
    return math.prod(sorted(fault.share for fault in faults if fault.mode == "capacity"), start=1.0)


class Acting:
    """The faults that act now."""

    def __init__(self, plans: tuple[FaultPlan, ...]) -> None:
        self._plans = plans
        self._numbers: list[int] = []

    def switch(self, ends: list[int], begins: list[int]) -> None:
        """Let faults, by number, end and begin; what acts is kept in file order."""
        for number in ends:
            self._numbers.remove(number)
        self._numbers = sorted([*self._numbers, *begins])

    def of(self, *kinds: str) -> list[FaultPlan]:
        """The acting faults of some kinds."""
        return [self._plans[number] for number in self._numbers if self._plans[number].kind in kinds]
