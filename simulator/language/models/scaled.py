"""What a scaler scales: its kind, what there is from the start, and which metrics its policies track."""

from typing import Literal, NamedTuple

from simulator.boundary.metrics import BY_NAME
from simulator.boundary.thresholds import read_threshold
from simulator.language.models.autoscaling import (
    AnyScaling,
    ScaledService,
    ScaledTable,
    Tracking,
    schedule_of,
)
from simulator.language.models.compute import ComputeKind, LambdaCompute, NodesCompute
from simulator.language.models.stores import ProvisionedCapacity
from simulator.language.models.topology import Topology
from simulator.units import parse_share

Kind = Literal["nodes", "lambda", "table"]

_PROVISIONED = "lambda.provisioned_concurrency_utilization"
_CPU = "nodes.cpu_utilization"


class Tracked(NamedTuple):
    """The metric that a policy tracks: its name, what it is of, the statistic by minutes."""

    metric: str
    of: str
    statistic: str


def compute_of_scaled(scaling: ScaledService, topology: Topology) -> ComputeKind:
    """What the service runs on where it is scaled."""
    service = topology.services[scaling.service]
    return service.compute_in.get(scaling.in_, service.compute)


def kind_of(scaling: AnyScaling, topology: Topology) -> Kind:
    """What is scaled; of a service that runs on nodes or on Lambda."""
    if isinstance(scaling, ScaledTable):
        return "table"
    return "nodes" if isinstance(compute_of_scaled(scaling, topology), NodesCompute) else "lambda"


def at_first(scaling: AnyScaling, topology: Topology) -> float:
    """What there is from the start."""
    if isinstance(scaling, ScaledTable):
        capacity = topology.tables[scaling.table].capacity
        assert isinstance(capacity, ProvisionedCapacity)
        return float(getattr(capacity.provisioned, scaling.units))
    compute = compute_of_scaled(scaling, topology)
    if isinstance(compute, LambdaCompute):
        return float(compute.lambda_.provisioned)
    assert isinstance(compute, NodesCompute)
    return float(compute.nodes.per_zone * topology.regions[scaling.in_].zones)


def most_of(scaling: AnyScaling) -> float:
    """The most that there may ever be, by schedule, too."""
    return float(max([scaling.max, *(one.max or 0 for one in schedule_of(scaling))]))


def tracked_by(scaling: AnyScaling, tracking: Tracking, topology: Topology) -> Tracked:
    """The metric of a policy."""
    if isinstance(scaling, ScaledTable):
        name = f"dynamodb.consumed_{scaling.units}_capacity_units"
        return Tracked(name, f"{scaling.table}@{scaling.in_}", "sum")
    site = f"{scaling.service}@{scaling.in_}"
    if kind_of(scaling, topology) == "lambda":
        return Tracked(_PROVISIONED, site, "maximum")
    name = tracking.metric or _CPU
    return Tracked(name, site, "sum" if BY_NAME[name].unit == "Count" else "average")


def target_of(tracked: Tracked, tracking: Tracking) -> float:
    """The target in the metric's unit; of a table a share. Raises BadThreshold or ValueError."""
    if tracked.metric.startswith("dynamodb."):
        return parse_share(tracking.target)
    return read_threshold(f"> {tracking.target}", BY_NAME[tracked.metric], tracked.statistic).value
