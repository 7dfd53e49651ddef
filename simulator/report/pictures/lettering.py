"""The texts of pictures: they say what is written, and have room."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec

from matplotlib import rc_context
from matplotlib.figure import Figure

from simulator.report.pictures.canvas import DRAWING
from simulator.report.pictures.stack import Stack
from simulator.report.pictures.widths import fit
from simulator.report.png import DPI
from simulator.result.whole import Result

_TITLE_ROOM = 0.94  # of the width of a picture

Draw = Callable[[Result], Figure]

P = ParamSpec("P")


def as_text(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """A picture whose texts are what they say, a dollar too, and have the room that they need."""

    @wraps(draw)
    def drawn(*given: P.args, **named: P.kwargs) -> Figure:
        with _plain():
            figure = draw(*given, **named)
            figure.set_dpi(DPI)
            if isinstance(figure, Stack):
                figure.arrange()
            for head in [*figure.texts, *(axes.title for axes in figure.axes)]:
                fit(head, _TITLE_ROOM * figure.bbox.width)
        return figure

    return drawn


@contextmanager
def _plain() -> Iterator[None]:
    """Texts that are made say what is written, and titles stand above their panels without a search."""
    with DRAWING, rc_context({"text.parse_math": False, "axes.titley": 1.0}):
        yield
