"""Durations of many things in a few figures."""

from simulator.records import dataclass


@dataclass(frozen=True)
class Summary:
    """Durations in seconds; null where there are none. Each is off by at most 1/256 of itself."""

    count: int
    """How many."""
    p50_s: float | None
    """The median."""
    p95_s: float | None
    """The 95th percentile."""
    p99_s: float | None
    """The 99th percentile."""
    max_s: float | None
    """The longest."""
