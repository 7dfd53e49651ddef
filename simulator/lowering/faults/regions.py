"""Regions and availability zones that break."""

from simulator.boundary.zones import place_of
from simulator.language.models.faults import RegionFault, ZoneFault
from simulator.lowering.context import Context
from simulator.lowering.faults.saying import look_of, said
from simulator.plan.faults.regions import RegionFaultPlan, ZoneFaultPlan


def lower_region(fault: RegionFault, context: Context) -> RegionFaultPlan:
    """A region refuses, is silent, errs, is slow, or is lost."""
    region = context.regions.index(fault.region)
    return RegionFaultPlan(region=region, look=look_of(fault), **said(fault, fault.region, fault.region))


def lower_zone(fault: ZoneFault, context: Context) -> ZoneFaultPlan:
    """The nodes, environments and cache primaries in a zone are down with it, or suffer while it is grey."""
    name, zone = place_of(fault.zone)
    region = context.regions.index(name)
    return ZoneFaultPlan(
        region=region, zone=zone, look=look_of(fault), **said(fault, f"zone {fault.zone}", name)
    )
