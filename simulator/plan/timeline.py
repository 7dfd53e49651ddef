"""Faults and operator changes with every name resolved to an index."""

from dataclasses import dataclass

from simulator.boundary.kinds import NEVER_NS


@dataclass(frozen=True)
class FaultPlan:
    """One fault action. `kind` decides which fields count."""

    label: str  # as the user would recognise it: "eu-south-1 black_hole"
    kind: str
    """region, zone, service, store, issuer, keys, surge, link, replication, clock, control_plane, dns"""
    mode: str
    start_ns: int
    end_ns: int  # NEVER_NS: to the end of the run
    period_ns: int = 0  # flapping; 0: steady
    on_ns: int = 0  # flapping: how long it is on in each period
    region: int = -1  # region, clock
    pairs: tuple[
        tuple[int, int], ...
    ] = ()  # link: directed location pairs; replication: directed region pairs
    stores: tuple[int, ...] = ()  # replication
    name: int = -1  # dns
    regions: tuple[int, ...] = ()  # zone, service, store, issuer, keys: those that it strikes
    zone: int = -1  # zone
    service: int = -1  # service, issuer
    store: int = -1  # store
    population: int = -1  # surge
    share: float = 1.0
    factor: float = 1.0
    add_ns: int = 0
    skew_ns: int = 0

    def intervals(self, until_ns: int) -> list[tuple[int, int]]:
        """The times in which the fault acts, clipped to the run, as (start, end)."""
        end = min(self.end_ns, until_ns)
        if not self.period_ns:
            return [(self.start_ns, end)] if self.start_ns < end else []
        starts = range(self.start_ns, end, self.period_ns)
        return [(start, min(start + self.on_ns, end)) for start in starts]


@dataclass(frozen=True)
class ChangePlan:
    """One operator's record change."""

    name: int
    at_ns: int = NEVER_NS  # NEVER_NS: relative to detection
    after_detection_ns: int = NEVER_NS
    order: tuple[int, ...] | None = None
    weights: dict[int, int] | None = None
    geography: dict[str, int] | None = None
    retry_ns: int = 0

    def regions(self) -> set[int]:
        """The regions that have a record after it."""
        return {*(self.order or ()), *(self.weights or ()), *(self.geography or {}).values()}
