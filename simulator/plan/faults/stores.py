"""Faults of stores as a run has them."""

from simulator.boundary.looks import WELL, Look
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
