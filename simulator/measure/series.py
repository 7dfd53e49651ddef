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
    t, data = outcome.tallies, outcome.plan.data
    width_s, first_s = data.window_ns / 10**9, data.window_first_ns / 10**9
    return Windows(
        regions=outcome.plan.regions,
        width_s=width_s,
        end_s=data.duration_ns / 10**9,
        start_s=np.maximum(first_s + np.arange(len(t.window_succeeded)) * width_s, 0.0),
        begun_actions=t.window_begun,
        good=t.window_begun - t.window_bad,
        waiting=np.cumsum(t.window_waits_from - t.window_waits_until),
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
    """Share of the actions begun in the windows within [from, to) that were good; None if none began."""
    windows = run.series.windows
    ends_s = np.append(windows.start_s[1:], windows.end_s)
    spans = zip(windows.start_s * 10**9, ends_s * 10**9, strict=True)
    within = np.array([asked.spans(start, end) for start, end in spans], bool)
    return share(int(windows.good[within].sum()), int(windows.begun_actions[within].sum()))


READERS: Readers = {"success_between": _success_between}

REASONS: Reasons = {}
