"""What was monitored: a table for the terminal, and one of all points."""

import math
from collections.abc import Iterator

from simulator.report.series import csv_of
from simulator.report.tables import Rows
from simulator.report.words import duration, name
from simulator.result.alarms import Alarm
from simulator.result.monitoring import KeptMetric, Monitoring
from simulator.result.whole import Result

_PERCENTILES = ("p50", "p90", "p99")
_COLUMNS = (
    "metric", "of", "region", "begin_s", "period_s", "published_s",
    "sample_count", "sum", "average", "minimum", "maximum", *_PERCENTILES,
)  # fmt: skip
_NAME_MOST = 78
_UNITS = {"Percent": " %", "Milliseconds": " ms", "Microseconds": " us", "Seconds": " s", "Megabytes": " MB"}


def table(result: Result) -> Rows | None:
    """The metrics that were kept: how many periods have a point, and between what their values lie."""
    if result.monitoring is None or not result.monitoring.metrics:
        return None
    rows = Rows("Metric", "statistic", "lowest", "highest", "at", "periods", "with none")
    for kept in result.monitoring.metrics:
        where = f" in {kept.region}" if kept.copied else ""
        rows.add(
            name(f"{kept.metric} {kept.of}{where}", _NAME_MOST),
            kept.statistic,
            _value(kept.lowest, kept),
            _value(kept.highest, kept),
            "–" if kept.highest_at_s is None else duration(kept.highest_at_s),
            f"{kept.points + kept.without:,}",
            f"{kept.without:,}" if kept.without else "–",
        )
    return rows


def _value(value: float | None, kept: KeptMetric) -> str:
    if value is None:
        return "–"
    text = f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"
    return f"{text}{_UNITS.get(kept.unit, '')}"


_BAND_COLUMNS = ("alarm", "region", "begin_s", "period_s", "value", "lower", "expected", "upper")


def bands_csv(monitoring: Monitoring) -> str | None:
    """One row per period of each alarm that has a band; None if none has."""
    banded = [one for one in monitoring.alarms if one.band is not None]
    rows = (row for one in banded for row in _band_rows(one))
    return csv_of([*_BAND_COLUMNS], rows) if banded else None


def _band_rows(alarm: Alarm) -> Iterator[tuple[object, ...]]:
    band = alarm.band
    assert band is not None
    columns = (band.value, band.lower, band.expected, band.upper)
    for begin_s, *row in zip(band.begin_s.tolist(), *(one.tolist() for one in columns), strict=True):
        cells = ("" if math.isnan(cell) else cell for cell in row)
        yield (alarm.alarm, alarm.region, begin_s, band.period_s, *cells)


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
