"""Time series: what happened by window, and what an observer saw."""

import numpy as np

from simulator.boundary.measures import Asked
from simulator.measure.reading import Readers, Reasons
from simulator.measure.shares import share
from simulator.outcome import Outcome
from simulator.result.series import Gauges, Series, Windows
from simulator.result.whole import Sections


def series(outcome: Outcome) -> Series:
    """Every series of a run but those of pairs."""
    return Series(_windows(outcome), outcome.plan.data.fault_windows_ns / 10**9, _gauges(outcome))


def _windows(outcome: Outcome) -> Windows:
    t, width_s = outcome.tallies, outcome.plan.data.window_ns / 10**9
    return Windows(
        regions=outcome.plan.regions,
        width_s=width_s,
        end_s=outcome.plan.data.duration_ns / 10**9,
        start_s=np.arange(len(t.window_succeeded), dtype=np.float64) * width_s,
        succeeded=t.window_succeeded,
        failed=t.window_failed,
        fresh=t.window_fresh,
        cached=t.window_cached,
        pinned=t.window_pinned,
        served=t.window_served,
        failed_by_region=t.window_failed_region,
        rejected=t.window_rejected,
    )


def _gauges(outcome: Outcome) -> Gauges | None:
    samples = outcome.samples
    return None if samples is None else Gauges(samples.at_ns / 10**9, samples.sessions)


# what expectations ask for


def _success_between(run: Sections, asked: Asked) -> float | None:
    """Share of the actions ended in the windows within [from, to) that succeeded; None if none ended."""
    windows = run.series.windows
    width_ns, end_ns = round(windows.width_s * 10**9), round(windows.end_s * 10**9)
    whole = len(windows.succeeded) if asked.to_ns >= end_ns else asked.to_ns // width_ns
    within = slice(-(-asked.from_ns // width_ns), whole)
    succeeded = int(windows.succeeded[within].sum())
    return share(succeeded, succeeded + int(windows.failed[within].sum()))


READERS: Readers = {"success_between": _success_between}

REASONS: Reasons = {}
