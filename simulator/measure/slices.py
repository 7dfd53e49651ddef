"""The same figures by population and by operation (docs/measures.md, "Slices")."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.outcomes import ARRIVING, SIGNED_IN
from simulator.measure.continuity import sessions
from simulator.measure.episodes import Watched
from simulator.measure.requests import by_outcome, latency_of
from simulator.measure.shares import share
from simulator.outcome import Outcome
from simulator.result.recovery import Objective
from simulator.result.slices import Both, PopulationSlice, Slice, SliceRecovery, Slices

Counts = NDArray[np.int64]


def section(outcome: Outcome, objective: Objective, shares: Iterable[float] = ()) -> Slices:
    """The `slices` section; the ladders have these shares, too."""
    plan, asked, people = outcome.plan, [*shares], people_of(outcome)
    return Slices(
        populations={plan.populations[one]: _population(outcome, objective, asked, one) for one in people},
        operations={
            plan.operations[one]: _operation(outcome, objective, asked, one) for one in operations_of(outcome)
        },
        both=tuple(_both(outcome, people)),
    )


def people_of(outcome: Outcome) -> list[int]:
    """The populations that are no bots, by number."""
    people: list[int] = np.flatnonzero(outcome.plan.data.pop_bots == 0).tolist()
    return people


def rows_of(outcome: Outcome, population: int) -> range:
    """The rows of a population's mix."""
    data = outcome.plan.data
    first = int(data.pop_mix_first[population])
    return range(first, first + int(data.pop_mix_count[population]))


def operations_of(outcome: Outcome) -> list[int]:
    """The operations that people ask for, by number."""
    data = outcome.plan.data
    rows = (row for one in people_of(outcome) for row in rows_of(outcome, one))
    return sorted({int(data.mix_operation[row]) for row in rows})


def _population(outcome: Outcome, objective: Objective, shares: list[float], number: int) -> PopulationSlice:
    t = outcome.tallies
    during = t.sessions_by_presence[number]
    watched = Watched.of_population(outcome, objective, number)
    return PopulationSlice(
        **vars(_slice(outcome, watched, [*rows_of(outcome, number)], shares)),
        user_minutes_lost=int(t.lost_ms_by_population[number]) / 60_000,
        sessions=sessions(during.sum(axis=0)),
        signed_in=sessions(during[SIGNED_IN]),
        arriving=sessions(during[ARRIVING]),
        traffic=traffic(outcome.plan.regions, t.window_sent[:, number].sum(axis=0)),
    )


def traffic(regions: tuple[str, ...], sent: Counts) -> Mapping[str, float | None]:
    """The share of the requests that was sent to each region."""
    total = int(sent.sum())
    return {region: share(int(count), total) for region, count in zip(regions, sent, strict=True)}


def _operation(outcome: Outcome, objective: Objective, shares: list[float], number: int) -> Slice:
    data, people = outcome.plan.data, people_of(outcome)
    rows = [row for one in people for row in rows_of(outcome, one) if data.mix_operation[row] == number]
    return _slice(outcome, Watched.of_operation(outcome, objective, number), rows, shares)


def _slice(outcome: Outcome, watched: Watched, rows: list[int], shares: list[float]) -> Slice:
    """What the windows of some actions say, and their rows among all of populations and operations."""
    t = outcome.tallies
    begun, bad = int(t.begun_by_mix[rows].sum()), int(t.bad_by_mix[rows].sum())
    return Slice(
        actions=begun,
        success=share(begun - bad, begun),
        wrong_answers=int(t.wrong_by_mix[rows].sum()),
        by_outcome=by_outcome(t.actions_by_mix[rows].sum(axis=0)),
        latency=latency_of(t.latency_by_mix[rows].sum(axis=0)),
        recovery=_recovery(watched, shares),
    )


def _recovery(watched: Watched, shares: list[float]) -> SliceRecovery:
    worst = watched.worst_episode()
    if worst is None:
        return SliceRecovery(None, None, "", watched.is_isolated(), ())
    complaint = watched.why_not_shown(worst)
    took_s = worst.found.took_ns / 10**9
    ladder = watched.ladder(worst, shares)
    return SliceRecovery(took_s, not complaint, complaint, watched.is_isolated(), ladder)


def _both(outcome: Outcome, people: list[int]) -> Iterator[Both]:
    t, plan = outcome.tallies, outcome.plan
    for one in people:
        for row in rows_of(outcome, one):
            operation = plan.operations[int(plan.data.mix_operation[row])]
            begun, bad, wrong = (int(t[row]) for t in (t.begun_by_mix, t.bad_by_mix, t.wrong_by_mix))
            counts = by_outcome(t.actions_by_mix[row])
            yield Both(plan.populations[one], operation, begun, bad, wrong, counts)
