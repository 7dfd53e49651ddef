"""Alarms checked: that each watches something that is there, can speak, and does not follow itself."""

from collections.abc import Iterator, Sequence

from simulator.boundary.alarm_rules import BadRule, alarms_in, read_rule
from simulator.boundary.metric_maths import BadExpression, names_in, read_expression
from simulator.boundary.metric_terms import STATISTICS
from simulator.boundary.metrics import BY_NAME, METRICS
from simulator.boundary.statistics import percentile_share
from simulator.boundary.thresholds import BadThreshold
from simulator.language.checks.bands import check_band
from simulator.language.checks.subjects import are_whole, as_written, chosen, subjects_of
from simulator.language.models.alarms import (
    AlarmedMetric,
    AnyAlarm,
    BandAlarm,
    Banded,
    BurnRateAlarm,
    CompositeAlarm,
    EvaluatedAlarm,
    Expressed,
    MetricAlarm,
    ThresholdAlarm,
    alarms_of,
    metrics_of,
    read_datapoints,
    short_window_ns,
    threshold_of,
)
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import known, nearest
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import Names
from simulator.units import format_duration

_MINUTE_NS = 60 * 10**9
_HOUR_NS, _DAY_NS = 60 * _MINUTE_NS, 24 * 60 * _MINUTE_NS
_CLOCK_PERIODS_NS = (_MINUTE_NS, 5 * _MINUTE_NS, _HOUR_NS, _DAY_NS)


def check_alarms(topology: Topology, names: Names, document: Document) -> None:
    """Report every alarm that could never speak, or that follows itself."""
    for name, alarm in topology.alarms.items():
        path: Path = ("alarms", name)
        if alarm.acknowledge is not None and alarm.tells is None:
            document.problem("'acknowledge' belongs to 'tells'", (*path, "acknowledge"), at_key=True)
        if isinstance(alarm, CompositeAlarm):
            _check_composite(name, alarm, topology, names.alarms or (), document, path)
        elif isinstance(alarm, BurnRateAlarm):
            _check_burn(alarm, document, path)
        else:
            _check_evaluated(alarm, document, path)
        if not are_whole(topology, names):
            continue
        found = [*_check_metrics(alarm, topology, document, path)]
        if len(set(found)) > 1:
            complaint = (
                f"its metrics are in different regions, {', '.join(dict.fromkeys(found))}; copy them into one"
            )
            document.problem(complaint, path, at_key=True)


# metrics


def _check_metrics(alarm: AnyAlarm, topology: Topology, document: Document, path: Path) -> Iterator[str]:
    """Report what is wrong with each metric; the regions in which they are seen."""
    for key, one in metrics_of(alarm).items():
        here = (*path, *_place(alarm, key))
        if one.metric not in BY_NAME:
            hint = nearest(one.metric, [metric.name for metric in METRICS])
            document.problem(f"no metric is called '{one.metric}'{hint}", (*here, "metric"))
            continue
        _check_statistic(one, document, here)
        yield from _check_subject(one, topology, document, here)


def _place(alarm: AnyAlarm, key: str) -> Path:
    if isinstance(alarm, Expressed):
        return ("metrics", key)
    return (key,) if isinstance(alarm, BurnRateAlarm) else ()


def _check_statistic(one: AlarmedMetric, document: Document, path: Path) -> None:
    metric, statistic = BY_NAME[one.metric], one.statistic
    if statistic is None or statistic in STATISTICS:
        return
    here = (*path, "statistic")
    if percentile_share(statistic) is None:
        hint = nearest(statistic, [*STATISTICS, "p99"])
        document.problem(f"no statistic is called '{statistic}'{hint}", here)
    elif not any(percentile_share(other) for other in metric.statistics):
        document.problem(f"{metric.name} has no percentiles; it has {', '.join(STATISTICS)}", here)


def _check_subject(one: AlarmedMetric, topology: Topology, document: Document, path: Path) -> Iterator[str]:
    """Report what has no such metric, or several; the region in which it is seen."""
    metric = BY_NAME[one.metric]
    subjects = subjects_of(metric.of, topology)
    found = chosen(one.of, subjects)
    texts = [subject.text for subject in found or subjects]
    if not subjects:
        complaint = f"nothing in the topology has {one.metric}, which is of {metric.of.says}"
        document.problem(complaint, (*path, "metric"))
    elif not found:
        hint = nearest(as_written(one.of), texts)
        document.problem(f"'{one.of}' has no {one.metric}{hint}", (*path, "of"))
    elif len(found) > 1:
        complaint = f"an alarm watches one; say which of {', '.join(texts)}"
        document.problem(complaint, (*path, "of"))
    else:
        home = found[0].home(metric)
        if one.in_ not in (None, home) and not _is_copied(one, topology):
            complaint = f"{one.metric} is in {home}, and no entry of 'metrics' copies it to {one.in_}"
            document.problem(complaint, (*path, "in"))
        yield one.in_ or home


def _is_copied(one: AlarmedMetric, topology: Topology) -> bool:
    copies = (kept for kept in topology.metrics if kept.copied_to == one.in_)
    return any(
        kept.metric in (one.metric, f"{one.metric.partition('.')[0]}.*")
        and (kept.of is None or as_written(kept.of) in (as_written(one.of), one.of.partition("@")[0]))
        for kept in copies
    )


# thresholds


