"""Failover of a cache's primary, as a run has it."""

from simulator.records import dataclass


@dataclass(frozen=True)
class CacheFailoverPlan:
    """One cache in one region: where its primary is, and how long a replica takes to become primary."""

    store: int
    region: int
    zone: int
    replicas: int
    takes: tuple[int, float, float]  # distribution
