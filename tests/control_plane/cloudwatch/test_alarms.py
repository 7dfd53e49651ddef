"""Alarms in a run: when each speaks, by arithmetic on periods and delays, and why some do not."""

from functools import cache
from typing import Any

import pytest

from simulator.boundary.events import ALARM_ACKNOWLEDGED, ALARM_CHANGED, ALARM_TOLD, PLAN_TRIGGERED
from simulator.measure.alarms import section
from simulator.outcome import Outcome
from simulator.result.alarms import Alarm
from tests.small import HERE, THERE, experiment, played, topology

CHECKED: dict[str, Any] = {
    "services": {"api": {"regions": [HERE, THERE], "compute": {"lambda": {}}, "operations": {"view": []}}},
    "dns": {"api.example": {"service": "api", "policy": "failover", "ttl": "60 s", "health_check": "api"}},
    "health_checks": {"api": {}},
}
CHECKED["services"]["api"]["operations"] = {"view": [{"compute": "20 ms"}]}
USERS = {"people": {"near": HERE, "sessions": 30, "think_time": "2 s", "actions": {"view": 1}}}
REFUSED = {"at": "5 min", "for": "1 min", "service": "api", "region": THERE, "mode": "refused"}
DARK = {"at": "5 min", "region": HERE, "mode": "black_hole", "for": "10 min"}

UNHEALTHY = {"metric": "route53.health_check_status", "of": f"api@{HERE}", "threshold": "< 1"}
BUSY_THERE = {
    "metric": "lambda.invocations",
    "of": f"api@{THERE}",
    "threshold": "> 30",
    "missing": "not_breaching",
}
BUSY_HERE = {"metric": "lambda.invocations", "of": f"api@{HERE}", "threshold": "> 30"}
QUIET_HERE = BUSY_HERE | {"threshold": "< 30", "missing": "breaching"}


def outcome_of(seed: int = 1, faults: tuple[Any, ...] = (DARK,), minutes: int = 30, **alarms: Any) -> Outcome:
    run = experiment(duration=f"{minutes} min", users=USERS, faults=list(faults))
    return played(topology(**CHECKED, alarms=alarms), run, seed)


@cache
def several(seed: int) -> Outcome:
    return outcome_of(
        seed,
        unhealthy=UNHEALTHY | {"tells": "whoever is on call", "acknowledge": "4 min"},
        busy_there=BUSY_THERE | {"datapoints": "3 of 3"},
        never=BUSY_THERE | {"threshold": "> 1_000_000"},
        both={"rule": "ALARM(unhealthy) AND ALARM(busy_there)"},
        neither={"rule": "ALARM(unhealthy) AND ALARM(never)"},
    )


def alarm(outcome: Outcome, name: str) -> Alarm:
    (found,) = [one for one in section(outcome) if one.alarm == name]
    return found


def test_all_is_well_without_faults() -> None:
    outcome = outcome_of(faults=(), unhealthy=UNHEALTHY, busy=BUSY_THERE, quiet=QUIET_HERE)
    assert [(one.alarms, one.state, one.missed) for one in section(outcome)] == [(0, "OK", False)] * 3
    assert not outcome.events_of(ALARM_CHANGED)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_detection_is_the_check_the_minute_the_delay_and_the_evaluation(seed: int) -> None:
    """Dark from 300 s. The check turns 86 to 105 s later, and its minute ends within 60 s.

    It is published 60 to 180 s after that, and looked at within another 60 s: 146 to 405 s.
    """
    found = alarm(several(seed), "unhealthy")
    assert found.time_to_detect_s is not None
    assert 146 <= found.time_to_detect_s <= 405
    assert found.first_s == pytest.approx(300 + found.time_to_detect_s)
    assert (found.alarms, found.false_alarms, found.missed) == (1, 0, False)


