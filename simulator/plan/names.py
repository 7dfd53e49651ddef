"""Names of Route 53 as a run has them."""

from simulator.records import dataclass


@dataclass(frozen=True)
class NamePlan:
    """One DNS name as Route 53 sees it."""

    name: str
    routing: str  # policy, as users write it
    regions: tuple[int, ...]  # regions with a record
    order: tuple[int, ...]  # failover order
    weights: dict[int, int]
    geography: dict[str, int]
    standby: frozenset[int]
    health_check: str | None
    service: int = 0
    target_health: bool = False
    """Whether a region counts as unhealthy while its gateway or load balancer is down."""
    heeds_health: bool = True
    """Whether answers leave out what is unhealthy."""
    hold_down_ns: int = 0
    """How long a region that was left out must be healthy to answer again; NEVER_NS: until it is told to."""


@dataclass(frozen=True)
class Route53Plan:
    """How long Route 53 takes, and where places are to its geography."""

    status_to_answer: tuple[int, float, float]  # distribution: kind, a, b
    change_propagation: tuple[int, float, float]
    location_country: tuple[str, ...]
    location_continent: tuple[str, ...]
