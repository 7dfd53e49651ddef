"""The search: single faults first, then drawn outages and changes of the worst ones."""

from collections.abc import Callable, Sequence
from dataclasses import field
from functools import partial
from random import Random
from typing import Any

from simulator.boundary.measures import BY_NAME
from simulator.errors import SpecError, UsageError
from simulator.explore.cells import Cell, Record, play_cells
from simulator.explore.workers import Workers
from simulator.explore.worst.drawing import (
    KINDS,
    Limits,
    Outage,
    Written,
    alone,
    breakables,
    changed,
    drawn,
    surges,
)
from simulator.explore.worst.shrinking import shrunk
from simulator.language.files import Loaded
from simulator.language.models.experiment import with_usual_users
from simulator.pipeline import DEFAULT_SEED
from simulator.records import dataclass
from simulator.result.worst import Hurt, Worst
from simulator.units import format_duration, shown
from simulator.verdict.figures import Figure

_S_NS, _MINUTE_NS = 10**9, 60 * 10**9
_KEPT = 4
"""So many of the worst are changed further."""
_SHRINK_ROUNDS = 12
_BATCH, _NEW, _STALE_MOST = 4, 0.25, 50
"""Outages played side by side; the share of those drawn anew; batches without anything new until it ends."""
_AS_BAD = 0.95
"""A smaller outage does the same if it hurts at least so much of what the worst one did."""
_LOST = "user_minutes_lost"

Tried = Callable[[int, Hurt], None]
"""Is told how many outages have been played, and the worst so far."""


def limits_of(
    loaded: Loaded, kinds: Sequence[str] = (), at_once: int = 2, longest_ns: int | None = None
) -> Limits:
    """Limits for an experiment: faults begin after a tenth of it, and leave a third of it to recover.

    Raises UsageError for kinds that there are not, and where nothing fits into the run.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise UsageError(f"there is no kind {shown(kind)} to be broken; one of: {', '.join(KINDS)}")
    duration_ns = loaded.experiment.duration
    earliest_ns = _whole(duration_ns // 10)
    latest_ns = _whole(duration_ns * 2 // 3)
    longest_ns = _whole((latest_ns - earliest_ns) // 2) if longest_ns is None else longest_ns
    if longest_ns > latest_ns - earliest_ns:
        most = format_duration(latest_ns - earliest_ns)
        raise UsageError(f"an outage may last {most} at most, so that a third of the run is left to recover")
    if longest_ns < _S_NS:
        raise UsageError("an outage must last a second at least")
    shortest_ns = min(_MINUTE_NS, longest_ns)
    return Limits(tuple(kinds) or KINDS, at_once, longest_ns, shortest_ns, earliest_ns, latest_ns)


def _whole(length_ns: int) -> int:
    """In whole minutes, or seconds where it is less than one."""
    unit_ns = _MINUTE_NS if length_ns >= _MINUTE_NS else _S_NS
    return max(length_ns // unit_ns, 1) * unit_ns


@dataclass(frozen=True)
class Effort:
    """How long a search takes."""

    is_over: Callable[[], bool] = lambda: False
    """Asked after each batch: whether no more is tried,"""
    tries: int | None = None
    """or instead, after how many tries: which gives the same on every machine."""
    jobs: int = 1
    """Processes that share the work."""
    cache: bool = True
    """Whether what was played is kept, and not played again."""


@dataclass
class _Search:
    """What is known so far."""

    loaded: Loaded
    measure: str
    seed: int
    workers: Workers
    cache: bool
    hurts: dict[str, tuple[Outage, Hurt, Record]] = field(default_factory=dict)
    refused: SpecError | None = None
    """Why the first of those could not be played that a file could not say."""

    def play(self, outages: Sequence[Outage]) -> None:
        """Play those that have not been played; what a file could not say is left out."""
        cells: dict[str, tuple[Outage, Cell]] = {}
        for outage in outages:
            key = repr(outage.written())
            if key not in self.hurts and key not in cells:
                try:
                    cells[key] = outage, Cell(self.loaded.with_("faults", outage.written()), self.seed)
                except SpecError as error:
                    self.refused = self.refused or error
        records = play_cells([cell for _, cell in cells.values()], cache=self.cache, crew=self.workers)
        for (key, (outage, _)), record in zip(cells.items(), records, strict=True):
            self.hurts[key] = outage, hurt_of(record, self.measure), record

    def worst(self, count: int) -> list[tuple[Outage, Hurt, Record]]:
        """The worst so far; of equals the one found first."""
        badness = partial(_badness_of, self.measure)
        return sorted(self.hurts.values(), key=badness, reverse=True)[:count]


def hurt_of(record: Record, measure: str) -> Hurt:
    """What a run tells of the figure that the search is about."""
    figure, lost = _figure(record, measure), _figure(record, _LOST)
    missed = tuple(one.expectation for one in record.judgements if one.verdict == "missed")
    return Hurt(figure.value, figure.state, lost.value or 0.0, missed)


def _figure(record: Record, key: str) -> Figure:
    found = record.figure(key)
    if found is None:
        close = [one.key for one in record.figures if one.key.startswith(key.partition("{")[0])]
        hint = f"; there is {', '.join(close[:3])}" if close else ""
        raise UsageError(f"a run has no figure {shown(key)}{hint}")
    return found


def _badness_of(measure: str, tried: tuple[Outage, Hurt, Record]) -> tuple[float, float]:
    return _badness(tried[1], measure)


def _badness(hurt: Hurt, measure: str) -> tuple[float, float]:
    """How bad it is: by the measure's own sense, what never ends before all; then by lost user-minutes."""
    sign = -1.0 if _measure(measure).better == "higher" else 1.0
    if hurt.state in ("never", "not_shown"):
        return float("inf"), hurt.user_minutes_lost
    value = float("-inf") if hurt.value is None else sign * hurt.value
    return value, hurt.user_minutes_lost


