"""The texts of pictures: they say what is written, and have room."""

from collections.abc import Callable
from functools import wraps

from matplotlib.figure import Figure
from matplotlib.text import Text

from simulator.result.whole import Result

_TITLE_ROOM = 0.94  # of the width of a picture


def as_text(draw: Callable[[Result], Figure]) -> Callable[[Result], Figure]:
    """A picture whose texts are what they say, a dollar too, and whose titles do not run out of it."""

    @wraps(draw)
    def drawn(result: Result) -> Figure:
        figure = draw(result)
        for text in figure.findobj(Text):
            text.set_parse_math(False)
        for head in [*figure.texts, *(axes.title for axes in figure.axes)]:
            _fit(head, figure)
        return figure

    return drawn


def _fit(head: Text, figure: Figure) -> None:
    """Shorten a title until it has room; letters differ in width, so its share tells how much to cut."""
    room = _TITLE_ROOM * figure.bbox.width
    while (width := head.get_window_extent().width) > room:
        text = head.get_text().removesuffix("…")
        head.set_text(text[: min(int(len(text) * room / width), len(text) - 1)] + "…")
