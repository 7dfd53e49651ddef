"""Where things stand in a picture of panels one below another: reckoned once, of what they need.

A general search for places measures every text several times, and took half of the time of a picture.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

from simulator.report.pictures.ticks import Ticks
from simulator.report.pictures.widths import width_of
from simulator.report.png import DPI

WIDTH_INCHES = 9.0
_EDGE = 0.07
"""Inches between what stands outermost and the edge of the picture."""
_HEAD = 0.32
"""Inches of the heading."""
_FOOT = 0.58
"""Inches of the axis of time: its ticks and its label."""
_XLABEL = 0.29
"""Inches from the lowest panel down to the label of its axis."""
_TICK = 0.1
"""Inches of a tick, and between it and its label."""
_PAD = 0.06
"""Inches between labels of ticks and that of their axis."""
_LINE = 1.25
"""Inches of a line of text for each inch of its letters."""
_GAP = 0.12
"""Inches between a panel and what stands above the next."""
_LEGEND_ROW = 0.2
_RIGHT = 0.22
"""Inches right of the panels at least, for half of the label of the last tick."""


class Stack(Figure):
    """A picture of panels of some heights (inches) on one horizontal axis."""

    def __init__(self, heading: str, heights: Sequence[float]) -> None:
        super().__init__(figsize=(WIDTH_INCHES, sum(heights) + 1.5), dpi=DPI)
        self.suptitle(heading, fontsize=13, fontweight="bold", va="top")
        self.panels: list[Axes] = list(
            self.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)[:, 0]
        )
        self.legend_rows: dict[Axes, int] = {}
        self._heights = heights

    def arrange(self) -> None:
        """Give each panel its place, and what stands beside and above it its room."""
        above = [self._above(axes) for axes in self.panels]
        height = _HEAD + sum(above) + sum(self._heights) + _GAP * (len(above) - 1) + _FOOT
        self.set_size_inches(WIDTH_INCHES, height)
        tops = self._tops(height, above)
        for axes, top, inches in zip(self.panels, tops, self._heights, strict=True):
            axes.set_position((0.1, (top - inches) / height, 0.8, inches / height))
        shown = [axes for axes in self.panels if axes.axison]
        labels = {axes: max(map(_inches, Ticks(axes.yaxis).numbers), default=0.0) + _TICK for axes in shown}
        left = _EDGE + max(labels[axes] + _PAD + _label_inches(axes.yaxis.label) for axes in shown)
        width = min(self._width(axes, left) for axes in shown)
        self._place_head(height)
        for axes, top, inches in zip(self.panels, tops, self._heights, strict=True):
            axes.set_position(
                (left / WIDTH_INCHES, (top - inches) / height, width / WIDTH_INCHES, inches / height)
            )
        for axes in shown:
            axes.yaxis.set_label_coords(-(labels[axes] + _PAD) / width, 0.5)
            Ticks(axes.xaxis, with_numbers=axes is self.panels[-1])
        self.panels[0].title.set_x((WIDTH_INCHES / 2 - left) / width)
        self.panels[-1].xaxis.set_label_coords(0.5, -_XLABEL / self._heights[-1])

    def _tops(self, height: float, above: Sequence[float]) -> list[float]:
        """Where each panel ends above, in inches of the picture, whose foot is 0."""
        ends, top = [], height - _HEAD
        for room, inches in zip(above, self._heights, strict=True):
            ends.append(top - room)
            top -= room + inches + _GAP
        return ends

    def _place_head(self, height: float) -> None:
        (head,) = self.texts
        head.set_position((0.5, 1 - _EDGE / height))

    def _above(self, axes: Axes) -> float:
        """Inches above a panel: of its titles, or of its legend."""
        titles = [axes.get_title(loc) for loc in ("left", "center", "right")]
        size = float(axes.title.get_fontsize()) / 72 * _LINE
        lines = max(text.count("\n") + 1 if text else 0 for text in titles)
        return max(lines * size + 0.08 if lines else 0.0, self.legend_rows.get(axes, 0) * _LEGEND_ROW + 0.04)

    def _width(self, axes: Axes, left: float) -> float:
        """Inches that a panel may be wide, so that what stands in it or beside it ends before the edge."""
        rest = WIDTH_INCHES - left
        room = rest - _RIGHT
        for text in axes.texts:
            if text.get_horizontalalignment() == "left":
                at, gap = _begin(text, axes)
                if at > 0:
                    room = min(room, (rest - _EDGE - gap - _inches(text)) / at)
        return room


def _begin(text: Text, axes: Axes) -> tuple[float, float]:
    """Where a text begins, as a share of the width of its panel, and inches to the right of that."""
    if isinstance(text, Annotation):
        return float(text.xy[0]), float(text.xyann[0]) / 72
    return float(axes.transLimits.transform((float(text.get_position()[0]), 0.0))[0]), 0.0


def _label_inches(label: Text) -> float:
    """How wide the label of a vertical axis is: its lines stand beside each other."""
    lines = label.get_text().count("\n") + 1 if label.get_text() else 0
    return lines * float(label.get_fontsize()) / 72 * _LINE


def _inches(text: Text) -> float:
    figure = text.figure
    assert figure is not None
    return width_of(text) / figure.dpi
