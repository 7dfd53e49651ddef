"""Operators' record changes lowered."""

from dataclasses import replace

from simulator.boundary.control_planes import CONTROL_PLANES, ROUTE53
from simulator.boundary.kinds import NEVER_NS
from simulator.language.models.faults import ControlPlaneFault, RegionFault, ZoneFault
from simulator.language.models.operator import ChangeOfRecord, RecordChange
from simulator.language.models.topology import Topology
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.lowering.sources import Sources
from simulator.plan.record_changes import ChangePlan


def _change(change: RecordChange, topology: Topology, sources: Sources) -> ChangePlan:
    """One operator's record change."""
    return replace(
        lower_change(change, topology),
        at_ns=NEVER_NS if change.at is None else change.at,
        after_detection_ns=NEVER_NS if change.after_detection is None else change.after_detection,
        retry_ns=sources.duration_ns("operator.retry_every", change.retry_every),
    )


def lower_change(change: ChangeOfRecord, topology: Topology) -> ChangePlan:
    """What a record is changed to, whenever that is."""
    number = {region: i for i, region in enumerate(topology.regions)}
    return ChangePlan(
        name=[*topology.dns].index(change.change),
        order=None if change.order is None else tuple(number[region] for region in change.order),
        weights=None if change.weights is None else {number[r]: w for r, w in change.weights.items()},
        geography=None if change.geography is None else {p: number[r] for p, r in change.geography.items()},
    )


def lower_changes(context: Context) -> tuple[ChangePlan, ...]:
    """The changes in file order; how often operators try again matters only if they are ever refused."""
    experiment = context.experiment
    refused = context.sources if _may_refuse(context) else Sources()
    changes = (call for call in experiment.operator if isinstance(call, RecordChange))
    return tuple(_change(change, context.topology, refused) for change in changes)


def _may_refuse(context: Context) -> bool:
    """Whether Route 53's control plane may be frozen, or down with its home region."""
    faults, home = context.experiment.faults, CONTROL_PLANES[ROUTE53].home
    freezes = any(isinstance(fault, ControlPlaneFault) for fault in faults)
    return freezes or (
        home in context.regions and any(isinstance(one, RegionFault | ZoneFault) for one in faults)
    )


PART = Part("record changes", lower_changes)
