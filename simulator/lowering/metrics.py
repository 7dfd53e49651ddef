"""Metrics lowered: of each series where it lives, and which numbers of a reading make its points.

Specification: docs/monitoring.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from simulator.boundary.fields import MINUTE, MIX, POPULATION, Axis
from simulator.boundary.fields import WEB_ACL as ACL_AXIS
from simulator.boundary.metric_terms import (
    CANARY,
    WEB_ACL,
    Each,
    Level,
    Mean,
    Metric,
    Seen,
    Share,
    SubjectKind,
    Term,
    Timed,
)
from simulator.boundary.readings import COUNTERS, GAUGES, Lag, Latency, Watched, of_population, of_served
from simulator.language.checks.subjects import Subject, chosen, metrics_named, subjects_of
from simulator.language.models.alarms import metrics_of
from simulator.language.models.compute import LambdaCompute, Nodes, NodesCompute
from simulator.language.models.monitoring import KeptMetric
from simulator.language.models.scaled import tracked_by
from simulator.language.models.stores import Bucket
from simulator.lowering.canaries import first_canary
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.lowering.sites import compute_of
from simulator.plan.metrics import OUTSIDE, Elements, MetricsPlan, SeriesPlan

_MINUTE_S = 60.0


def is_metered(context: Context) -> bool:
    """Whether anything needs what is counted for metrics alone."""
    return bool(_entries(context))


def _entries(context: Context) -> list[KeptMetric]:
    """What the files ask for, what alarms watch, and what auto-scaling tracks."""
    topology = context.topology
    watched = (one for alarm in topology.alarms.values() for one in metrics_of(alarm).values())
    alarmed = (KeptMetric(metric=one.metric, of=one.of) for one in watched)
    tracked = (
        KeptMetric(metric=name, of=of)
        for scaling in topology.scaling.values()
        for name, of, _ in (tracked_by(scaling, one, topology) for one in scaling.track)
    )
    return [*topology.metrics, *context.experiment.metrics, *alarmed, *tracked]


def lower_metrics(context: Context) -> tuple[MetricsPlan, ...]:
    """The series that the files ask for and those that alarms watch; nothing without any."""
    series = [*_series_of(_entries(context), context)]
    if not series:
        return ()
    return (MetricsPlan(tuple(series), context.sources.distribution("cloudwatch.delay")),)


def _series_of(entries: Sequence[KeptMetric], context: Context) -> Iterator[SeriesPlan]:
    """Each series once, then the copies."""
    number = dict[tuple[str, str], int]()
    wanted = [(kept, *one) for kept in entries for one in _meant(kept, context)]
    for _, metric, subject in wanted:
        if (metric.name, subject.text) not in number:
            number[metric.name, subject.text] = len(number)
            yield _series(metric, subject, context)
    copied = set[tuple[int, str]]()
    for kept, metric, subject in wanted:
        source = number[metric.name, subject.text]
        target = kept.copied_to
        if target not in (None, subject.home(metric)) and (source, target) not in copied:
            copied.add((source, target))
            yield _copy(kept, metric, subject, source, context)


def _meant(kept: KeptMetric, context: Context) -> Iterator[tuple[Metric, Subject]]:
    for metric in metrics_named(kept.metric):
        yield from ((metric, one) for one in chosen(kept.of, subjects_of(metric.of, context.topology)))


def _series(metric: Metric, subject: Subject, context: Context) -> SeriesPlan:
    place = _place(metric.of, subject, context)
    region = subject.home(metric)
    series = SeriesPlan(metric, subject.text, subject.parts, region, _home(region, context), place)
    if metric.of is CANARY:
        series = replace(series, failing=_failing(subject.name, context))
    return replace(series, **_numbers_of(metric, place, context))


def _failing(name: str, context: Context) -> tuple[int, float]:
    """The number of a canary, and the share of its runs that fail by themselves."""
    canaries = context.topology.canaries
    return [*canaries].index(name), context.sources.share("canary.fails", canaries[name].fails)


def _copy(kept: KeptMetric, metric: Metric, subject: Subject, source: int, context: Context) -> SeriesPlan:
    assert kept.copied_to is not None
    return SeriesPlan(
        metric,
        subject.text,
        subject.parts,
        kept.copied_to,
        _home(kept.copied_to, context),
        place=(),
        copy_of=source,
        copy_delay=context.sources.distribution("cloudwatch.copy_delay", kept.copy_delay),
    )


def _home(region: str, context: Context) -> int:
    return context.regions.index(region) if region in context.regions else OUTSIDE


# places


def _numbers(axis: str, part: str, context: Context) -> int:
    """The number of a part of a subject along an axis."""
    if axis == "service":
        return context.services.index(part)
    if axis == "region":
        return context.regions.index(part)
    if axis == "store":
        return context.store_number(part)
    if axis == POPULATION.name:
        return first_canary(context) + [*context.topology.canaries].index(part)
    if axis == MIX.name:
        users = sum(len(population.actions) for population in context.experiment.users.values())
        bots = sum(len(bots.actions) for bots in context.bots)
        return users + bots + [*context.topology.canaries].index(part)
    if axis == ACL_AXIS.name:
        return [one.text for one in subjects_of(WEB_ACL, context.topology)].index(part)
    return ("write", "read").index(part) if axis == "unit kind" else int(part)


def _place(kind: SubjectKind, subject: Subject, context: Context) -> tuple[int, ...]:
    return tuple(_numbers(axis, part, context) for axis, part in zip(kind.axes, subject.parts, strict=False))


# numbers of a reading


def _numbers_of(metric: Metric, place: tuple[int, ...], context: Context) -> dict[str, Any]:
    """What the points of a metric at a place add up to, and of which samples: the fields of its series."""
    value = metric.value

    def chosen_of(terms: tuple[Term, ...], scale: float = 1.0) -> tuple[Elements, ...]:
        return tuple(_chosen(term, metric.of, place, scale) for term in terms)

    if isinstance(value, Timed):
        return {"timed": _timed(value.what, place), "unit_ns": value.unit_ns}
    if isinstance(value, Seen):
        return {}
    if isinstance(value, Each):
        return {"total": chosen_of(value.of), "samples": chosen_of(value.of)}
    if isinstance(value, Share):
        part = chosen_of(value.part)
        late = next((one for one in part if is_by_minute(one.name)), None)
        total = tuple(one for one in part if one is not late)
        return {"total": total, "samples": chosen_of(value.of), "late": late}
    scale = _SCALES[value.scale](place, context) if value.scale else 1.0
    samples = chosen_of(value.of) if isinstance(value, Mean) else ()
    base = value.base if isinstance(value, Level) else ""
    return {
        "total": chosen_of(value.total if isinstance(value, Mean) else value.of, scale),
        "samples": samples,
        "base": _SCALES[base](place, context) if base else 0.0,
    }


def is_by_minute(name: str) -> bool:
    """Whether a counter tells what it counts by the minute to which that belongs."""
    return name in COUNTERS and MINUTE in COUNTERS[name].axes


def _timed(what: str, place: tuple[int, ...]) -> Watched:
    if what == "lag":
        return Lag(*place)
    if what == "served":
        store, region, unit_kind = place
        return of_served(store, region, unit_kind == 0)
    if what == POPULATION.name:
        return of_population(place[1])
    return Latency(what, place[0], place[1], ())


def _chosen(term: Term, kind: SubjectKind, place: tuple[int, ...], scale: float) -> Elements:
    """The elements of a term at a place: parts are taken along their axes, the first region first."""
    field = COUNTERS.get(term.name) or GAUGES[term.name]
    left = [*zip(kind.axes, place, strict=False)]
    index = tuple(_along(axis, term.at, left) for axis in field.axes)
    return Elements(term.name, index, term.times * scale)


def _along(
    axis: Axis, at: Mapping[str, tuple[int, ...]], left: list[tuple[str, int]]
) -> int | tuple[int, ...] | None:
    if axis.name in at:
        return at[axis.name]
    found = next((one for one in left if one[0] == axis.name), None)
    if found is None:
        return None
    left.remove(found)
    return found[1]


# what of the plan a level is multiplied with


def _node(place: tuple[int, ...], context: Context) -> Nodes:
    """A node of a site."""
    service, region = context.services[place[0]], context.regions[place[1]]
    compute = compute_of(context.topology.services[service], region)
    assert isinstance(compute, NodesCompute)
    return compute.nodes


def _of_workers_time(place: tuple[int, ...], context: Context) -> float:
    """Percent of what a node's workers could compute in a minute, for each second computed."""
    return 100.0 / (_node(place, context).workers * _MINUTE_S)


