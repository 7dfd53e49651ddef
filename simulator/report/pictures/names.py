"""The picture of names: where attempts are sent once the answers change, and how their region was found."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from simulator.report.pictures.frame import clock, two_panels
from simulator.report.pictures.lettering import as_text
from simulator.report.pictures.looks import COLOURS, dash, legend_above, region_lines
from simulator.report.words import duration, failed_regions
from simulator.result.dns import Dns
from simulator.result.whole import Result


def answers_changed(result: Result) -> bool:
    """Whether there is a cut-over to draw, and anybody who was sent anywhere."""
    return bool(result.dns.answers) and bool(result.series.windows.begun.any())


@as_text
def names(result: Result) -> Figure:
    """Cut-over: where attempts are sent, and how their region was found."""
    figure, top, bottom = two_panels(result, "DNS cut-over", _cut_over_title(result.dns))
    total = np.maximum(result.series.windows.begun.sum(axis=1), 1)
    _draw_regions(top, result, total)
    _draw_sources(bottom, result, total)
    for change in result.dns.answers:
        for axes in (top, bottom):
            axes.axvline(clock(result).of(change.at_s), color="#000000", linestyle="--", linewidth=1)
    return figure


def _draw_regions(axes: Axes, result: Result, total: Any) -> None:
    windows = result.series.windows
    lines = [*region_lines(windows)]
    parts = [100 * line.of(windows.begun) / total for line in lines]
    colours = [line.colour for line in lines]
    axes.stackplot(clock(result).of(windows.start_s), *parts, colors=colours, step="post", linewidth=0)
    axes.set(ylabel="attempts sent to each region (%)", ylim=(0, 100))
    legend_above(axes, handles=[Patch(color=line.colour, label=line.label) for line in lines])


def _draw_sources(axes: Axes, result: Result, total: Any) -> None:
    windows = result.series.windows
    starts = clock(result).of(windows.start_s)
    found = {
        "kept connection": windows.pinned,
        "cached answer": windows.cached,
        "fresh answer": windows.fresh,
    }
    for number, (label, table) in enumerate(found.items()):
        part = 100 * table.sum(axis=1) / total
        colour = ("#000000", *COLOURS[3:5])[number]
        axes.step(
            starts, part, where="post", label=label, linewidth=1.5, color=colour, linestyle=dash(number)
        )
    axes.plot([], [], color="#000000", linestyle="--", linewidth=1, label="Route 53 changes its answers")
    axes.set(ylabel="how the region was found (%)", ylim=(0, 103))
    legend_above(axes, columns=4)


def _cut_over_title(section: Dns) -> str:
    cut_over, failed = section.cut_over, failed_regions(section.health)
    if len(failed) > 1:
        return f"health checks failed in {' and '.join(failed)}"
    if cut_over is None or cut_over.below_50_percent_s is None:
        return "the answers changed, and most attempts did not follow"
    rest = cut_over.below_1_percent_s
    tail = "1 % or more never did" if rest is None else f"all but 1 % after {duration(rest)}"
    return f"half of the attempts followed within {duration(cut_over.below_50_percent_s)}, {tail}"
