"""Tables, databases, caches, buckets and externals that break: their endpoints, or what is in them."""

from typing import Any

from simulator.boundary.looks import WELL
from simulator.language.models.faults import BucketFault, CacheFault, DatabaseFault, ExternalFault, TableFault
from simulator.lowering.context import Context, regions_of
from simulator.lowering.faults.saying import look_of, said, within
from simulator.plan.faults.stores import _FLUSHED, StoreFaultPlan

AnyStoreFault = TableFault | DatabaseFault | CacheFault | BucketFault | ExternalFault


def lower_store(fault: AnyStoreFault, context: Context) -> StoreFaultPlan:
    """The endpoint of a store in one of its regions, or in all; flushing a cache takes an instant."""
    name, is_external = str(getattr(fault, fault.target)), isinstance(fault, ExternalFault)
    number = context.store_number(name)
    everywhere = [*context.regions] if is_external else regions_of(context.stores[number][1])
    where = f" as {fault.region} sees it" if is_external and fault.region else within(fault.region)
    items = getattr(fault, "items", None)
    at_once = fault.mode == _FLUSHED or items is not None
    instant: dict[str, Any] = {"end_ns": fault.at + 1} if at_once else {}
    return StoreFaultPlan(
        store=number,
        regions=context.region_numbers(everywhere if fault.region is None else [fault.region]),
        look=WELL if items is not None else look_of(fault),
        items=items,
        **said(fault, f"{fault.target} {name}{where}", fault.region) | instant,
    )
