"""Databases with one writer, and their promotions, as a run has them."""

from simulator.boundary.kinds import NEVER_NS
from simulator.plan.sources import Lowered
from simulator.records import dataclass


@dataclass(frozen=True)
class DatabasePlan:
    """One database: its replicas, and how another one of them becomes the writer."""

    store: int
    writer: int
    readers: tuple[int, ...]  # in listed order
    promotion: Lowered
    switchover: Lowered | None  # None: it knows none
    rebuild: Lowered
    fencing: str
    rejoins: bool
    hold_down_ns: int = NEVER_NS  # NEVER_NS: it never promotes by itself
    rpo_ns: int = NEVER_NS  # NEVER_NS: commits are never blocked


@dataclass(frozen=True)
class PromotionPlan:
    """One promotion that an operator asks for."""

    store: int
    to: int
    planned: bool
    at_ns: int = NEVER_NS  # NEVER_NS: relative to detection
    after_detection_ns: int = NEVER_NS
