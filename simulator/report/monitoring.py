"""What was monitored, as a table of points."""

import math
from collections.abc import Iterator

from simulator.report.series import csv_of
from simulator.result.monitoring import KeptMetric, Monitoring

_PERCENTILES = ("p50", "p90", "p99")
_COLUMNS = (
    "metric", "of", "region", "begin_s", "period_s", "published_s",
    "sample_count", "sum", "average", "minimum", "maximum", *_PERCENTILES,
)  # fmt: skip


def metrics_csv(monitoring: Monitoring) -> str:
    """One row per point of each metric; an empty cell where there is no such number."""
    return csv_of([*_COLUMNS], (row for kept in monitoring.metrics for row in _rows(kept)))


def _rows(kept: KeptMetric) -> Iterator[tuple[object, ...]]:
    points = kept.series
    columns = [
        points.begin_s, points.period_s, points.published_s, points.sample_count, points.sum,
        points.average, points.minimum, points.maximum,
        *(points.percentiles[name] for name in _PERCENTILES if points.percentiles),
    ]  # fmt: skip
    lacks = ("",) * (0 if points.percentiles else len(_PERCENTILES))
    for row in zip(*(column.tolist() for column in columns), strict=True):
        cells = ("" if math.isnan(cell) else cell for cell in row)
        yield (kept.metric, kept.of, kept.region, *cells, *lacks)
