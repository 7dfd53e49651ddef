"""Changes of records by people, as a run has them."""

from simulator.boundary.kinds import NEVER_NS
from simulator.records import dataclass


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
