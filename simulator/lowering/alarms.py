"""Alarms lowered: which series each watches, when its points breach, whom it tells.

Specification: docs/monitoring.md, "Alarms".
"""

import math
from collections.abc import Iterable, Iterator

from simulator.boundary.alarm_rules import read_rule
from simulator.boundary.alarm_states import IGNORE, POLICIES
from simulator.boundary.metric_maths import read_expression
from simulator.boundary.metric_terms import Share
from simulator.boundary.metrics import BY_NAME
from simulator.language.checks.subjects import chosen, subjects_of
from simulator.language.models import alarms as written
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.plan.alarms import (
    LATEST_NS,
    AlarmPlan,
    BandPlan,
    BurnPlan,
    CompositePlan,
    ThresholdPlan,
    WatchedPlan,
)
from simulator.plan.metrics import OUTSIDE

_EXTRA = 2  # periods beyond N that are looked at at least: five for N = 3 in the guide's examples


def banded(alarms: Iterable[AlarmPlan]) -> list[tuple[AlarmPlan, ThresholdPlan, BandPlan]]:
    """The alarms that have a band, each with that."""
    return [
        (one, one.on, one.on.limit)
        for one in alarms
        if isinstance(one.on, ThresholdPlan) and isinstance(one.on.limit, BandPlan)
    ]


def lower_alarms(context: Context) -> tuple[AlarmPlan, ...]:
    """The alarms of the topology, in file order."""
    homes = dict[str, str]()
    for name in _children_first(context):
        homes[name] = _home(context.topology.alarms[name], homes, context)
    return tuple(
        _alarm(number, name, alarm, homes[name], context)
        for number, (name, alarm) in enumerate(context.topology.alarms.items())
    )


def _children_first(context: Context) -> Iterator[str]:
    """The names of all alarms, composite ones behind those that they name."""
    alarms, told = context.topology.alarms, set[str]()

    def visit(name: str) -> Iterator[str]:
        if name not in told:
            told.add(name)
            for child in written.alarms_of(alarms[name]):
                yield from visit(child)
            yield name

    for name in alarms:
        yield from visit(name)


def _home(alarm: written.AnyAlarm, homes: dict[str, str], context: Context) -> str:
    """Where an alarm is evaluated: where its first metric is seen, or its first child is."""
    for metric in written.metrics_of(alarm).values():
        return _watched(metric, context).key[2]
    return next((homes[child] for child in written.alarms_of(alarm)), "")


def _alarm(number: int, name: str, alarm: written.AnyAlarm, region: str, context: Context) -> AlarmPlan:
    sources = context.sources
    return AlarmPlan(
        number,
        name,
        context.regions.index(region) if region in context.regions else OUTSIDE,
        region,
        _on(alarm, context),
        alarm.tells or "",
        sources.distribution("alarm.notification"),
        sources.distribution("people.acknowledge", alarm.acknowledge),
    )


def _on(alarm: written.AnyAlarm, context: Context) -> ThresholdPlan | BurnPlan | CompositePlan:
    if isinstance(alarm, written.CompositeAlarm):
        other = alarm.suppressor
        condition = read_rule(alarm.rule)
        if other is None:
            return CompositePlan(condition)
        return CompositePlan(condition, other.alarm, other.wait, other.extension)
    if isinstance(alarm, written.BurnRateAlarm):
        share = alarm.burn_rate * (1.0 - alarm.objective)
        windows_ns = (alarm.long, written.short_window_ns(alarm))
        errors, requests = (_watched(one, context) for one in (alarm.errors, alarm.requests))
        return BurnPlan(errors, requests, share, windows_ns)
    return _evaluated(alarm, context)


def _evaluated(alarm: written.EvaluatedAlarm, context: Context) -> ThresholdPlan:
    watched = tuple((key, _watched(one, context)) for key, one in written.metrics_of(alarm).items())
    points, periods = written.read_datapoints(alarm.datapoints)
    is_wall_clock = alarm.window == "wall_clock"
    extra = 0 if is_wall_clock else max(_EXTRA, -(-LATEST_NS // alarm.period))
    return ThresholdPlan(
        watched,
        read_expression(alarm.expression) if isinstance(alarm, written.Expressed) else None,
        _band(alarm, context) if isinstance(alarm, written.Banded) else written.threshold_of(alarm),
        alarm.period,
        points,
        periods,
        periods + extra,
        _missing(alarm),
        is_wall_clock,
    )


def _band(alarm: written.AnyBandAlarm, context: Context) -> BandPlan:
    least, most = _reach(alarm)
    return BandPlan(
        deviations=alarm.band,
        is_above=alarm.threshold != "below",
        is_below=alarm.threshold != "above",
        least=least,
        most=most,
        history_ns=alarm.history,
        excluded_ns=tuple((one.from_, one.to) for one in alarm.exclude),
        first_band=context.sources.distribution("anomaly.first_band"),
        retraining_ns=context.sources.duration_ns("anomaly.retraining"),
    )


def _reach(alarm: written.AnyBandAlarm) -> tuple[float, float]:
    """The least and the most that the values of an alarm can be; of an expression nobody knows."""
    if isinstance(alarm, written.BandMathsAlarm):
        return -math.inf, math.inf
    metric = BY_NAME[alarm.metric]
    statistic = alarm.statistic or metric.statistics[0]
    if statistic in ("sum", "sample_count"):
        return 0.0, math.inf
    if metric.unit == "Percent":
        return 0.0, 100.0
    return 0.0, 1.0 if isinstance(metric.value, Share) else math.inf


def _missing(alarm: written.EvaluatedAlarm) -> int:
    """Alarms on DynamoDB's metrics ignore missing data (CloudWatch API reference, *PutMetricAlarm*)."""
    if isinstance(alarm, written.AlarmedMetric) and BY_NAME[alarm.metric].namespace == "AWS/DynamoDB":
        return IGNORE
    return POLICIES.index(alarm.missing or "missing")


def _watched(metric: written.AlarmedMetric, context: Context) -> WatchedPlan:
    kind = BY_NAME[metric.metric]
    (subject,) = chosen(metric.of, subjects_of(kind.of, context.topology))
    region = metric.in_ or subject.home(kind)
    return WatchedPlan((kind.name, subject.text, region), metric.statistic or kind.statistics[0])


PART = Part("alarms", lower_alarms)
