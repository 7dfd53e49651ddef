"""The lag of a copy (docs/model.md §6): log-normal, and a process in time for each item and pair.

What is written often does not collect the longest of many independent lags: copies of one item that follow
each other closely meet the same delays.
"""

import math

from simulator.boundary.kinds import OBJECTS
from simulator.data_plane.network import retransmission_ns
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import (
    LAG,
    LAG_LOSS,
    UNDER_WAY,
    evenly,
    nanoseconds,
    normal_quantile,
    uniform_of,
)

_TARGETS = 64  # more than there are regions


@kernel
def standing(plan, store, origin, target, item, slot):
    """A standard normal number for each pair, item and slot of time.

    The long lags of a bucket last for a run: those of its objects lie evenly when it begins.
    """
    way = _TARGETS * origin + target
    if slot == 0 and plan.store_kind[store] == OBJECTS:
        return normal_quantile(evenly(uniform_of(plan.seed, UNDER_WAY, store, 0, way, 2), item))
    return normal_quantile(uniform_of(plan.seed, LAG, item, slot, way, 0))


@kernel
def standing_at(plan, store, origin, target, item, t):
    """The same, joined between slots: at each instant standard normal."""
    slot, rest_ns = divmod(t, plan.lag_slot_ns[store, origin, target])
    w = rest_ns / plan.lag_slot_ns[store, origin, target]
    before = (1.0 - w) * standing(plan, store, origin, target, item, slot)
    after = w * standing(plan, store, origin, target, item, slot + 1)
    return (before + after) / math.sqrt((1.0 - w) * (1.0 - w) + w * w)


@kernel
def own_lag_ns(plan, store, origin, target, item, t):
    """What the pair's distribution gives a copy of an item that is written at t."""
    z = standing_at(plan, store, origin, target, item, t)
    return nanoseconds(
        math.exp(plan.lag_mu[store, origin, target] + plan.lag_sigma[store, origin, target] * z)
    )


@kernel
def lag_ns(plan, memory, v, item, target, attempt, step):
    """The lag of one copy of version v: more on a slow or lossy link."""
    versions, world = memory.versions, memory.world
    store, origin = versions.store[v], versions.origin[v]
    lag = (
        own_lag_ns(plan, store, origin, target, item, versions.time_ns[v]) + world.link_add_ns[origin, target]
    )
    lag += nanoseconds((world.link_factor[origin, target] - 1.0) * plan.rtt_ns[origin, target] / 2)
    if world.link_loss[origin, target] > 0.0:
        lane, word = 32 * step + target // 4, target % 4
        u = uniform_of(plan.seed, LAG_LOSS, max(versions.writer[v], 0), attempt, lane, word)
        lag += retransmission_ns(plan, world.link_loss[origin, target], u)
    return lag
