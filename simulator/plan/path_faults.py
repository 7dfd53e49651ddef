"""Faults on the request path lowered: zones, services, stores, issuers, keys, surges."""

from typing import Any

from simulator.language.models.faults import (
    BucketFault,
    CacheFault,
    IssuerFault,
    KeysFault,
    ServiceFault,
    SurgeFault,
    TableFault,
    ZoneFault,
)
from simulator.plan.context import Context, regions_of
from simulator.plan.places import EVERYWHERE
from simulator.plan.region_faults import when
from simulator.plan.timeline import FaultPlan


def _severity(fault: ServiceFault | TableFault | CacheFault | BucketFault | IssuerFault) -> dict[str, Any]:
    """How badly it strikes: share, factor and addition."""
    share = 1.0 if fault.share is None else fault.share
    return {"share": share, "factor": fault.factor or 1.0, "add_ns": fault.add or 0}


def _place(region: str | None) -> str:
    return "" if region is None else f" in {region}"


def lower_zone(fault: ZoneFault, context: Context) -> FaultPlan:
    """A zone is a region and a letter; zone `a` is number 0."""
    region, letter = fault.zone[:-1], fault.zone[-1]
    return FaultPlan(
        label=f"zone {fault.zone} {fault.mode}",
        kind="zone",
        mode=fault.mode,
        regions=context.region_numbers([region]),
        zone=ord(letter) - ord("a"),
        **when(fault),
    )


def lower_service(fault: ServiceFault, context: Context) -> FaultPlan:
    """A service in one of its regions, or in all."""
    everywhere = context.topology.services[fault.service].regions
    return FaultPlan(
        label=f"{fault.service}{_place(fault.region)} {fault.mode}",
        kind="service",
        mode=fault.mode,
        service=context.services.index(fault.service),
        regions=context.region_numbers(everywhere if fault.region is None else [fault.region]),
        **_severity(fault),
        **when(fault),
    )


def _store(fault: TableFault | CacheFault | BucketFault) -> tuple[str, str]:
    """What kind of store it is called, and its name."""
    if isinstance(fault, TableFault):
        return "table", fault.table
    return ("cache", fault.cache) if isinstance(fault, CacheFault) else ("bucket", fault.bucket)


def lower_store(fault: TableFault | CacheFault | BucketFault, context: Context) -> FaultPlan:
    """The endpoint of a store in one of its regions, or in all; flushing a cache takes an instant."""
    kind, name = _store(fault)
    number = context.store_number(name)
    everywhere = regions_of(context.stores[number][1])
    times = when(fault) | ({"end_ns": fault.at + 1} if fault.mode == "flushed" else {})
    return FaultPlan(
        label=f"{kind} {name}{_place(fault.region)} {fault.mode}",
        kind="store",
        mode=fault.mode,
        store=number,
        regions=context.region_numbers(everywhere if fault.region is None else [fault.region]),
        **_severity(fault),
        **times,
    )


def lower_issuer(fault: IssuerFault, context: Context) -> FaultPlan:
    """The identity service in one region."""
    return FaultPlan(
        label=f"issuer in {fault.issuer} {fault.mode}",
        kind="issuer",
        mode=fault.mode,
        service=len(context.services) - 1,
        regions=context.region_numbers([fault.issuer]),
        **_severity(fault),
        **when(fault),
    )


def lower_keys(fault: KeysFault, context: Context) -> FaultPlan:
    """The signing key of one issuer, or of every issuer."""
    identity = context.topology.identity
    issuers = [] if identity is None else identity.issuer
    struck = issuers if fault.keys == EVERYWHERE else [fault.keys]
    whose = "every issuer" if fault.keys == EVERYWHERE else fault.keys
    return FaultPlan(
        label=f"key of {whose} removed",
        kind="keys",
        mode=fault.mode,
        regions=context.region_numbers(struck),
        **when(fault),
    )


def lower_surge(fault: SurgeFault, context: Context) -> FaultPlan:
    """A population's load, multiplied."""
    return FaultPlan(
        label=f"surge of {fault.surge} ×{fault.factor:g}",
        kind="surge",
        mode="surge",
        population=[*context.experiment.users].index(fault.surge),
        factor=fault.factor,
        **when(fault),
    )
