"""Tables, databases, caches, buckets and externals that break: their endpoints, or what is in them."""

from typing import Any

from simulator.boundary.looks import WELL, Look
from simulator.language.models.faults import BucketFault, CacheFault, DatabaseFault, ExternalFault, TableFault
from simulator.plan.context import Context, regions_of
from simulator.plan.faults.saying import look_of, said, within
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass

_FLUSHED, _CORRUPTED, _DELETED = "flushed", "corrupted", "deleted"
EXCLUDING = ("key_unusable", "role_unusable")


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
    def excludes(self) -> bool:
        """Whether the replicas that it strikes are copied neither way, and forked in the end."""
        return self.mode in EXCLUDING

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
