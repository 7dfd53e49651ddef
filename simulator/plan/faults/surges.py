"""Surges and bots as a run has them."""

from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass


@dataclass(frozen=True, kw_only=True)
class SurgeFaultPlan(FaultPlan):
    """The load of a population, multiplied; bots are there, or not."""

    kind = "surge"

    population: int
    factor: float = 1.0
