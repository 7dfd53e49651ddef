"""A database with one writer in another region's outage: what is lost, who goes on, and what prevents it.

Amazon Aurora guide, "aurora-global-database-disaster-recovery": a failover loses what has not been
replicated, stopping the old writer is best effort, and two writers at once are possible. GitHub, "October 21
post-incident analysis": an orchestrator that promotes at once, though both sides are alive.
"""

from typing import Any

import numpy as np
import pytest

from simulator.boundary.causes import CAUSES
from simulator.outcome import Outcome
from tests.small import HERE, THERE, experiment, played, topology
from tests.traps.figures import kinds, latency_s

LAG_S, RATE = 2.0, 10.0
WRITE = {"write": "base", "takes": "0 ms"}
_LAG = {"median": f"{LAG_S} s", "p99": f"{LAG_S} s"}
CUT = {"link": {"between": [HERE, THERE]}, "mode": "cut", "at": "60 s", "for": "40 s"}
DOWN = {"region": HERE, "mode": "black_hole", "at": "60 s"}


def run(
    *faults: dict[str, Any], operator: Any = (), seed: int = 1, near: tuple[str, ...] = (HERE,), **base: Any
) -> Outcome:
    """Ten writes a second and place, by users who write once; a lag of 2 s and the way between regions."""
    given = {"engine": "self_managed", "promotion": "5 s", "rebuild": "30 s", "replication_lag": _LAG}
    system = topology(
        databases={"base": {"writer": HERE, "readers": [THERE]} | given | base},
        services={
            "api": {"regions": [HERE, THERE], "operations": {"put": [{"write": "base", "takes": "0 ms"}]}}
        },
        dns={"api.example": {"service": "api", "policy": "latency"}},
        defaults={"round_trip_sigma": 0.0},
    )
    users = {
        f"near {place}": {
            "near": place, "arrivals": f"{RATE}/s", "session_length": "100 ms", "think_time": "10 s",
            "actions": {"put": 1}, "last_mile": "0 ms",
        }
        for place in near
    }  # fmt: skip
    return played(
        system, experiment(users=users, faults=[*faults], operator=[*operator], duration="4 min"), seed
    )


PROMOTE = {"promote": "base", "to": THERE, "at": "90 s"}


def test_trap_a_failover_loses_what_was_under_way() -> None:
    """Exactly what was visible nowhere else when the region went down; on average the rate times the lag.

    The lag is 2 s and half of the round trip between Frankfurt and Dublin, some 13 ms: 20.1 writes. Of their
    mean over eight seeds, as Poisson has it, three standard errors are 3 · sqrt(20.1 / 8) = 4.8.
    """
    lost = []
    for seed in range(1, 9):
        t = (outcome := run(DOWN, operator=[PROMOTE], seed=seed)).tallies
        (mark,) = outcome.at_risk
        assert int(t.lost[0]) == int(t.lost_unshipped[0]) == mark.writes
        assert int(t.writes[0] - t.visible[0] - t.pending[0]) == mark.writes
        lost.append(mark.writes)
    assert abs(np.mean(lost) - RATE * (LAG_S + 0.0125)) < 4.8


def test_trap_promoting_at_once_makes_two_writers_though_both_sides_are_alive() -> None:
    """Cut for 40 s: promoted after 5 s, so two writers for 35 s; what the old one took is lost whole."""
    outcome = run(CUT, near=(HERE, THERE), self_promotion={"hold_down": "0 s"})
    t, log = outcome.tallies, {event.kind: event.at_ns / 1e9 for event in outcome.events}
    assert (log["split_brain_began"], log["split_brain_ended"]) == (65, 100)
    assert (t.split_writes[0] > 200).all()  # of 350 in each region
    since_the_cut = int(t.lost_past_promotion[0])
    assert abs(since_the_cut - 40 * RATE) < 3 * np.sqrt(40 * RATE)
    assert t.missing[0] == t.lost[0] == since_the_cut + t.lost_unshipped[0]


def test_remedy_a_hold_down_that_is_longer_than_the_cut() -> None:
    """The other side does not write meanwhile, and nothing is lost."""
    outcome = run(CUT, near=(HERE, THERE), self_promotion={"hold_down": "41 s"})
    assert not {"promotion_began", "split_brain_began"} & kinds(outcome)
    assert outcome.tallies.missing[0] == 0
    assert outcome.tallies.call_failures[:, 0, 1].sum() > 0


def test_remedy_an_old_writer_that_is_stopped_for_certain() -> None:
    """There are never two; lost is what was under way, and the old side does not write until it hears."""
    outcome = run(CUT, near=(HERE, THERE), self_promotion={}, write_fencing="certain")
    assert "split_brain_began" not in kinds(outcome)
    t = outcome.tallies
    assert t.lost_past_promotion[0] == 0
    assert t.missing[0] == t.lost_unshipped[0] > 0


