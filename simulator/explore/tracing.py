"""Runs with a trace: of one session, or of all, whose rows are handed on as they come."""

from collections.abc import Callable
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from simulator.data_plane.plane import CompiledPlane
from simulator.kernels.compiling import together
from simulator.outcome import Outcome
from simulator.plan.lowered import DataPlan, Plan
from simulator.simulation import Progress, play


class Hearer(Protocol):
    """Takes the rows of a trace."""

    def hear(self, rows: NDArray[np.int64]) -> None:
        """Take rows, in order of finish."""


H = TypeVar("H", bound=Hearer)


def followed(plan: Plan, number: int, progress: Progress | None = None) -> tuple[CompiledPlane, Outcome]:
    """A run in which a session is followed, and the plane on which it ended, which has kept its rows."""
    planes: list[CompiledPlane] = []

    def make(data: DataPlan) -> CompiledPlane:
        planes.append(CompiledPlane(data, trace=number))
        return planes[-1]

    outcome = _play(plan, make, progress)
    return planes[-1], outcome


def heard(
    plan: Plan, number: int, hearer: Callable[[DataPlan], H], progress: Progress | None = None
) -> tuple[CompiledPlane, Outcome, H]:
    """The same, whose rows go to a hearer: one for each plane, as a run that restores begins again."""
    planes: list[tuple[CompiledPlane, H]] = []

    def make(data: DataPlan) -> CompiledPlane:
        plane, one = CompiledPlane(data, trace=number), hearer(data)
        planes.append((plane, one))
        plane.told(one.hear)
        return plane

    outcome = _play(plan, make, progress)
    plane, one = planes[-1]
    plane.rows()  # hands on the last ones
    return plane, outcome, one


def _play(plan: Plan, make: Callable[[DataPlan], CompiledPlane], progress: Progress | None) -> Outcome:
    with together():
        first = make(plan.data)
    return play(plan, first, make, progress=progress)
