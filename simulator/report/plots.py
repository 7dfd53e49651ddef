"""Four pictures, drawn with matplotlib's figures (no global state). Colours are Okabe and Ito's, safe for colour-blind readers."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulator.measure.replication import METRIC_PERIOD_NS, Pair, pairs
from simulator.report.series import begun, success_share, window_starts_s
from simulator.report.words import PHASE_WORDS, duration, share
from simulator.result import Result

_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")
_FAULT = "#D55E00"
_SIZE = (9, 5)
_PAIRS_MOST = 4


def _figure(title: str, rows: int = 1) -> tuple[Figure, Any]:
    figure = Figure(figsize=_SIZE if rows == 1 else (9, 6.5), layout="constrained")
    axes = figure.subplots(rows, 1, sharex=True)
    figure.suptitle(title, fontsize=13, fontweight="bold")
    return figure, axes


def _clock(axes: Axes, result: Result) -> None:
    """Minutes on the time axis (hours for long runs), faults shaded."""
    seconds = result.recipe["duration_s"]
    unit, width = ("h", 3600.0) if seconds > 6 * 3600 else ("min", 60.0) if seconds > 180 else ("s", 1.0)
    axes.set_xlim(0, seconds / width)
    axes.set_xlabel(f"simulated time ({unit})")
    for number, (start, end) in enumerate(result.outcome.plan.data.fault_windows_ns / 10**9 / width):
        axes.axvspan(
            start, end, color=_FAULT, alpha=0.12, label="fault" if number == 0 else None, linewidth=0
        )
    axes.spines[["top", "right"]].set_visible(False)


def _time(result: Result, seconds: Any) -> Any:
    length = result.recipe["duration_s"]
    return np.asarray(seconds) / (3600 if length > 6 * 3600 else 60 if length > 180 else 1)


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]


def service(result: Result) -> Figure:
    """Success share, and traffic by region, with the fault shaded."""
    outcome, recovery = result.outcome, result.sections["recovery"]
    figure, (top, bottom) = _figure(f"{result.recipe['experiment']}: {_recovery_title(recovery)}", 2)
    starts, objective = _time(result, window_starts_s(outcome)), recovery["objective"]["success"]
    top.step(starts, 100 * success_share(outcome), where="post", color=_COLOURS[0], linewidth=1.5)
    top.axhline(
        100 * objective, color="#555555", linestyle=":", linewidth=1, label=f"objective {share(objective)}"
    )
    top.set(ylabel="actions that succeed (%)", ylim=(-3, 103))
    width_s = recovery["objective"]["window_s"]
    for region, name in enumerate(outcome.plan.regions):
        served = outcome.tallies.window_served[:, region] / width_s
        bottom.step(starts, served, where="post", color=_colour(region), label=name, linewidth=1.5)
    bottom.set_ylabel("requests served per second")
    for axes in (top, bottom):
        _clock(axes, result)
    top.set_xlabel("")
    top.legend(loc="lower right", frameon=False)
    bottom.legend(loc="upper right", frameon=False, ncols=2)
    return figure


def _recovery_title(recovery: dict[str, Any]) -> str:
    if not recovery["episodes"]:
        return "no fault acted"
    if recovery["recovery_time_s"] is None:
        return "not recovered when the run ended"
    return (
        f"OK again after {duration(recovery['recovery_time_s'])}"
        if recovery["recovery_time_s"]
        else "OK throughout"
    )


def _busiest(result: Result) -> list[Pair]:
    """The pairs with the worst lag, one table's at a time, the worst first."""
    lag = result.outcome.tallies.lag
    moving = [pair for pair in pairs(result.outcome) if lag[pair.key].any()]
    worst = {pair.label: int(result.outcome.tallies.lag_bucket_max_ns[pair.key].max()) for pair in moving}
    return sorted(moving, key=lambda pair: (-worst[pair.label], pair.label))[:_PAIRS_MOST]


def replication(result: Result) -> Figure:
    """True lag beside what the ReplicationLatency metric showed."""
    chosen = _busiest(result)
    silent = max((len(_gaps(pair)) for pair in chosen), default=0)
    finding = (
        f"the metric was silent for {silent} of its 5 min periods"
        if silent
        else "the metric had data throughout"
    )
    figure, (top, bottom) = _figure(f"Replication lag: {finding if chosen else 'nothing was copied'}", 2)
    for number, pair in enumerate(chosen):
        _true_lag(top, result, pair, _colour(number))
        points = pair.metric()
        middle = [point["start_s"] + METRIC_PERIOD_NS / 2e9 for point in points]
        averages = [point["average_s"] for point in points]
        bottom.plot(_time(result, middle), averages, "o", color=_colour(number), markersize=5)
    for axes, label in ((top, "true lag"), (bottom, "ReplicationLatency, 5 min average")):
        axes.set_yscale("log")
        axes.set_ylabel(f"{label} (s)")
        _clock(axes, result)
    top.set_xlabel("")
    bottom.sharey(top)
    if chosen:
        top.legend(loc="upper left", frameon=False, fontsize=8)
    return figure


