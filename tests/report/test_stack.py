"""Pictures whose places are reckoned: everything stands within them, and nothing over anything else."""

from itertools import combinations

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from simulator import Result
from simulator.report.pictures.album import PICTURES
from simulator.report.pictures.lettering import as_text
from simulator.report.pictures.looks import legend_above
from simulator.report.pictures.stack import Stack

_OVERLAP = 1.0
"""Dots: boxes of texts are whole dots larger than their letters."""


def written(figure: Figure) -> list[Text]:
    """Every text that is seen; those of axes for which others stand in are not."""
    figure.draw_without_rendering()
    hidden = {
        tick.label1
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        if not axis.get_visible() or not axes.axison
    }
    labels = {
        label for axes in figure.axes if not axes.axison for label in (axes.xaxis.label, axes.yaxis.label)
    }
    found = [text for text in figure.findobj(Text) if isinstance(text, Text) and text not in hidden | labels]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def assert_all_have_room(figure: Figure) -> None:
    boxes = {text: text.get_window_extent() for text in written(figure)}
    for text, box in boxes.items():
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= figure.bbox.width, text
        assert box.y1 <= figure.bbox.height, text
    for (one, first), (other, second) in combinations(boxes.items(), 2):
        shared = Bbox.intersection(first, second)
        assert shared is None or min(shared.width, shared.height) < _OVERLAP, (one, other)


@pytest.mark.parametrize("name", [name for name in PICTURES if name != "damage.png"])
def test_the_texts_of_the_demo_have_room(milan: Result, name: str) -> None:
    figure = PICTURES[name].draw(milan)
    assert figure.get_layout_engine() is None
    assert_all_have_room(figure)


@as_text
def drawn(most: float, beside: str, lines: int) -> Figure:
    """Two panels: values up to so many, something beside the upper one, a legend of so many entries."""
    figure = Stack("A heading", (0.5, 2.0, 2.0))
    above, top, bottom = figure.panels
    above.set_axis_off()
    above.set_title("what was found", fontsize=11)
    for axes in (top, bottom):
        for number in range(lines):
            axes.plot([0, 10], [0, most], label=f"line {number}")
        axes.set_ylabel("a label of\ntwo lines")
        legend_above(axes)
    top.text(9.0, most / 2, beside, va="center")
    bottom.set_xlim(0, 10)
    bottom.set_xlabel("simulated time (min)")
    return figure


@pytest.mark.parametrize("most", [1, 5e6])
@pytest.mark.parametrize("beside", ["", "a finding that is as long as this one"])
@pytest.mark.parametrize("lines", [1, 7])
def test_panels_leave_the_room_that_is_needed(most: float, beside: str, lines: int) -> None:
    figure = drawn(most, beside, lines)
    assert_all_have_room(figure)
    widths = {round(axes.get_position().width, 6) for axes in figure.axes}
    assert len(widths) == 1


def test_a_picture_is_as_high_as_its_panels_ask() -> None:
    """A legend of seven entries has three rows, two more than one of a single entry: 0.4 inches a panel."""
    low, high = drawn(1, "", 1), drawn(1, "", 7)
    assert high.get_figheight() - low.get_figheight() == pytest.approx(2 * 2 * 0.2)
    for figure in (low, high):
        heights = [axes.get_position().height * figure.get_figheight() for axes in figure.axes]
        assert heights == pytest.approx([0.5, 2.0, 2.0])
