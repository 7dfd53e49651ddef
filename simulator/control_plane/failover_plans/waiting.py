"""Steps of failover plans that wait: for a time, a check, replication, traffic or success.

Specification: docs/model-control-plane.md §8.
"""

from collections import deque

from simulator.boundary.outcomes import SUCCEEDED
from simulator.boundary.readings import Reader, Reading, Readings
from simulator.control_plane.world import Process, World
from simulator.plan.waits import NOTHING, AwaitPlan

_LOOK_NS = 10**9


def wait_for(world: World, awaited: AwaitPlan) -> Process:
    """Wait for what is awaited; what is under way, traffic and success are looked at every second."""
    yield world.after(awaited.time_ns)
    while awaited.check and world.is_unhealthy(awaited.check, awaited.region):
        yield world.next_vote()
    while awaited.store != NOTHING and _oldest_ns(world, awaited) > awaited.within_ns:
        yield world.after(_LOOK_NS)
    if awaited.left or awaited.success:
        yield from _watch_traffic(world, awaited)


def _oldest_ns(world: World, awaited: AwaitPlan) -> int:
    """The age of the oldest write that is under way to a region; 0 if none is."""
    reader, key = world.one(_ages), (awaited.store, slice(None), awaited.region)
    world.touch()
    return int(reader.read()["backlog_age_ns"][key].max())


def _ages(world: World) -> Reader:
    """A reader of how old what is under way is; one for all waits."""
    return world.touch().reader(Readings(world.plan.data, gauges=("backlog_age_ns",)))


def _watch_traffic(world: World, awaited: AwaitPlan) -> Process:
    """Look at what has ended over the last seconds, as soon as there are so many."""
    reader, seen = world.one(_traffic), deque[Reading]()
    is_there = _has_left if awaited.left else _succeeds
    while True:
        world.touch()
        seen.append(reader.read())
        while len(seen) > 1 and seen[1].at_ns <= world.now_ns - awaited.over_ns:
            seen.popleft()
        is_whole = seen[0].at_ns <= world.now_ns - awaited.over_ns
        if is_whole and is_there(seen[-1].since(seen[0]), awaited):
            return
        yield world.after(min(_LOOK_NS, awaited.over_ns))


def _traffic(world: World) -> Reader:
    """A reader of what ends in each region, and of what is at work there; one for all waits."""
    gauges = ("at_work", "queue_length")
    return world.touch().reader(Readings(world.plan.data, ("attempts_by_region",), gauges))


def _has_left(lately: Reading, awaited: AwaitPlan) -> bool:
    """Whether hardly anything has ended there, and hardly anything is at work there."""
    ended = lately["attempts_by_region"].sum(axis=1)
    at_work = (lately["at_work"] + lately["queue_length"]).sum(axis=0)
    return all(few[awaited.region] < awaited.below * few.sum() or not few[awaited.region]
               for few in (ended, at_work))  # fmt: skip


def _succeeds(lately: Reading, awaited: AwaitPlan) -> bool:
    """Whether enough of what has ended, anywhere or in a region, has succeeded; of nothing it has not."""
    ended = lately["attempts_by_region"]
    ended = ended.sum(axis=0) if awaited.region == NOTHING else ended[awaited.region]
    return bool(ended.sum() > 0 and ended[SUCCEEDED] >= awaited.success * ended.sum())
