"""What a system is once a failover plan has been carried out: what is switched on, launched and raised."""

from collections.abc import Iterator

from simulator.language.models.compute import ComputeKind, LambdaCompute, NodesCompute
from simulator.language.models.data_steps import RestoreStep
from simulator.language.models.plans import ChildPlanStep, FailoverPlan, placed_steps
from simulator.language.models.scaling import (
    EnableStep,
    ReplicaStep,
    ScaleStep,
    StepOfStandby,
    ThroughputStep,
)
from simulator.language.models.stores import (
    Capacity,
    OnDemand,
    OnDemandCapacity,
    ProvisionedCapacity,
    Table,
)
from simulator.language.models.topology import Service, Topology
from simulator.lowering.sites import compute_of
from simulator.lowering.sources import Sources
from simulator.lowering.throughput import write_and_read_rates


def plans_that_grow(topology: Topology, region: str) -> Iterator[str]:
    """The plans that make something ready in a region."""
    for name, plan in topology.plans.items():
        if any(_place(step) == region for step in _growing(plan, topology)):
            yield name


def _place(step: StepOfStandby | RestoreStep) -> str:
    return step.region if isinstance(step, RestoreStep) else step.in_


def _growing(plan: FailoverPlan, topology: Topology) -> Iterator[StepOfStandby | RestoreStep]:
    """The steps of a plan, and of its child plans, that make something ready: a table too, where none is."""
    for _, step in placed_steps(plan):
        if isinstance(step, ChildPlanStep):
            yield from _growing(topology.plans[step.plan], topology)
        elif isinstance(step, StepOfStandby) or (
            isinstance(step, RestoreStep) and is_absent(step.restore, step.region, topology)
        ):
            yield step


def is_absent(store: str, region: str, topology: Topology) -> bool:
    """Whether a table may be in a region, and is not there at first."""
    return store in topology.tables and region in topology.tables[store].absent_in


def enables(plan: str, service: str, topology: Topology, region: str) -> bool:
    """Whether a plan switches a service on in a region."""
    steps = _growing(topology.plans[plan], topology)
    return any(isinstance(one, EnableStep) and (one.enable, one.in_) == (service, region) for one in steps)


def makes(plan: str, table: str, topology: Topology, region: str) -> bool:
    """Whether a plan makes a replica of a table in a region, or restores it there."""
    steps = _growing(topology.plans[plan], topology)
    return any(_made(one) == (table, region) for one in steps)


def _made(step: StepOfStandby | RestoreStep) -> tuple[str, str] | None:
    if isinstance(step, RestoreStep):
        return step.restore, step.region
    return (step.replica, step.in_) if isinstance(step, ReplicaStep) else None


def after(plan: str, topology: Topology) -> Topology:
    """The topology with all that a plan has made ready."""
    for step in _growing(topology.plans[plan], topology):
        topology = _done(step, topology)
    return topology


def _done(step: StepOfStandby | RestoreStep, topology: Topology) -> Topology:
    if (made := _made(step)) is not None:
        name, region = made
        there = [one for one in topology.tables[name].absent_in if one != region]
        table = topology.tables[name].model_copy(update={"absent_in": there})
        return topology.model_copy(update={"tables": topology.tables | {name: table}})
    if isinstance(step, EnableStep):
        service = topology.services[step.enable]
        left = [region for region in service.dormant_in if region != step.in_]
        return _with_service(step.enable, service.model_copy(update={"dormant_in": left}), topology)
    if isinstance(step, ScaleStep):
        service = topology.services[step.scale]
        computes = service.compute_in | {step.in_: _scaled(compute_of(service, step.in_), step)}
        return _with_service(step.scale, service.model_copy(update={"compute_in": computes}), topology)
    if isinstance(step, ThroughputStep):
        tables = topology.tables | {step.throughput: _raised(topology.tables[step.throughput], step)}
        return topology.model_copy(update={"tables": tables})
    return topology


def _with_service(name: str, service: Service, topology: Topology) -> Topology:
    return topology.model_copy(update={"services": topology.services | {name: service}})


def _scaled(compute: ComputeKind, step: ScaleStep) -> ComputeKind:
    """Never less than was there."""
    if isinstance(compute, NodesCompute):
        nodes = compute.nodes
        more = nodes.model_copy(update={"per_zone": max(nodes.per_zone, step.to.per_zone or 0)})
        return compute.model_copy(update={"nodes": more})
    if isinstance(compute, LambdaCompute):
        function = compute.lambda_
        said = {
            key: max(getattr(function, key) or 0, getattr(step.to, key))
            for key in ("provisioned", "reserved")
            if getattr(step.to, key) is not None
        }
        return compute.model_copy(update={"lambda_": function.model_copy(update=said)})
    return compute


def _raised(table: Table, step: ThroughputStep) -> Table:
    """Write units are the same in all replicas; read units are raised in one."""

    def raised(region: str) -> Capacity:
        capacity = table.capacity_in.get(region, table.capacity)
        said = {"write": step.to.write, "read": step.to.read if region == step.in_ else None}
        return _more(capacity, {key: value for key, value in said.items() if value is not None})

    return table.model_copy(update={"capacity_in": {region: raised(region) for region in table.replicas}})


def _more(capacity: Capacity, units: dict[str, float]) -> Capacity:
    if isinstance(capacity, ProvisionedCapacity):
        there = capacity.provisioned
        most = {key: max(getattr(there, key), value) for key, value in units.items()}
        return capacity.model_copy(update={"provisioned": there.model_copy(update=most)})
    if capacity == "unlimited":
        return capacity
    write, read = write_and_read_rates(capacity, Sources())
    write, read = max(write, units.get("write", 0.0)), max(read, units.get("read", 0.0))
    return OnDemandCapacity.model_construct(
        on_demand=OnDemand.model_construct(warm_write=write, warm_read=read)
    )
