"""Notes on steps of failover plans that may take longer than they are given."""

import math
from collections.abc import Iterator

from simulator.language.models.plan_steps import TriedStep
from simulator.language.models.plans import names_of, placed_steps
from simulator.language.models.quantities import Constant, Distribution, Exponential, LogNormal, Uniform
from simulator.language.models.topology import Topology
from simulator.lowering.sources import Sources
from simulator.rules.table import Note
from simulator.units import format_duration


def slow_step_notes(topology: Topology) -> Iterator[Note]:
    """A note on each step whose work may outlast its timeout, which strands its plan."""
    for plan_name, plan in topology.plans.items():
        for name, (_, step) in zip(names_of(plan), placed_steps(plan), strict=True):
            if not isinstance(step, TriedStep) or step.takes is None:
                continue
            timeout_ns = Sources().duration_ns("plan.step_timeout", step.timeout)
            longest_ns = _long_ns(step.takes)
            if longest_ns > timeout_ns:
                took, given = format_duration(longest_ns), format_duration(timeout_ns)
                remedy = "which strands the plan; write a longer 'timeout'"
                slow = f"step '{name}' of plan {plan_name} may take {took} and is given up after {given}"
                yield Note("slow-step", f"{slow}, {remedy}", ("plans", plan_name))


def _long_ns(takes: Distribution) -> int:
    """What a distribution hardly exceeds: its bound, or else its 99th percentile."""
    if isinstance(takes, Constant):
        return takes.root
    if isinstance(takes, Uniform):
        return takes.to
    if isinstance(takes, LogNormal):
        return takes.p99
    assert isinstance(takes, Exponential)
    return round(round(takes.mean * math.log(100)), -9)
