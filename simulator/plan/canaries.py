"""Canaries as a run has them."""

from simulator.records import dataclass


@dataclass(frozen=True)
class CanaryPlan:
    """A canary: the number of its population, and of the region in which it runs."""

    population: int
    region: int