def test_trap_fencing_by_best_effort_fails_where_it_is_needed() -> None:
    outcome = run(CUT, operator=[PROMOTE | {"at": "70 s"}], engine="aurora_global")
    assert "split_brain_began" in kinds(outcome)
    assert outcome.tallies.lost_past_promotion[0] > 0


def test_trap_the_source_of_a_promoted_rds_replica_comes_back_and_takes_writes() -> None:
    """Down for a minute, promoted meanwhile: its services go on with it to the end; all of that is lost."""
    back = DOWN | {"for": "60 s"}
    outcome = run(back, operator=[PROMOTE], engine="rds")
    assert {"split_brain_began"} <= kinds(outcome)
    assert "split_brain_ended" not in kinds(outcome)
    assert outcome.tallies.lost_past_promotion[0] > 500


def test_a_switchover_loses_nothing() -> None:
    planned = PROMOTE | {"mode": "switchover"}
    outcome = run(near=(HERE, THERE), operator=[planned], switchover="5 s")
    assert "promotion_done" in kinds(outcome)
    assert outcome.tallies.missing[0] == 0


def test_trap_a_write_from_afar_takes_the_way_to_the_writer() -> None:
    """A user in Dublin whose service is there: the user's own way, and a round trip to Frankfurt besides.

    The user's way is three round trips to the region: TCP, TLS, the request. Latencies are right to 1/256.
    """
    near, far = (run(near=(place,)) for place in (HERE, THERE))
    own_s, across_s = near.plan.data.rtt_ns[[0, 1], [0, 1]] / 1e9, near.plan.data.rtt_ns[1, 0] / 1e9
    assert latency_s(near, 0.5) == pytest.approx(3 * own_s[0], rel=0.01)
    assert latency_s(far, 0.5) == pytest.approx(3 * own_s[1] + across_s, rel=0.01)


# a bound on the recovery point: rds.global_db_rpo

FREE = {"engine": "aurora_global", "catch_up": 3}
BOUND = FREE | {"rpo": "20 s"}


def times(outcome: Outcome, kind: str) -> list[float]:
    """When something happened, in seconds."""
    return [event.at_ns / 10**9 for event in outcome.events if event.kind == kind]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_remedy_a_bound_on_the_recovery_point_ends_what_a_long_cut_can_lose(seed: int) -> None:
    """Cut off at 60 s with 2 s of writes under way, the writer is found 20 s behind at 78 s, or at 79 s.

    What a failover at 160 s loses was written in these 20 to 21 s: 10/s, three standard errors 3 · sqrt(210).
    Without the bound it is all since 58 s until the region is down at 150 s.
    """
    cut, down = {**CUT, "for": "3 min"}, {**DOWN, "at": "150 s"}
    promote = {**PROMOTE, "at": "160 s"}
    bound = run(cut, down, operator=[promote], seed=seed, **BOUND)
    free = run(cut, down, operator=[promote], seed=seed, **FREE)
    (blocked_s,) = times(bound, "commits_blocked")
    assert blocked_s in (78, 79)
    assert abs(int(bound.tallies.lost_unshipped[0]) - RATE * (blocked_s - 58)) < 3 * (210**0.5)
    assert abs(int(free.tallies.lost_unshipped[0]) - RATE * (150 - 58)) < 3 * (920**0.5)
    assert times(bound, "commits_resumed") == [160]  # the new writer has no reader yet
    assert times(free, "commits_blocked") == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_blocked_commits_hold_those_who_write_until_a_reader_is_near_enough(seed: int) -> None:
    """After 40 s the backlog of 21 s goes at three times the rate: it is there 7 s later, at 107 s.

    Until then some 28 s of writes at 10/s fail, and what fails is held by nothing else.
    """
    outcome = run(CUT, seed=seed, **BOUND)
    (blocked_s,), (resumed_s,) = times(outcome, "commits_blocked"), times(outcome, "commits_resumed")
    assert blocked_s in (78, 79)
    assert resumed_s in (107, 108)
    bad = outcome.tallies.window_held_from.sum(axis=0)
    (cause,) = np.flatnonzero(bad)
    assert CAUSES[cause] == "blocked_commits"
    assert abs(int(bad[cause]) - RATE * (resumed_s - blocked_s)) < 4 * (290**0.5)
    assert int(outcome.tallies.missing[0]) == 0


def test_a_lag_within_the_bound_blocks_nobody() -> None:
    """A cut of 15 s leaves readers at most 17 s behind."""
    outcome = run({**CUT, "for": "15 s"}, **BOUND)
    assert times(outcome, "commits_blocked") == []
