"""Lost updates by where they were written, and where and when they were overtaken (docs/model.md §6)."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simulator.outcome import Outcome
from simulator.result.loss import Minute, Overtaken

_MINUTE_NS = 60 * 10**9


def overtaken(outcome: Outcome) -> Iterator[Overtaken]:
    """Every table and pair of regions that lost updates."""
    plan, counts = outcome.plan, outcome.tallies.lost_updates
    starts_s, ends_s = window_edges_s(outcome)
    for store, origin, target in np.argwhere(counts.any(axis=3)).tolist():
        windows = counts[store, origin, target]
        hit = np.flatnonzero(windows)
        yield Overtaken(
            table=plan.stores[store],
            origin=plan.regions[origin],
            target=plan.regions[target],
            lost_updates=int(windows.sum()),
            from_s=float(starts_s[hit[0]]),
            to_s=float(ends_s[hit[-1]]),
            worst_minute=worst_minute(outcome, windows),
            start_s=starts_s,
            end_s=ends_s,
            windows=windows,
        )


def window_edges_s(outcome: Outcome) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """When each window of the run starts and ends."""
    data = outcome.plan.data
    edges_ns = data.window_first_ns + data.window_ns * np.arange(outcome.tallies.lost_updates.shape[3] + 1)
    edges_s = np.clip(edges_ns, 0, data.duration_ns) / 10**9
    return edges_s[:-1], edges_s[1:]


def worst_minute(outcome: Outcome, windows: NDArray[np.int64]) -> Minute:
    """The run of windows, as long as a minute at most, in which most updates were overtaken."""
    width = max(_MINUTE_NS // outcome.plan.data.window_ns, 1)
    sums = np.convolve(windows, np.ones(min(width, len(windows)), np.int64), "valid")
    first = int(sums.argmax())
    return Minute(float(window_edges_s(outcome)[0][first]), int(sums[first]))
