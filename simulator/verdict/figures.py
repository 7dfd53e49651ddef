"""Every figure of a run by a key, as expectations write it: `recovery_time{population: shoppers}`.

What can be told of a part of the users, of one store or of one pair is told of each that the run has, one
narrowing at a time. Spans of time are left to expectations, which alone say from when to when.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any, get_args

from simulator.boundary.measure_terms import Key, Measure, Part, Scope, Sense, Unit
from simulator.boundary.measures import MEASURES, Asked
from simulator.boundary.outcomes import Presence
from simulator.boundary.scopes import DAMAGED, PAIR
from simulator.measure.findings import Finding, State, findings
from simulator.records import dataclass
from simulator.result.whole import Sections
from simulator.verdict.wording import scope_values, scope_words

PERCENTILES = (50.0, 95.0, 99.0)
"""Which percentiles of latencies are told of every run."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a run."""

    key: str
    """Measure, part and scope, as expectations write them: `replication_lag_p99{table: orders}`."""
    measure: str
    """The measure, as an expectation names it."""
    scope: Mapping[str, str | float]
    """What it is narrowed to, by the keys of expectations; times in seconds of the run."""
    unit: Unit
    """s, count, share (0 to 1), ratio or bool (0 or 1)."""
    better: Sense
    """lower, higher or neither."""
    state: State
    """shown, not_shown (the run ended too early to tell; it can only become longer), never or no_data."""
    value: float | None
    """In `unit`; null if there is none."""
    why: str
    """Why it is not shown, what never happened, or why the run tells nothing; empty if it is shown."""

    @property
    def low(self) -> float | None:
        """The least that it can be; infinite for what never happened; None if the run tells nothing."""
        if self.state == "never":
            return float("inf")
        return 0.0 if self.state == "not_shown" and self.value is None else self.value

    @property
    def high(self) -> float | None:
        """The most that it can be: as a rule infinite for what never happened, or is not shown."""
        if self.state in ("never", "not_shown"):
            return 1.0 if self.unit in ("bool", "share") else float("inf")
        return self.value


def figures(run: Sections) -> tuple[Figure, ...]:
    """Every figure of a run, in the order of the documentation.

    Runs of the same files have the same keys, but for plans that were not triggered in all of them.
    """
    names = _Names.of(run)
    return tuple(
        figure_of(measure, part, run, asked)
        for measure in MEASURES
        for asked in _narrowings(measure.scope, names)
        for part in measure.parts
    )


def figure_of(measure: Measure, part: Part, run: Sections, asked: Asked) -> Figure:
    """One figure of a run; where each of several has to be held against bounds, the worst of them."""
    found = _worst([*findings(measure, part, run, asked)], measure.better)
    value = None if found.value is None else float(found.value)
    scope = scope_values(measure, asked)
    key = key_of(measure, part, asked)
    return Figure(key, measure.name, scope, part.unit, measure.better, found.state, value, found.why)


def key_of(measure: Measure, part: Part, asked: Asked) -> str:
    """The key of a figure."""
    name = f"{measure.name}.{part.name}" if part.name else measure.name
    words = scope_words(measure, asked)
    return name + (f"{{{', '.join(f'{key}: {said}' for key, said in words.items())}}}" if words else "")


def _worst(found: list[Finding], better: Sense) -> Finding:
    """The largest, or the smallest where more is better; one without a value before all others."""
    sign = -1 if better == "higher" else 1
    return max(found, key=lambda one: (one.value is None, sign * (one.value or 0.0)))


# what a run can be narrowed to


@dataclass(frozen=True)
class _Names:
    """What a run has, by what keys name."""

    by_what: Mapping[str, tuple[Any, ...]]
    damaged: tuple[str, ...]
    counting: tuple[str, ...]
    pairs: tuple[tuple[str, str, str], ...]

    @staticmethod
    def of(run: Sections) -> "_Names":
        monitoring, tables = run.monitoring, run.loss.tables
        by_what = {
            "store": tables,
            "database": run.databases.by_name,
            "cache": (one.cache for one in run.capacity.caches),
            "region": run.series.windows.regions,
            "operation": run.slices.operations,
            "population": run.slices.populations,
            "failover plan": (one.plan for one in run.plans),
            "alarm": () if monitoring is None else (one.alarm for one in monitoring.alarms),
            "scaler": (one.scaler for one in run.scaling or ()),
            "percentile": PERCENTILES,
            "share": (one.share for one in run.recovery.ladder),
            "presence": get_args(Presence),
        }
        return _Names(
            {what: tuple(dict.fromkeys(names)) for what, names in by_what.items()},
            damaged=tuple(name for name in tables if name in run.damage.stores),
            counting=tuple(name for name, one in tables.items() if one.increments is not None),
            pairs=tuple((one.table, one.from_, one.to) for one in run.replication),
        )

    def under(self, scope: Scope, key: Key) -> tuple[Any, ...]:
        """What can stand under a key; nothing under one that is a time."""
        if key.multi_region:
            return self.counting
        if scope is DAMAGED and key.what == "store":
            return self.damaged
        return self.by_what.get(key.what, ())


def _narrowings(scope: Scope, names: _Names) -> Iterator[Asked]:
    """All that a measure can be narrowed to: as it is, and by one of its keys at a time; a pair by three."""
    needed = [key for key in scope.keys if key.required]
    others = [key for key in scope.keys if not key.required and key.what != "time"]
    if scope is PAIR:
        yield from (Asked(table=table, origin=origin, target=target) for table, origin, target in names.pairs)
        others = [key for key in others if key.what != "region"]
    for chosen in product(*(names.under(scope, key) for key in needed)):
        asked = Asked(**{key.field: value for key, value in zip(needed, chosen, strict=True)})
        yield asked
        for key in others:
            yield from (replace(asked, **{key.field: value}) for value in names.under(scope, key))
