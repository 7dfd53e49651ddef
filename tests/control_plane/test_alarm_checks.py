"""Health checks that follow an alarm's data, and those that count others: when each turns, and why."""

from functools import cache
from typing import Any

import pytest

from simulator.boundary.events import (
    ANSWER_CHANGED,
    HEALTH_DATA_BACK,
    HEALTH_DATA_MISSING,
    HEALTH_HEALTHY,
    HEALTH_UNHEALTHY,
    PLAN_TRIGGERED,
)
from simulator.outcome import MetricSeries, Outcome
from tests.small import HERE, NAME, THERE, experiment, played, topology

SECOND, MINUTE = 10**9, 60 * 10**9
FAULT_S, END_S = 300, 900
ERRING = {"at": "5 min", "for": "10 min", "service": "api", "region": HERE, "mode": "error"}
DARK = {"at": "5 min", "for": "10 min", "region": HERE, "mode": "black_hole"}
USERS = {"people": {"near": HERE, "sessions": 10, "think_time": "4 s", "actions": {"view": 1}}}
RARE = {"people": USERS["people"] | {"sessions": 1, "think_time": "4 min"}}
ERRORS = {"metric": "lambda.errors", "of": f"api@{HERE}", "statistic": "average", "threshold": "> 20 %"}
THREE = {"datapoints": "3 of 3"}
FOLLOWS = {"alarm": {HERE: "errors"}, "insufficient_data": "last_known"}


def outcome_of(
    check: dict[str, Any],
    *faults: dict[str, Any],
    seed: int = 1,
    checks: Any = None,
    users: Any = USERS,
    **more: Any,
) -> Outcome:
    service = {
        "regions": [HERE, THERE],
        "compute": {"lambda": {}},
        "operations": {"view": [{"compute": "20 ms"}]},
    }
    record = {"service": "api", "policy": "failover", "ttl": "60 s", "health_check": "web"}
    system = {
        "services": {"api": service},
        "dns": {NAME: record | more.pop("record", {})},
        "alarms": {"errors": ERRORS | THREE},
        "health_checks": {"web": check} | (checks or {}),
    }
    run = experiment(duration="30 min", users=users, faults=[*faults])
    return played(topology(**system | more), run, seed)


def turns(outcome: Outcome, *kinds: Any) -> list[tuple[str, str]]:
    kinds = kinds or (HEALTH_UNHEALTHY, HEALTH_HEALTHY, HEALTH_DATA_MISSING, HEALTH_DATA_BACK)
    return [(event.kind, event.target) for event in outcome.events_of(*kinds)]


def seconds(outcome: Outcome, kind: Any) -> list[float]:
    return [event.at_ns / SECOND for event in outcome.events_of(kind)]


def levels(outcome: Outcome, metric: str) -> dict[str, list[float]]:
    return {
        one.plan.subject: one.columns["total"].tolist()
        for one in outcome.metrics
        if one.plan.metric.name == metric
    }


@cache
def erring(seed: int) -> Outcome:
    return outcome_of(FOLLOWS, ERRING, seed=seed)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_it_turns_when_all_of_its_points_breach(seed: int) -> None:
    """Errors from 300 s on. The minutes that begin at 300, 360 and 420 s breach, the last is over at 480 s.

    It is published 60 to 180 s after its end, and looked at within another 60 s: from 540 to 720 s.
    """
    (at_s,) = seconds(erring(seed), HEALTH_UNHEALTHY)
    assert 540 <= at_s <= 720
    assert turns(erring(seed), HEALTH_UNHEALTHY) == [("health_unhealthy", f"web@{HERE}")]


def test_names_follow_it_and_the_fault_is_its_cause() -> None:
    outcome = erring(1)
    (turned,), answers = outcome.events_of(HEALTH_UNHEALTHY), outcome.events_of(ANSWER_CHANGED)
    assert turned.cause is not None
    assert outcome.events[turned.cause].kind == "fault_on"
    assert answers[0].detail["regions"] == [THERE]
    assert answers[0].cause == turned.number


