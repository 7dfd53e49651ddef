"""How the sessions of a run ended and what held them, and what became of its writes, beside another's."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.causes import CAUSES
from simulator.boundary.kinds import ORDINAL_BITS
from simulator.boundary.outcomes import SESSION_CLASSES
from simulator.boundary.traces import ACTION, SESSION, TRACE_FIELDS
from simulator.data_plane.plane import TRACE_ALL
from simulator.explore.tracing import heard
from simulator.history.planned import planned
from simulator.language.files import Loaded
from simulator.measure import laws
from simulator.measure.sections import measure
from simulator.pipeline import objective_of
from simulator.plan.lowered import DataPlan
from simulator.records import dataclass
from simulator.result.comparison import Course, Fate, Moved, Writes
from simulator.result.loss import TableLoss
from simulator.verdict.asking import asked_shares

_AT = {name: column for column, name in enumerate(TRACE_FIELDS)}
_ABSENT = -1

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ended:
    """The sessions of a run, by their numbers, in order."""

    numbers: Ints
    classes: Ints
    """How each ended, or had gone so far: a place in SESSION_CLASSES."""
    bad: Ints
    """How many of its actions were not good,"""
    causes: Ints
    """and what held most of these: a place in CAUSES; 0 if there were none."""


@dataclass(frozen=True)
class Seen:
    """What is kept of a traced run."""

    ended: Ended
    stores: Mapping[str, TableLoss]
    course: Course


class Sessions:
    """Takes the rows of a trace and keeps of each session how it ended, and what held it."""

    def __init__(self, data: DataPlan) -> None:
        self._bots, self._from_ns = np.asarray(data.pop_bots), data.counts_from_ns
        self._ends, self._bad = list[Ints](), list[Ints]()

    def hear(self, rows: Ints) -> None:
        """Take rows, in order of finish."""
        counts = (rows[:, _AT["end_ns"]] >= self._from_ns) & ~self._of_bots(rows[:, 0])
        rows = rows[counts]
        ended = rows[rows[:, _AT["kind"]] == SESSION]
        bad = rows[(rows[:, _AT["kind"]] == ACTION) & (rows[:, _AT["good"]] == 0)]
        self._ends.append(ended[:, [0, _AT["outcome"]]])
        self._bad.append(bad[:, [0, _AT["why"]]])

    def _of_bots(self, numbers: Ints) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self._bots[numbers >> ORDINAL_BITS].astype(bool)
        return found

    def ended(self, in_progress: Mapping[str, Ints]) -> Ended:
        """All sessions, those that are in progress when the run ends by their class so far."""
        there = np.column_stack([in_progress["number"], in_progress["trouble"]]).astype(np.int64)
        there = there[~self._of_bots(there[:, 0])]
        ends = np.concatenate([np.empty((0, 2), np.int64), *self._ends, there])
        ends = ends[np.argsort(ends[:, 0], kind="stable")]
        bad = np.concatenate([np.empty((0, 2), np.int64), *self._bad])
        bad = bad[np.isin(bad[:, 0], ends[:, 0])]
        by_cause = np.zeros((len(ends), len(CAUSES)), np.int32)
        np.add.at(by_cause, (np.searchsorted(ends[:, 0], bad[:, 0]), bad[:, 1]), 1)
        return Ended(ends[:, 0], ends[:, 1], by_cause.sum(axis=1), by_cause.argmax(axis=1))


def seen(loaded: Loaded, seed: int) -> Seen:
    """A run in which all sessions are followed. Raises DefectError if a law is broken."""
    plan = planned(loaded.experiment, loaded.topology, seed)
    plane, outcome, sessions = heard(plan, TRACE_ALL, Sessions)
    laws.check(outcome)
    sections = measure(outcome, objective_of(loaded.experiment), asked_shares(loaded.experiment.expect))
    windows = sections.series.windows
    course = Course(
        start_s=windows.start_s,
        success=windows.success,
        fault_spans_s=tuple((float(one), float(other)) for one, other in sections.series.fault_spans_s),
        objective=sections.recovery.objective.success,
        duration_s=loaded.experiment.duration / 10**9,
    )
    return Seen(sessions.ended(plane.in_progress()), sections.loss.tables, course)


def moved(design: str, was: Ended, became: Ended) -> Iterator[Moved]:
    """The sessions that ended otherwise, by how and how before: most first."""
    numbers = np.union1d(was.numbers, became.numbers)
    before, after = _placed(was, numbers), _placed(became, numbers)
    differ = before[0] != after[0]
    worse = after[1] > before[1]
    cause = np.where(worse, after[2], before[2])
    held = np.maximum(before[1], after[1]) > 0
    kinds: dict[tuple[int, int], Counter[str]] = {}
    sizes: Counter[tuple[int, int]] = Counter()
    for one, other, why, is_held in zip(
        before[0][differ].tolist(),
        after[0][differ].tolist(),
        cause[differ].tolist(),
        held[differ].tolist(),
        strict=True,
    ):
        sizes[one, other] += 1
        kinds.setdefault((one, other), Counter()).update([CAUSES[why]] if is_held else [])
    for (one, other), count in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        because = dict(sorted(kinds[one, other].items(), key=lambda item: (-item[1], item[0])))
        yield Moved(design, _class(one), _class(other), count, because)


def _placed(ended: Ended, numbers: Ints) -> tuple[Ints, Ints, Ints]:
    """Class, bad actions and cause of each of some sessions; absent ones have the class -1."""
    at = np.searchsorted(ended.numbers, numbers).clip(max=max(len(ended.numbers) - 1, 0))
    if not len(ended.numbers):
        nothing = np.zeros(len(numbers), np.int64)
        return nothing + _ABSENT, nothing, nothing
    there = ended.numbers[at] == numbers
    return (
        np.where(there, ended.classes[at], _ABSENT),
        np.where(there, ended.bad[at], 0),
        np.where(there, ended.causes[at], 0),
    )


def _class(number: int) -> Fate:
    return "absent" if number == _ABSENT else SESSION_CLASSES[number]


_FATES = {
    "acknowledged": "acknowledged",
    "late": "late",
    "lost": "lost",
    "overwritten": "lost_updates",
    "pending": "pending",
    "brought_back": "brought_back",
}
"""Fate of a write → the count of it."""


def writes(design: str, was: Mapping[str, TableLoss], became: Mapping[str, TableLoss]) -> Iterator[Writes]:
    """Fates whose number of writes differs, by store."""
    for store in dict.fromkeys([*was, *became]):
        for fate, name in _FATES.items():
            before, after = (getattr(one[store], name) if store in one else 0 for one in (was, became))
            if before != after:
                yield Writes(design, store, fate, before, after)


def fates(names: Sequence[str], runs: Sequence[Seen]) -> tuple[tuple[Moved, ...], tuple[Writes, ...]]:
    """What each design but the first changed for sessions and writes."""
    first, *others = runs
    pairs = [*zip(names[1:], others, strict=True)]
    return (
        tuple(one for name, run in pairs for one in moved(name, first.ended, run.ended)),
        tuple(one for name, run in pairs for one in writes(name, first.stores, run.stores)),
    )
