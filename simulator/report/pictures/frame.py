"""What most pictures share: two panels on one axis of time, strips above them, shades where faults act."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulator.report.pictures.looks import FAULT
from simulator.report.pictures.scales import Scale, scale_of, set_ticks
from simulator.report.pictures.stack import Stack
from simulator.report.pictures.strips import HEIGHT_INCHES, Strip, database_strips, draw_strips, fault_strips
from simulator.result.whole import Result

_PANEL_INCHES = 2.6


def clock(result: Result) -> Scale:
    """The scale of the axis of time."""
    return scale_of(result.recipe.duration_s)


def two_panels(
    result: Result, heading: str, finding: str, more_strips: Sequence[Strip] = ()
) -> tuple[Figure, Axes, Axes]:
    """A figure of two panels on one time axis, with a strip for each fault and further ones above them."""
    figure, (top, bottom) = panels(result, heading, finding, more_strips, (_PANEL_INCHES, _PANEL_INCHES))
    return figure, top, bottom


def panels(
    result: Result, heading: str, finding: str, more_strips: Sequence[Strip], heights: Sequence[float]
) -> tuple[Figure, list[Axes]]:
    """A figure of panels of some heights (inches) on one time axis, below the strips."""
    strips = [*fault_strips(result), *database_strips(result), *more_strips]
    heights = (HEIGHT_INCHES * max(len(strips), 1), *heights)
    figure = Stack(heading, heights)
    above, *below = figure.panels
    above.set_title(finding, fontsize=11)
    whole_s, scale = result.recipe.duration_s, clock(result)
    draw_strips(above, strips, scale, whole_s)
    for axes in below:
        _shade(axes, result, scale)
        axes.spines[["top", "right"]].set_visible(False)
    below[-1].set_xlim(0, float(scale.of(whole_s)))
    set_ticks(below[-1].xaxis, scale, whole_s)
    below[-1].set_xlabel(f"simulated time ({scale.unit})")
    return figure, below


def _shade(axes: Axes, result: Result, scale: Scale) -> None:
    for start, end in result.series.fault_spans_s:
        axes.axvspan(scale.of(start), scale.of(end), color=FAULT, alpha=0.1, linewidth=0)
