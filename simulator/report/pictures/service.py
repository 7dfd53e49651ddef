"""The picture of the service: how many actions succeed in time, and which region serves them."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from simulator.report.pictures.frame import clock, two_panels
from simulator.report.pictures.lettering import as_text
from simulator.report.pictures.looks import COLOURS, GREY, legend_above, mark_cut_axis, region_lines
from simulator.report.pictures.strips import episode_strips, restore_strips
from simulator.report.words import recovery_words, share, title
from simulator.result.whole import Result


@as_text
def service(result: Result) -> Figure:
    """Success share, and traffic by region."""
    heading, finding = title(result.recipe.experiment), recovery_words(result.recovery)
    figure, top, bottom = two_panels(
        result, heading, finding, [*restore_strips(result), *episode_strips(result)]
    )
    draw_success(top, result)
    _draw_traffic(bottom, result)
    return figure


def draw_success(axes: Axes, result: Result) -> None:
    """The share of the actions that succeed in time, and the objective."""
    windows, objective = result.series.windows, result.recovery.objective
    axes.axhline(100 * objective.success, color=GREY, linestyle=":", linewidth=1)
    success = 100 * windows.success
    axes.step(clock(result).of(windows.start_s), success, where="post", color=COLOURS[0], linewidth=1.5)
    axes.set_ylabel("actions that succeed in time (%)")
    _set_share_limits(axes, success)
    axes.annotate(
        f"objective\n{share(objective.success)}",
        (1, 100 * objective.success),
        xycoords=axes.get_yaxis_transform(),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        color=GREY,
        annotation_clip=False,
    )
    _mark_recoveries(axes, result)


def _set_share_limits(axes: Axes, percent: Any) -> None:
    """From 0 % if the share ever fell below a half, else as far down as it went, which is then marked."""
    lowest = np.nanmin(percent, initial=100)
    bottom = 0 if lowest < 50 else int(5 * np.floor(min(lowest, 98) / 5))
    axes.set_ylim(bottom - 0.03 * (100 - bottom), 100 + 0.05 * (100 - bottom))
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    if bottom:
        axes.set_ylabel(f"actions that succeed in time (%)\naxis begins at {bottom} %")
        mark_cut_axis(axes)


def _mark_recoveries(axes: Axes, result: Result) -> None:
    """A line where the service was OK again; the strips say after how long."""
    for episode in result.recovery.episodes:
        if episode.shown and episode.service_was_not_ok:
            axes.axvline(clock(result).of(episode.recovered_s), color=GREY, linestyle="--", linewidth=1)


def _draw_traffic(axes: Axes, result: Result) -> None:
    windows = result.series.windows
    starts = clock(result).of(windows.start_s)
    axes.set_ylabel("requests served per second")
    for line in region_lines(windows):
        served = line.of(windows.served) / windows.width_s
        axes.step(starts, served, where="post", color=line.colour, label=line.label, linewidth=1.5)
    _draw_rejected(axes, result, starts)
    axes.set_ylim(bottom=0)
    if axes.get_legend_handles_labels()[0]:
        legend_above(axes)


def _draw_rejected(axes: Axes, result: Result, starts: Any) -> None:
    """A grey layer of what was throttled or found a full queue, if anything was."""
    windows = result.series.windows
    rejected = windows.rejected.sum(axis=1) / windows.width_s
    if rejected.any():
        axes.fill_between(
            starts, rejected, step="post", color=GREY, alpha=0.35, linewidth=0, label="turned away"
        )
        axes.set_ylabel("requests per second")
