"""Operators' record changes lowered."""

from simulator.boundary.kinds import NEVER_NS
from simulator.language.models.experiment import RecordChange
from simulator.language.models.topology import Topology
from simulator.plan.sources import Sources
from simulator.plan.timeline import ChangePlan


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
