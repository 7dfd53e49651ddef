"""How wide texts are, and how they are made to have room."""

from matplotlib.text import Text

from simulator.report.pictures.canvas import canvas


def width_of(text: Text) -> float:
    """How wide a text is, in dots of its figure, which has as many an inch as the canvas."""
    text.set_parse_math(False)
    return float(text.get_window_extent(canvas()).width)


def fit(head: Text, room: float) -> None:
    """Shorten a text until it has room; letters differ in width, so its share tells how much to cut."""
    while (width := width_of(head)) > room and len(head.get_text()) > 1:
        text = head.get_text().removesuffix("…")
        head.set_text(text[: max(min(int(len(text) * room / width), len(text) - 1), 0)] + "…")
