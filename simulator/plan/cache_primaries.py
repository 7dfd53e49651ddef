"""Caches lowered for the control plane: where their primaries are, and how a replica takes over."""

from simulator.language.models.stores import Cache
from simulator.plan.context import Context
from simulator.plan.parts import Part
from simulator.records import dataclass

_ZONE_OF_PRIMARY = 0


@dataclass(frozen=True)
class CacheFailoverPlan:
    """One cache in one region: where its primary is, and how long a replica takes to become primary."""

    store: int
    region: int
    zone: int
    replicas: int
    takes: tuple[int, float, float]  # distribution


def lower_cache_primaries(context: Context) -> tuple[CacheFailoverPlan, ...]:
    """One plan per cache and region; every primary begins in zone `a`."""
    plans = []
    for number, (_, store) in enumerate(context.stores):
        if isinstance(store, Cache):
            takes = context.sources.distribution("memorydb.failover", store.failover.takes)
            plans += [
                CacheFailoverPlan(number, region, _ZONE_OF_PRIMARY, store.failover.replicas, takes)
                for region in context.region_numbers(store.regions)
            ]
    return tuple(plans)


PART = Part("MemoryDB", lower_cache_primaries)
