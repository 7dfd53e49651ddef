"""What pictures are drawn on: one canvas for all, so that a text is measured once for all."""

from functools import cache
from threading import RLock

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from simulator.report.png import DPI

DRAWING = RLock()
"""The canvas and the settings of matplotlib are those of a whole process."""
_WIDTH, _HEIGHT = 9 * DPI, 20 * DPI
"""Dots in which every picture of a run has room, but for some with very many panels."""


@cache
def canvas() -> RendererAgg:
    """The canvas, which also tells how wide texts are; who uses it holds `DRAWING`."""
    return RendererAgg(_WIDTH, _HEIGHT, DPI)  # type: ignore[no-untyped-call]


def dots_of(figure: Figure) -> NDArray[np.uint8]:
    """[row, column, colour] a picture as it is seen: red, green, blue."""
    figure.set_dpi(DPI)
    width, height = (int(length) for length in figure.bbox.size)
    with DRAWING:
        if width <= _WIDTH and height <= _HEIGHT:
            paper = canvas()
            paper.clear()  # type: ignore[no-untyped-call]
        else:
            paper = RendererAgg(width, height, DPI)  # type: ignore[no-untyped-call]
        figure.draw(paper)
        # pictures are reckoned from their foot
        seen = np.asarray(paper.buffer_rgba())[-height:, :width, :3]  # type: ignore[no-untyped-call]
        return seen.copy()
