"""Time series of a run: windows of requests, and gauges where they were sampled."""

import csv
import io
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simulator.measure.replication import Pair, pairs
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
    """One row per window: actions by outcome; per region attempts by how it was found, served,
    failed, and of these rejected: throttled or overloaded.
    """
    t, regions = outcome.tallies, outcome.plan.regions
    by_region = {
        "fresh": t.window_fresh,
        "cached": t.window_cached,
        "pinned": t.window_pinned,
        "served": t.window_served,
        "failed": t.window_failed_region,
        "rejected": t.window_rejected,
    }
    names = [f"{kind}_{region}" for kind in by_region for region in regions]
    starts = window_starts_s(outcome)
    columns = [
        starts,
        t.window_succeeded,
        t.window_failed,
        *(table[:, r] for table in by_region.values() for r in range(len(regions))),
    ]
    return _csv(
        ["start_s", "succeeded", "failed", *names], zip(*(column.tolist() for column in columns), strict=True)
    )


def gauges_csv(outcome: Outcome) -> str | None:
    """One row per sample: sessions in progress; per table and pair copies under way and true lag.

    None if gauges were not sampled.
    """
    samples = outcome.samples
    if samples is None:
        return None
    moving = pairs(outcome)
    gauges = [f"{kind}_{_label(pair)}" for pair in moving for kind in ("pending", "lag_s")]
    columns = [samples.at_ns / 10**9, samples.sessions]
    for pair in moving:
        here = (slice(None), *pair.key)
        columns += [samples.pending[here], samples.true_lag_ns[here] / 10**9]
    return _csv(["at_s", "sessions", *gauges], zip(*(column.tolist() for column in columns), strict=True))


def _label(pair: Pair) -> str:
    plan = pair.outcome.plan
    return f"{plan.stores[pair.store]}_{plan.regions[pair.origin]}_{plan.regions[pair.target]}"


def _csv(header: list[str], rows: Iterator[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
