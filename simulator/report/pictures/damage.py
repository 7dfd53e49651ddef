"""The picture of damaged data: how many answers were wrong, in which region, and how many in all."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from simulator.report.pictures.frame import clock, two_panels
from simulator.report.pictures.lettering import as_text
from simulator.report.pictures.looks import legend_above, region_lines
from simulator.report.pictures.strips import restore_strips
from simulator.report.words import duration, plural
from simulator.result.series import Counts
from simulator.result.whole import Result


def was_read_wrongly(result: Result) -> bool:
    """Whether anybody was answered with what is wrong."""
    return result.damage.damaged_reads > 0


@as_text
def damage(result: Result) -> Figure:
    """Wrong answers in each window, and all so far, by the region that gave them."""
    strips = [*restore_strips(result)]
    figure, top, bottom = two_panels(result, "Wrong answers", _finding(result), strips)
    wrong = _by_region(result)
    _draw(top, result, wrong, f"wrong answers in {_window(result)}")
    _draw(bottom, result, np.cumsum(wrong, axis=0), "wrong answers so far")
    return figure


def _by_region(result: Result) -> Counts:
    """[window, region] reads that returned what is wrong."""
    reads = result.damage.windows.reads
    return np.column_stack([reads[region] for region in result.series.windows.regions])


def _draw(axes: Axes, result: Result, counts: Counts, label: str) -> None:
    """Stacked by region, those that users were sent to first."""
    lines = [*region_lines(result.series.windows)]
    starts = clock(result).of(result.damage.windows.start_s)
    parts = [line.of(counts) for line in lines]
    colours = [line.colour for line in lines]
    axes.stackplot(starts, *parts, colors=colours, step="post", linewidth=0)
    axes.set_ylabel(label)
    axes.set_ylim(bottom=0)
    legend_above(axes, handles=[Patch(color=line.colour, label=line.label) for line in lines])


def _window(result: Result) -> str:
    starts = result.damage.windows.start_s
    return duration(float(starts[1] - starts[0])) if len(starts) > 1 else "the run"


def _finding(result: Result) -> str:
    found = result.damage
    last_s = [
        one.last_read_s
        for store in found.stores.values()
        for one in store.regions.values()
        if one.last_read_s is not None
    ]
    return f"{plural(found.damaged_reads, 'answer')} from damaged data, the last at {duration(max(last_s))}"
