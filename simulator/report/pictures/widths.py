"""How wide texts are, and how they are made to have room."""

from functools import cache

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.text import Text


def width_of(text: Text) -> float:
    """How wide a text is, in dots of its figure."""
    figure = text.figure
    assert figure is not None
    text.set_parse_math(False)
    return float(text.get_window_extent(_measuring(figure.dpi)).width)


@cache
def _measuring(dpi: float) -> RendererAgg:
    """What texts are measured with; by itself a text makes a canvas as large as its picture each time."""
    return RendererAgg(1, 1, dpi)  # type: ignore[no-untyped-call]


def fit(head: Text, room: float) -> None:
    """Shorten a text until it has room; letters differ in width, so its share tells how much to cut."""
    while (width := width_of(head)) > room and len(head.get_text()) > 1:
        text = head.get_text().removesuffix("…")
        head.set_text(text[: max(min(int(len(text) * room / width), len(text) - 1), 0)] + "…")