def _measure(key: str) -> Any:
    return BY_NAME[key.partition("{")[0].partition(".")[0]]


def worst_outage(
    loaded: Loaded,
    limits: Limits,
    effort: Effort,
    *,
    measure: str = _LOST,
    seed: int = DEFAULT_SEED,
    tried: Tried = lambda _count, _hurt: None,
) -> tuple[Worst, Loaded]:
    """The outage that hurts a measure most, made smaller, and the experiment that has it.

    Raises UsageError for a measure that there is not or has no better and worse, or if nothing can break;
    SpecError if the experiment cannot have any of these outages.
    """
    _check_measure(measure)
    users = with_usual_users(loaded.experiment, loaded.topology).users
    what = breakables(loaded.topology, limits.kinds) + (surges([*users]) if "surge" in limits.kinds else [])
    if not what:
        raise UsageError(f"the topology has nothing of the kinds {', '.join(limits.kinds)} that could break")
    with Workers(effort.jobs) as workers:
        search = _Search(loaded, measure, seed, workers, effort.cache)
        own = play_cells([Cell(loaded, seed)], cache=effort.cache, crew=workers)[0]
        as_written = hurt_of(own, measure)
        _search(search, what, limits, effort, tried)
        outage, found, _ = search.worst(1)[0]
        small = shrunk(outage, limits, lambda some: _still(search, some, found), _SHRINK_ROUNDS)
    _, kept, record = search.hurts[repr(small.written())]
    told = Worst(
        file=loaded.file, seed=seed, measure=measure, unit=_figure(record, measure).unit,
        tried=len(search.hurts), as_written=as_written, found=found, kept=kept, faults=tuple(small.written()),
        dominated_by=max(record.phases, key=lambda phase: record.phases[phase], default=""),
    )  # fmt: skip
    return told, loaded.with_("faults", small.written())


def _check_measure(measure: str) -> None:
    name = measure.partition("{")[0].partition(".")[0]
    if name not in BY_NAME:
        raise UsageError(f"there is no measure {shown(measure)}; docs/measures.md lists them")
    if BY_NAME[name].better == "neither":
        raise UsageError(f"{name} has no better and worse, so that no outage hurts it most")


def _search(search: _Search, what: Sequence[Written], limits: Limits, effort: Effort, tried: Tried) -> None:
    """Play outages in batches of one size, so that what is drawn depends on the seed alone."""
    rng, waiting, stale = Random(search.seed), alone(what, limits), 0
    while stale < _STALE_MOST:
        played = len(search.hurts)
        is_over = effort.is_over() if effort.tries is None else played >= effort.tries
        if is_over and search.hurts:
            return
        if not waiting:
            waiting = [_next(search, what, limits, rng) for _ in range(_BATCH)]
        search.play(waiting[:_BATCH])
        waiting = waiting[_BATCH:]
        stale = 0 if len(search.hurts) > played else stale + 1
        if search.hurts:
            tried(len(search.hurts), search.worst(1)[0][1])
    if not search.hurts and search.refused is not None:
        raise search.refused


def _next(search: _Search, what: Sequence[Written], limits: Limits, rng: Random) -> Outage:
    """A change of one of the worst, or now and then something new."""
    if rng.random() < _NEW or not search.hurts:
        return drawn(what, limits, rng)
    outage, _, _ = rng.choice(search.worst(_KEPT))
    return changed(outage, what, limits, rng)


def _still(search: _Search, outages: list[Outage], worst: Hurt) -> list[bool]:
    """Whether each still misses what the worst missed, and hurts as much, or nearly."""
    search.play(outages)
    return [_does(search, one, worst) for one in outages]


def _does(search: _Search, outage: Outage, worst: Hurt) -> bool:
    found = search.hurts.get(repr(outage.written()))
    if found is None:
        return False
    hurt = found[1]
    if not {*worst.missed} <= {*hurt.missed}:
        return False
    if worst.missed:
        return True  # the smallest that misses the same expectations
    if worst.state in ("never", "not_shown"):
        return hurt.state == worst.state
    if hurt.value is None or worst.value is None:
        return hurt.value == worst.value
    if _measure(search.measure).better == "higher":
        return hurt.value <= worst.value + (1 - _AS_BAD) * abs(worst.value)
    return hurt.value >= _AS_BAD * worst.value