def _of_workers(place: tuple[int, ...], context: Context) -> float:
    """Percent of a node's workers, for each request at work."""
    return 100.0 / _node(place, context).workers


def _of_memory(place: tuple[int, ...], context: Context) -> float:
    """Percent of a node's memory, for each request that is held."""
    node = _node(place, context)
    return 100.0 * node.request_memory / node.memory_there


def _held_at_rest(place: tuple[int, ...], context: Context) -> float:
    """Percent of a node's memory that it holds when it works on nothing."""
    node = _node(place, context)
    return 100.0 * node.held_at_rest / node.memory_there


def _of_object(place: tuple[int, ...], context: Context) -> float:
    """Bytes of an object."""
    _, store = context.stores[place[0]]
    assert isinstance(store, Bucket)
    return float(context.sources.size("s3.object_size", store.object_size))


def _function(place: tuple[int, ...], context: Context) -> tuple[float, float]:
    """Bytes that an environment of a function holds, and those that it has."""
    service, region = context.services[place[0]], context.regions[place[1]]
    compute = compute_of(context.topology.services[service], region)
    assert isinstance(compute, LambdaCompute)
    used = context.sources.size("lambda.used_memory", compute.lambda_.used_memory)
    return float(used), float(compute.lambda_.memory)


def _of_function_mb(place: tuple[int, ...], context: Context) -> float:
    return _function(place, context)[0] / 2**20


def _of_function_percent(place: tuple[int, ...], context: Context) -> float:
    used, whole = _function(place, context)
    return 100.0 * used / whole


def _of_engine(_: tuple[int, ...], context: Context) -> float:
    """Percent of the one thread of an engine in a minute, for each call."""
    return 100.0 * context.sources.duration_ns("memorydb.command_time") / (_MINUTE_S * 10**9)


def _of_node(place: tuple[int, ...], context: Context) -> float:
    return _of_engine(place, context) / context.sources.number("memorydb.cores")


_SCALES: Mapping[str, Callable[[tuple[int, ...], Context], float]] = {
    "share of workers' time": _of_workers_time,
    "share of workers": _of_workers,
    "share of a node's memory": _of_memory,
    "memory at rest": _held_at_rest,
    "bytes of an object": _of_object,
    "megabytes of a function": _of_function_mb,
    "percent of a function's memory": _of_function_percent,
    "share of an engine's time": _of_engine,
    "share of a node's time": _of_node,
}

PART = Part("metrics", lower_metrics)
