"""Load balancers lowered: how each learns of dead nodes."""

from dataclasses import dataclass

from simulator.language.models.compute import Nodes, NodesCompute
from simulator.plan.context import Context
from simulator.plan.parts import Part
from simulator.plan.sites import computes_of


@dataclass(frozen=True)
class BalancerPlan:
    """The load balancer of one site of nodes: how it learns of dead ones."""

    service: int
    region: int
    interval_ns: int
    timeout_ns: int
    unhealthy_threshold: int
    healthy_threshold: int


def lower_balancers(context: Context) -> tuple[BalancerPlan, ...]:
    """The load balancer of each site of nodes."""
    return tuple(
        _balancer(compute.nodes, service, region, context)
        for service, row in enumerate(computes_of(context))
        for region, (_, compute) in enumerate(row)
        if isinstance(compute, NodesCompute)
    )


def _balancer(nodes: Nodes, service: int, region: int, context: Context) -> BalancerPlan:
    check, sources, name = nodes.check, context.sources, "load_balancer.check"
    return BalancerPlan(
        service=service,
        region=region,
        interval_ns=sources.duration_ns(f"{name}.interval", check.interval),
        timeout_ns=sources.duration_ns(f"{name}.timeout", check.timeout),
        unhealthy_threshold=int(sources.number(f"{name}.unhealthy_threshold", check.unhealthy_threshold)),
        healthy_threshold=int(sources.number(f"{name}.healthy_threshold", check.healthy_threshold)),
    )


PART = Part("load balancers", lower_balancers)
