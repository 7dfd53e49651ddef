"""Faults and operators' changes lowered: names become numbers, `everywhere` becomes pairs."""

from typing import Any

from simulator.plan.lowered import NEVER_NS
from simulator.plan.places import EVERYWHERE
from simulator.plan.sources import Sources
from simulator.plan.timeline import ChangePlan, FaultPlan
from simulator.spec.experiment import RecordChange
from simulator.spec.faults import (
    AnyFault,
    ClockFault,
    ControlPlaneFault,
    DnsFault,
    LinkEnds,
    LinkFault,
    RegionFault,
    ReplicationFault,
    ReplicationScope,
)
from simulator.spec.topology import Topology

Pairs = tuple[tuple[int, int], ...]


def _when(fault: AnyFault) -> dict[str, Any]:
    """The times of a fault."""
    end_ns = NEVER_NS
    if fault.until is not None:
        end_ns = fault.until
    elif fault.for_ is not None:
        end_ns = fault.at + fault.for_
    times = {"start_ns": fault.at, "end_ns": end_ns}
    if fault.flapping is not None:
        period_ns = fault.flapping.period
        times |= {"period_ns": period_ns, "on_ns": int(period_ns * fault.flapping.duty + 0.5)}
    return times


def _ends(ends: LinkEnds) -> list[tuple[str, str]]:
    if ends.between is not None:
        a, b = ends.between
        return [(a, b), (b, a)]
    assert ends.from_ is not None
    assert ends.to is not None
    return [(ends.from_, ends.to)]


def link_pairs(ends: LinkEnds, places: tuple[str, ...]) -> Pairs:
    """The directed pairs of places that a link fault names."""
    everyone = {EVERYWHERE: range(len(places))}
    pairs = [
        (a, b)
        for origin, target in _ends(ends)
        for a in everyone.get(origin) or [places.index(origin)]
        for b in everyone.get(target) or [places.index(target)]
        if a != b
    ]
    return tuple(dict.fromkeys(pairs))


def replication_pairs(scope: ReplicationScope, regions: tuple[str, ...]) -> Pairs:
    """The directed pairs of regions whose replicators a fault names; all if it names none."""
    numbers = range(len(regions))
    if scope.from_ is not None and scope.to is not None:
        return ((regions.index(scope.from_), regions.index(scope.to)),)
    chosen = set(numbers) if scope.region is None else {regions.index(scope.region)}
    return tuple((a, b) for a in numbers for b in numbers if a != b and (a in chosen or b in chosen))


def _label_of_link(ends: LinkEnds) -> str:
    if ends.between is not None:
        return f"{ends.between[0]} ↔ {ends.between[1]}"
    return f"{ends.from_} → {ends.to}"


def _label_of_scope(scope: ReplicationScope) -> str:
    where = scope.region or (f"{scope.from_} → {scope.to}" if scope.from_ else "everywhere")
    return f"{scope.table or 'all tables'}, {where}"


def _lower_region(fault: RegionFault, regions: tuple[str, ...]) -> FaultPlan:
    return FaultPlan(
        label=f"{fault.region} {fault.mode}",
        kind="region",
        mode=fault.mode,
        region=regions.index(fault.region),
        share=1.0 if fault.share is None else fault.share,
        factor=fault.factor or 1.0,
        add_ns=fault.add or 0,
        **_when(fault),
    )


def _lower_link(fault: LinkFault, places: tuple[str, ...]) -> FaultPlan:
    return FaultPlan(
        label=f"link {_label_of_link(fault.link)} {fault.mode}",
        kind="link",
        mode=fault.mode,
        pairs=link_pairs(fault.link, places),
        share=fault.share or 0.0,
        factor=fault.factor or 1.0,
        add_ns=fault.add or 0,
        **_when(fault),
    )


def _lower_replication(
    fault: ReplicationFault, regions: tuple[str, ...], tables: tuple[str, ...]
) -> FaultPlan:
    scope = fault.replication
    return FaultPlan(
        label=f"replication of {_label_of_scope(scope)} paused",
        kind="replication",
        mode=fault.mode,
        pairs=replication_pairs(scope, regions),
        tables=tuple(range(len(tables))) if scope.table is None else (tables.index(scope.table),),
        **_when(fault),
    )


def lower_fault(fault: AnyFault, topology: Topology, places: tuple[str, ...]) -> FaultPlan:
    """One fault of the experiment."""
    regions = tuple(topology.regions)
    if isinstance(fault, RegionFault):
        return _lower_region(fault, regions)
    if isinstance(fault, LinkFault):
        return _lower_link(fault, places)
    if isinstance(fault, ReplicationFault):
        return _lower_replication(fault, regions, tuple(topology.tables))
    if isinstance(fault, ClockFault):
        label, region = f"clock of {fault.clock} off", regions.index(fault.clock)
        return FaultPlan(label, "clock", "skew", region=region, skew_ns=fault.skew, **_when(fault))
    if isinstance(fault, ControlPlaneFault):
        return FaultPlan("Route 53 control plane frozen", "control_plane", fault.mode, **_when(fault))
    assert isinstance(fault, DnsFault)
    share, name = 1.0 if fault.share is None else fault.share, [*topology.dns].index(fault.dns)
    return FaultPlan(
        f"DNS of {fault.dns} {fault.mode}", "dns", fault.mode, name=name, share=share, **_when(fault)
    )


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
