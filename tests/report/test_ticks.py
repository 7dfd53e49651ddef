"""Ticks that stand in for an axis' own look like them."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from simulator.report.pictures.canvas import dots_of
from simulator.report.pictures.ticks import Ticks


def figure(most: float) -> Figure:
    """A panel with values up to so many, and labels where they stand in pictures."""
    found = Figure(figsize=(6, 3))
    axes = found.subplots()
    axes.set(xlim=(-0.3, 10), ylim=(-0.1 * most, most), xlabel="time", ylabel="values")
    axes.xaxis.set_label_coords(0.5, -0.15)
    axes.yaxis.set_label_coords(-0.1, 0.5)
    return found


@pytest.mark.parametrize("most", [1, 0.3, 5e4, 3e-7, 4e8])
def test_they_look_like_those_of_an_axis(most: float) -> None:
    own, ours = figure(most), figure(most)
    for axis in (ours.axes[0].xaxis, ours.axes[0].yaxis):
        Ticks(axis)
    assert np.array_equal(dots_of(own), dots_of(ours))


def test_those_beyond_the_ends_are_not_there() -> None:
    axes = figure(1).axes[0]
    axes.set_yticks([-1, 0, 1, 2])
    axes.set_ylim(-0.5, 1.5)
    assert [number.get_text() for number in Ticks(axes.yaxis).numbers] == ["0", "1"]


def test_an_axis_has_marks_without_numbers_where_another_below_it_has_these() -> None:
    axes = figure(1).axes[0]
    ticks = Ticks(axes.xaxis, with_numbers=False)
    assert ticks.numbers == []
    assert len(ticks.get_children()) == 2  # the marks, and the label
