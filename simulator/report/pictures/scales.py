"""Axes: a unit that suits a length of time or a figure, and ticks at round times."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.axis import Axis
from matplotlib.ticker import MultipleLocator

from simulator.boundary.measure_terms import Unit
from simulator.records import dataclass

_TICKS_MOST = 8


@dataclass(frozen=True)
class Scale:
    """A unit of time, and the distances that ticks may have in it."""

    unit: str
    seconds: float
    from_s: float
    """Used from this length on."""
    steps: tuple[float, ...]

    def of(self, seconds: Any) -> Any:
        """Seconds in this unit."""
        return np.asarray(seconds) / self.seconds


_SCALES = (
    Scale("d", 86_400.0, 4 * 86_400.0, (0.5, 1, 2, 5, 10, 20, 50, 100)),
    Scale("h", 3_600.0, 2 * 3_600.0, (0.5, 1, 2, 3, 6, 12, 24)),
    Scale("min", 60.0, 180.0, (0.5, 1, 2, 5, 10, 15, 20, 30)),
)
_SECONDS = Scale("s", 1.0, 0.0, ())


def scale_of(length_s: float) -> Scale:
    """The scale for a length in seconds: hours from two hours on, days from four days on."""
    return next((scale for scale in _SCALES if length_s >= scale.from_s), _SECONDS)


def unit_of(unit: Unit, values: Iterable[float | None]) -> tuple[float, str]:
    """By what a figure is multiplied so that it has round numbers, and the unit that it has then."""
    if unit == "share":
        return 100.0, "%"
    if unit != "s":
        return 1.0, ""
    largest = max((value or 0.0 for value in values), default=0.0)
    if largest < 1:
        return 1000.0, "ms"
    scale = scale_of(largest)
    return 1 / scale.seconds, scale.unit


def set_ticks(axis: Axis, scale: Scale, length_s: float) -> None:
    """Ticks at round times of a clock; seconds are left to matplotlib."""
    length = length_s / scale.seconds
    step = next((step for step in scale.steps if length / step <= _TICKS_MOST), None)
    if step is not None:
        axis.set_major_locator(MultipleLocator(step))
