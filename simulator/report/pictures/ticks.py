"""The ticks of an axis, and what is written beside it."""

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis, YAxis
from matplotlib.backend_bases import RendererBase
from matplotlib.lines import Line2D
from matplotlib.markers import TICKDOWN, TICKLEFT
from matplotlib.text import Text
from matplotlib.transforms import ScaledTranslation

_TOLERANCE = 1e-10
"""Of the length of an axis: a tick at its end is within it, however it was reckoned."""
_LONG_POINTS, _WIDE_POINTS = 3.5, 0.8
_PAD_POINTS = 3.5
"""Between a mark and its number."""
_FACTOR_POINTS = 3
"""Between a panel and what its numbers are multiplied by."""


class Ticks(Artist):
    """Marks in one artist and a text for each, where an axis has its ticks now, and the label of the axis.

    They stand in for what the axis draws: of each tick that is three lines and two texts, most of which are
    never seen.
    """

    zorder = 1.5

    def __init__(self, axis: Axis, *, with_numbers: bool = True) -> None:
        super().__init__()
        axes, is_y = axis.axes, isinstance(axis, YAxis)
        seen = _seen(axis)
        self._marks = _marks(axes, [place for place, _ in seen], is_y=is_y)
        self.numbers = [_number(axes, *one, is_y=is_y) for one in seen] if with_numbers else []
        self._others = [axis.label]
        factor = axis.get_major_formatter().get_offset()
        if factor and is_y:
            self._others.append(_factor(axes, factor))
        for child in self.get_children():
            if child is not axis.label:
                child.set_figure(axes.figure)
        axis.set_visible(False)
        axes.add_artist(self)

    def get_children(self) -> list[Artist]:
        """What it draws."""
        return [self._marks, *self.numbers, *self._others]

    def draw(self, renderer: RendererBase) -> None:
        """Draw it."""
        for child in self.get_children():
            child.draw(renderer)


def _seen(axis: Axis) -> list[tuple[float, str]]:
    """The ticks within an axis, each with what is written beside it."""
    places = [float(place) for place in axis.get_majorticklocs()]
    texts = axis.get_major_formatter().format_ticks(places)
    low, high = sorted(axis.get_view_interval())
    slack = (high - low) * _TOLERANCE
    found = zip(places, texts, strict=True)
    return [(place, text) for place, text in found if low - slack <= place <= high + slack]


def _marks(axes: Axes, places: Sequence[float], *, is_y: bool) -> Line2D:
    feet = [0.0] * len(places)
    return Line2D(
        *((feet, places) if is_y else (places, feet)),
        transform=axes.get_yaxis_transform("tick1") if is_y else axes.get_xaxis_transform("tick1"),
        linestyle="none",
        marker=TICKLEFT if is_y else TICKDOWN,  # type: ignore[arg-type]
        markersize=_LONG_POINTS,
        markeredgewidth=_WIDE_POINTS,
        color="black",
    )


def _number(axes: Axes, place: float, text: str, *, is_y: bool) -> Text:
    where = axes.get_yaxis_text1_transform if is_y else axes.get_xaxis_text1_transform
    transform, va, ha = where(_LONG_POINTS + _PAD_POINTS)
    x, y = (0.0, place) if is_y else (place, 0.0)
    return Text(x, y, text, transform=transform, va=va, ha=ha)


def _factor(axes: Axes, factor: str) -> Text:
    """What the numbers of a vertical axis are multiplied by, above it."""
    figure = axes.get_figure()
    assert figure is not None
    up = ScaledTranslation(0, _FACTOR_POINTS / 72, figure.dpi_scale_trans)
    return Text(0.0, 1.0, factor, transform=axes.transAxes + up)
