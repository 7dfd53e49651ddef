"""Zonal shifts and load shedding as a run has them."""

from dataclasses import replace

from simulator.boundary.kinds import NEVER_NS
from simulator.plan.failover_plans import TriggerPlan
from simulator.plan.sources import Lowered
from simulator.records import dataclass


@dataclass(frozen=True, kw_only=True)
class ReactionPlan:
    """What starts a reaction, and who does it after how long."""

    number: int
    name: str
    of: str
    trigger: TriggerPlan
    delay: Lowered
    retry_ns: int
    lasts_ns: int  # NEVER_NS: while the alarm of its trigger is in ALARM

    def later(self, by_ns: int) -> "ReactionPlan":
        """The same on a clock that began earlier."""
        at_ns = self.trigger.at_ns
        at_ns = at_ns if at_ns == NEVER_NS else at_ns + by_ns
        return replace(self, trigger=replace(self.trigger, at_ns=at_ns))


@dataclass(frozen=True, kw_only=True)
class ZonalShiftPlan(ReactionPlan):
    """Load balancers of some sites (service, region) leave a zone of the region."""

    region: int
    zone: int
    services: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class SheddingPlan(ReactionPlan):
    """So large a share of some populations' requests for some operations is let in, in some regions."""

    keep: float
    front: int  # of `FRONTS`
    operations: tuple[int, ...]
    regions: tuple[int, ...]  # at the edges of a content network 0 alone
    populations: tuple[int, ...]
    ramp_ns: int
