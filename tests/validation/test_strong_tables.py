"""Strong tables: how long they take, whom they refuse, what they lose (docs/model-stores.md §3)."""

import math
from typing import Any

import numpy as np
import pytest

from simulator import catalog
from simulator.boundary.causes import CAUSES
from simulator.boundary.outcomes import CONFLICT_CALL, ERROR_CALL
from simulator.data_plane.plane import TRACE_ALL, CompiledPlane
from simulator.outcome import Outcome
from simulator.simulation import simulate
from tests.small import NAME, Written, experiment, plan_of, played, topology

SETS = {
    "United States": ("us-east-1", "us-east-2", "us-west-2"),
    "Europe": ("eu-west-1", "eu-central-1", "eu-west-2"),
    "Asia Pacific": ("ap-northeast-1", "ap-northeast-2", "ap-northeast-3"),
}
EUROPE = SETS["Europe"]
OPERATIONS = {
    "save": [{"write": "orders", "takes": "4 ms"}],
    "see": [{"read": "orders", "consistency": "strong", "takes": "4 ms"}],
    "peek": [{"read": "orders", "takes": "4 ms"}],
}


def system(regions: tuple[str, ...], operations: Written, **table: Any) -> Written:
    """A strong table with a replica in each of three regions, in which a service calls it once."""
    orders = {"replicas": [*regions], "consistency": "strong", "capacity": "unlimited", **table}
    api = {
        "regions": [*regions],
        "calls": {"profile": "script", "attempts": 1},
        "operations": {name: operations[name] for name in operations},
    }
    return topology(
        regions={region: {} for region in regions},
        tables={"orders": orders},
        services={"api": api},
        dns={NAME: {"service": "api", "policy": "latency", "ttl": "60 s"}},
        defaults={"round_trip_sigma": 0.0},
    )


def users(regions: tuple[str, ...], actions: tuple[str, ...], **more: Any) -> Written:
    """A population near each region."""
    each = {"last_mile": "0 ms", "think_time": "1 s", "actions": dict.fromkeys(actions, 1), **more}
    client = {"profile": "script", "attempts": 1, "keep_alive": "1 min"}
    return {f"near {region}": each | {"near": region, "client": client} for region in regions}


def round_trip_ms(region: str, regions: tuple[str, ...]) -> float:
    """From a region to the nearest other member and back: half of either direction's median."""
    table = catalog.round_trips_ms()
    return min((table[region][one] + table[one][region]) / 2 for one in regions if one != region)


@pytest.mark.parametrize("regions", SETS.values(), ids=SETS)
def test_a_write_takes_a_call_and_a_round_trip_to_the_nearest_member(regions: tuple[str, ...]) -> None:
    """Without jitter, an eventual read beside it takes the same but for the round trip."""
    people = users(regions, ("save", "see", "peek"), sessions=3)
    plan = plan_of(system(regions, OPERATIONS), experiment(users=people, duration="60 s"))
    plane = CompiledPlane(plan.data, trace=TRACE_ALL)
    simulate(plan, plane)
    took: dict[tuple[str, int], int] = {}
    for attempt in plane.traced():
        key = plan.operations[attempt.operation].removeprefix("api."), attempt.region
        took[key] = min(took.get(key, 2**62), attempt.end_ns - attempt.begin_ns)
    for number, region in enumerate(regions):
        for operation in ("save", "see"):
            longer_ms = (took[operation, number] - took["peek", number]) / 10**6
            assert longer_ms == pytest.approx(round_trip_ms(region, regions), abs=1e-5)


def conflicts(rates_per_s: tuple[float, float], takes: str, duration: str) -> list[tuple[int, int]]:
    """Of two regions that write one item: the writes, and those that met a conflict."""
    operations = {"save": [{"write": "orders", "takes": takes}]}
    people: Written = {}
    for region, rate in zip(EUROPE[:2], rates_per_s, strict=True):
        people |= users((region,), ("save",), arrivals=f"{rate}/s", session_length="1 ms")
    outcome = played(system(EUROPE, operations, items=1), experiment(users=people, duration=duration))
    t = outcome.tallies
    return [(int(t.calls[0, r]), int(t.call_failures[CONFLICT_CALL, 0, r])) for r in (0, 1)]


@pytest.mark.parametrize("rates_per_s", [(4.0, 4.0), (8.0, 2.0)])
def test_conflicts_of_two_regions_are_as_many_as_the_closed_form_says(
    rates_per_s: tuple[float, float],
) -> None:
    """Writes take 60 ms and a round trip; four standard errors, of runs of conflicts that hang together."""
    found = conflicts(rates_per_s, "60 ms", "20 min")
    takes_s = [0.06 + round_trip_ms(region, EUROPE) / 1000 for region in EUROPE[:2]]
    grown = [math.exp(rates_per_s[1 - r] * takes_s[r]) for r in (0, 1)]  # while the other region holds it
    for r in (0, 1):
        share = (grown[r] - 1) / (sum(grown) - 1)
        calls, refused = found[r]
        assert refused / calls == pytest.approx(share, abs=4 * 1.5 * math.sqrt(share * (1 - share) / calls))


LAG_S = 2
IRELAND, FRANKFURT, LONDON = EUROPE