def _gaps(pair: Pair) -> list[int]:
    """The metric's periods without a datapoint."""
    data = pair.outcome.plan.data
    seen = {round(point["start_s"] * 10**9) // METRIC_PERIOD_NS for point in pair.metric()}
    return [period for period in range(data.duration_ns // METRIC_PERIOD_NS) if period not in seen]


def _true_lag(axes: Axes, result: Result, pair: Pair, colour: str) -> None:
    """The age of the oldest write under way where gauges were sampled, else the worst lag of arriving copies."""
    outcome, label = result.outcome, pair.label
    if outcome.samples is not None:
        lag_s = outcome.samples.true_lag_ns[(slice(None), *pair.key)] / 10**9
        at_s = outcome.samples.at_ns / 10**9
        axes.plot(
            _time(result, at_s), np.where(lag_s > 0, lag_s, np.nan), color=colour, label=label, linewidth=1.5
        )
        return
    width_ns, highest = outcome.plan.data.bucket_ns, outcome.tallies.lag_bucket_max_ns[pair.key]
    seen = np.flatnonzero(highest)
    axes.plot(_time(result, seen * width_ns / 10**9), highest[seen] / 10**9, ".", color=colour, label=label)


def dns(result: Result) -> Figure:
    """Cut-over: where attempts are sent, and how their region was found."""
    outcome = result.outcome
    figure, (top, bottom) = _figure(f"DNS cut-over: {_cut_over_title(result)}", 2)
    starts, sent = _time(result, window_starts_s(outcome)), begun(outcome)
    total = np.maximum(sent.sum(axis=1), 1)
    colours = [_colour(region) for region in range(len(outcome.plan.regions))]
    top.stackplot(
        starts, *(100 * sent.T / total), labels=outcome.plan.regions, colors=colours, step="post", alpha=0.85
    )
    top.set(ylabel="attempts sent to each region (%)", ylim=(0, 100))
    t = outcome.tallies
    for number, (label, table) in enumerate(
        {
            "fresh answer": t.window_fresh,
            "cached answer": t.window_cached,
            "kept connection": t.window_pinned,
        }.items()
    ):
        bottom.step(
            starts, 100 * table.sum(axis=1) / total, where="post", color=_colour(number + 3), label=label
        )
    bottom.set(ylabel="how the region was found (%)", ylim=(0, 103))
    for axes in (top, bottom):
        _clock(axes, result)
        for event in outcome.events:
            if event.kind == "answer_changed":
                axes.axvline(_time(result, event.at_ns / 10**9), color="#222222", linestyle="--", linewidth=1)
    top.set_xlabel("")
    top.legend(loc="lower right", framealpha=0.9)
    bottom.legend(loc="center right", frameon=False)
    return figure


def _cut_over_title(result: Result) -> str:
    cut_over = result.sections["dns"]["cut_over"]
    if cut_over is None or cut_over["below_50%_s"] is None:
        return "answers did not move users" if cut_over else "answers did not change"
    rest = cut_over["below_1%_s"]
    tail = "1 % and more stayed to the end" if rest is None else f"the last 1 % after {duration(rest)}"
    return f"half had moved after {duration(cut_over['below_50%_s'])}, {tail}"


def recovery(result: Result) -> Figure:
    """The waterfall of the recovery time."""
    section = result.sections["recovery"]
    phases = section["phases"]
    figure, axes = _figure(f"Recovery time: {_recovery_title(section)}")
    axes.spines[["top", "right"]].set_visible(False)
    if not phases:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "nothing to recover from", ha="center", va="center", fontsize=14, color="#555555")
        return figure
    start, end = phases[0]["start_s"], phases[-1]["end_s"]
    scale = 60 if end - start > 180 else 1
    for row, phase in enumerate(phases):
        left, took = (phase["start_s"] - start) / scale, (phase["end_s"] - phase["start_s"]) / scale
        axes.barh(row, took, left=left, color=_colour(row), height=0.6)
        _label_bar(axes, row, left, took, (end - start) / scale, _bar_text(phase))
    axes.set_yticks(range(len(phases)), [PHASE_WORDS[phase["phase"]] for phase in phases])
    axes.invert_yaxis()
    axes.set_xlim(0, (end - start) / scale)
    axes.set_xlabel(f"time since the fault began ({'min' if scale == 60 else 's'})")
    return figure


def _bar_text(phase: dict[str, Any]) -> str:
    note = ", ended by the repair" if phase.get("ended_by") == "repair" else ""
    return duration(phase["end_s"] - phase["start_s"]) + note


def _label_bar(axes: Axes, row: int, left: float, took: float, whole: float, text: str) -> None:
    """The label stands in the bar if it fits, else on the side with more room."""
    if took > 0.35 * whole:
        axes.text(left + took / 2, row, text, ha="center", va="center", color="white", fontweight="bold")
    elif left + took < 0.7 * whole:
        axes.text(left + took + 0.01 * whole, row, text, ha="left", va="center")
    else:
        axes.text(left - 0.01 * whole, row, text, ha="right", va="center")


PICTURES: dict[str, Callable[[Result], Figure]] = {
    "service.png": service,
    "replication.png": replication,
    "dns.png": dns,
    "recovery.png": recovery,
}
