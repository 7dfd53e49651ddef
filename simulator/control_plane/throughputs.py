"""Throughput of tables that failover plans raise (docs/model-control-plane.md §8)."""

from simulator.boundary.events import THROUGHPUT_RAISED
from simulator.boundary.fields import Floats
from simulator.boundary.subjects import OfReplica
from simulator.control_plane.chance import duration_ns
from simulator.control_plane.world import Process, World
from simulator.plan.standbys import ThroughputPlan

_WRITE, _READ = range(2)


def _rates(world: World) -> Floats:
    """Units a second as they are, [table, region, 2]; one for all plans."""
    return world.plan.data.store_rate.copy()


def raise_throughput(world: World, plan: ThroughputPlan, u: float) -> Process:
    """A table has more units a second, some time after that has been asked for; never fewer."""
    yield world.after(duration_ns(plan.takes, u))
    wanted = [(replica, _WRITE, plan.write) for replica in plan.replicas]
    rates = world.one(_rates)
    for replica, way, rate in [*wanted, (plan.region, _READ, plan.read)]:
        if rate > rates[plan.store, replica, way]:
            rates[plan.store, replica, way] = rate
            world.touch().set_throughput(plan.store, replica, way, rate)
    subject = OfReplica(world.plan.stores[plan.store], world.plan.regions[plan.region])
    world.record(THROUGHPUT_RAISED, subject, write=plan.write, read=plan.read)
