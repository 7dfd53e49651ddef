"""Time series: what happened by window, and what an observer saw."""

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.measures import Asked
from simulator.measure.narrowed import is_narrowed, is_of
from simulator.measure.reading import Readers, Reasons
from simulator.measure.shares import share
from simulator.measure.slices import operations_of
from simulator.outcome import Outcome
from simulator.result.series import Actions, Gauges, Series, Windows
from simulator.result.whole import Sections


def series(outcome: Outcome) -> Series:
    """Every series of a run but those of pairs."""
    return Series(_windows(outcome), outcome.plan.data.fault_windows_ns / 10**9, _gauges(outcome))


def _windows(outcome: Outcome) -> Windows:
    t, data = outcome.tallies, outcome.plan.data
    people, operations = np.flatnonzero(data.pop_bots == 0), operations_of(outcome)
    width_s, first_s = data.window_ns / 10**9, data.window_first_ns / 10**9
    return Windows(
        regions=outcome.plan.regions,
        populations=tuple(outcome.plan.populations[one] for one in people),
        operations=tuple(outcome.plan.operations[one] for one in operations),
        width_s=width_s,
        end_s=data.duration_ns / 10**9,
        start_s=np.maximum(first_s + np.arange(len(t.window_succeeded)) * width_s, 0.0),
        begun_actions=t.window_begun,
        good=t.window_begun - t.window_bad,
        waiting=np.cumsum(t.window_waits_from - t.window_waits_until),
        by_population=_actions(outcome, "population", people.tolist()),
        by_operation=_actions(outcome, "operation", operations),
        sent=t.window_sent[:, people],
        succeeded=t.window_succeeded,
        failed=t.window_failed,
        fresh=t.window_fresh,
        cached=t.window_cached,
        pinned=t.window_pinned,
        served=t.window_served,
        failed_by_region=t.window_failed_region,
        rejected=t.window_rejected,
    )


def _actions(outcome: Outcome, whose: str, chosen: list[int]) -> Actions:
    """Those of some populations or operations, by number."""
    kinds = ("begun", "bad", "waits_from", "waits_until")
    begun, bad, from_, until = (getattr(outcome.tallies, f"{whose}_{kind}")[:, chosen] for kind in kinds)
    return Actions(begun, begun - bad, np.cumsum(from_ - until, axis=0))


def _gauges(outcome: Outcome) -> Gauges | None:
    samples = outcome.samples
    return None if samples is None else Gauges(samples.at_ns / 10**9, samples.sessions)


# what expectations ask for


def _within(windows: Windows, asked: Asked) -> NDArray[np.bool_]:
    """[W] whether a window lies wholly in [from, to), which is the whole run where that is not said."""
    ends_s = np.append(windows.start_s[1:], windows.end_s)
    spans = zip(windows.start_s * 10**9, ends_s * 10**9, strict=True)
    within: NDArray[np.bool_] = np.array([asked.spans(start, end) for start, end in spans], np.bool_)
    return within


def _success_between(run: Sections, asked: Asked) -> float | None:
    """Share of the actions begun in the windows within [from, to) that were good; None if none began."""
    windows = run.series.windows
    within, good, begun = _within(windows, asked), windows.good, windows.begun_actions
    if is_narrowed(asked):
        actions = windows.by_operation if asked.population is None else windows.by_population
        names = windows.operations if asked.population is None else windows.populations
        chosen = [is_of(asked, asked.population and name, asked.operation and name) for name in names]
        good, begun = actions.good[:, chosen], actions.begun[:, chosen]
    return share(int(good[within].sum()), int(begun[within].sum()))


def _traffic_share(run: Sections, asked: Asked) -> float | None:
    """Share of people's requests in the windows within [from, to) that were sent to a region."""
    windows = run.series.windows
    chosen = [asked.population in (None, name) for name in windows.populations]
    sent = windows.sent[_within(windows, asked)][:, chosen].sum(axis=(0, 1))
    return share(int(sent[windows.regions.index(str(asked.region))]), int(sent.sum()))


READERS: Readers = {"success_between": _success_between, "traffic_share": _traffic_share}

REASONS: Reasons = {}
