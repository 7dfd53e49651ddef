"""Recovery point, fates of writes, session classes, requests, names."""

from typing import Any

import numpy as np
import pytest

from simulator.boundary.outcomes import HISTOGRAM_BINS, OUTCOMES, SESSION_CLASSES
from simulator.boundary.subjects import (
    OfCheck,
    OfFault,
)
from simulator.boundary.tallies import AtRisk
from simulator.measure import continuity, dns, loss, requests
from simulator.measure.histogram import bin_of
from simulator.result.plain import plain
from tests.measure.handmade import SECOND, at, by_outcome, event, fault, outcome, rich, times


def mark(at_s: float, writes: int, oldest_s: float, table: int = 0, region: int = 0) -> AtRisk:
    return AtRisk(table, region, int(at_s * SECOND), writes, int(oldest_s * SECOND))


@pytest.mark.parametrize(
    ("marks", "point_s"),
    [
        ([], None),
        ([mark(30, 0, 30)], 0),
        ([mark(30, 2, 28.5)], 1.5),
        ([mark(30, 2, 28.5), mark(60, 1, 57, region=1)], 3),
        ([mark(30, 2, 28.5), mark(60, 0, 0)], 1.5),  # the oldest of none means nothing
    ],
)
def test_recovery_point_is_the_age_of_the_oldest_write_at_risk(marks: list[AtRisk], point_s: float) -> None:
    found = plain(loss.section(outcome("....", at_risk=tuple(marks))))
    assert found["recovery_point_s"] == point_s
    assert found["tables"]["items"]["recovery_point_s"] == point_s
    assert found["at_risk"] == sum(one.writes for one in marks)


def test_a_sample_tells_of_writes_that_are_gone_what_won_and_why() -> None:
    """Of each table so many; a write from before zero has a negative time."""
    where = {"gone_cause": at((1, 10), _0_0=1, _0_1=4), "gone_item": at((1, 10), _0_0=7, _0_1=2)}
    where |= {"gone_origin": at((1, 10), _0_1=1), "gone_ns": at((1, 10), _0_0=-2 * SECOND, _0_1=25 * SECOND)}
    where |= {"gone_for": at((1, 10), _0_0=2), "gone_for_ns": at((1, 10), _0_0=3 * SECOND)}
    found = plain(loss.section(outcome("....", **where)))
    here, there = "eu-central-1", "eu-west-1"
    assert found["tables"]["items"]["sample"] == [
        {"item": 7, "origin": here, "at_s": -2.0, "cause": "overtaken", "by_region": there, "by_at_s": 3.0},
        {
            "item": 2,
            "origin": there,
            "at_s": 25.0,
            "cause": "left behind by a fork",
            "by_region": None,
            "by_at_s": None,
        },
    ]


def test_fates_are_apart() -> None:
    counts = {"writes": 90, "under_way": 10, "visible": 60, "pending": 5, "discarded": 25, "lost": 10}
    counts |= {"risk_late": 3, "risk_discarded": 2, "risk_lost": 10, "risk_pending": 1}
    tallies: dict[str, Any] = {name: np.array([value]) for name, value in counts.items()}
    tallies |= {"conflicts": np.array([7]), "missing": np.array([13])}
    tallies |= {"lost_updates": at((1, 2, 2, 4), _0_0_1_3=3), "lost_updates_of_item": at((10,), _7=2, _4=1)}
    found = plain(loss.section(outcome("....", at_risk=(mark(30, 16, 29),), **tallies)))
    (table,) = found.pop("tables").values()
    assert (table.pop("visible"), table.pop("items")) == (60, 2)
    assert table.pop("worst_items") == [{"item": 7, "lost_updates": 2}, {"item": 4, "lost_updates": 1}]
    assert table.pop("sample") == []
    assert found.pop("failback") == []
    assert [one["lost_updates"] for one in found.pop("overtaken")] == [3]
    assert found.pop("increments") == found.pop("lost_increments") == 0
    assert found == table
    assert found == {
        "recovery_point_s": 1.0,
        "acknowledged": 90,
        "under_way": 10,
        "at_risk": 16,
        "late": 3,
        "discarded": 25,
        "lost": 10,
        "lost_after_point": 0,
        "lost_in_merge": 0,
        "lost_with_table": 0,
        "lost_by_fork": 0,
        "fork_writes": 0,
        "fork_reads": 0,
        "brought_back": 0,
        "pending": 5,
        "discarded_at_risk": 2,
        "pending_at_risk": 1,
        "conflicts": 7,
        "write_conflicts": 0,
        "held_conditions": 0,
        "refused_conditions": 0,
        "refused_by_own": 0,
        "broken_conditions": 0,
        "lost_updates": 3,
        "missing": 13,
    }