@pytest.mark.parametrize("seed", [1, 2])
def test_somebody_is_told_and_sees_it(seed: int) -> None:
    found = alarm(several(seed), "unhealthy")
    assert found.first_s is not None
    assert found.told_s is not None
    assert found.acknowledged_s is not None
    assert 1 <= found.told_s - found.first_s <= 30
    assert found.acknowledged_s - found.told_s == pytest.approx(240)
    nobody = alarm(several(seed), "busy_there")
    assert (nobody.told_s, nobody.acknowledged_s) == (None, None)
    logged = several(seed).events_of(ALARM_TOLD, ALARM_ACKNOWLEDGED)
    assert [one.target for one in logged] == ["unhealthy", "unhealthy"]


def test_three_of_three_take_two_minutes_more() -> None:
    """Users move from about 100 s after the fault on, within the TTL; three full minutes of them breach."""
    slow, quick = outcome_of(a=BUSY_THERE | {"datapoints": "3 of 3"}), outcome_of(a=BUSY_THERE)
    late, soon = alarm(slow, "a").first_s, alarm(quick, "a").first_s
    assert late is not None
    assert soon is not None
    assert 60 <= late - soon <= 240


def test_silence_has_its_reason() -> None:
    outcome = several(1)
    never = alarm(outcome, "never")
    assert (never.missed, never.silent_because, never.highest_share) == (True, "threshold_not_reached", 0.0)
    assert never.nearest is not None
    assert 30 < never.nearest < 2_000
    lost = outcome_of(faults=({"at": "5 min", "region": HERE, "mode": "lost"},), a=QUIET_HERE)
    assert alarm(lost, "a").silent_because == "in_the_lost_region"
    assert alarm(outcome, "neither").silent_because == "rule_not_met"


def test_too_short_an_outage() -> None:
    short = DARK | {"for": "3 min"}
    found = alarm(outcome_of(faults=(short,), a=UNHEALTHY | {"datapoints": "10 of 10"}), "a")
    assert (found.missed, found.silent_because) == (True, "too_short")
    assert found.highest_share is not None
    assert 0 < found.highest_share < 1


def test_missing_data_is_told_from_a_threshold_that_is_not_reached() -> None:
    """Nobody is ever throttled, so there is no point at all; the default policy then lacks data."""
    throttles = {"metric": "lambda.throttles", "of": f"api@{THERE}", "threshold": "> 0"}
    users = {"people": USERS["people"] | {"near": "us-east-1"}}
    run = experiment(duration="30 min", users=users, faults=[REFUSED])
    found = alarm(played(topology(**CHECKED, alarms={"a": throttles}), run), "a")
    assert (found.silent_because, found.state) == ("missing_data", "INSUFFICIENT_DATA")


def test_the_region_of_an_alarm_goes_dark_with_it_and_comes_back() -> None:
    """What is breaching while the region is down is seen once it is up: policies do not help the dead."""
    outcome = outcome_of(quiet=QUIET_HERE | {"datapoints": "1 of 1"}, minutes=25)
    changes = [one.at_ns / 1e9 for one in outcome.events_of(ALARM_CHANGED)]
    assert all(at_s >= 900 for at_s in changes)


def test_a_copy_in_another_region_speaks_in_time() -> None:
    copied = QUIET_HERE | {"in": THERE}
    metrics = [{"metric": "lambda.invocations", "of": f"api@{HERE}", "copied_to": THERE}]
    run = experiment(duration="30 min", users=USERS, faults=[DARK])
    found = alarm(played(topology(**CHECKED, metrics=metrics, alarms={"a": copied}), run), "a")
    assert found.region == THERE
    assert found.time_to_detect_s is not None
    assert found.time_to_detect_s < 600


def test_composite_alarms_follow_at_once() -> None:
    outcome = several(1)
    both, unhealthy, busy = (alarm(outcome, name) for name in ("both", "unhealthy", "busy_there"))
    assert both.first_s == max(unhealthy.first_s or 0, busy.first_s or 0)


