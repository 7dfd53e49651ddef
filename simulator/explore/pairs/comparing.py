"""The same run without each countermeasure that acted, side by side: docs/measures.md, "Countermeasures"."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from simulator.explore.pairs.acted import Declared, declared
from simulator.explore.replays import Replays
from simulator.explore.workers import copies_stand_by
from simulator.history.planned import planned
from simulator.language.files import Loaded
from simulator.measure import loss, recovery, requests
from simulator.outcome import Outcome
from simulator.pipeline import objective_of
from simulator.plan.lowered import Plan
from simulator.result.countermeasures import Countermeasures, Difference, Figures, Pair
from simulator.result.loss import Loss
from simulator.result.recovery import Objective, Recovery
from simulator.result.whole import Result

PAIRS_MOST = 8
_WORTH_WORKERS, _WORTH_COPIES = 200_000, 20_000
"""Attempts: starting other processes, or copies of this one, takes longer than to play fewer."""


def with_pairs(result: Result, loaded: Loaded, *, processes: int = 1) -> Result:
    """A result with its countermeasures.

    `loaded` is what was run. The same for any number of processes. Raises DefectError if a law is broken.
    """
    return replace(result, countermeasures=compare(result, loaded, processes=processes))


def compare(result: Result, loaded: Loaded, *, processes: int = 1) -> Countermeasures:
    """What each countermeasure that acted changed: one more run for each, at most eight."""
    every = declared(loaded, result.events)
    acted = [one for one in every if one.at_s]
    tried = acted[:PAIRS_MOST]
    as_it_is = _figures_of(result)
    without = _played(tried, result, loaded, processes)
    return Countermeasures(
        as_it_is,
        tuple(_pair(one, as_it_is, figures) for one, figures in zip(tried, without, strict=True)),
        tuple(one.what for one in acted[PAIRS_MOST:]),
        tuple(one.what for one in every if not one.at_s),
    )


def _played(tried: Sequence[Declared], result: Result, loaded: Loaded, processes: int) -> list[Figures]:
    """The figures of the run without each."""
    plans = plans_without(tried, loaded, result.recipe.seed)
    measured = partial(_measured, objective_of(loaded.experiment))
    worth = _WORTH_COPIES if copies_stand_by() else _WORTH_WORKERS
    workers = processes if result.requests.attempts.started >= worth else 1
    return Replays(measured, processes=workers).play(plans)


def plans_without(tried: Sequence[Declared], loaded: Loaded, seed: int) -> list[Plan]:
    """The plans of the run without each; before them lie the quiet weeks of which alarms have learned."""
    remade = (one.left_out(loaded) for one in tried)
    return [planned(one.experiment, one.topology, seed) for one in remade]


def _measured(objective: Objective, outcome: Outcome) -> Figures:
    t = outcome.tallies
    bad, begun = int(t.window_bad.sum()), int(t.window_begun.sum())
    found = recovery.section(outcome, objective), loss.section(outcome)
    return _figures(*found, begun - bad, bad, requests.section(outcome).consistency.double_applied)


def _figures_of(result: Result) -> Figures:
    windows = result.series.windows
    good, begun = int(windows.good.sum()), int(windows.begun_actions.sum())
    doubled = result.requests.consistency.double_applied
    return _figures(result.recovery, result.loss, good, begun - good, doubled)


def _figures(found: Recovery, writes: Loss, good: int, bad: int, doubled: int) -> Figures:
    return Figures(
        recovery_time_s=found.recovery_time_s or 0.0,
        shown=bool(found.shown),
        user_minutes_lost=found.user_minutes_lost,
        good_actions=good,
        bad_actions=bad,
        overwritten_writes=writes.lost_updates,
        lost_writes=writes.lost,
        double_applied=doubled,
    )


def _pair(one: Declared, with_it: Figures, without: Figures) -> Pair:
    return Pair(
        kind=one.kind.key,
        name=one.name,
        what=one.what,
        acted=len(one.at_s),
        first_s=one.at_s[0],
        without=without,
        difference=Difference(
            with_it.recovery_time_s - without.recovery_time_s,
            with_it.user_minutes_lost - without.user_minutes_lost,
            with_it.good_actions - without.good_actions,
            with_it.bad_actions - without.bad_actions,
            with_it.overwritten_writes - without.overwritten_writes,
            with_it.lost_writes - without.lost_writes,
            with_it.double_applied - without.double_applied,
        ),
    )
