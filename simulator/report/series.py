"""Time series of a run: windows of requests, and gauges where they were sampled."""

import csv
import io
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simulator.outcome import Outcome


def window_starts_s(outcome: Outcome) -> NDArray[np.float64]:
    """Start of each window in seconds."""
    data = outcome.plan.data
    windows = np.arange(len(outcome.tallies.window_succeeded), dtype=np.float64)
    return windows * (data.window_ns / 10**9)


def success_share(outcome: Outcome) -> NDArray[np.float64]:
    """Share of actions that succeeded per window; NaN where none finished."""
    succeeded = outcome.tallies.window_succeeded.astype(np.float64)
    finished = succeeded + outcome.tallies.window_failed
    return np.divide(succeeded, finished, out=np.full_like(succeeded, np.nan), where=finished > 0)


def windows_csv(outcome: Outcome) -> str:
    """One row per window: actions by outcome; per region attempts by how it was found, served and failed."""
    t, regions = outcome.tallies, outcome.plan.regions
    kinds = ("fresh", "cached", "pinned", "served", "failed")
    tables = (t.window_fresh, t.window_cached, t.window_pinned, t.window_served, t.window_failed_region)
    header = ["start_s", "succeeded", "failed", *(f"{kind}_{region}" for kind in kinds for region in regions)]
    starts = window_starts_s(outcome)
    columns = [
        starts,
        t.window_succeeded,
        t.window_failed,
        *(table[:, r] for table in tables for r in range(len(regions))),
    ]
    return _csv(header, zip(*(column.tolist() for column in columns), strict=True))


def gauges_csv(outcome: Outcome) -> str | None:
    """One row per sample: sessions in progress; per table and pair copies under way and true lag.

    None if gauges were not sampled.
    """
    samples = outcome.samples
    if samples is None:
        return None
    pairs = [*_pairs(outcome)]
    header = ["at_s", "sessions", *(f"{kind}_{label}" for label, _ in pairs for kind in ("pending", "lag_s"))]
    columns = [samples.at_ns / 10**9, samples.sessions]
    for _, (table, origin, target) in pairs:
        columns += [
            samples.pending[:, table, origin, target],
            samples.true_lag_ns[:, table, origin, target] / 10**9,
        ]
    return _csv(header, zip(*(column.tolist() for column in columns), strict=True))


def _pairs(outcome: Outcome) -> Iterator[tuple[str, tuple[int, int, int]]]:
    plan = outcome.plan
    for table, origin, target in np.ndindex(plan.data.lag_mu.shape):
        if origin != target and plan.data.table_replica[table, [origin, target]].all():
            yield (
                f"{plan.tables[table]}_{plan.regions[origin]}_{plan.regions[target]}",
                (table, origin, target),
            )


def _csv(header: list[str], rows: Iterator[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
