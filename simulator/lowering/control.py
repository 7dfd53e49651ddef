"""What each service of the control plane reads of an experiment: each file ends in its part, listed here."""

from simulator.lowering import (
    alarms,
    balancers,
    cache_primaries,
    canaries,
    detectors,
    failbacks,
    failover_plans,
    forks,
    health_checks,
    metrics,
    names,
    node_memory,
    promotions,
    reactions,
    record_changes,
    replicas,
    restores,
    scaling,
    standbys,
    web_acls,
)
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.plan.lowered import ControlPlan
from simulator.plan.timeline import FaultPlan

PARTS: tuple[Part, ...] = (
    names.NAMES,
    health_checks.PART,
    names.DELAYS,
    record_changes.PART,
    failbacks.PART,
    forks.PART,
    balancers.PART,
    node_memory.PART,
    cache_primaries.PART,
    restores.PART,
    promotions.PART,
    failover_plans.PART,
    standbys.PART,
    replicas.PART,
    metrics.PART,
    alarms.PART,
    scaling.PART,
    canaries.PART,
    web_acls.PART,
    reactions.PART,
    detectors.PART,
)
"""In the order in which they are lowered, and note the defaults that they use."""


def lower_control(context: Context, faults: tuple[FaultPlan, ...]) -> ControlPlan:
    """The plans of every service."""
    return ControlPlan(faults, tuple(plan for part in PARTS for plan in part.lower(context)))
