"""The result of many runs of the same files under different seeds: what goes to `replications.json`."""

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from simulator.boundary.measure_terms import Sense, Unit
from simulator.records import dataclass
from simulator.result.plain import ONLY_IF_SAID, plain
from simulator.result.shown import Shown
from simulator.result.whole import EXIT_CODES, Bounds

REPLICATIONS_VERSION = 1

MAIN = (
    "recovery_time",
    "detection_time",
    "recovery_point",
    "missing_writes",
    "user_minutes_lost",
    "success",
)
"""The keys of the figures that are told of every run."""


@dataclass(frozen=True)
class Files:
    """What makes the runs repeatable, beside their seeds."""

    experiment: str
    """The experiment's own words."""
    topology: str
    """The topology's own words."""
    file: str
    """The name of the experiment's file."""
    sha256: Mapping[str, str]
    """The SHA-256 of the texts of `experiment` and `topology`; without those that a program has changed since
    they were read."""
    settings: tuple[str, ...] | None = field(metadata=ONLY_IF_SAID)
    """What was set beyond what the texts say, as `PATH=VALUE`; only there if anything was."""
    versions: Mapping[str, str]
    """The versions of the simulator, of Python, and of the libraries that figures depend on."""


@dataclass(frozen=True)
class Estimate:
    """An estimate, and between what the true value lies with the confidence of all intervals."""

    value: float | None
    """The estimate; null if it is that the thing never happens, or that the run is too short to tell."""
    low: float | None
    """The lower end; null where so few runs do not bound it."""
    high: float | None
    """The upper end; null where so few runs do not bound it, or in some of them it has no end."""


@dataclass(frozen=True)
class Spread:
    """One figure over many runs. Its quantiles are those of all possible runs, not of those played."""

    key: str
    """Measure, part and scope, as expectations write them: `recovery_time{population: shoppers}`."""
    measure: str
    """The measure, as an expectation names it."""
    scope: Mapping[str, str | float]
    """What it is narrowed to, by the keys of expectations; times in seconds of the run."""
    unit: Unit
    """s, count, share (0 to 1), ratio or bool (0 or 1)."""
    better: Sense
    """Which values are better: lower, higher or neither."""
    runs: int
    """Runs that tell something of it."""
    open: int
    """Of these, those that ended too early to tell how long it becomes."""
    never: int
    """Of these, those in which it never happened, as a failed failover that nobody notices."""
    least: float | None
    """The least of what was measured; null if nothing was."""
    most: float | None
    """The most of what was measured; null if nothing was."""
    worst_seed: int | None
    """The seed of the worst run, the first of equals: one in which it never happened or is open before all
    others; null where neither more nor less is worse, or nothing was measured."""
    share: Estimate | None
    """Of a measure that is so or not so: the share of all possible runs in which it is so; else null."""
    median: Estimate | None
    """The median over all possible runs; null of what is so or not so, and if no run tells anything."""
    tail: Estimate | None
    """What 95 % of all possible runs are not worse than: the 95th percentile, or the 5th where more is
    better; null as the median."""


@dataclass(frozen=True)
class Outcomes:
    """How many runs met an expectation."""

    met: int
    """Those that met it."""
    missed: int
    """Those that did not."""
    not_shown: int
    """Those that ended too early to tell."""
    not_exercised: int
    """Those that tell nothing about it."""

    @property
    def unknown(self) -> int:
        """Those of which nobody can tell."""
        return self.not_shown + self.not_exercised


@dataclass(frozen=True)
class Expected:
    """One expectation, judged by all runs."""

    expectation: str
    """As a reader would say it: `recovery_time at most 5 min in 99 % of runs`."""
    verdict: str
    """met, missed, not_shown or not_exercised; undecided if it is asked of a share of all possible runs, and
    these runs do not tell. One without `in` is met if every run met it, else as the worst of them."""
    reason: str
    """Why it is not met; empty if it is."""
    bounds: Bounds
    """What it asks for, in the unit of its figure."""
    file: str
    """The name of the experiment's file."""
    line: int | None
    """The line of the expectation in it, from 1; null if it was not read from a file."""
    outcomes: Outcomes
    """How many runs met it."""
    share: Estimate
    """In which share of all possible runs it is met; runs of which nobody can tell widen the interval."""
    missed_seeds: tuple[int, ...]
    """The seeds of the runs that missed it, the first ten."""
    runs_to_decide: int | None
    """Of one that is undecided: about how many runs in all would decide, if they go on as these; null if
    more than ten million, or if that depends on runs of which nobody can tell."""
    figure: Spread
    """What was measured."""


@dataclass(frozen=True)
class Replication:
    """One run."""

    seed: int
    """The seed of every draw."""
    drawn_s: Mapping[str, float] | None = field(metadata=ONLY_IF_SAID)
    """When the faults began whose times it has drawn, in seconds of the run; only there if there is any."""
    verdict: str
    """met, missed, inconclusive or no_expectations: of this run by itself."""
    outcomes: tuple[str, ...]
    """Whether it met each expectation, in their order: met, missed, not_shown or not_exercised."""
    measured: tuple[float | None, ...]
    """What was measured for each expectation; null where there is nothing."""
    figures: Mapping[str, float | None]
    """The main figures by their keys: recovery time, detection time, recovery point, missing writes,
    user-minutes lost and success; null where there is nothing."""


@dataclass(frozen=True)
class Replications(Shown):
    """Many runs of the same files under different seeds."""

    schema_version: int = field(default=REPLICATIONS_VERSION, init=False)
    """The version of this format; a higher one may have other fields."""
    recipe: Files
    """What makes the runs repeatable, beside their seeds."""
    verdict: str
    """met, missed, inconclusive or no_expectations."""
    confidence: float
    """Of every interval."""
    asked: int
    """How many seeds were asked for."""
    played: int
    """How many were played: fewer if all expectations were decided before."""
    expectations: tuple[Expected, ...]
    """Every expectation, judged by all runs, in the file's order."""
    figures: tuple[Spread, ...]
    """Every figure of which some run tells something."""
    runs: tuple[Replication, ...]
    """The runs, in the order of their seeds as asked for."""

    @property
    def exit_code(self) -> int:
        """0 met, 1 missed, 4 inconclusive."""
        return EXIT_CODES[self.verdict]

    def figure(self, key: str) -> Spread | None:
        """A figure by its key; None if no run tells anything of it."""
        return next((one for one in self.figures if one.key == key), None)

    def __getitem__(self, section: str) -> Any:
        """A section as plain data, by its name in `replications.json`."""
        return self.to_dict()[section]

    def to_dict(self) -> dict[str, Any]:
        """Everything that `replications.json` holds, as plain data."""
        found: dict[str, Any] = plain(self)
        return found

    def to_json(self) -> str:
        """Canonical text: the same runs give the same bytes."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
