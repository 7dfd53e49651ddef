"""What control processes have made of a run: at first as it is before anything has happened."""

from collections.abc import Callable
from dataclasses import field

from simulator.boundary.looks import Looks, Place
from simulator.boundary.tallies import AtRisk, Restored
from simulator.outcome import Event
from simulator.records import dataclass

_Check = tuple[str, int, int]  # a health check: its name, region, and the number of the service's


@dataclass(eq=False)
class State:
    """The log, and the physical state that checkers see. What depends on the plan is in `World`."""

    events: list[Event] = field(default_factory=list)
    at_risk: list[AtRisk] = field(default_factory=list)
    restored: list[Restored] = field(default_factory=list)
    frozen: set[tuple[str, int]] = field(default_factory=set)
    """Control planes that refuse: name, and region or `EVERYWHERE`."""
    failing_launches: list[tuple[int, float]] = field(default_factory=list)
    """Where launches of nodes fail, a region or `EVERYWHERE`, and the share of them that do."""
    unanswered: set[int] = field(default_factory=set)
    """DNS names whose authoritative servers give no answer that leads anywhere."""
    unhealthy: set[_Check] = field(default_factory=set)
    """Health checks that are unhealthy: name, region, and the number of the service's."""
    checks: set[_Check] = field(default_factory=set)
    """All health checks."""
    healthy_checkers: dict[_Check, Callable[[], float]] = field(default_factory=dict)
    """Of each health check the share of checkers that think so."""
    healthy_children: dict[_Check, Callable[[], int]] = field(default_factory=dict)
    """Of each calculated health check how many of those that it counts are healthy."""
    site_looks: Looks = field(default_factory=Looks)
    endpoint_looks: Looks = field(default_factory=Looks)
    link_looks: Looks = field(default_factory=Looks)
    zone_looks: Looks = field(default_factory=Looks)
    """What faults make of zones (region, zone) that stay up."""
    node_looks: Looks = field(default_factory=Looks)
    """What faults, and their deaths, make of nodes (service, region, number)."""
    killed: dict[tuple[int, int, int], int] = field(default_factory=dict)
    """The nodes that have run out of memory and are not back yet, each with the number of its death."""
    shifted: dict[Place, int] = field(default_factory=dict)
    """The zone that the load balancer of a site leaves because of a zonal shift."""
    in_service: dict[Place, int] = field(default_factory=dict)
    """How many targets the load balancer of a site (service, region) believes alive, once it has told."""
    passed: dict[Place, set[int]] = field(default_factory=dict)
    """The nodes that load balancers believe alive, where that has ever changed."""
    without_targets: set[Place] = field(default_factory=set)
    """Sites (service, region) whose load balancer believes no node alive."""
    shown: dict[tuple[str, tuple[int, ...]], frozenset[int]] = field(default_factory=dict)
    """The faults, by number, that are shown by places, by kind and numbers."""
    writers: dict[int, int] = field(default_factory=dict)
    """The region that takes the writes of each database."""
    detached: set[Place] = field(default_factory=set)
    """Replicas (store, region) of databases that do not follow their writers."""
    version: int = 0
    """How often anything has changed that `World.changed` tells of."""
