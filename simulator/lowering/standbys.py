"""Standbys lowered: services that are switched off in some regions, and the steps that make them ready.

Specification: docs/model-control-plane.md §8.
"""

from simulator.language.models.compute import ComputeKind, LambdaCompute, Nodes, NodesCompute
from simulator.language.models.scaling import (
    EnableStep,
    ReplicaStep,
    ScaleStep,
    StepOfStandby,
    ThroughputStep,
)
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.lowering.replicas import lower_replica
from simulator.lowering.sites import account_limit, compute_of, invocations
from simulator.plan.standbys import (
    DormantPlan,
    EnablePlan,
    FleetPlan,
    FunctionPlan,
    StandbyPlan,
    ThroughputPlan,
)


def lower_dormant(context: Context) -> tuple[DormantPlan, ...]:
    """The sites that are switched off, by service and region."""
    return tuple(
        DormantPlan(number, context.regions.index(region))
        for number, service in enumerate(context.topology.services.values())
        for region in service.dormant_in
    )


def lower_standby(step: StepOfStandby, context: Context) -> StandbyPlan:
    """A step that makes a standby ready."""
    region = context.regions.index(step.in_)
    if isinstance(step, EnableStep):
        return EnablePlan(context.services.index(step.enable), region)
    if isinstance(step, ScaleStep):
        service, compute = context.services.index(step.scale), _compute(step.scale, step.in_, context)
        if isinstance(compute, NodesCompute):
            return _fleet(step, compute.nodes, (service, region), context)
        return _function(step, (service, region), context)
    if isinstance(step, ReplicaStep):
        return lower_replica(step, context)
    assert isinstance(step, ThroughputStep)
    return _throughput(step, region, context)


def _compute(service: str, region: str, context: Context) -> ComputeKind:
    return compute_of(context.topology.services[service], region)


def _fleet(step: ScaleStep, nodes: Nodes, site: tuple[int, int], context: Context) -> FleetPlan:
    region, sources = context.topology.regions[step.in_], context.sources
    return FleetPlan(
        *site,
        nodes=(step.to.per_zone or 0) * region.zones,
        quota=region.quotas.nodes or 0,
        launch=sources.distribution("node.launch", nodes.launch),
        image=sources.distribution("node.image", nodes.image),
        warm_up=sources.distribution("node.warm_up", nodes.warm_up),
        waits=step.waits,
    )


def _function(step: ScaleStep, site: tuple[int, int], context: Context) -> FunctionPlan:
    sources, reserved = context.sources, step.to.reserved or 0
    least = int(sources.number("lambda.unreserved_least"))
    return FunctionPlan(
        *site,
        provisioned=step.to.provisioned or 0,
        reserved=reserved,
        bucket=invocations(reserved, context) if reserved else (0, 0),
        most=account_limit(step.in_, context.topology) - least,
        begins=sources.distribution("lambda.provisioning_begins"),
        per_second=round(sources.rate("lambda.provisioning_rate")),
        waits=step.waits,
    )


def _throughput(step: ThroughputStep, region: int, context: Context) -> ThroughputPlan:
    replicas = context.topology.tables[step.throughput].replicas
    return ThroughputPlan(
        store=context.store_number(step.throughput),
        region=region,
        replicas=context.region_numbers([one for one in replicas if one in context.regions]),
        write=step.to.write or 0.0,
        read=step.to.read or 0.0,
        takes=context.sources.distribution("dynamodb.throughput_takes"),
    )


def planes_of_standby(step: StepOfStandby, context: Context) -> list[tuple[str, int]]:
    """Whose control plane does it: none where nothing says what a service runs on."""
    region = context.regions.index(step.in_)
    if isinstance(step, ReplicaStep | ThroughputStep):
        return [("dynamodb", region)]
    assert isinstance(step, EnableStep | ScaleStep)
    compute = _compute(step.enable if isinstance(step, EnableStep) else step.scale, step.in_, context)
    if isinstance(compute, LambdaCompute):
        return [("lambda", region)]
    return [("ec2", region)] if isinstance(compute, NodesCompute) else []


PART = Part("standbys", lower_dormant)
