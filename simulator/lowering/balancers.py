"""Load balancers lowered: how each learns of dead nodes."""

from simulator.language.models.compute import ComputeKind, NodesCompute, TargetCheck
from simulator.language.models.topology import is_called, operations_of
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.lowering.sites import computes_of, is_balanced
from simulator.plan.balancers import BalancerPlan


def lower_balancers(context: Context) -> tuple[BalancerPlan, ...]:
    """The load balancer of each site that has one."""
    services, topology = [*context.topology.services], context.topology
    return tuple(
        _balancer(_check_of(compute), number, region, context)
        for number, (service, row) in enumerate(zip(services, computes_of(context), strict=False))
        for region, (_, compute) in enumerate(row)
        if is_balanced(service, compute, topology)
    )


def _check_of(compute: ComputeKind | None) -> TargetCheck:
    """How targets are checked; by the defaults where there is nothing to say so."""
    return compute.nodes.check if isinstance(compute, NodesCompute) else TargetCheck()


def _balancer(check: TargetCheck, service: int, region: int, context: Context) -> BalancerPlan:
    sources, name = context.sources, "load_balancer.check"
    return BalancerPlan(
        service=service,
        region=region,
        interval_ns=sources.duration_ns(f"{name}.interval", check.interval),
        timeout_ns=sources.duration_ns(f"{name}.timeout", check.timeout),
        unhealthy_threshold=int(sources.number(f"{name}.unhealthy_threshold", check.unhealthy_threshold)),
        healthy_threshold=int(sources.number(f"{name}.healthy_threshold", check.healthy_threshold)),
        deep=check.depth == "deep",
        operation=_page(check.operation, service, context),
    )


def _page(operation: str | None, service: int, context: Context) -> int | None:
    """The number of an operation of a service; None if none is named."""
    name, found = [*context.topology.services][service], enumerate(operations_of(context.topology))
    return next((n for n, one in found if one[0] == name and is_called(operation, *one)), None)


PART = Part("load balancers", lower_balancers)
