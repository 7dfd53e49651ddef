"""What the twin counts: the fields of `simulator.boundary.tallies.Tallies`, counted where things happen."""

from typing import Any

import numpy as np

from simulator.boundary.fields import NUMBER, fields_of
from simulator.boundary.tallies import Tallies
from simulator.plan.lowered import DataPlan

OCTAVE = 128
SECOND = 10**9


def bin_of(value: int) -> int:
    """Bins of one up to 255, then 128 an octave."""
    if value < 2 * OCTAVE:
        return value
    exponent = value.bit_length() - OCTAVE.bit_length()
    return OCTAVE * exponent + (value >> exponent)


def add_time(total: Any, took_ns: int) -> None:
    """Add to a time that is kept in seconds and nanoseconds."""
    total[:] = divmod(int(total[0]) * SECOND + int(total[1]) + int(took_ns), SECOND)


class Counts:
    """Arrays as attributes, numbers by name, all zero at first."""

    def __init__(self, plan: DataPlan) -> None:
        declared = fields_of(Tallies)
        self.arrays = {f.name: np.zeros(f.shape(plan), np.int64) for f in declared if f.axes != (NUMBER,)}
        self.numbers = {f.name: 0 for f in declared if f.axes == (NUMBER,)}

    def clear(self) -> None:
        """Begin anew."""
        for array in self.arrays.values():
            array[:] = 0
        self.numbers = dict.fromkeys(self.numbers, 0)

    def __getattr__(self, name: str) -> Any:
        return self.__dict__["arrays"][name]

    def __getitem__(self, name: str) -> int:
        return self.numbers[name]

    def __setitem__(self, name: str, value: int) -> None:
        self.numbers[name] = value