def plainly_told(series: MetricSeries, at_ns: int, periods: int, looked_at: int, over: float) -> str:
    """What the points of a sum or average say at an instant: a second, plain way to the same answer."""
    points: list[bool | None] = []
    columns = series.columns
    for back in range(looked_at, 0, -1):
        begin_ns = (at_ns // MINUTE - back) * MINUTE
        there = [
            number
            for number, begun_ns in enumerate(columns["begin_ns"].tolist())
            if begun_ns == begin_ns and columns["published_ns"][number] <= at_ns
        ]
        if begin_ns < 0:
            points.append(False)
        elif there:
            (one,) = there
            points.append(bool(columns["total"][one] / columns["count"][one] > over))
        else:
            points.append(None)
    newest = [point for point in points if point is not None][-periods:]
    if False in newest:
        return "healthy"
    return "unhealthy" if len(newest) == periods else "nothing"


@pytest.mark.parametrize(("seed", "sessions"), [(1, 10), (2, 10), (1, 1), (2, 1), (3, 1)])
def test_a_plain_look_at_the_published_points_gives_the_same_statuses(seed: int, sessions: int) -> None:
    """One user who acts every four minutes leaves most minutes without a point."""
    outcome = erring(seed) if sessions > 1 else outcome_of(FOLLOWS, ERRING, seed=seed, users=RARE)
    (series,) = [one for one in outcome.metrics if one.plan.metric.name == "lambda.errors"]
    turned = outcome.events_of(HEALTH_UNHEALTHY, HEALTH_HEALTHY, HEALTH_DATA_MISSING, HEALTH_DATA_BACK)
    phase_ns = turned[0].at_ns % MINUTE
    assert {event.at_ns % MINUTE for event in turned} == {phase_ns}
    state, told, expected = "healthy", True, list[tuple[int, str]]()
    for at_ns in range(phase_ns, 30 * MINUTE, MINUTE):
        says = plainly_told(series, at_ns, 3, 6, 0.2)
        if (says != "nothing") != told:
            told = says != "nothing"
            expected.append((at_ns, "health_data_back" if told else "health_data_missing"))
        if told and says != state:
            state = says
            expected.append((at_ns, f"health_{state}"))
    assert [(event.at_ns, event.kind) for event in turned] == expected
    assert ("health_data_missing" in {kind for _, kind in expected}) == (sessions == 1)


def test_the_alarms_own_policy_counts_for_nothing() -> None:
    """A dark region: its alarm treats what is missing as breaching, and the check does not."""
    alarms = {"errors": ERRORS | THREE | {"missing": "breaching"}}
    assert turns(outcome_of(FOLLOWS, DARK, alarms=alarms), HEALTH_UNHEALTHY) == []


@pytest.mark.parametrize(
    ("insufficient", "moves"), [("last_known", False), ("healthy", False), ("unhealthy", True)]
)
def test_a_region_that_is_dark_has_no_data_to_follow(insufficient: str, moves: bool) -> None:
    outcome = outcome_of(FOLLOWS | {"insufficient_data": insufficient}, DARK)
    missing = outcome.events_of(HEALTH_DATA_MISSING)[0]
    assert missing.detail == {"alarm": "errors", "counts_as": insufficient}
    assert FAULT_S <= missing.at_ns / SECOND < FAULT_S + 60  # at the next look
    assert bool(outcome.events_of(HEALTH_UNHEALTHY)) == moves
    assert bool(outcome.events_of(ANSWER_CHANGED)) == moves


def test_what_is_missing_turns_it_and_is_its_cause() -> None:
    outcome = outcome_of(FOLLOWS | {"insufficient_data": "unhealthy"}, DARK)
    turned = outcome.events_of(HEALTH_UNHEALTHY)[0]
    assert turned.cause is not None
    assert outcome.events[turned.cause].kind == "health_data_missing"


def test_one_region_may_follow_another_ones_alarm() -> None:
    """The record in the second region turns by errors of the first, where all is dark for users."""
    check = {"alarm": {THERE: "errors"}, "insufficient_data": "healthy"}
    outcome = outcome_of(check, ERRING)
    assert turns(outcome, HEALTH_UNHEALTHY) == [("health_unhealthy", f"web@{THERE}")]
    assert not outcome.events_of(ANSWER_CHANGED)


def of_two(**more: Any) -> Outcome:
    checks = {"errors": FOLLOWS, "door": {"protocol": "tcp", "interval": "10 s"}}
    check = {"children": [f"errors@{HERE}", "door"]} | more
    return outcome_of(check, ERRING, checks=checks, metrics=["route53.*"])


def test_a_calculated_check_needs_all_of_its_children_or_so_many() -> None:
    """A TCP check of a site that errs is well."""
    both = of_two()
    assert ("health_unhealthy", f"web@{HERE}") in turns(both)
    either = of_two(at_least=1)
    assert [one for one in turns(either, HEALTH_UNHEALTHY) if one[1].startswith("web")] == []
    assert [one for one in turns(of_two(at_least=0), HEALTH_UNHEALTHY) if one[1].startswith("web")] == []


def test_more_than_there_are_is_never_healthy() -> None:
    outcome = of_two(at_least=3)
    assert levels(outcome, "route53.health_check_status")[f"web@{HERE}"] == [0] * 30
    assert [one for one in turns(outcome) if one[1].startswith("web")] == []
    assert not outcome.events_of(ANSWER_CHANGED)  # nothing is healthy, so that all answer, from the start


def test_a_calculated_check_turns_with_its_child_and_follows_from_it() -> None:
    outcome = of_two()
    child, parent = [event for event in outcome.events_of(HEALTH_UNHEALTHY)][:2]
    assert (child.target, parent.target) == (f"errors@{HERE}", f"web@{HERE}")
    assert child.at_ns == parent.at_ns
    assert parent.cause == child.number


def test_a_child_of_another_region_counts_in_both() -> None:
    outcome = of_two()
    assert {event.target for event in outcome.events_of(HEALTH_UNHEALTHY)} >= {f"web@{HERE}", f"web@{THERE}"}


def test_an_inverted_check_says_the_opposite_from_the_start() -> None:
    """Users are in the second region until that errs."""
    check = {"alarm": {HERE: "errors"}, "insufficient_data": "healthy", "inverted": True}
    alarms = {"errors": ERRORS | THREE | {"of": f"api@{THERE}"}}
    outcome = outcome_of(check, ERRING | {"region": THERE}, alarms=alarms)
    assert turns(outcome, HEALTH_UNHEALTHY, HEALTH_HEALTHY)[0] == ("health_healthy", f"web@{HERE}")
    assert outcome.events_of(ANSWER_CHANGED)[0].detail["regions"] == [HERE]


def test_an_inverted_endpoint_is_unhealthy_while_it_is_well() -> None:
    dark = outcome_of({"inverted": True, "interval": "10 s"}, DARK)
    assert turns(dark)[:1] == [("health_healthy", f"web@{HERE}")]


@pytest.mark.parametrize("inverted", [False, True])
def test_a_disabled_check_checks_nothing(inverted: bool) -> None:
    """Inverted, it is unhealthy in both regions, so that both count as healthy: as if there were none."""
    outcome = outcome_of({"disabled": True, "inverted": inverted}, DARK, metrics=["route53.*"])
    statuses = levels(outcome, "route53.health_check_status")
    assert statuses == {f"web@{where}": [0 if inverted else 1] * 30 for where in (HERE, THERE)}
    assert turns(outcome) == []
    assert not outcome.events_of(ANSWER_CHANGED)


def test_disabled_and_inverted_in_one_region_moves_everybody_from_the_start() -> None:
    check = {"alarm": {HERE: "errors"}, "insufficient_data": "healthy", "disabled": True, "inverted": True}
    outcome = outcome_of(check)
    assert outcome.tallies.attempts_by_region.sum(axis=1).tolist()[0] == 0


def test_what_a_disabled_check_counts_is_checked_all_the_same() -> None:
    """It no longer counts them, but they are checks of their own, which metrics and plans may watch."""
    outcome = of_two(disabled=True)
    assert [one for one in turns(outcome) if one[1].startswith("web")] == []
    assert (HEALTH_UNHEALTHY.name, f"errors@{HERE}") in turns(outcome)
    errors = levels(outcome, "route53.health_check_status")[f"errors@{HERE}"]
    assert (errors[0], min(errors)) == (1, 0)


def test_a_record_that_heeds_no_health_stays_and_its_check_is_made() -> None:
    plan = {"trigger": {"unhealthy": "web", "region": HERE}, "decision": "none"}
    steps = [{"custom": "tell everybody", "takes": "1 s"}]
    outcome = outcome_of(
        FOLLOWS, ERRING, record={"heeds_health": False}, plans={"move": plan | {"steps": steps}}
    )
    assert outcome.events_of(HEALTH_UNHEALTHY)
    assert outcome.events_of(PLAN_TRIGGERED)
    assert not outcome.events_of(ANSWER_CHANGED)


def test_their_statuses_are_metrics() -> None:
    outcome = of_two()
    status = levels(outcome, "route53.health_check_status")
    counts = levels(outcome, "route53.child_health_check_healthy_count")
    assert {*status} == {f"{name}@{where}" for name in ("web", "door") for where in (HERE, THERE)} | {
        f"errors@{HERE}"
    }
    assert {*levels(outcome, "route53.health_check_percentage_healthy")} == {f"door@{HERE}", f"door@{THERE}"}
    assert (counts[f"web@{HERE}"][0], min(counts[f"web@{HERE}"])) == (2, 1)
    assert [bool(one) for one in status[f"web@{HERE}"]] == [one == 2 for one in counts[f"web@{HERE}"]]
