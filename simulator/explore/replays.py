"""Running again: the same users on other plans, on a pool of workers, each plan once.

Draws are keyed by seed, stream and user, so plans that differ in the design alone have the same users, who do
the same. Whatever compares designs plays them here.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from simulator.data_plane.plane import CompiledPlane
from simulator.explore.packing import Packed
from simulator.explore.workers import on_workers
from simulator.measure import laws
from simulator.outcome import Outcome
from simulator.plan.digests import digest_of
from simulator.plan.lowered import Plan
from simulator.simulation import play as simulated

T = TypeVar("T")


class Replays(Generic[T]):
    """Plays plans and measures them; what has been measured is kept by the plan's digest.

    `measure` runs in the workers, so it is a function of a module, perhaps with `functools.partial`, and
    gives something small. The result is the same for any number of processes. Workers load the kernels that a
    run in this process has compiled before.
    """

    def __init__(self, measure: Callable[[Outcome], T], *, processes: int = 1) -> None:
        self._measure, self._processes = measure, processes
        self._known: dict[str, T] = {}

    def play(self, plans: Sequence[Plan]) -> list[T]:
        """What is measured of each plan, in their order. Raises DefectError if a law is broken."""
        digests = [digest_of(plan) for plan in plans]
        new = {key: plan for key, plan in zip(digests, plans, strict=True) if key not in self._known}
        tasks = [*map(Packed, new.values())]
        played = on_workers(partial(play_packed, self._measure), tasks, self._processes)
        self._known |= zip(new, played, strict=True)
        return [self._known[key] for key in digests]


def play_packed(measure: Callable[[Outcome], T], plan: Packed[Plan]) -> T:
    """What is measured of a plan that may be elsewhere. Raises DefectError if a law is broken."""
    return play(measure, plan.value)


def play(measure: Callable[[Outcome], T], plan: Plan) -> T:
    """What is measured of one plan. Raises DefectError if a law is broken."""
    outcome = simulated(plan, CompiledPlane(plan.data))
    laws.check(outcome)
    return measure(outcome)
