"""The services of the control plane: each file ends in its service, listed here."""

from simulator.control_plane import (
    detectors,
    load_balancers,
    memorydb,
    out_of_memory,
    reactions,
    replicas,
    restores,
    standbys,
    web_acls,
)
from simulator.control_plane.cloudwatch import alarms, canaries, publishing
from simulator.control_plane.databases import promotions
from simulator.control_plane.failover_plans import process as failover_plans
from simulator.control_plane.faults import process as faults
from simulator.control_plane.route53 import checks_made, failbacks, hosted_zones, record_changes
from simulator.control_plane.scaling import process as scaling
from simulator.control_plane.service import Service
from simulator.control_plane.world import World

SERVICES: tuple[Service, ...] = (
    standbys.SERVICE,
    replicas.SERVICE,
    checks_made.SERVICE,
    hosted_zones.SERVICE,
    faults.SERVICE,
    record_changes.SERVICE,
    failbacks.SERVICE,
    load_balancers.SERVICE,
    memorydb.SERVICE,
    out_of_memory.SERVICE,
    restores.SERVICE,
    promotions.SERVICE,
    failover_plans.SERVICE,
    publishing.SERVICE,
    alarms.SERVICE,
    scaling.SERVICE,
    canaries.SERVICE,
    web_acls.SERVICE,
    reactions.SERVICE,
    detectors.SERVICE,
)
"""In the order in which they start. What several do at one instant happens in this order, all else equal."""


def start(world: World) -> None:
    """Start every service."""
    for service in SERVICES:
        for process in service.start(world):
            world.begin(process)
