"""What is on its way between buckets when a run begins (docs/model.md §6).

Objects have been written all along. Those whose copies have not arrived by time zero are drawn by their
lags, as they are found in progress; each is alone in a lane that no item knows.
"""

import math

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.kinds import OBJECTS
from simulator.data_plane import pools
from simulator.data_plane.stores.copies import await_delivery, move_before, send_copy
from simulator.data_plane.stores.lanes import APART, append, take_lane
from simulator.data_plane.stores.lineage import stand_apart
from simulator.data_plane.stores.versions import ARRIVED_NS, LIVE, NONE, surviving, take_slot
from simulator.kernels.blocks import Block
from simulator.kernels.compiling import entry, kernel
from simulator.kernels.kinds import float64, int64
from simulator.plan.lowered import DataPlan
from simulator.randomness.draws import UNDER_WAY, evenly, nanoseconds, normal_quantile, uniform_of
from simulator.times import LONGEST_RUN_NS, NEVER_NS

_REGIONS = 64  # more than there are
_OTHERS = 4096  # lanes of the draws for other replicas, from there on
_MOST = 2**22
_POOLS = {"versions": pools.new_versions, "lanes": pools.new_lanes, "copies": pools.new_copies}


@entry("plan", "memory", float64[:, ::1])
def put_rates(plan, memory, rates):
    """Add up how many objects a second are put into each bucket, [store, region], by the first answers."""
    for population in range(len(plan.pop_near)):
        first = plan.pop_mix_first[population]
        for row in range(first, first + plan.pop_mix_count[population]):
            for store in range(len(plan.store_items)):
                if plan.put_rate[row, store] > 0.0:
                    name = plan.op_name[plan.mix_operation[row]]
                    add_puts(plan, memory, population, name, plan.put_rate[row, store], rates[store])


@kernel
def add_puts(plan, memory, population, name, puts, rates):
    """Share a population's puts among the regions to which its resolvers' answers for a name lead."""
    first, before = plan.pop_resolver_first[population], 0.0
    for resolver in range(first, first + plan.pop_resolver_count[population]):
        share = plan.resolver_users_upto[resolver] - before
        before = plan.resolver_users_upto[resolver]
        answer, regions = memory.resolvers.first_answer[resolver, name], 0
        for region in range(plan.region_count):
            regions += answer > 0 and (answer >> region) & 1
        for region in range(plan.region_count):
            if answer > 0 and (answer >> region) & 1:
                rates[region] += puts * (share / regions)


@kernel
def lag_in_progress(plan, store, origin, target, q):
    """A lag as it is found in progress at a random instant, at quantile q."""
    sigma = plan.lag_sigma[store, origin, target]
    return math.exp(plan.lag_mu[store, origin, target] + sigma * sigma + sigma * normal_quantile(q))


@kernel
def due_elsewhere_ns(plan, store, origin, target, other, number, time_ns):
    """When the copy to another replica is due, of a write under way to `target`."""
    lane = _OTHERS + _REGIONS * (_REGIONS * origin + target) + other
    z = normal_quantile(uniform_of(plan.seed, UNDER_WAY, store, number, lane, 0))
    lag = math.exp(plan.lag_mu[store, origin, other] + plan.lag_sigma[store, origin, other] * z)
    return time_ns + nanoseconds(lag)


@kernel
def find_dues(plan, world, store, origin, target, number, time_ns, due_ns):
    """Find when the copies to the other replicas are due; tell whether none of those before waits."""
    for other in range(plan.region_count):
        if other not in (origin, target) and surviving(plan, world, store, other):
            at_ns = due_elsewhere_ns(plan, store, origin, target, other, number, time_ns)
            due_ns[other] = at_ns if at_ns > 0 else ARRIVED_NS
            if other < target and at_ns > 0:
                return False
    return True


@entry("plan", "world", int, int, int, int64[::1], int64[:, ::1])
def draw_pair(plan, world, store, origin, target, times_ns, dues_ns):
    """Draw the writes that are under way by a directed pair, and not by one before.

    When each was written, and is due in each region; times of those left out stay 0.
    """
    lane = _REGIONS * origin + target
    first = uniform_of(plan.seed, UNDER_WAY, store, 0, lane, 1)
    for row in range(len(times_ns)):
        number = row + 1
        lag = lag_in_progress(plan, store, origin, target, evenly(first, number))
        age = lag * uniform_of(plan.seed, UNDER_WAY, store, number, lane, 0)
        if age >= LONGEST_RUN_NS:
            continue
        time_ns = -nanoseconds(age)
        due_ns = time_ns + nanoseconds(lag)
        dues_ns[row, target] = due_ns
        kept = find_dues(plan, world, store, origin, target, number, time_ns, dues_ns[row])
        if kept and due_ns > 0:
            times_ns[row] = time_ns


