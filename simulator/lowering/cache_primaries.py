"""Caches lowered for the control plane: where their primaries are, and how a replica takes over."""

from simulator.language.models.stores import Cache
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.plan.cache_primaries import CacheFailoverPlan

_ZONE_OF_PRIMARY = 0


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
