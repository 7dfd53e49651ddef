"""Faults of regions, links and replication lowered: names become numbers, `everywhere` becomes pairs."""

from typing import Any

from simulator.language.models.faults import (
    Fault,
    LinkEnds,
    LinkFault,
    RegionFault,
    ReplicationFault,
    ReplicationScope,
)
from simulator.plan.context import Context
from simulator.plan.places import EVERYWHERE
from simulator.plan.surges import end_ns
from simulator.plan.timeline import FaultPlan

Pairs = tuple[tuple[int, int], ...]


def when(fault: Fault) -> dict[str, Any]:
    """The times of a fault, as fields of its plan."""
    times = {"start_ns": fault.at, "end_ns": end_ns(fault)}
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


def lower_region(fault: RegionFault, regions: tuple[str, ...]) -> FaultPlan:
    """A region refuses, is silent, errs, is slow, or is lost."""
    return FaultPlan(
        label=f"{fault.region} {fault.mode}",
        kind="region",
        mode=fault.mode,
        region=regions.index(fault.region),
        share=1.0 if fault.share is None else fault.share,
        factor=fault.factor or 1.0,
        add_ns=fault.add or 0,
        **when(fault),
    )


def lower_link(fault: LinkFault, places: tuple[str, ...]) -> FaultPlan:
    """The network between places is cut, lossy or slow."""
    return FaultPlan(
        label=f"link {_label_of_link(fault.link)} {fault.mode}",
        kind="link",
        mode=fault.mode,
        pairs=link_pairs(fault.link, places),
        share=fault.share or 0.0,
        factor=fault.factor or 1.0,
        add_ns=fault.add or 0,
        **when(fault),
    )


def lower_replication(fault: ReplicationFault, context: Context) -> FaultPlan:
    """Replication paused, of one table or of every store."""
    scope, every = fault.replication, range(len(context.stores))
    return FaultPlan(
        label=f"replication of {_label_of_scope(scope)} paused",
        kind="replication",
        mode=fault.mode,
        pairs=replication_pairs(scope, context.regions),
        stores=tuple(every) if scope.table is None else (context.store_number(scope.table),),
        **when(fault),
    )
