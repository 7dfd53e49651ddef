"""Routing controls and waits of failover plans lowered (docs/model-control-plane.md §8)."""

from simulator.language.models.draining import names_to_drain
from simulator.language.models.waits import BELOW, OVER_NS, Awaited, DrainStep
from simulator.lowering.context import Context
from simulator.plan.waits import NOTHING, AwaitPlan


def lower_wait(awaited: Awaited, context: Context) -> AwaitPlan:
    """What is waited for."""
    where = awaited.traffic or awaited.region
    return AwaitPlan(
        store=NOTHING if awaited.replication is None else context.store_number(awaited.replication),
        within_ns=awaited.within or 0,
        check=awaited.healthy or "",
        region=NOTHING if where is None else context.regions.index(where),
        left=awaited.traffic is not None,
        below=BELOW if awaited.below is None else awaited.below,
        success=awaited.success or 0.0,
        over_ns=awaited.over or OVER_NS,
        time_ns=awaited.time or 0,
    )


def draining(step: DrainStep, context: Context) -> list[int]:
    """The names whose routing controls are switched, by number."""
    names = [*context.topology.dns]
    return [names.index(name) for name in step.names or names_to_drain(step.drain, context.topology)]
