"""Replicas of tables that failover plans make: for the first time, or again where one has left for good.

Rules: Amazon DynamoDB developer guide, *How DynamoDB global tables work*. Specification:
docs/model-stores.md §8.
"""

from collections.abc import Callable, Iterator

import simpy

from simulator.boundary.event_kinds import EventKind
from simulator.boundary.events_of_data import OLD_REPLICA_DELETED, REPLICA_ADDED, REPLICA_BEGUN
from simulator.boundary.looks import Place
from simulator.boundary.outcomes import UP
from simulator.boundary.subjects import OfReplica
from simulator.control_plane.chance import duration_ns
from simulator.control_plane.faults.process import Faults
from simulator.control_plane.service import Service
from simulator.control_plane.world import Doing, Process, World
from simulator.plan.replicas import ReplicaPlan

DELETION, COPY = range(2)
"""What numbers are drawn for."""

Draw = Callable[[int], float]
"""The uniform number for the deletion, or for the copy."""

Making = dict[Place, simpy.Event]
"""The replicas (store, region) that are being made: when they are there."""


def being_made(_world: World) -> Making:
    """One for all plans."""
    return {}


def make_replica(world: World, plan: ReplicaPlan, draw: Draw) -> Doing:
    """Make a replica, and wait until it is there; that goes on without whoever waits."""
    place, making = (plan.store, plan.region), world.one(being_made)
    if place not in world.away:
        return ""
    if place not in making:
        if why := _refuses(world, plan):
            return why
        making[place] = world.begin(_make(world, plan, draw))
    yield making[place]
    return ""


def _refuses(world: World, plan: ReplicaPlan) -> str:
    """Why it cannot be begun now, in words; or nothing."""
    regions, table = world.plan.regions, world.plan.stores[plan.store]
    others = [region for store, region in world.one(being_made) if store == plan.store]
    if not plan.allowed:
        return f"the quota for a table in {regions[plan.region]} is below what {table} is warm for"
    if world.one(Faults).forks.is_out((plan.store, plan.region)):
        return f"its key, or the role that copies {table}, cannot be used in {regions[plan.region]}"
    if others:
        return f"another replica of {table} is being made, in {regions[others[0]]}"
    return "" if _source(world, plan) is not None else f"no replica of {table} is there to be copied"


def _source(world: World, plan: ReplicaPlan) -> int | None:
    """The replica that is copied: the first of the others that is of the table and can be reached."""
    return next((one for one in plan.others if _can_copy(world, plan, one)), None)


def _can_copy(world: World, plan: ReplicaPlan, source: int) -> bool:
    place = (plan.store, source)
    return (
        place not in world.away
        and world.region_mode[source] == UP
        and not world.endpoint_looks[place].absent
        and not world.one(Faults).forks.is_out(place)
        and not world.link_looks[source, plan.region].cut
    )


def _make(world: World, plan: ReplicaPlan, draw: Draw) -> Process:
    """A table that has left has the name, and is deleted; the copy is there when it can be read."""
    place, endpoints = (plan.store, plan.region), world.one(Faults).endpoints
    if not endpoints.is_absent(place):
        yield world.after(duration_ns(plan.delete, draw(DELETION)))
        endpoints.set_absent(plan.store, [plan.region], True)
        _record(world, plan, OLD_REPLICA_DELETED)
    _record(world, plan, REPLICA_BEGUN)
    takes = plan.takes
    yield world.after(max(duration_ns(takes.draw, draw(COPY)), takes.least_ns) + takes.more_ns)
    while (source := _ready_from(world, plan)) is None:
        yield world.next_change()
    add(world, place, source)
    _record(world, plan, REPLICA_ADDED, source=world.plan.regions[source])
    del world.one(being_made)[place]


def _ready_from(world: World, plan: ReplicaPlan) -> int | None:
    """The source of the copy, once nothing is in its way."""
    is_out = world.one(Faults).forks.is_out((plan.store, plan.region))
    return None if is_out or world.region_mode[plan.region] != UP else _source(world, plan)


def add(world: World, place: Place, source: int) -> None:
    """A replica (store, region) is there: it is copied to and from, and can be called."""
    store, region = place
    world.touch().add_replica(store, region, source)
    world.away.discard(place)
    faults = world.one(Faults)
    faults.replicators.follow(store)
    faults.endpoints.set_absent(store, [region], False)


def leave(world: World, place: Place) -> int:
    """A replica (store, region) is no longer of its table, or not yet: how many writes that loses."""
    writes = world.touch().fork_replica(*place)
    world.away.add(place)
    return writes


def _record(world: World, plan: ReplicaPlan, kind: EventKind[OfReplica], **detail: object) -> None:
    replica = OfReplica(world.plan.stores[plan.store], world.plan.regions[plan.region])
    world.record(kind, replica, **detail)


def _start(world: World) -> Iterator[Process]:
    """Where no replica is yet, nothing is copied, and calls are told that there is no table."""
    for store, region in sorted(world.away):
        leave(world, (store, region))
        world.one(Faults).replicators.follow(store)
        world.one(Faults).endpoints.set_absent(store, [region], True)
    return iter(())


SERVICE = Service("replicas", _start, (OLD_REPLICA_DELETED, REPLICA_BEGUN, REPLICA_ADDED))
