"""The picture of the recovery: the waterfall of its phases, and the ladder of actions that are good again."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulator.boundary.causes import MARKS
from simulator.boundary.phases import ENDS
from simulator.report.pictures.lettering import as_text
from simulator.report.pictures.looks import GREY
from simulator.report.pictures.scales import Scale, scale_of, set_ticks
from simulator.report.pictures.stack import Stack
from simulator.report.words import (
    duration,
    phase_durations,
    phase_word,
    recovery_words,
    share,
)
from simulator.result.recovery import Phase, Rung
from simulator.result.whole import Result

_LONGEST = "#0072B2"
_OTHER = "#56B4E9"
_ROW_INCHES = 0.55
_RUNG_INCHES = 0.32
_IN_A_BAR = 0.35  # of the axis: a label stands in bars that are longer
_LABELS_ROOM = 1.2  # of the time shown, so that labels find room beside their bars


def was_not_ok(result: Result) -> bool:
    """Whether there is a recovery to draw."""
    return bool(result.recovery.phases)


@as_text
def recovery(result: Result) -> Figure:
    """The waterfall of the recovery time, whose longest phase stands out, and the ladder on the same axis."""
    section = result.recovery
    heights = (_ROW_INCHES * len(section.phases), _RUNG_INCHES * len(section.ladder))
    figure = Stack(f"Recovery: {recovery_words(section)}", heights)
    waterfall, ladder = figure.panels
    took_s = max(
        section.phases[-1].end_s - section.phases[0].start_s, *(r.recovery_time_s for r in section.ladder)
    )
    scale = scale_of(took_s)
    _draw_phases(waterfall, section.phases, scale, _LABELS_ROOM * took_s)
    _draw_rungs(ladder, section.ladder, scale, took_s)
    for axes in (waterfall, ladder):
        axes.spines[["top", "right"]].set_visible(False)
    ladder.set_xlim(0, float(scale.of(_LABELS_ROOM * took_s)))
    set_ticks(ladder.xaxis, scale, _LABELS_ROOM * took_s)
    ladder.set_xlabel(f"time since the fault began ({scale.unit})")
    return figure


def _draw_phases(axes: Axes, phases: Sequence[Phase], scale: Scale, whole_s: float) -> None:
    longest_s = max(phase.end_s - phase.start_s for phase in phases)
    for row, (phase, shown) in enumerate(zip(phases, phase_durations(phases), strict=True)):
        left_s, took_s = phase.start_s - phases[0].start_s, phase.end_s - phase.start_s
        is_longest = took_s == longest_s
        colour = _LONGEST if is_longest else _OTHER
        axes.barh(row, scale.of(took_s), left=scale.of(left_s), color=colour, height=0.65)
        text = shown if phase.phase in MARKS or not phase.held_by else f"{shown}, {ENDS[phase.ended_by].said}"
        if took_s > _IN_A_BAR * whole_s:
            look = {"color": "white" if is_longest else "black", "fontweight": "bold"}
            axes.text(scale.of(left_s + took_s / 2), row, text, ha="center", va="center", **look)  # type: ignore[arg-type]
        else:
            axes.text(scale.of(left_s + took_s + 0.01 * whole_s), row, text, ha="left", va="center")
    axes.set_yticks(range(len(phases)), [phase_word(phase) for phase in phases])
    axes.set_ylim(len(phases) - 0.5, -0.5)
    axes.set_title("what the time went to", loc="left", fontsize=10, color=GREY)


def _draw_rungs(axes: Axes, ladder: Sequence[Rung], scale: Scale, took_s: float) -> None:
    """A dot where so many actions were good again; hollow if that is not shown."""
    for row, rung in enumerate(ladder):
        at = scale.of(rung.recovery_time_s)
        axes.hlines(row, 0, at, color=_OTHER, linewidth=2)
        filling = _LONGEST if rung.shown else "white"
        axes.plot(at, row, "o", color=_LONGEST, markerfacecolor=filling, markersize=6, clip_on=False)
        text = duration(rung.recovery_time_s) + ("" if rung.shown else ", not shown")
        axes.text(scale.of(rung.recovery_time_s + 0.015 * took_s), row, text, va="center", fontsize=9)
    axes.set_yticks(range(len(ladder)), [share(rung.share) for rung in ladder])
    axes.set_ylim(len(ladder) - 0.5, -0.5)
    axes.set_title("so many actions are good again after", loc="left", fontsize=10, color=GREY)
