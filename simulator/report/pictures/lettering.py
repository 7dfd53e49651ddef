"""The texts of pictures: they say what is written, and have room."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from matplotlib.figure import Figure
from matplotlib.text import Text

from simulator.result.whole import Result

_TITLE_ROOM = 0.94  # of the width of a picture

Draw = Callable[[Result], Figure]

T = TypeVar("T")


def as_text(draw: Callable[[T], Figure]) -> Callable[[T], Figure]:
    """A picture whose texts are what they say, a dollar too, and whose titles do not run out of it."""

    @wraps(draw)
    def drawn(result: T) -> Figure:
        return lettered(draw(result))

    return drawn


def lettered(figure: Figure) -> Figure:
    """A figure whose texts are what they say, and whose titles do not run out of it."""
    for text in figure.findobj(Text):
        text.set_parse_math(False)
    for head in [*figure.texts, *(axes.title for axes in figure.axes)]:
        fit(head, _TITLE_ROOM * figure.bbox.width)
    return figure


def width_of(text: Text) -> float:
    """How wide a text is, in dots of its figure."""
    text.set_parse_math(False)
    return float(text.get_window_extent().width)


def fit(head: Text, room: float) -> None:
    """Shorten a text until it has room; letters differ in width, so its share tells how much to cut."""
    while (width := width_of(head)) > room and len(head.get_text()) > 1:
        text = head.get_text().removesuffix("…")
        head.set_text(text[: max(min(int(len(text) * room / width), len(text) - 1), 0)] + "…")
