"""Designs compared: the same users on each, figure by figure, seed by seed."""

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.measure_terms import Sense, Unit
from simulator.boundary.outcomes import SessionClass
from simulator.errors import EXIT_MET, EXIT_MISSED
from simulator.records import dataclass
from simulator.result.costs import Money
from simulator.result.plain import ONLY_IF_SAID, UNWRITTEN, plain
from simulator.result.shown import Shown

SCHEMA_VERSION = 1

Change = Literal["better", "worse", "same", "unclear", "higher", "lower", "no_data"]
"""What a design changed of a figure, by the figure's own sense; `higher` and `lower` of one that has none,
`unclear` where the seeds do not tell, `no_data` where one of the two has none."""


Fate = SessionClass | Literal["absent"]
"""How a session ended, or that it took no place."""


@dataclass(frozen=True)
class Design:
    """One of the designs that are compared."""

    name: str
    """A, B, C …, the first being the one with which the others are compared."""
    said: str
    """The file as it was named, and what is set in it; or the name that a program gives it."""
    experiment: str
    """The experiment's own words."""
    topology: str
    """The topology's own words."""
    sha256: Mapping[str, str]
    """The SHA-256 of the texts of `experiment` and `topology`."""
    settings: tuple[str, ...]
    """What is set beyond these, as `PATH=VALUE`."""
    verdicts: Mapping[str, int]
    """Verdict of the expectations → of how many seeds."""
    cost: Money | None = field(default=None, metadata=ONLY_IF_SAID)
    """What it costs, under the first seed; only where that was asked for."""


@dataclass(frozen=True)
class Span:
    """A figure over all seeds."""

    value: float | None
    """The median, in the unit of the figure; null if the runs tell nothing, or if it is endless."""
    low: float | None
    """Between this"""
    high: float | None
    """and this lies the median of all possible seeds, at the level of the comparison; null: not bounded."""
    said: str
    """The median for a reader."""
    range_said: str = ""
    """The interval for a reader; empty if it is not bounded, or no wider than the median."""


@dataclass(frozen=True)
class Difference:
    """What one design changes of a figure, against the first: seed by seed, and the median of that."""

    design: str
    """The name of the design."""
    change: Change
    """What came of it."""
    by: Span
    """The difference; below zero if the design's figure is smaller."""


@dataclass(frozen=True)
class Row:
    """One figure."""

    key: str
    """Measure, part and scope, as expectations write them."""
    measure: str
    """The measure, as an expectation names it."""
    scope: Mapping[str, str | float]
    """What it is narrowed to; times in seconds of the run."""
    unit: Unit
    """s, count, share (0 to 1), ratio or bool (0 or 1)."""
    better: Sense
    """Which values are better: lower, higher or neither."""
    counts: bool
    """Whether it is one of those that decide whether a design is worse."""
    values: tuple[Span, ...]
    """Of each design."""
    differences: tuple[Difference, ...]
    """Of each design but the first."""


@dataclass(frozen=True)
class Changed:
    """A value in the files of a design that differs from that of the first."""

    design: str
    """The name of the design."""
    where: str
    """experiment or topology"""
    path: str
    """Its path, as `--set` takes it."""
    before: str | None
    """What the first design says there; null if nothing."""
    after: str | None
    """What this one says; null if nothing."""


@dataclass(frozen=True)
class Moved:
    """Sessions that ended otherwise than with the first design, under the first seed."""

    design: str
    """The name of the design."""
    was: Fate
    """How they ended with the first design; absent: they took no place there."""
    became: Fate
    """And with this one."""
    sessions: int
    """How many."""
    because: Mapping[str, int]
    """What held their actions that were not good, in the design in which more of these were → sessions; a
    session counts for what held most of its own."""


@dataclass(frozen=True)
class Writes:
    """What became of the acknowledged writes of a store, under the first seed."""

    design: str
    """The name of the design."""
    store: str
    """Table, database, bucket or multi-region cache."""
    fate: str
    """acknowledged, late, lost, overwritten, pending or brought_back."""
    was: int
    """Writes of the first design that had this fate,"""
    became: int
    """and of this design."""


@dataclass(frozen=True)
class Course:
    """How a run went, over time."""

    start_s: NDArray[np.float64]
    """[window] when it begins, in seconds of the run."""
    success: NDArray[np.float64]
    """[window] the share of the actions begun in it that were good; NaN without any."""
    fault_spans_s: tuple[tuple[float, float], ...]
    """When faults acted."""
    objective: float
    """The share that must be good for the service to be OK."""
    duration_s: float
    """The length of the run."""


@dataclass(frozen=True)
class Comparison(Shown):
    """Designs on the same users."""

    schema_version: int = field(default=SCHEMA_VERSION, init=False)
    """The version of this format; a higher one may have other fields."""
    designs: tuple[Design, ...]
    """The first is that with which the others are compared."""
    seeds: tuple[int, ...]
    """Each was played by every design."""
    confidence: float
    """With which all intervals of the figures that count hold together."""
    level: float
    """The confidence of each interval by itself."""
    rows: tuple[Row, ...]
    """Every figure that a design has; those that count first."""
    changes: tuple[Changed, ...]
    """What differs in the files."""
    sessions: tuple[Moved, ...]
    """Sessions that changed fate, most first."""
    writes: tuple[Writes, ...]
    """Fates of writes whose number changed."""
    versions: Mapping[str, str]
    """The versions of the simulator, of Python, and of the libraries that figures depend on."""
    courses: tuple[Course, ...] = field(metadata=UNWRITTEN)
    """How each design fared over time, under the first seed."""

    @property
    def counting(self) -> tuple[Row, ...]:
        """The figures that decide."""
        return tuple(row for row in self.rows if row.counts)

    def count(self, change: Change, design: str) -> int:
        """How many of the figures that decide are changed so by a design."""
        return sum(
            one.change == change for row in self.counting for one in row.differences if one.design == design
        )

    def exit_code(self, fail_on: str = "never") -> int:
        """1 if a figure that counts is worse and `fail_on` is `worse`; if unclear, too, with `unclear`."""
        fatal = {"worse": ("worse",), "unclear": ("worse", "unclear")}.get(fail_on, ())
        found = {one.change for row in self.counting for one in row.differences}
        return EXIT_MISSED if found & {*fatal} else EXIT_MET

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        found: dict[str, Any] = plain(self)
        return found

    def to_json(self) -> str:
        """Canonical text: the same comparison gives the same bytes."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
