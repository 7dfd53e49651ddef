"""Auto-scaling lowered: what each scaler scales, between which limits, by which policies.

Specification: docs/scaling.md.
"""

from simulator.boundary.alarm_states import IGNORE, MISSING
from simulator.boundary.metrics import BY_NAME
from simulator.boundary.thresholds import Threshold
from simulator.language.checks.subjects import chosen, subjects_of
from simulator.language.models.alarms import MathsAlarm, MetricAlarm, threshold_of
from simulator.language.models.autoscaling import (
    AnyScaling,
    ScaledService,
    ScaledTable,
    StepPolicy,
    Tracking,
    schedule_of,
    steps_of,
)
from simulator.language.models.compute import NodesCompute
from simulator.language.models.scaled import (
    at_first,
    compute_of_scaled,
    kind_of,
    most_of,
    target_of,
    tracked_by,
)
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.lowering.sites import account_limit
from simulator.plan.alarms import LATEST_NS, MINUTE_NS, ThresholdPlan, WatchedPlan
from simulator.plan.scaling import (
    FunctionScaled,
    NodesScaled,
    ScalingPlan,
    ScheduledPlan,
    StepsPlan,
    TableScaled,
    TrackingPlan,
)
from simulator.plan.standbys import FleetPlan, FunctionPlan, ThroughputPlan


def lower_scaling(context: Context) -> tuple[ScalingPlan, ...]:
    """The scalers of the topology, in file order."""
    return tuple(
        _scaler(number, name, scaling, context)
        for number, (name, scaling) in enumerate(context.topology.scaling.items())
    )


def _scaler(number: int, name: str, scaling: AnyScaling, context: Context) -> ScalingPlan:
    what = scaling.service if isinstance(scaling, ScaledService) else scaling.table
    return ScalingPlan(
        number,
        name,
        context.regions.index(scaling.in_),
        _scaled(scaling, context),
        f"{what}@{scaling.in_}",
        _unit(scaling, context),
        float(scaling.min),
        float(scaling.max),
        at_first(scaling, context.topology),
        tuple(_track(scaling, one, context) for one in scaling.track),
        tuple(_steps(one, context) for one in steps_of(scaling)),
        tuple(ScheduledPlan(one.at, one.min, one.max, one.desired) for one in schedule_of(scaling)),
        scaling.in_cooldown or 0,
    )


def _unit(scaling: AnyScaling, context: Context) -> str:
    if isinstance(scaling, ScaledTable):
        return f"{scaling.units} units/s"
    return "nodes" if kind_of(scaling, context.topology) == "nodes" else "environments"


# what is scaled


def _scaled(scaling: AnyScaling, context: Context) -> NodesScaled | FunctionScaled | TableScaled:
    if isinstance(scaling, ScaledTable):
        return TableScaled(_throughput(scaling, context), ("write", "read").index(scaling.units))
    if kind_of(scaling, context.topology) == "nodes":
        return _nodes(scaling, context)
    return FunctionScaled(_function(scaling, context))


def _site(scaling: ScaledService, context: Context) -> tuple[int, int]:
    return context.services.index(scaling.service), context.regions.index(scaling.in_)


def _nodes(scaling: ScaledService, context: Context) -> NodesScaled:
    compute, sources = compute_of_scaled(scaling, context.topology), context.sources
    assert isinstance(compute, NodesCompute)
    nodes = compute.nodes
    fleet = FleetPlan(
        *_site(scaling, context),
        nodes=0,
        quota=context.topology.regions[scaling.in_].quotas.nodes or 0,
        launch=sources.distribution("node.launch", nodes.launch),
        image=sources.distribution("node.image", nodes.image),
        warm_up=sources.distribution("node.warm_up", nodes.warm_up),
        waits=False,
    )
    return NodesScaled(
        fleet,
        sources.duration_ns("scaling.cooldown", scaling.warm_up),
        sources.duration_ns("load_balancer.deregistration_delay", nodes.deregistration),
        int(max(most_of(scaling), at_first(scaling, context.topology))),
        sources.share("scaling.in_most"),
    )


def _function(scaling: ScaledService, context: Context) -> FunctionPlan:
    sources, least = context.sources, int(context.sources.number("lambda.unreserved_least"))
    return FunctionPlan(
        *_site(scaling, context),
        provisioned=0,
        reserved=0,
        bucket=(0, 0),
        most=account_limit(scaling.in_, context.topology) - least,
        begins=sources.distribution("lambda.provisioning_begins"),
        per_second=round(sources.rate("lambda.provisioning_rate")),
        waits=False,
    )


def _throughput(scaling: ScaledTable, context: Context) -> ThroughputPlan:
    replicas = context.topology.tables[scaling.table].replicas
    return ThroughputPlan(
        store=context.store_number(scaling.table),
        region=context.regions.index(scaling.in_),
        replicas=context.region_numbers([one for one in replicas if one in context.regions]),
        write=0.0,
        read=0.0,
        takes=context.sources.distribution("dynamodb.throughput_takes"),
    )


# policies


def _track(scaling: AnyScaling, tracking: Tracking, context: Context) -> TrackingPlan:
    topology, sources = context.topology, context.sources
    tracked = tracked_by(scaling, tracking, topology)
    target, is_table = target_of(tracked, tracking), isinstance(scaling, ScaledTable)
    kind = BY_NAME[tracked.metric]
    (subject,) = chosen(tracked.of, subjects_of(kind.of, topology))
    watched = WatchedPlan((kind.name, subject.text, subject.home(kind)), tracked.statistic)
    out_points = int(sources.number("scaling.table.out_points" if is_table else "scaling.out_points"))
    in_points = int(sources.number("scaling.in_points"))
    below = 1.0 - sources.share("scaling.in_below")
    missing = IGNORE if is_table else MISSING
    return TrackingPlan(
        _alarm(watched, Threshold(">", target), out_points, missing),
        _alarm(watched, Threshold("<", below * target), in_points, missing),
        target,
        tracking.scale_in,
        is_table,
    )


def _alarm(watched: WatchedPlan, threshold: Threshold, points: int, missing: int) -> ThresholdPlan:
    looked_at = points + LATEST_NS // MINUTE_NS
    return ThresholdPlan(
        (("", watched),), None, threshold, MINUTE_NS, points, points, looked_at, missing, False
    )


def _steps(policy: StepPolicy, context: Context) -> StepsPlan:
    alarm = context.topology.alarms[policy.on.alarm]
    assert isinstance(alarm, MetricAlarm | MathsAlarm)
    bounds = tuple((one.from_, one.by) for one in policy.bounds)
    return StepsPlan(policy.on.alarm, threshold_of(alarm), policy.change, bounds)


PART = Part("scaling", lower_scaling)