def test_a_cache_of_its_own_region_has_nothing_to_lose_and_a_shared_one_loses_increments() -> None:
    marks = (mark(30, 2, 28, table=3), mark(30, 9, 10, table=2))
    counts = {"writes": [4, 3, 0, 9], "increments": [0, 0, 0, 9], "lost_increments": [0, 0, 0, 2]}
    tallies: dict[str, Any] = {name: np.array(value) for name, value in counts.items()}
    found = plain(loss.section(outcome("....", plan=rich(4), at_risk=marks, **tallies)))
    assert [*found["tables"]] == ["items", "files", "scores"]
    assert (found["acknowledged"], found["at_risk"], found["recovery_point_s"]) == (16, 2, 2.0)
    assert (found["increments"], found["lost_increments"]) == (9, 2)
    assert (found["tables"]["scores"]["increments"], found["tables"]["scores"]["lost_increments"]) == (9, 2)
    assert "increments" not in found["tables"]["files"]


def test_continuity_is_of_the_sessions_alive_during_a_fault() -> None:
    during, ended, alive = np.array([6, 1, 2, 0, 1]), np.array([9, 1, 2, 0, 1]), np.array([4, 0, 0, 0, 0])
    run = outcome("....", sessions_during_fault=during, sessions_ended=ended, sessions_alive=alive)
    found = plain(continuity.section(run))
    shares = [found[name] for name in ("undisturbed", "recovered", "interrupted", "logged_out", "abandoned")]
    assert shares == [0.6, 0.1, 0.2, 0.0, 0.1]
    assert found["sessions"] == 10
    assert found["counts_in_run"]["undisturbed"] == 13


def test_continuity_without_sessions_has_no_shares() -> None:
    found = plain(continuity.section(outcome("....")))
    assert found["sessions"] == 0
    assert found["undisturbed"] is None


def test_requests_by_outcome_and_shares_of_what_there_was() -> None:
    attempts = by_outcome(
        succeeded=75, refused=1, reset=2, error=3, throttled=4, overloaded=6, unauthorized=2, unknown=7
    )
    assert attempts.sum() == 100
    actions = by_outcome(succeeded=95, error=3, unknown=2)
    per_table = {"reads": 40, "stale_reads": 10, "ryw_violations": 3, "monotonic_violations": 2}
    tables: dict[str, Any] = {name: np.array([value]) for name, value in per_table.items()}
    run = outcome(
        "----",
        attempts=attempts,
        actions=actions,
        writes=np.array([20]),
        discarded=np.array([8]),
        lost_updates=at((1, 2, 2, 4), _0_0_1_2=4, _0_1_0_2=1),
        conflicts=np.array([6]),
        **tables,
        double_applied=4,
        deduplicated=3,
        window_begun=np.array([60, 40, 0, 0]),
        window_bad=np.array([2, 4, 0, 0]),
        window_rejected=at((4, 2), _0_0=4, _1_1=6),
    )
    found = plain(requests.section(run))
    assert found["success"] == 0.94  # of the 95 that succeeded one took too long
    assert found["attempts"] == {"started": 0, "in_flight": 0} | dict(
        zip(OUTCOMES, attempts.tolist(), strict=True)
    )
    assert found["throttled_share"] == 0.1  # four throttled, six that found a full queue
    assert found["consistency"] == {
        "reads": 40,
        "stale_reads": 10,
        "stale_share": 0.25,
        "read_your_writes_violations": 3,
        "monotonic_reads_violations": 2,
        "lost_updates": 5,
        "lost_update_share": 0.25,
        "conflicts": 6,
        "double_applied": 4,
        "deduplicated": 3,
    }


def test_nothing_has_no_share() -> None:
    found = plain(requests.section(outcome("----")))
    assert found["success"] is None
    assert found["consistency"]["stale_share"] is None
    assert found["consistency"]["lost_update_share"] is None
    assert found["action_latency"]["p99_s"] is None
    assert found["throttled_share"] is found["bots"]["success"] is None
    assert set(found["retry_amplification"].values()) == {None}


def test_latencies_of_actions_are_told_by_population_and_operation() -> None:
    second, minute = bin_of(10**9), bin_of(60 * 10**9)
    counts = at((4, HISTOGRAM_BINS), **{f"_0_{second}": 998, f"_0_{minute}": 2, f"_2_{minute}": 1})
    found = requests.section(outcome("----", plan=rich(4), latency_by_mix=counts)).action_latencies
    assert [(one.population, one.operation, one.count) for one in found] == [
        ("here", "api.look", 1000),
        ("here", "api.note", 0),
        ("there", "api.note", 1),
    ]  # and none of the bots
    look, none, note = found
    assert (look.p50_s, look.p99_s) == pytest.approx((1, 1), rel=1 / 256)
    assert (look.p99_9_s, look.max_s, note.p50_s) == pytest.approx((60, 60, 60), rel=1 / 256)
    assert none.p50_s is none.p99_9_s is None