@entry("plan", "memory", int, int64[::1], int64[::1], int64[:, ::1], int64[::1])
def place(plan, memory, store, origins, times_ns, dues_ns, lasts):
    """Put writes that are under way, in order of time, where those of the run would be.

    `lasts`: by origin, the last write of the run that waits: a fault may have written at time zero.
    """
    count = len(times_ns)
    memory.counts.under_way[store] += count
    for row in range(count):
        v = earlier_version(memory, store, origins[row], row - count, times_ns[row])
        memory.versions.item[v] = plan.store_item_first[store] - 1  # of no item that anybody asks for
        lane = take_lane(memory, plan.store_item_first[store], store, origins[row])
        memory.lanes.next[lane] = APART
        append(memory, lane, v)
        await_delivery(memory, v)
        for target in range(plan.region_count):
            memory.versions.due_ns[v, target] = dues_ns[row, target]
            if dues_ns[row, target] not in (ARRIVED_NS, NEVER_NS):
                send_copy(memory, lane, v, target, dues_ns[row, target])
    for origin in range(plan.region_count):
        move_before(plan, memory, store, origin, lasts[origin])


@kernel
def earlier_version(memory, store, origin, number, time_ns):
    """A version that was written before the run: by nobody in it, numbered before all of it."""
    versions = memory.versions
    v = take_slot(versions)
    versions.store[v], versions.origin[v], versions.number[v] = store, origin, number
    versions.time_ns[v], versions.stamp_ns[v] = time_ns, time_ns
    versions.writer[v], versions.tag[v], versions.increment[v] = NONE, 0, 0
    versions.state[v], versions.at_risk[v] = LIVE, 0
    stand_apart(versions, v)
    return v


Drawn = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Origins [write], times [write] and when they are due [write, region], in order of time."""


def begin_under_way(spec: DataPlan, plan: Block, memory: Block) -> None:
    """Put what is under way at time zero where it waits; the names' first answers must be there."""
    if not spec.put_rate.any():
        return
    for store, (origins, times_ns, dues_ns) in draw(spec, plan, memory).items():
        make_room(spec, memory, len(times_ns))
        lasts = memory.replicators.last[store].copy()
        place(plan, memory, store, origins, times_ns, dues_ns, lasts)


def make_room(spec: DataPlan, memory: Block, count: int) -> None:
    """For so many versions, with lanes and copies of their own, and as many more."""
    for name in _POOLS:
        make_room_in(name, spec, memory, 2 * count * (spec.region_count if name == "copies" else 1))


def make_room_in(name: str, spec: DataPlan, memory: Block, needed: int) -> None:
    """For so many entries of a pool."""
    pool = getattr(memory, name)
    if pool.free_count[0] < needed:
        memory.replace(name, pools.grown(pool, _POOLS[name](spec, len(pool.free) + needed)))


def draw(spec: DataPlan, plan: Block, memory: Block) -> dict[int, Drawn]:
    """What is under way at time zero, by bucket."""
    rates = np.zeros((len(spec.store_items), spec.region_count))
    put_rates(plan, memory, rates)
    found = {}
    for store in np.flatnonzero((spec.store_kind == OBJECTS) & rates.any(axis=1)).tolist():
        pairs = [
            _pair(spec, plan, memory, (store, origin, target), float(rates[store, origin]))
            for origin in range(spec.region_count)
            for target in range(spec.region_count)
            if origin != target and rates[store, origin] > 0 and _holds(spec, memory, store, origin, target)
        ]
        if pairs:
            origins, times_ns, dues_ns = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
            order = np.argsort(times_ns, kind="stable")
            found[store] = origins[order], times_ns[order], dues_ns[order]
    return found


def _holds(spec: DataPlan, memory: Block, store: int, *regions: int) -> bool:
    lost = memory.world.region_lost
    return all(spec.store_replica[store, region] and not lost[region] for region in regions)


def _pair(spec: DataPlan, plan: Block, memory: Block, pair: tuple[int, int, int], rate: float) -> Drawn:
    """Those of a directed pair."""
    store, origin, target = pair
    count = expected(spec, pair, rate)
    times_ns = np.zeros(count, np.int64)
    dues_ns = np.full((count, spec.region_count), NEVER_NS, np.int64)
    draw_pair(plan, memory.world, store, origin, target, times_ns, dues_ns)
    kept = times_ns < 0
    return np.full(int(kept.sum()), origin, np.int64), times_ns[kept], dues_ns[kept]


def expected(spec: DataPlan, pair: tuple[int, int, int], rate: float) -> int:
    """How many copies are under way by a pair: the rate times the mean lag, rounded by a draw."""
    store, origin, target = pair
    u = float(uniform_of(spec.seed, UNDER_WAY, store, 0, _REGIONS * origin + target, 0))
    log_mean = float(spec.lag_mu[pair]) + float(spec.lag_sigma[pair]) ** 2 / 2
    return int(min(rate / 1e9 * math.exp(min(log_mean, 100.0)) + u, float(_MOST)))