def test_a_suppressor_keeps_it_quiet_and_no_longer() -> None:
    """Told only once the suppressor is over, and its extension with it."""
    rule = {"rule": "ALARM(unhealthy)", "tells": "somebody", "acknowledge": "1 min"}
    suppressor = {"alarm": "unhealthy_too", "wait": "0 s", "extension": "90 s"}
    quiet = UNHEALTHY | {"threshold": "< 1"}
    outcome = outcome_of(
        unhealthy=UNHEALTHY | {"datapoints": "1 of 3"},
        unhealthy_too=quiet,
        page=rule | {"suppressor": suppressor},
        plain=rule,
        minutes=40,
    )
    over = [
        one.at_ns / 1e9
        for one in outcome.events_of(ALARM_CHANGED)
        if one.target == "unhealthy_too" and one.detail["state"] == "OK"
    ]
    page, plain = alarm(outcome, "page"), alarm(outcome, "plain")
    assert page.first_s == plain.first_s
    assert plain.told_s is not None
    assert plain.first_s is not None
    assert plain.told_s <= plain.first_s + 30
    # the composite alarm is over two periods after its suppressor, sooner or later than 90 s
    assert page.told_s is None or page.told_s >= over[0] + 90


def test_an_alarm_starts_a_plan() -> None:
    plan = {"trigger": {"alarm": "a", "for": "2 min"}, "decision": "none"}
    plan |= {"steps": [{"custom": "look", "takes": "1 min"}]}
    run = experiment(duration="30 min", users=USERS, faults=[DARK])
    outcome = played(topology(**CHECKED, alarms={"a": UNHEALTHY}, plans={"move": plan}), run)
    (triggered,) = outcome.events_of(PLAN_TRIGGERED)
    first_s = alarm(outcome, "a").first_s
    assert first_s is not None
    assert triggered.at_ns / 1e9 == pytest.approx(first_s + 120)
    assert triggered.detail["by"] == "alarm a for 2 min"
    assert triggered.cause is not None
    alarmed = outcome.events[triggered.cause]
    assert (alarmed.kind, alarmed.detail["state"]) == ("alarm_changed", "ALARM")
    assert alarmed.cause is not None
    assert outcome.events[alarmed.cause].kind == "fault_on"


def test_alarms_change_nothing_else() -> None:
    watched = outcome_of(a=UNHEALTHY, b=BUSY_THERE)
    plain = played(topology(**CHECKED), experiment(duration="30 min", users=USERS, faults=[DARK]))
    assert (watched.tallies.actions == plain.tallies.actions).all()
    assert (watched.tallies.attempt_latency == plain.tallies.attempt_latency).all()
    changed = [one for one in watched.events if one.kind != ALARM_CHANGED.name]
    assert changed == list(plain.events)


@pytest.mark.parametrize("objective", ["99.9 %", "99 %"])
def test_a_burn_rate_alarm_speaks_when_the_budget_is_spent(objective: str) -> None:
    """All requests of a region fail: errors are throttles here, of a function with no concurrency left.

    With 14.4 times the budget over an hour, ALARM after 14.4 · (1 - objective) of an hour (Site Reliability
    Workbook, chapter 5: 52 s and 8.6 min), then the minute, the delay and the evaluation: up to 5 min.
    """
    burn = {
        "burn_rate": 14.4,
        "objective": objective,
        "errors": {"metric": "lambda.throttles", "of": f"api@{THERE}"},
        "requests": {"metric": "lambda.throttles", "of": f"api@{THERE}", "statistic": "sample_count"},
        "long": "1 h",
    }
    client = {"profile": "script", "attempts": 1}
    users = {"people": USERS["people"] | {"near": THERE, "client": client}}
    capacity = {"at": "90 min", "service": "api", "region": THERE, "mode": "capacity", "share": "0 %"}
    latency = {"service": "api", "policy": "latency", "ttl": "60 s"}
    system = CHECKED | {"dns": {"api.example": latency}, "health_checks": {}}
    run = experiment(duration="2 h", users=users, faults=[capacity])
    found = alarm(played(topology(**system, alarms={"a": burn}), run), "a")
    spent_s = 14.4 * (1 - float(objective[:-1].strip()) / 100) * 3600
    assert found.time_to_detect_s is not None
    assert spent_s <= found.time_to_detect_s <= spent_s + 360
