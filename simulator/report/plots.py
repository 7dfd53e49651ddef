"""Four pictures, drawn with matplotlib's figures (no global state).

Colours are Okabe and Ito's, which colour-blind readers tell apart; vermilion is kept for faults. Lines that
may lie on one another also differ in their dashes.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from simulator.report.lettering import as_text
from simulator.report.words import (
    PHASE_WORDS,
    duration,
    failed_regions,
    name,
    phase_durations,
    plural,
    share,
    title,
    whole_duration,
)
from simulator.result.dns import Dns
from simulator.result.recovery import Phase, Recovery
from simulator.result.replication import Pair
from simulator.result.whole import Result

_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#F0E442", "#000000")
_DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (2, 1.5)), (0, (7, 2, 1.5, 2)))
_FAULT = "#D55E00"
_GREY = "#555555"
_PAIRS_MOST = 4
_STRIPS_MOST = 6


def _figure(result: Result, heading: str, finding: str) -> tuple[Figure, Axes, Axes]:
    """Two panels on one time axis, and above them a strip for each fault."""
    strips = _strips(result)
    figure = Figure(figsize=(9, 6.5 + 0.22 * len(strips)), layout="constrained")
    figure.suptitle(heading, fontsize=13, fontweight="bold")
    heights = (0.22 * max(len(strips), 1), 2.7, 2.7)
    faults, top, bottom = figure.subplots(3, 1, sharex=True, height_ratios=heights)
    faults.set_title(finding, fontsize=11)
    _draw_strips(faults, result, strips)
    for axes in (top, bottom):
        _shade(axes, result)
        axes.spines[["top", "right"]].set_visible(False)
    seconds, (unit, width) = result.recipe.duration_s, _clock(result)
    bottom.set_xlim(0, seconds / width)
    bottom.set_xlabel(f"simulated time ({unit})")
    return figure, top, bottom


def _clock(result: Result) -> tuple[str, float]:
    """The unit of the time axis, and its seconds."""
    seconds = result.recipe.duration_s
    return ("h", 3600.0) if seconds > 6 * 3600 else ("min", 60.0) if seconds > 180 else ("s", 1.0)


def _time(result: Result, seconds: Any) -> Any:
    return np.asarray(seconds) / _clock(result)[1]


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]


def _dash(number: int) -> Any:
    return _DASHES[number % len(_DASHES)]


# faults


def _strips(result: Result) -> dict[str, list[tuple[float, float]]]:
    """When each fault acts, by its label, in order of its start; what exceeds the room is put together."""
    found: dict[str, list[tuple[float, float]]] = {}
    for fault in sorted(result.recovery.faults, key=lambda fault: fault.start_s):
        found.setdefault(fault.fault, []).extend(fault.intervals_s)
    labels = [*found]
    if len(labels) > _STRIPS_MOST:
        rest = labels[_STRIPS_MOST - 1 :]
        others = [interval for label in rest for interval in found.pop(label)]
        found[f"{len(rest)} more"] = others
    return found


def _draw_strips(axes: Axes, result: Result, strips: dict[str, list[tuple[float, float]]]) -> None:
    axes.set_axis_off()
    axes.set_ylim(max(len(strips), 1) - 0.4, -0.6)
    whole_s = result.recipe.duration_s
    for row, (label, intervals) in enumerate(strips.items()):
        bars = [_time(result, np.array((start, end - start))) for start, end in intervals]
        axes.broken_barh([(left, long) for left, long in bars], (row - 0.4, 0.8), color=_FAULT, linewidth=0)
        first, last = min(start for start, _ in intervals), max(end for _, end in intervals)
        on_right = whole_s - last >= first
        at = _time(result, last + 0.008 * whole_s if on_right else first - 0.008 * whole_s)
        axes.text(
            at, row, name(label), ha="left" if on_right else "right", va="center", fontsize=8, color=_FAULT
        )


def _shade(axes: Axes, result: Result) -> None:
    for start, end in result.series.fault_spans_s:
        axes.axvspan(_time(result, start), _time(result, end), color=_FAULT, alpha=0.1, linewidth=0)


# service


@as_text
def service(result: Result) -> Figure:
    """Success share, and traffic by region."""
    windows, recovery = result.series.windows, result.recovery
    figure, top, bottom = _figure(result, title(result.recipe.experiment), _recovery_title(recovery))
    starts, objective = _time(result, windows.start_s), recovery.objective
    top.axhline(100 * objective.success, color=_GREY, linestyle=":", linewidth=1)
    success = 100 * windows.success
    top.step(starts, success, where="post", color=_COLOURS[0], linewidth=1.5)
    _set_share_limits(top, success)
    _mark_episodes(top, result)
    top.set_ylabel("actions that succeed in time (%)")
    for region, code in enumerate(windows.regions):
        served = windows.served[:, region] / windows.width_s
        bottom.step(starts, served, where="post", color=_colour(region), label=code, linewidth=1.5)
    bottom.set_ylabel("requests served per second")
    _draw_rejected(bottom, result, starts)
    bottom.set_ylim(0, 1.2 * bottom.get_ylim()[1])
    bottom.legend(loc="upper right", frameon=False, ncols=4)
    return figure


def _draw_rejected(axes: Axes, result: Result, starts: Any) -> None:
    """A grey layer of what was throttled or found a full queue, if anything was."""
    rejected = result.series.windows.rejected.sum(axis=1)
    if rejected.any():
        per_s = rejected / result.series.windows.width_s
        axes.fill_between(
            starts, per_s, step="post", color=_GREY, alpha=0.35, linewidth=0, label="turned away"
        )
        axes.set_ylabel("requests per second")


def _set_share_limits(axes: Axes, percent: Any) -> None:
    """From 0 % if the share ever fell below a half, else as far down as it went: a small dip is seen too."""
    lowest = np.nanmin(percent, initial=100)
    bottom = 0 if lowest < 50 else 5 * np.floor(min(lowest, 98) / 5)
    axes.set_ylim(bottom - 0.03 * (100 - bottom), 100 + 0.05 * (100 - bottom))


def _recovery_title(recovery: Recovery) -> str:
    if not recovery.episodes:
        return "no fault acted"
    if recovery.recovery_time_s is None:
        return "nobody used the service"
    if not recovery.phases:
        return "OK throughout" if recovery.shown else f"not shown to stay OK: {recovery.not_shown}"
    longest = "" if len(recovery.episodes) == 1 else " at the longest"
    took = whole_duration(recovery.phases)
    return f"OK again after {took}{longest}" if recovery.shown else f"not shown to recover; not OK for {took}"


def _mark_episodes(axes: Axes, result: Result) -> None:
    """A line where the service was OK again, with the time since the fault began."""
    objective = result.recovery.objective.success
    axes.annotate(
        f"objective {share(objective)}",
        (1, 100 * objective),
        xycoords=axes.get_yaxis_transform(),
        xytext=(-3, -3),
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=8,
        color=_GREY,
        bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
    )
    for episode in result.recovery.episodes:
        if not (episode.shown and episode.service_was_not_ok):
            continue
        at = _time(result, episode.recovered_s)
        axes.axvline(at, color=_GREY, linestyle="--", linewidth=1)
        near_end = episode.recovered_s > 0.75 * result.recipe.duration_s
        axes.annotate(
            f"OK after\n{duration(episode.recovery_time_s)}",
            (at, 0.3),
            xycoords=axes.get_xaxis_transform(),
            xytext=(-4 if near_end else 4, 0),
            textcoords="offset points",
            ha="right" if near_end else "left",
            fontsize=9,
        )


# replication


@as_text
def replication(result: Result) -> Figure:
    """True lag beside what the ReplicationLatency metric showed."""
    chosen = _worst_by_regions(result)
    figure, top, bottom = _figure(result, "Replication lag", _lag_title(result, chosen))
    worst_s = max((_worst_s(pair) for pair in chosen), default=0.0)
    unit, width = ("h", 3600.0) if worst_s > 6 * 3600 else ("min", 60.0) if worst_s > 180 else ("s", 1.0)
    for number, pair in enumerate(chosen):
        look = {"color": _colour(number), "linestyle": _dash(number), "linewidth": 2}
        at_s, lag_s = _true_lag_s(result, pair)
        top.plot(_time(result, at_s), lag_s / width, label=f"{pair.from_} → {pair.to}", **look)
        for point in pair.metric.points:
            ends = _time(result, np.array((0, pair.metric.period_s)) + point.start_s)
            bottom.plot(ends, [point.average_s / width] * 2, **look)
    top.set_ylabel(f"true lag ({unit})")
    bottom.set_ylabel(f"ReplicationLatency,\naverage of 5 min ({unit})")
    bottom.sharey(top)
    top.set_ylim(bottom=0)
    if chosen:
        top.legend(loc="best", framealpha=0.8, edgecolor="none", fontsize=8)
    return figure


def _worst_by_regions(result: Result) -> list[Pair]:
    """For each pair of regions that copied anything, the table with the worst lag; the worst pair first."""
    moving = [pair for pair in result.replication if pair.true.count]
    moving.sort(key=lambda pair: (-_worst_s(pair), f"{pair.table} {pair.from_}→{pair.to}"))
    found: dict[tuple[str, str], Pair] = {}
    for pair in moving:
        found.setdefault((pair.from_, pair.to), pair)
    return [*found.values()][:_PAIRS_MOST]


def _worst_s(pair: Pair) -> float:
    return pair.true.max_s or 0.0


def _lag_title(result: Result, chosen: Sequence[Pair]) -> str:
    if not chosen:
        return "nothing was copied"
    worst_s = max(_worst_s(pair) for pair in chosen)
    highest_s = max((point.average_s for pair in chosen for point in pair.metric.points), default=0.0)
    silent = max(_gaps(result, pair) for pair in chosen)
    tail = f", and nothing for up to {plural(silent, 'period')} of 5 min" if silent else ""
    return f"up to {duration(worst_s)} in truth; the metric showed {duration(highest_s)} at most{tail}"


def _gaps(result: Result, pair: Pair) -> int:
    """The metric's whole periods without a datapoint."""
    whole = int(result.recipe.duration_s // pair.metric.period_s)
    starts = {int(point.start_s // pair.metric.period_s) for point in pair.metric.points}
    return whole - sum(start < whole for start in starts)


def _true_lag_s(result: Result, pair: Pair) -> tuple[Any, Any]:
    """Times and lags: age of the oldest write under way where gauges were sampled, else of arriving copies.

    Nothing is shown once an end of the pair is lost for good: what is left behind there never arrives.
    """
    if result.series.gauges is None or pair.gauges is None:
        return pair.steps.at_s, pair.steps.highest_s
    ends, at_s = (pair.from_, pair.to), result.series.gauges.at_s
    lost_s = [event.at_s for event in result.events if event.kind == "region_lost" and event.target in ends]
    until_s = min(lost_s, default=result.recipe.duration_s)
    return at_s, np.where(at_s <= until_s, pair.gauges.lag_s, np.nan)


# names


@as_text
def dns(result: Result) -> Figure:
    """Cut-over: where attempts are sent, and how their region was found."""
    windows = result.series.windows
    figure, top, bottom = _figure(result, "DNS cut-over", _cut_over_title(result.dns))
    starts, sent = _time(result, windows.start_s), windows.begun
    total = np.maximum(sent.sum(axis=1), 1)
    regions = windows.regions
    colours = [_colour(region) for region in range(len(regions))]
    top.stackplot(starts, *(100 * sent.T / total), colors=colours, step="post", linewidth=0)
    top.set(ylabel="attempts sent to each region (%)", ylim=(0, 100))
    found = {
        "kept connection": windows.pinned,
        "cached answer": windows.cached,
        "fresh answer": windows.fresh,
    }
    for number, (label, table) in enumerate(found.items()):
        part = 100 * table.sum(axis=1) / total
        look = {"color": ("#000000", *_COLOURS[3:5])[number], "linestyle": _dash(number)}
        bottom.step(starts, part, where="post", label=label, linewidth=1.5, **look)
    bottom.set(ylabel="how the region was found (%)", ylim=(0, 103))
    _mark_answers(result, top, bottom)
    patches = [Patch(color=colour, label=code) for code, colour in zip(regions, colours, strict=True)]
    top.legend(handles=patches, loc="lower right", framealpha=0.9)
    bottom.legend(loc="center right", framealpha=0.8, edgecolor="none")
    return figure


def _mark_answers(result: Result, top: Axes, bottom: Axes) -> None:
    for number, change in enumerate(result.dns.answers):
        at = _time(result, change.at_s)
        label = "Route 53 changes its answers" if number == 0 else None
        top.axvline(at, color="#000000", linestyle="--", linewidth=1)
        bottom.axvline(at, color="#000000", linestyle="--", linewidth=1, label=label)


def _cut_over_title(section: Dns) -> str:
    cut_over, failed = section.cut_over, failed_regions(section.health)
    if not section.answers:
        return "the answers did not change"
    if len(failed) > 1:
        return f"health checks failed in {' and '.join(failed)}"
    if cut_over is None or cut_over.below_50_percent_s is None:
        return "the answers changed, and most attempts did not follow"
    rest = cut_over.below_1_percent_s
    tail = "1 % or more never did" if rest is None else f"all but 1 % after {duration(rest)}"
    return f"half of the attempts followed within {duration(cut_over.below_50_percent_s)}, {tail}"


# recovery


@as_text
def recovery(result: Result) -> Figure:
    """The waterfall of the recovery time; its longest phase stands out."""
    section = result.recovery
    phases = section.phases
    figure = Figure(figsize=(9, 1.6 + 0.6 * max(len(phases), 2)), layout="constrained")
    axes = figure.subplots()
    figure.suptitle(f"Recovery: {_recovery_title(section)}", fontsize=13, fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    if not phases:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "nothing to recover from", ha="center", va="center", fontsize=12, color=_GREY)
        return figure
    start, end = phases[0].start_s, phases[-1].end_s
    scale = 3600 if end - start > 6 * 3600 else 60 if end - start > 180 else 1
    took_s = [phase.end_s - phase.start_s for phase in phases]
    for row, (phase, shown) in enumerate(zip(phases, phase_durations(phases), strict=True)):
        left, took = (phase.start_s - start) / scale, took_s[row] / scale
        longest = took_s[row] == max(took_s)
        axes.barh(row, took, left=left, color="#0072B2" if longest else "#56B4E9", height=0.65)
        _label_bar(axes, row, left, took, (end - start) / scale, _bar_text(phase, shown))
    axes.set_yticks(range(len(phases)), [PHASE_WORDS[phase.phase] for phase in phases])
    axes.set_ylim(max(len(phases), 2) - 0.5, -0.5)
    axes.set_xlim(0, (end - start) / scale)
    axes.set_xlabel(f"time since the fault began ({ {3600: 'h', 60: 'min', 1: 's'}[scale] })")
    return figure


def _bar_text(phase: Phase, shown: str) -> str:
    return shown + (", ended by the repair" if phase.ended_by == "repair" else "")


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
