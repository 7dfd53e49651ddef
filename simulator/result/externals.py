"""External dependencies: calls to them, and what these brought about there."""

from simulator.records import dataclass
from simulator.result.calls import CallCounts


@dataclass(frozen=True)
class ExternalCalls(CallCounts):
    """Calls of all services to one external. (Fields of the base named last stand first.)"""

    kind: str
    """payment, secrets, images, feature_flags or other."""
    home: str | None
    """The region in which it runs; null if nobody knows."""
    effects: int
    """Effects of calls that write, such as payments."""
    double_applied: int
    """Of them, those that a retry brought about once more; among those of `requests.consistency`."""
    deduplicated: int
    """Second effects that idempotent calls left out."""
