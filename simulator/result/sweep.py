"""An experiment with values varied, on the same users throughout."""

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from simulator.boundary.measure_terms import Sense, Unit
from simulator.records import dataclass
from simulator.result.comparison import Span
from simulator.result.costs import Money
from simulator.result.plain import ONLY_IF_SAID, UNWRITTEN, plain
from simulator.result.shown import Shown

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Axis:
    """A value that is varied."""

    path: str
    """Its path, as `--set` takes it."""
    values: tuple[str, ...]
    """The values, as one writes them in YAML, in the order in which they were given."""


@dataclass(frozen=True)
class Varied:
    """A figure that is told of every point."""

    key: str
    """Measure, part and scope, as expectations write them."""
    measure: str
    """The measure, as an expectation names it."""
    unit: Unit
    """s, count, share (0 to 1), ratio or bool (0 or 1)."""
    better: Sense
    """Which values are better: lower, higher or neither."""


@dataclass(frozen=True)
class Point:
    """One value of each axis."""

    values: tuple[str, ...]
    """These values, in the order of the axes."""
    verdicts: Mapping[str, int]
    """Verdict of the expectations → of how many seeds."""
    figures: Mapping[str, Span]
    """By key."""
    cost: Money | None = field(default=None, metadata=ONLY_IF_SAID)
    """What it costs, under the first seed; only where that was asked for."""


@dataclass(frozen=True)
class Run:
    """One point under one seed."""

    point: int
    """The number of the point, from 0."""
    seed: int
    """The seed."""
    verdict: str
    """met, missed, inconclusive or no_expectations."""
    values: Mapping[str, float | None]
    """Every figure of which a point tells anything, by key; null without a value."""


@dataclass(frozen=True)
class Sweep(Shown):
    """An experiment at every combination of the values of some axes."""

    schema_version: int = field(default=SCHEMA_VERSION, init=False)
    """The version of this format; a higher one may have other fields."""
    said: str
    """The file as it was named, and what is set in it throughout."""
    experiment: str
    """The experiment's own words."""
    topology: str
    """The topology's own words."""
    sha256: Mapping[str, str]
    """The SHA-256 of the texts of `experiment` and `topology`."""
    settings: tuple[str, ...]
    """What is set beyond these throughout, as `PATH=VALUE`."""
    seeds: tuple[int, ...]
    """Each was played at every point."""
    level: float
    """The confidence of each interval by itself."""
    axes: tuple[Axis, ...]
    """What is varied."""
    figures: tuple[Varied, ...]
    """What is told of every point."""
    points: tuple[Point, ...]
    """Every combination; the values of the last axis follow each other."""
    versions: Mapping[str, str]
    """The versions of the simulator, of Python, and of the libraries that figures depend on."""
    runs: tuple[Run, ...] = field(metadata=UNWRITTEN)
    """Every run, by point and seed."""

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        found: dict[str, Any] = plain(self)
        return found

    def to_json(self) -> str:
        """Canonical text: the same sweep gives the same bytes."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
