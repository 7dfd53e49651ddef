"""Conditions of writes lowered: which reads are remembered, and which of them a write compares with."""

from typing import Any

import numpy as np

from simulator.language.checks.conditions import read_before
from simulator.language.models.steps import Step
from simulator.records import dataclass

NOTHING = -1


@dataclass(frozen=True)
class Comparisons:
    """Of one operation, by step: the slot in which a read is kept, and that with which a write compares."""

    remembers: tuple[int, ...]
    compares: tuple[int, ...]

    @property
    def slots(self) -> int:
        """How many reads are remembered."""
        return max(self.remembers, default=NOTHING) + 1


def comparisons(steps: list[Step]) -> Comparisons:
    """The reads of an operation with which `if: unchanged` of a later step compares."""
    asked = [_read_of(steps, number) for number in range(len(steps))]
    slot_of = {read: slot for slot, read in enumerate(sorted({*asked} - {None}, key=lambda read: read or 0))}
    return Comparisons(
        tuple(slot_of.get(number, NOTHING) for number in range(len(steps))),
        tuple(NOTHING if read is None else slot_of[read] for read in asked),
    )


def _read_of(steps: list[Step], number: int) -> int | None:
    if getattr(steps[number], "if_", None) != "unchanged":
        return None
    return read_before(steps, number)


def lower_conditions(operations: list[list[Step]]) -> dict[str, Any]:
    """The columns of all steps, and what is kept with each request; the token request has one step."""
    found = [comparisons(steps) for steps in operations]
    remembers = [slot for one in found for slot in one.remembers]
    compares = [slot for one in found for slot in one.compares]
    return {
        "step_remembers": np.array([*remembers, NOTHING], np.int64),
        "step_compares": np.array([*compares, NOTHING], np.int64),
        "step_restart": np.array([*restarts(operations), 0], np.int64),
        "seen_slots": max((one.slots for one in found), default=0),
    }


def restarts(operations: list[list[Step]]) -> list[int]:
    """Of each step the one with which another round of its condition begins: its read, or itself."""
    found = [(_read_of(steps, number), number) for steps in operations for number in range(len(steps))]
    return [number if read is None else read for read, number in found]
