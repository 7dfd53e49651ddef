"""The strips above a picture's panels: when each fault acts, and for how long the service was not OK."""

from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text

from simulator.records import dataclass
from simulator.report.pictures.looks import ALARM, FAULT, GREY
from simulator.report.pictures.scales import Scale
from simulator.report.pictures.widths import fit, width_of
from simulator.report.words import duration, fault_name, name
from simulator.result.recovery import Episode
from simulator.result.restores import Restore
from simulator.result.whole import Result

HEIGHT_INCHES = 0.22
_FAULTS_MOST = 6
_EPISODES_MOST = 3
_RESTORES_MOST = 3
_DATABASES_MOST = 3
_ALARMS_MOST = 6
_PANEL_INCHES = 7.4  # about as wide as the panels are
_GAP_INCHES = 0.06

Intervals = list[tuple[float, float]]
_Side = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Strip:
    """A row of bars, with a label beside them or in the longest."""

    label: str
    intervals_s: Intervals
    colour: str = FAULT


def fault_strips(result: Result) -> list[Strip]:
    """When each fault acts, by its label, in order of its start; what exceeds the room is put together."""
    found: dict[str, Intervals] = {}
    for fault in sorted(result.recovery.faults, key=lambda fault: fault.start_s):
        found.setdefault(fault.fault, []).extend(fault.intervals_s)
    strips = [Strip(fault_name(label), intervals) for label, intervals in found.items()]
    return strips if len(strips) <= _FAULTS_MOST else _put_together(strips)


def _put_together(strips: list[Strip]) -> list[Strip]:
    kept, rest = strips[: _FAULTS_MOST - 1], strips[_FAULTS_MOST - 1 :]
    others = [interval for strip in rest for interval in strip.intervals_s]
    return [*kept, Strip(f"{len(rest)} more faults", others)]


def database_strips(result: Result) -> list[Strip]:
    """When a database had two writers, and when another region was made its writer: the longest."""
    found, end_s = result.databases, result.recipe.duration_s
    spans: dict[tuple[str, str], Intervals] = {}
    for split in found.split_brains:
        spans.setdefault((f"{split.database} has two writers", FAULT), []).append(
            (split.from_s, split.from_s + split.took_s)
        )
    for one in found.promotions:
        until_s = end_s if one.took_s is None else one.began_s + one.took_s
        label = f"{one.database} gets a new writer"
        spans.setdefault((label, GREY), []).append((one.began_s, until_s))
    longest = sorted(spans.items(), key=lambda item: -sum(end - start for start, end in item[1]))
    return [Strip(label, intervals, colour) for (label, colour), intervals in longest[:_DATABASES_MOST]]


def episode_strips(result: Result) -> list[Strip]:
    """How long the service was not OK after each fault: of many, the longest."""
    felt = [one for one in result.recovery.episodes if one.service_was_not_ok]
    longest = sorted(felt, key=lambda one: -one.recovery_time_s)[:_EPISODES_MOST]
    return [
        Strip(_episode_label(one), [(one.start_s, one.recovered_s)], GREY) for one in felt if one in longest
    ]


def restore_strips(result: Result) -> list[Strip]:
    """How long each restore took, until the new table was in use: the first of them."""
    found = [one for one in result.restores if one.steps][:_RESTORES_MOST]
    return [Strip(_restore_label(one), [(one.steps[0].start_s, _until_s(one))], GREY) for one in found]


def alarm_strips(result: Result) -> list[Strip]:
    """When each alarm was in ALARM, the first to speak first."""
    alarms = () if result.monitoring is None else result.monitoring.alarms
    spoke = sorted((one for one in alarms if one.intervals_s), key=lambda one: one.intervals_s[0])
    return [Strip(name(one.alarm), [*one.intervals_s], ALARM) for one in spoke[:_ALARMS_MOST]]


def _until_s(restore: Restore) -> float:
    return restore.steps[-1].end_s if restore.swapped_s is None else restore.swapped_s


def _restore_label(restore: Restore) -> str:
    took = duration(_until_s(restore) - restore.steps[0].start_s)
    table = name(restore.table)
    return f"{table} not restored in {took}" if restore.swapped_s is None else f"{table} restored in {took}"


def _episode_label(episode: Episode) -> str:
    took = duration(episode.recovery_time_s)
    return f"OK again after {took}" if episode.shown else f"not OK for {took}, not shown to recover"


def draw_strips(axes: Axes, strips: list[Strip], scale: Scale, whole_s: float) -> None:
    """Draw the rows into a panel of their own."""
    axes.set_axis_off()
    axes.set_ylim(max(len(strips), 1) - 0.4, -0.6)
    for row, strip in enumerate(strips):
        bars = [(float(scale.of(start)), float(scale.of(end - start))) for start, end in strip.intervals_s]
        axes.broken_barh(bars, (row - 0.4, 0.8), color=strip.colour, linewidth=0)
        _label(axes, row, strip, scale, whole_s)


def _label(axes: Axes, row: int, strip: Strip, scale: Scale, whole_s: float) -> None:
    """Right of the bars if there is room, else left of them, else in the longest; shortened if in none."""
    look = {"va": "center", "fontsize": 8, "color": strip.colour}
    text = axes.text(0, row, strip.label, ha="left", **look)  # type: ignore[arg-type]
    starts, ends = np.array(strip.intervals_s).T
    long = int(np.argmax(ends - starts))
    inches = _PANEL_INCHES / whole_s
    gap_s = _GAP_INCHES / inches
    rooms: dict[_Side, tuple[float, float]] = {
        "left": (ends.max() + gap_s, (whole_s - ends.max()) * inches),
        "right": (starts.min() - gap_s, starts.min() * inches),
        "center": ((starts[long] + ends[long]) / 2, (ends[long] - starts[long]) * inches),
    }
    needed = _inches(text) + 2 * _GAP_INCHES
    fitting = [side for side, (_, room) in rooms.items() if room >= needed]
    side = fitting[0] if fitting else max(rooms, key=lambda side: rooms[side][1])
    at_s, room = rooms[side]
    text.set_x(float(scale.of(at_s)))
    text.set_horizontalalignment(side)
    if side == "center":
        text.set(color="white", fontweight="bold")
    fit(text, (room - _GAP_INCHES) * text.figure.dpi)


def _inches(text: Text) -> float:
    return width_of(text) / text.figure.dpi
