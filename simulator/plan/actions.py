"""The experiment's actions lowered: its faults, each by its kind, and operators' record changes."""

from collections.abc import Callable
from typing import Any

from simulator.boundary.kinds import NEVER_NS
from simulator.language.models.experiment import RecordChange
from simulator.language.models.faults import (
    BotFault,
    BucketFault,
    CacheFault,
    ClockFault,
    ControlPlaneFault,
    DnsFault,
    IssuerFault,
    KeysFault,
    LinkFault,
    RegionFault,
    ReplicationFault,
    ServiceFault,
    SurgeFault,
    TableFault,
    ZoneFault,
)
from simulator.language.models.topology import Topology
from simulator.plan.context import Context
from simulator.plan.path_faults import (
    lower_issuer,
    lower_keys,
    lower_service,
    lower_store,
    lower_surge,
    lower_zone,
)
from simulator.plan.region_faults import lower_link, lower_region, lower_replication, when
from simulator.plan.sources import Sources
from simulator.plan.surges import bots_name
from simulator.plan.timeline import ChangePlan, FaultPlan


def _clock(fault: ClockFault, context: Context) -> FaultPlan:
    label, region = f"clock of {fault.clock} off", context.regions.index(fault.clock)
    return FaultPlan(label, "clock", "skew", region=region, skew_ns=fault.skew, **when(fault))


def _control_plane(fault: ControlPlaneFault, context: Context) -> FaultPlan:
    return FaultPlan("Route 53 control plane frozen", "control_plane", fault.mode, **when(fault))


def _dns(fault: DnsFault, context: Context) -> FaultPlan:
    share, name = 1.0 if fault.share is None else fault.share, [*context.topology.dns].index(fault.dns)
    label = f"DNS of {fault.dns} {fault.mode}"
    return FaultPlan(label, "dns", fault.mode, name=name, share=share, **when(fault))


_LOWER: dict[type, Callable[[Any, Context], FaultPlan]] = {
    RegionFault: lambda fault, context: lower_region(fault, context.regions),
    LinkFault: lambda fault, context: lower_link(fault, context.places),
    ReplicationFault: lower_replication,
    ClockFault: _clock,
    ControlPlaneFault: _control_plane,
    DnsFault: _dns,
    ZoneFault: lower_zone,
    ServiceFault: lower_service,
    TableFault: lower_store,
    CacheFault: lower_store,
    BucketFault: lower_store,
    IssuerFault: lower_issuer,
    KeysFault: lower_keys,
    SurgeFault: lower_surge,
}


def lower_faults(context: Context) -> tuple[FaultPlan, ...]:
    """The faults of the experiment, in file order."""
    plans, bots = [], 0
    for fault in context.experiment.faults:
        if isinstance(fault, BotFault):
            plans.append(_bots(fault, bots, context))
            bots += 1
        else:
            plans.append(_LOWER[type(fault)](fault, context))
    return tuple(plans)


def _bots(fault: BotFault, number: int, context: Context) -> FaultPlan:
    """Bots are a population behind the users', there while their fault acts."""
    bots, population = fault.bots, len(context.experiment.users) + number
    label = f"{bots_name(number)} from {bots.near}"
    return FaultPlan(label, "surge", "bots", population=population, **when(fault))


def lower_change(change: RecordChange, topology: Topology, sources: Sources) -> ChangePlan:
    """One operator's record change."""
    number = {region: i for i, region in enumerate(topology.regions)}
    return ChangePlan(
        name=[*topology.dns].index(change.change),
        at_ns=NEVER_NS if change.at is None else change.at,
        after_detection_ns=NEVER_NS if change.after_detection is None else change.after_detection,
        order=None if change.order is None else tuple(number[region] for region in change.order),
        weights=None if change.weights is None else {number[r]: w for r, w in change.weights.items()},
        geography=None if change.geography is None else {p: number[r] for p, r in change.geography.items()},
        retry_ns=sources.duration_ns("operator.retry_every", change.retry_every),
    )
