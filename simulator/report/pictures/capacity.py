"""The panel of capacity: what there was of what scalers scale, and what they had asked for."""

from collections.abc import Sequence
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from simulator.report.pictures.frame import clock
from simulator.report.pictures.looks import COLOURS, GREY, legend_above
from simulator.report.words import name as name_of
from simulator.result.alarms import Numbers
from simulator.result.scaling import Scaler
from simulator.result.whole import Result


def draw_capacity(axes: Axes, scaled: list[Scaler], result: Result) -> None:
    """What there was of what scalers scale, and, dashed, what they had asked for."""
    scale, end_s = clock(result), result.recipe.duration_s
    for one, colour in zip(scaled, cycle(COLOURS), strict=False):
        times, amounts = _there(one, end_s)
        axes.step(
            scale.of(times), amounts, where="post", color=colour, linewidth=1.2, label=name_of(one.scaler)
        )
        times, amounts = _asked(one, end_s)
        axes.step(scale.of(times), amounts, where="post", color=colour, linewidth=0.8, linestyle="--")
    units = {one.unit for one in scaled}
    axes.set_ylabel(units.pop() if len(units) == 1 else "capacity", fontsize=8, wrap=True)
    axes.set_title("capacity: there, and asked for (dashed)", fontsize=8, loc="right", color=GREY)
    axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.set_ylim(0, 1.15 * max(max(one.most, *(action.to for action in one.actions)) for one in scaled))
    legend_above(axes)


def _there(scaler: Scaler, end_s: float) -> tuple[Numbers, Numbers]:
    """What was there as a line of steps: times and capacity."""
    return _steps([(one.from_s, one.capacity) for one in scaler.capacity], end_s)


def _asked(scaler: Scaler, end_s: float) -> tuple[Numbers, Numbers]:
    """The same of what had been asked for."""
    return _steps([(0.0, scaler.at_first), *((one.at_s, one.to) for one in scaler.actions)], end_s)


def _steps(found: Sequence[tuple[float, float]], end_s: float) -> tuple[Numbers, Numbers]:
    times, amounts = zip(*found, strict=True)
    return np.array([*times, end_s]), np.array([*amounts, amounts[-1]])
