"""A search for a boundary: bisection that asks runs until they tell, and says what they do not.

At each value the same users are played, seed by seed, until it is known whether something holds in at least a
share of all possible runs (`verdict.gates`), or the seeds are used up. The confidence is divided among the
values that may be tried. Two boundaries are sought: that of what is known to hold, and that of what is known
to fail; what lies between them is not known.
"""

from collections.abc import Callable, Sequence
from dataclasses import field
from math import sqrt
from typing import Protocol

from simulator.explore.cells import Cell, Heard, Record, play_cells
from simulator.explore.workers import Crew
from simulator.language.files import Loaded
from simulator.records import dataclass
from simulator.result.boundary import Boundary, State, Tried
from simulator.verdict.gates import Gate, looks

SEEDS_MOST = 40
CONFIDENCE = 0.95
_VALUES_MOST = 24
"""Values that are tried at most, among which the confidence is divided."""
_NEAR = 0.01
"""Values that differ by less are one: a share of the larger one."""
_WIDE = 10.0
"""From this ratio on, the middle between two values is the geometric one."""


class Question(Protocol):
    """What is asked of every run."""

    @property
    def said(self) -> str:
        """In words."""

    @property
    def share(self) -> float:
        """In at least which share of all runs it has to be so."""

    def of(self, record: Record) -> bool | None:
        """Whether it is so in a run; None if the run does not tell."""

    def check(self, records: Sequence[Record]) -> None:
        """Raise UsageError if such runs can never tell."""


@dataclass(frozen=True)
class Range:
    """A path, and two values between which one is sought."""

    path: str
    place: str
    """Where it was written."""
    first: float
    last: float
    write: Callable[[float], str]
    """A number as the value that a file would say."""
    whole: bool
    """Whether values are whole numbers."""

    def middle(self, one: float, other: float) -> float | None:
        """A value between two; None if they are next to each other."""
        low, high = sorted((one, other))
        if high - low <= max(_NEAR * high, 1.0 if self.whole else 0.0):
            return None
        middle = sqrt(low * high) if low > 0 and high / low >= _WIDE else (low + high) / 2
        middle = float(round(middle)) if self.whole else float(f"{middle:.3g}")
        return middle if low < middle < high else None


@dataclass
class Search:
    """A search on its way."""

    question: Question
    span: Range
    at: Callable[[float], Loaded]
    """The files at a value."""
    seeds: Sequence[int]
    crew: Crew
    cache: bool
    heard: Heard
    tried: dict[float, Tried] = field(default_factory=dict)
    records: dict[float, list[Record]] = field(default_factory=dict)
    """What was played at each value."""

    def boundary(self, first: float, last: float) -> tuple[float | None, float | None]:
        """The last value that holds and the first that fails, each None if it is so at no end."""
        ends = {self.state(value): value for value in (last, first)}
        holds, fails = ends.get("holds"), ends.get("fails")
        if holds is None or fails is None:
            return holds, fails
        edge = self._edge(holds, fails, "holds")
        known = [value for value, one in self.tried.items() if one.state == "fails"]
        nearest = min(known, key=lambda value: abs(value - edge))
        return edge, self._edge(nearest, edge, "fails")

    def told(self, said: str, holds_at: float | None, fails_at: float | None) -> Boundary:
        """What was found, of files that are said so."""
        span = self.span
        return Boundary(
            said=said,
            condition=self.question.said,
            share=self.question.share,
            confidence=CONFIDENCE,
            path=span.path,
            tried=tuple(self.tried[value] for value in sorted(self.tried, reverse=span.first > span.last)),
            holds_at=None if holds_at is None else span.write(holds_at),
            fails_at=None if fails_at is None else span.write(fails_at),
        )

    def _edge(self, inside: float, outside: float, state: State) -> float:
        """The last value of a state on the way from one that has it to one that has not."""
        while len(self.tried) < _VALUES_MOST and (middle := self.span.middle(inside, outside)) is not None:
            if self.state(middle) == state:
                inside = middle
            else:
                outside = middle
        return inside

    def state(self, value: float) -> State:
        """What the runs say at a value."""
        if value not in self.tried:
            self.tried[value] = self._try(value)
        return self.tried[value].state

    def _try(self, value: float) -> Tried:
        loaded = self.at(value)
        gate = Gate(self.question.share, 1.0 - (1.0 - CONFIDENCE) / _VALUES_MOST)
        found: list[Record] = []
        for look in looks(len(self.seeds)):
            cells = [Cell(loaded, seed) for seed in self.seeds[len(found) : look]]
            found += play_cells(cells, cache=self.cache, heard=self.heard, crew=self.crew)
            said = [self.question.of(record) for record in found]
            met, missed, unknown = (said.count(one) for one in (True, False, None))
            decided = gate.decides(met, missed, unknown)
            if decided != "undecided":
                break
        self.question.check(found)
        self.records[value] = found
        states: dict[str, State] = {"met": "holds", "missed": "fails"}
        return Tried(self.span.write(value), states.get(decided, "undecided"), met, missed, unknown)