def _check_evaluated(alarm: EvaluatedAlarm, document: Document, path: Path) -> None:
    if isinstance(alarm, Banded):
        check_band(alarm, document, path)
    else:
        _check_threshold(alarm, document, path)
    _check_period(alarm, document, path)
    if isinstance(alarm, Expressed):
        _check_expression(alarm, document, path)
    elif _is_of_dynamodb(alarm) and alarm.missing not in (None, "ignore"):
        complaint = "alarms on DynamoDB's metrics always ignore missing data; leave this out"
        document.problem(complaint, (*path, "missing"))


def _is_of_dynamodb(alarm: MetricAlarm | BandAlarm) -> bool:
    return alarm.metric in BY_NAME and BY_NAME[alarm.metric].namespace == "AWS/DynamoDB"


def _check_threshold(alarm: ThresholdAlarm, document: Document, path: Path) -> None:
    if isinstance(alarm, MetricAlarm) and alarm.metric not in BY_NAME:
        return
    try:
        threshold_of(alarm)
    except BadThreshold as bad:
        document.problem(str(bad), (*path, "threshold"))


def _check_period(alarm: EvaluatedAlarm, document: Document, path: Path) -> None:
    """Whole minutes, and a day of them at most; of hours a week (API reference, *PutMetricAlarm*)."""
    here = (*path, "period")
    if alarm.period < _MINUTE_NS or alarm.period % _MINUTE_NS:
        document.problem("a period is one minute or some of them", here)
        return
    _check_resolution(alarm, document, here)
    if alarm.window == "wall_clock" and alarm.period not in _CLOCK_PERIODS_NS:
        some = ", ".join(map(format_duration, _CLOCK_PERIODS_NS))
        document.problem(f"periods of the wall clock are {some}", here)
    try:
        _, periods = read_datapoints(alarm.datapoints)
    except ValueError as bad:
        document.problem(str(bad), (*path, "datapoints"))
        return
    most_ns = _DAY_NS if alarm.period < _HOUR_NS else 7 * _DAY_NS
    if periods * alarm.period > most_ns:
        complaint = (
            f"{periods} periods of {format_duration(alarm.period)} are longer than "
            f"{format_duration(most_ns)}, the most that an alarm looks back"
        )
        document.problem(complaint, (*path, "datapoints"))


def _check_resolution(alarm: EvaluatedAlarm, document: Document, path: Path) -> None:
    """A point of a metric may stand for more than a minute: shorter periods would be empty mostly."""
    for one in metrics_of(alarm).values():
        least_ns = BY_NAME[one.metric].period_min * _MINUTE_NS if one.metric in BY_NAME else 0
        if alarm.period < least_ns:
            complaint = (
                f"a data point of {one.metric} stands for {format_duration(least_ns)}; a period is no shorter"
            )
            document.problem(complaint, path)


def _check_expression(alarm: Expressed, document: Document, path: Path) -> None:
    try:
        names = names_in(read_expression(alarm.expression))
    except BadExpression as bad:
        document.problem(str(bad), (*path, "expression"))
        return
    for name in names:
        known(document, (*path, "expression"), name, alarm.metrics, "metric of this alarm")
    for name in alarm.metrics:
        if name not in names:
            document.problem(f"the expression does not use '{name}'", (*path, "metrics", name), at_key=True)
    if not names:
        document.problem("the expression uses no metric", (*path, "expression"))


# error budgets


def _check_burn(alarm: BurnRateAlarm, document: Document, path: Path) -> None:
    share = alarm.burn_rate * (1.0 - alarm.objective)
    if share >= 1.0:
        complaint = (
            f"it can never speak: even if every request fails, a budget of {1 - alarm.objective:.4g} is not "
            f"spent {alarm.burn_rate:g} times as fast"
        )
        document.problem(complaint, (*path, "burn_rate"))
    if alarm.objective >= 1.0:
        document.problem("an objective of 100 % leaves no budget", (*path, "objective"))
    for key, window_ns in (("long", alarm.long), ("short", short_window_ns(alarm))):
        if window_ns < _MINUTE_NS or window_ns % _MINUTE_NS or window_ns > 7 * _DAY_NS:
            document.problem("a window is in whole minutes, and at most 7 d long", (*path, key))
    if short_window_ns(alarm) >= alarm.long:
        document.problem("the short window must be shorter than the long one", (*path, "long"))
    for key in ("errors", "requests"):
        if (statistic := getattr(alarm, key).statistic) not in (None, "sum", "sample_count"):
            complaint = f"a budget counts requests: 'sum' or 'sample_count', not '{statistic}'"
            document.problem(complaint, (*path, key, "statistic"))


# composite alarms


def _check_composite(
    name: str, alarm: CompositeAlarm, topology: Topology, names: Sequence[str], document: Document, path: Path
) -> None:
    try:
        rule = read_rule(alarm.rule)
    except BadRule as bad:
        document.problem(str(bad), (*path, "rule"))
        return
    for child in dict.fromkeys(alarms_in(rule)):
        known(document, (*path, "rule"), child, names, "alarm")
    if (cycle := _cycle(name, topology)) is not None:
        document.problem(f"it follows itself: {' → '.join(cycle)}", (*path, "rule"))


def _cycle(name: str, topology: Topology) -> list[str] | None:
    """The way from an alarm back to itself; None if there is none."""
    waiting, seen = [[name]], set[str]()
    while waiting:
        way = waiting.pop()
        for child in alarms_of(topology.alarms[way[-1]]):
            if child == name:
                return [*way, name]
            if child in topology.alarms and child not in seen:
                seen.add(child)
                waiting.append([*way, child])
    return None
