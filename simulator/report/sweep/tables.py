"""Sweeps as tables for other programs: CSV, and Parquet."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from simulator.errors import UsageError
from simulator.result.sweep import Sweep

Table = list[dict[str, Any]]


def points_table(found: Sweep) -> Table:
    """A row for each point: the varied values, how many runs met the expectations, figures and intervals."""
    return [dict(_point(found, number)) for number in range(len(found.points))]


def _point(found: Sweep, number: int) -> Iterator[tuple[str, Any]]:
    point = found.points[number]
    yield from zip((axis.path for axis in found.axes), point.values, strict=True)
    yield "seeds", len(found.seeds)
    yield "met", point.verdicts.get("met", 0)
    if point.cost is not None:
        yield "usd a month", point.cost.usd_month
        yield "usd an hour of the outage", point.cost.usd_hour_of_outage
    for figure in found.figures:
        span = point.figures[figure.key]
        yield figure.key, span.value
        yield f"{figure.key} low", span.low
        yield f"{figure.key} high", span.high


def runs_table(found: Sweep) -> Table:
    """A row for each run: the varied values, seed, verdict, and every figure that any of them tells."""
    return [
        {
            **dict(zip((axis.path for axis in found.axes), found.points[run.point].values, strict=True)),
            "seed": run.seed,
            "verdict": run.verdict,
            **run.values,
        }
        for run in found.runs
    ]


def csv_of(table: Table) -> str:
    """A table as CSV, with a line of heads; nothing stands where there is no value."""
    memory = io.StringIO()
    writer = csv.DictWriter(memory, [*table[0]], lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return memory.getvalue()


def parquet_of(table: Table) -> bytes:
    """A table as Parquet; UsageError without the extra that writes it."""
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError:
        raise UsageError(
            "Parquet needs pyarrow: pip install 'multiregion-simulator[parquet]', or leave --parquet out"
        ) from None
    memory = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist(table), memory, compression="zstd")
    return memory.getvalue()