def lose(regions: tuple[str, ...], at_s: float, seed: int) -> Outcome:
    """Some regions are lost for good; ten sessions each write different items in Ireland and London.

    These two are each other's nearest members, so Frankfurt has their writes by its lag.
    """
    people = users((IRELAND, LONDON), ("save",), sessions=10)
    faults = [{"at": f"{at_s:.3f} s", "region": region, "mode": "lost"} for region in regions]
    lag = {"median": f"{LAG_S} s", "p99": f"{LAG_S} s"}
    small = system(EUROPE, OPERATIONS, items=1_000_000, replication_lag=lag)
    return played(small, experiment(users=people, faults=faults, duration="40 s"), seed)


def lose_one(count: int) -> None:
    """A region of three, at any time of the run, so many times."""
    draws = np.random.default_rng(7)
    for seed in range(count):
        t = lose((EUROPE[draws.integers(3)],), 5 + 30 * draws.random(), seed).tallies
        assert t.writes[0] > 0
        assert (t.lost[0], t.missing[0], t.discarded[0]) == (0, 0, 0)


def test_the_loss_of_one_member_loses_nothing() -> None:
    lose_one(10)


@pytest.mark.slow
def test_a_thousand_losses_of_one_member_lose_nothing() -> None:
    lose_one(1000)


def test_what_both_lost_members_alone_held_is_lost() -> None:
    """Every item is written once, so the third member lacks the writes of the last lag and half a round trip.

    The identity: what was acknowledged is there, or counted as lost. The mean: rate times lag, over 20 seeds.
    """
    lost, expected = 0.0, 0.0
    for seed in range(20):
        t = lose((IRELAND, LONDON), 20.0, seed).tallies
        assert t.writes[0] == t.visible[0] + t.pending[0] + t.lost[0]
        assert t.pending[0] == 0
        lost += float(t.lost[0])
        expected += float(t.writes[0]) / 20 * (LAG_S + round_trip_ms(FRANKFURT, EUROPE) / 2000)
    assert lost == pytest.approx(expected, abs=5 * math.sqrt(expected))


def test_a_member_that_is_cut_off_refuses_until_it_has_caught_up() -> None:
    """It goes on reading eventually; the others go on writing.

    Cut off for 60 s, it catches up at 4 times the rate of arrival: 60 s / 3 = 20 s.
    """
    cut = {"at": "60 s", "link": {"between": [EUROPE[0], "everywhere"]}, "mode": "cut", "for": "60 s"}
    table = {"catch_up": 4, "items": 1000, "replication_lag": {"median": "10 ms", "p99": "10 ms"}}
    people = users(EUROPE, ("save", "peek"), sessions=20)
    run = experiment(users=people, faults=[cut], duration="4 min", objective={"window": "10 s"})
    for isolated in (False, True):
        fault = {"replication": {"region": EUROPE[0]}, "at": "60 s", "for": "60 s"} if isolated else cut
        outcome = played(system(EUROPE, OPERATIONS, **table), run | {"faults": [fault]})
        t = outcome.tallies
        assert t.call_failures[ERROR_CALL, 0, 1:].sum() == 0
        assert t.lost[0] == t.missing[0] == 0
        failed = np.flatnonzero(t.window_failed_region[:, 0]) * 10
        if isolated:  # users reach it all the time
            assert (failed.min(), failed.max()) == (60, 130)
            assert t.call_failures[ERROR_CALL, 0, 0] > 0


def held_by(outcome: Outcome) -> dict[str, int]:
    """The actions that were bad, by what held them."""
    found = outcome.tallies.window_held_from.sum(axis=0)
    return {cause: int(count) for cause, count in zip(CAUSES, found, strict=True) if count}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_meets_a_table_without_a_quorum_is_held_by_that(seed: int) -> None:
    """Two of three members stand apart from the third, whose users fail at once, of nothing else.

    So do those who come between the end of the fault and its catching up, which takes 60 s / 3 = 20 s.
    """
    table = {"catch_up": 4, "items": 1_000_000, "replication_lag": {"median": "10 ms", "p99": "10 ms"}}
    fault = {"replication": {"region": EUROPE[0]}, "at": "60 s", "for": "60 s"}
    run = experiment(
        users=users(EUROPE, ("save", "see", "peek"), sessions=20), faults=[fault], duration="3 min"
    )
    outcome = played(system(EUROPE, OPERATIONS, **table), run, seed)
    failed = int(outcome.tallies.calls_failed[0].sum())
    assert failed > 900
    assert held_by(outcome) == {"no_quorum": failed}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_runs_out_of_retries_of_a_conflict_is_held_by_that(seed: int) -> None:
    """Services that do not try again: each conflict is an action that fails."""
    operations = {"save": [{"write": "orders", "takes": "60 ms"}]}
    people = users(EUROPE[:2], ("save",), arrivals="4/s", session_length="1 ms")
    run = experiment(users=people, duration="2 min")
    outcome = played(system(EUROPE, operations, items=1), run, seed)
    conflicts = int(outcome.tallies.call_failures[CONFLICT_CALL].sum())
    assert conflicts > 100
    assert held_by(outcome) == {"write_conflicts": conflicts}
