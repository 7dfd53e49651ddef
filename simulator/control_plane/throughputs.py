"""Throughput of tables: failover plans raise it, scalers also lower it.

Specification: docs/model-control-plane.md §8, docs/scaling.md §6.
"""

from simulator.boundary.events import THROUGHPUT_LOWERED, THROUGHPUT_RAISED
from simulator.boundary.fields import Floats
from simulator.boundary.subjects import OfReplica
from simulator.control_plane.chance import duration_ns
from simulator.control_plane.world import Process, World
from simulator.plan.standbys import ThroughputPlan

_WRITE, _READ = range(2)


def rates_of(world: World) -> Floats:
    """Units a second as they are, [table, region, 2]; one for all plans."""
    return world.plan.data.store_rate.copy()


def raise_throughput(world: World, plan: ThroughputPlan, u: float) -> Process:
    """A table has more units a second, some time after that has been asked for; never fewer."""
    yield world.after(duration_ns(plan.takes, u))
    wanted = [(replica, _WRITE, plan.write) for replica in plan.replicas]
    rates = world.one(rates_of)
    for replica, way, rate in [*wanted, (plan.region, _READ, plan.read)]:
        if rate > rates[plan.store, replica, way]:
            rates[plan.store, replica, way] = rate
            world.touch().set_throughput(plan.store, replica, way, rate)
    subject = OfReplica(world.plan.stores[plan.store], world.plan.regions[plan.region])
    world.record(THROUGHPUT_RAISED, subject, write=plan.write, read=plan.read)


def change_throughput(world: World, plan: ThroughputPlan, way: int, rate: float, u: float) -> Process:
    """A table has another throughput of one way, more or less, some time after that has been asked for."""
    yield world.after(duration_ns(plan.takes, u))
    rates = world.one(rates_of)
    kind = THROUGHPUT_RAISED if rate > rates[plan.store, plan.region, way] else THROUGHPUT_LOWERED
    for replica in plan.replicas if way == _WRITE else (plan.region,):
        rates[plan.store, replica, way] = rate
        world.touch().set_throughput(plan.store, replica, way, rate)
    subject = OfReplica(world.plan.stores[plan.store], world.plan.regions[plan.region])
    world.record(kind, subject, write=rate if way == _WRITE else 0.0, read=rate if way == _READ else 0.0)