def test_retries_multiply_from_hop_to_hop() -> None:
    calls, tries = at((4, 2), _0_0=10), at((4, 2), _0_0=30)
    numbers: dict[str, Any] = {"attempts_started": 150, "actions_started": 70}
    bots = by_outcome(succeeded=20, refused=10)  # who act and try, too
    run = outcome("----", plan=rich(4), calls=calls, call_tries=tries, bot_actions=bots, **numbers)
    found = plain(requests.section(run))["retry_amplification"]
    assert found == {"attempts_per_action": 1.5, "tries_per_call": 3.0, "total": 4.5}
    alone = requests.section(outcome("----", **numbers | {"actions_started": 100})).retry_amplification
    assert plain(alone) == {"attempts_per_action": 1.5, "tries_per_call": None, "total": 1.5}


def test_causes_are_those_that_occurred() -> None:
    rows = {"recovered": by_outcome(timeout=3), "interrupted": by_outcome(throttled=2, timeout=1)}
    by_class = np.stack([rows.get(name, by_outcome()) for name in SESSION_CLASSES])
    found = requests.section(outcome("----", sessions_by_cause=by_class)).causes
    assert found == {
        "recovered": {"timeout": 3},
        "interrupted": {"throttled": 2, "timeout": 1},
        "logged_out": {},
        "abandoned": {},
    }


def test_bots_are_counted_apart() -> None:
    found = plain(requests.section(outcome("----", bot_actions=by_outcome(succeeded=3, throttled=1))))
    assert (found["bots"]["finished"], found["bots"]["success"], found["bots"]["throttled"]) == (4, 0.75, 1)
    assert found["actions"]["succeeded"] == 0
    assert found["success"] is None


def test_what_clients_held_back_is_told() -> None:
    found = plain(requests.section(outcome("----", retries_denied=5, held_back_time=times(1_500_000_000))))
    assert (found["retries_denied"], found["held_back_s"]) == (5, 1.5)


# names


def test_detection_is_the_first_after_the_first_fault() -> None:
    log = tuple(event(at, "health_unhealthy", OfCheck("deep", "a")) for at in (10, 47, 80))
    assert plain(dns.section(outcome("." * 10, fault(30, 60), events=log)))["detection_time_s"] == 17
    assert plain(dns.section(outcome("." * 10, events=log)))["detection_time_s"] is None
    assert plain(dns.section(outcome("." * 10, fault(30, 60))))["detection_time_s"] is None


def test_detections_without_a_fault_are_false() -> None:
    log = tuple(event(at, "health_unhealthy", OfCheck("deep", "a")) for at in (10, 47, 80))
    assert plain(dns.section(outcome("." * 10, fault(30, 60), events=log)))["false_detections"] == 2
    assert plain(dns.section(outcome("." * 10, events=log)))["false_detections"] == 3


def test_cut_over_counts_from_the_change_of_the_answers() -> None:
    sent = np.array([[100, 0]] * 4 + [[60, 40], [40, 60], [0, 0], [9, 91], [0, 99], [0, 99]])
    log = (event(44, "answer_changed", cause="health", regions=[]),)
    run = outcome("." * 10, fault(30, 100), events=log, window_cached=sent)
    assert plain(dns.cut_over(run)) == {"below_50%_s": 6.0, "below_10%_s": 26.0, "below_1%_s": 36.0}


def test_cut_over_that_never_ends_has_no_time() -> None:
    sent = np.full((10, 2), [30, 70])
    log = (event(44, "answer_changed", cause="health", regions=[]),)
    run = outcome("." * 10, fault(30, 100), events=log, window_pinned=sent)
    assert plain(dns.cut_over(run)) == {"below_50%_s": 0.0, "below_10%_s": None, "below_1%_s": None}
    assert plain(dns.cut_over(outcome("." * 10, fault(30, 100)))) is None
    assert plain(dns.cut_over(outcome("." * 10, events=log))) is None


def test_health_and_answers_are_listed() -> None:
    log = (
        event(44, "health_unhealthy", OfCheck("deep", "a")),
        event(45, "answer_changed", cause="health", regions=["b"]),
        event(46, "fault_off", OfFault("a fault")),
    )
    found = plain(dns.section(outcome("." * 10, events=log)))
    assert found["health"] == [{"at_s": 44.0, "event": "health_unhealthy", "target": "deep@a", "region": "a"}]
    assert found["answers"] == [
        {
            "at_s": 45.0,
            "event": "answer_changed",
            "target": "api.example",
            "cause": "health",
            "regions": ["b"],
        }
    ]
