"""The one canvas shows each picture as one of its own would."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from simulator.report.pictures.canvas import dots_of
from simulator.report.png import DPI


def figure(width: float, height: float) -> Figure:
    """Something with letters, lines and a dot beyond its axes, of a size in inches."""
    found = Figure(figsize=(width, height))
    axes = found.subplots()
    axes.plot([0, 1, 2], [3, 1, 2], label="a line")
    axes.plot([2.2], [1], "o", clip_on=False)
    axes.set_title("Title")
    axes.legend()
    return found


@pytest.mark.parametrize("size", [(9, 4.8), (3, 2), (9, 25), (12, 3)], ids=str)
def test_a_picture_is_the_same_on_the_canvas_of_all(size: tuple[float, float]) -> None:
    """Of whole dots; larger than the canvas or not, and whatever was drawn there before."""
    dots_of(figure(9, 15))
    own = FigureCanvasAgg(figure(*size))
    own.figure.set_dpi(DPI)
    own.draw()
    assert np.array_equal(dots_of(figure(*size)), np.asarray(own.buffer_rgba())[:, :, :3])
