"""What metrics showed (docs/monitoring.md)."""

import numpy as np

from simulator.measure import alarms
from simulator.outcome import MetricSeries, Outcome
from simulator.result.monitoring import KeptMetric, Monitoring, Points

_S_NS = 10**9


def section(outcome: Outcome) -> Monitoring | None:
    """The `monitoring` section; None if no metric was kept."""
    if not outcome.metrics:
        return None
    return Monitoring(tuple(_kept(series, outcome) for series in outcome.metrics), alarms.section(outcome))


def _kept(series: MetricSeries, outcome: Outcome) -> KeptMetric:
    plan, points = series.plan, _points(series, outcome.plan.data.duration_ns)
    statistic = plan.metric.statistics[0]
    values = points.of(statistic)
    highest = int(np.argmax(values)) if len(values) else None
    return KeptMetric(
        metric=plan.metric.name,
        of=plan.subject,
        region=plan.region,
        copied=plan.is_copy,
        namespace=plan.metric.namespace,
        name=plan.metric.aws,
        unit=plan.metric.unit,
        period_s=plan.metric.period_min * 60.0,
        points=len(values),
        without=series.periods - len(values),
        statistic=statistic,
        lowest=float(values.min()) if len(values) else None,
        highest=None if highest is None else float(values[highest]),
        highest_at_s=None if highest is None else float(points.begin_s[highest]),
        series=points,
    )


def _points(series: MetricSeries, end_ns: int) -> Points:
    columns = series.columns
    published = np.where(columns["published_ns"] <= end_ns, columns["published_ns"] / _S_NS, np.nan)
    return Points(
        begin_s=columns["begin_ns"] / _S_NS,
        period_s=columns["period_ns"] / _S_NS,
        published_s=published,
        sample_count=columns["count"],
        sum=columns["total"],
        minimum=columns["minimum"],
        maximum=columns["maximum"],
        percentiles={name: columns[name] for name in columns if name.startswith("p") and name[1:].isdigit()},
    )
