"""The picture of replication: the true lag beside what the ReplicationLatency metric showed."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from simulator.boundary.events import REGION_LOST
from simulator.report.pictures.frame import clock, two_panels
from simulator.report.pictures.lettering import as_text
from simulator.report.pictures.looks import colour, dash, legend_above
from simulator.report.pictures.scales import scale_of, set_ticks
from simulator.report.words import duration
from simulator.result.replication import Metric, MetricPoint, Pair
from simulator.result.whole import Result

_PAIRS_MOST = 4


def was_copied(result: Result) -> bool:
    """Whether there is anything to draw."""
    return any(pair.true.count for pair in result.replication)


@as_text
def replication(result: Result) -> Figure:
    """True lag beside what the ReplicationLatency metric showed, on one scale."""
    chosen = _worst_by_regions(result)
    figure, top, bottom = two_panels(result, "Replication lag", _lag_title(result, chosen))
    worst_s = max((_worst_s(pair) for pair in chosen), default=0.0)
    lag, time = scale_of(worst_s), clock(result)
    for number, pair in enumerate(chosen):
        look = {"color": colour(number), "linestyle": dash(number), "linewidth": 2}
        at_s, lag_s = _true_lag_s(result, pair)
        label = f"{pair.from_} → {pair.to}, up to {duration(_worst_s(pair))}"
        top.plot(time.of(at_s), lag.of(lag_s), label=label, **look)
        for point, period_s in _points(pair):
            ends = time.of(np.array((0, period_s)) + point.start_s)
            bottom.plot(ends, [lag.of(point.average_s)] * 2, **look)
    top.set_ylabel(f"true lag ({lag.unit})")
    bottom.set_ylabel(f"ReplicationLatency,\naverage of 5 min ({lag.unit})")
    bottom.sharey(top)
    set_ticks(top.yaxis, lag, worst_s)
    top.set_ylim(bottom=0)
    legend_above(top, columns=2)
    return figure


def _worst_by_regions(result: Result) -> list[Pair]:
    """For each pair of regions that copied anything, the table with the worst lag; the worst pair first."""
    moving = [pair for pair in result.replication if pair.true.count]
    moving.sort(key=lambda pair: (-_worst_s(pair), f"{pair.table} {pair.from_}→{pair.to}"))
    found: dict[tuple[str, str], Pair] = {}
    for pair in moving:
        found.setdefault((pair.from_, pair.to), pair)
    return [*found.values()][:_PAIRS_MOST]


def _worst_s(pair: Pair) -> float:
    return pair.true.max_s or 0.0


def _lag_title(result: Result, chosen: Sequence[Pair]) -> str:
    worst_s = max(_worst_s(pair) for pair in chosen)
    metrics = [pair.metric for pair in chosen if pair.metric is not None]
    if not metrics:
        return f"up to {duration(worst_s)} in truth; strong tables have no metric of it"
    highest_s = max((point.average_s for metric in metrics for point in metric.points), default=0.0)
    silent_s = max(_silent_s(result, metric) for metric in metrics)
    tail = f", and nothing for {duration(silent_s)}" if silent_s else ""
    return f"up to {duration(worst_s)} in truth; the metric showed {duration(highest_s)} at most{tail}"


def _points(pair: Pair) -> Iterator[tuple[MetricPoint, float]]:
    """Datapoints of the metric, each with the length of its period (s); none where there is no metric."""
    metric = pair.metric
    return iter(()) if metric is None else ((point, metric.period_s) for point in metric.points)


def _silent_s(result: Result, metric: Metric) -> float:
    """How long the metric had no datapoint, in whole periods."""
    whole = int(result.recipe.duration_s // metric.period_s)
    starts = {int(point.start_s // metric.period_s) for point in metric.points}
    return (whole - sum(start < whole for start in starts)) * metric.period_s


def _true_lag_s(result: Result, pair: Pair) -> tuple[Any, Any]:
    """Times and lags: the age of the oldest write under way where gauges were sampled, or of arriving copies.

    What came late between two samples counts for the second, so that no copy is missed; at the first it was
    younger by no more than the time between them, even if it was handed over at that very instant.
    Nothing is shown once an end of the pair is lost for good: what is left behind there never arrives.
    """
    if result.series.gauges is None or pair.gauges is None:
        return pair.steps.at_s, pair.steps.highest_s
    ends, at_s = (pair.from_, pair.to), result.series.gauges.at_s
    lost_s = [one.at_s for one in result.events if one.kind == REGION_LOST.name and one.target in ends]
    until_s = min(lost_s, default=result.recipe.duration_s)
    highest_s = pair.gauges.lag_s.astype(np.float64)
    behind = np.minimum(np.searchsorted(at_s, pair.steps.at_s, side="right"), len(at_s) - 1)
    before = np.maximum(behind - 1, 0)
    np.fmax.at(highest_s, behind, pair.steps.highest_s)
    np.fmax.at(highest_s, before, pair.steps.highest_s - (at_s[behind] - at_s[before]))
    return at_s, np.where(at_s <= until_s, highest_s, np.nan)
