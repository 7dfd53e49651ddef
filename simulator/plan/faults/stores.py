"""Tables, databases, caches and buckets that break: their endpoints, or what is in them."""

from dataclasses import dataclass
from typing import Any

from simulator.boundary.looks import WELL, Look
from simulator.language.models.faults import BucketFault, CacheFault, DatabaseFault, TableFault
from simulator.plan.context import Context, regions_of
from simulator.plan.faults.saying import look_of, said, within
from simulator.plan.timeline import FaultPlan

_FLUSHED, _CORRUPTED, _DELETED = "flushed", "corrupted", "deleted"


@dataclass(frozen=True, kw_only=True)
class StoreFaultPlan(FaultPlan):
    """The endpoints of a store in some regions."""

    kind = "store"

    store: int
    regions: tuple[int, ...]
    look: Look = WELL
    items: float | None = None
    """The share of the items that it strikes at one instant, in the first of its regions; None: no items."""

    @property
    def places(self) -> tuple[int, ...]:
        """Its regions."""
        return self.regions

    @property
    def flushes(self) -> bool:
        """Whether everything in it is forgotten when the fault begins."""
        return self.mode == _FLUSHED

    @property
    def deletes(self) -> bool:
        """Whether what it strikes is gone: the items, or all of the store, until it is restored."""
        return self.mode == _DELETED

    @property
    def damages(self) -> bool:
        """Whether what is in it becomes wrong; what calls meet at its endpoint stays as it is."""
        return self.mode == _CORRUPTED or self.items is not None


def _name(fault: TableFault | DatabaseFault | CacheFault | BucketFault) -> str:
    if isinstance(fault, TableFault):
        return fault.table
    if isinstance(fault, DatabaseFault):
        return fault.database
    return fault.cache if isinstance(fault, CacheFault) else fault.bucket


def lower_store(
    fault: TableFault | DatabaseFault | CacheFault | BucketFault, context: Context
) -> StoreFaultPlan:
    """The endpoint of a store in one of its regions, or in all; flushing a cache takes an instant."""
    name = _name(fault)
    number = context.store_number(name)
    everywhere = regions_of(context.stores[number][1])
    items = getattr(fault, "items", None)
    at_once = fault.mode == _FLUSHED or items is not None
    instant: dict[str, Any] = {"end_ns": fault.at + 1} if at_once else {}
    return StoreFaultPlan(
        store=number,
        regions=context.region_numbers(everywhere if fault.region is None else [fault.region]),
        look=WELL if items is not None else look_of(fault),
        items=items,
        **said(fault, f"{fault.target} {name}{within(fault.region)}", fault.region) | instant,
    )
