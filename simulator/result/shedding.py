"""Load shedding: what it turned away."""

from simulator.records import dataclass


@dataclass(frozen=True)
class Shed:
    """Requests of a population for a service that load shedding turned away in one place."""

    service: str
    """The service."""
    scope: str
    """`regional`: at its door; `cloudfront`: at an edge."""
    region: str | None
    """The region to which they were sent; null at the edges of a content network."""
    population: str
    """Whose they were: of users, bots or a canary."""
    requests: int
    """How many."""
