"""Where a condition ends to hold, as a value is changed."""

import json
from dataclasses import field
from typing import Any, Literal

from simulator.errors import EXIT_MET, EXIT_MISSED
from simulator.records import dataclass
from simulator.result.plain import plain
from simulator.result.shown import Shown

State = Literal["holds", "fails", "undecided"]
"""Whether the condition holds in at least the share of all runs, in fewer, or the runs do not tell."""


@dataclass(frozen=True)
class Tried:
    """A value that was tried."""

    value: str
    """As one writes it in YAML."""
    state: State
    """What the runs say there."""
    met: int
    """Runs in which the condition holds,"""
    missed: int
    """in which it does not,"""
    unknown: int
    """and which do not tell."""


@dataclass(frozen=True)
class Boundary(Shown):
    """What was found between two values."""

    said: str
    """The file as it was named, and what is set in it."""
    condition: str
    """The condition."""
    share: float
    """In at least which share of all runs it has to hold."""
    confidence: float
    """With which the states of all values hold together."""
    path: str
    """The path of the value."""
    tried: tuple[Tried, ...]
    """Every value that was tried, from the first end to the last."""
    holds_at: str | None = field(default=None)
    """The last value at which it holds, seen from the end at which it does; null if it holds at no end."""
    fails_at: str | None = field(default=None)
    """The first at which it fails; null if it fails at no end. Between the two nobody knows."""

    @property
    def is_found(self) -> bool:
        """Whether it holds at one end and fails at the other."""
        return self.holds_at is not None and self.fails_at is not None

    @property
    def exit_code(self) -> int:
        """0 found, 1 not."""
        return EXIT_MET if self.is_found else EXIT_MISSED

    @property
    def runs(self) -> int:
        """How many runs that took."""
        return sum(one.met + one.missed + one.unknown for one in self.tried)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        found: dict[str, Any] = plain(self)
        return found

    def to_json(self) -> str:
        """Canonical text."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
