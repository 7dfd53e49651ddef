"""When a region that was left out answers again: at once, after a hold-down, or when somebody says so."""

from typing import Any

import pytest
import simpy

from simulator.control_plane.route53.hosted_zones import HostedZone
from simulator.control_plane.world import World
from simulator.outcome import Outcome
from tests.control_plane.building import (
    FRANKFURT,
    MILAN,
    NAME,
    REGIONS,
    SECOND,
    VIRGINIA,
    Written,
    plan_of,
    record,
    replay,
)
from tests.control_plane.recording import RecordingPlane, arguments

HOLD_DOWN: Written = {"hold_down": "10 min"}
Told = list[tuple[float, tuple[int, ...]]]


def held(failback: Any, **more: Any) -> Written:
    return record(**{"policy": "failover", "health_check": "deep", "failback": failback} | more)


def zone_on(failback: Any, **more: Any) -> tuple[World, RecordingPlane, HostedZone]:
    """A name whose statuses are in the answers 2 s after they have changed."""
    plane = RecordingPlane()
    world = World(simpy.Environment(initial_time=0), plan_of(**held(failback, **more)), plane)
    return world, plane, HostedZone(world, 0)


def statuses(world: World, zone: HostedZone, *changes: tuple[float, int, bool]) -> None:
    """Let checks turn: at which second, of which region, whether it is healthy then; then let time pass."""
    for at_s, region, healthy in changes:
        world.env.run(until=round(at_s * SECOND))
        zone.health_changed(region, healthy)
    world.env.run(until=3 * 3600 * SECOND)


def answers(plane: RecordingPlane) -> Told:
    """From which second on which weights were answered in Milan."""
    return [(at_ns / SECOND, given[2]) for at_ns, given in arguments(plane.of("set_answer"))]


TO_MILAN, TO_FRANKFURT, TO_VIRGINIA = (1, 0, 0), (0, 1, 0), (0, 0, 1)


def test_by_default_a_region_answers_again_as_soon_as_it_is_healthy() -> None:
    world, plane, zone = zone_on("automatic")
    statuses(world, zone, (100, MILAN, False), (200, MILAN, True))
    assert answers(plane) == [(0, TO_MILAN), (102, TO_FRANKFURT), (202, TO_MILAN)]
    assert [event.kind for event in world.events] == ["answer_changed"] * 2


def test_a_hold_down_counts_from_when_answers_know_that_the_region_is_healthy() -> None:
    """Healthy at 200 s, known at 202 s, and so long after that: 202 + 600."""
    world, plane, zone = zone_on(HOLD_DOWN)
    statuses(world, zone, (100, MILAN, False), (200, MILAN, True))
    assert answers(plane) == [(0, TO_MILAN), (102, TO_FRANKFURT), (802, TO_MILAN)]
    assert [(one.at_ns // SECOND, one.kind, one.target) for one in world.events[1:]] == [
        (202, "failback_held", f"{NAME}@{REGIONS[MILAN]}"),
        (802, "failback_released", f"{NAME}@{REGIONS[MILAN]}"),
        (802, "answer_changed", NAME),
    ]
    assert world.events[1].detail == {"until_s": 802.0}
    assert world.events[-1].detail == {"cause": "health", "regions": [REGIONS[MILAN]]}


@pytest.mark.parametrize("broken_s", [201, 500, 799.999, 800])
def test_a_break_begins_the_hold_down_anew(broken_s: float) -> None:
    """Known to be unhealthy by 802 s, the end of the first hold-down; healthy at 900, known at 902."""
    world, plane, zone = zone_on(HOLD_DOWN)
    statuses(
        world, zone, (100, MILAN, False), (200, MILAN, True), (broken_s, MILAN, False), (900, MILAN, True)
    )
    assert answers(plane) == [(0, TO_MILAN), (102, TO_FRANKFURT), (1502, TO_MILAN)]


def test_a_break_after_the_hold_down_is_a_new_failover() -> None:
    world, plane, zone = zone_on(HOLD_DOWN)
    statuses(world, zone, (100, MILAN, False), (200, MILAN, True), (801, MILAN, False), (900, MILAN, True))
    assert answers(plane) == [
        (0, TO_MILAN), (102, TO_FRANKFURT), (802, TO_MILAN), (803, TO_FRANKFURT), (1502, TO_MILAN),
    ]  # fmt: skip


def test_a_region_that_flaps_every_minute_comes_back_once() -> None:
    flaps = [(60 * number, MILAN, number % 2 == 0) for number in range(1, 21)]
    world, plane, zone = zone_on(HOLD_DOWN)
    statuses(world, zone, *flaps)
    assert answers(plane) == [(0, TO_MILAN), (62, TO_FRANKFURT), (1802, TO_MILAN)]
    world, plane, zone = zone_on("automatic")
    statuses(world, zone, *flaps)
    assert len(answers(plane)) == 21


def test_a_check_and_a_target_must_both_be_healthy_all_the_time() -> None:
    """The check at 200 s, the target at 300 s: 302 + 600."""
    world, plane, zone = zone_on(HOLD_DOWN)
    world.env.run(until=100 * SECOND)
    zone.health_changed(MILAN, False, "check")
    zone.health_changed(MILAN, False, "target")
    world.env.run(until=200 * SECOND)
    zone.health_changed(MILAN, True, "check")
    world.env.run(until=300 * SECOND)
    zone.health_changed(MILAN, True, "target")
    world.env.run(until=3600 * SECOND)
    assert answers(plane) == [(0, TO_MILAN), (102, TO_FRANKFURT), (902, TO_MILAN)]


def test_a_latched_region_stays_out_until_somebody_fails_back() -> None:
    """The latch is thrown at 4000 s, which the answers know at 4002 s."""
    world, plane, zone = zone_on("manual")
    statuses(world, zone, (100, MILAN, False), (200, MILAN, True))
    assert answers(plane) == [(0, TO_MILAN), (102, TO_FRANKFURT)]
    assert [one.detail for one in world.events if one.kind == "failback_held"] == [{"until_s": None}]
    world.env.process(zone.fail_back())
    world.env.run(until=4 * 3600 * SECOND)
    assert answers(plane)[2:] == [(3 * 3600 + 2, TO_MILAN)]
    assert world.events[-1].detail == {"cause": "operator", "regions": [REGIONS[MILAN]]}


def test_what_was_never_left_out_is_not_held() -> None:
    """Frankfurt and Virginia fail while Milan answers; Frankfurt is well again when Milan fails."""
    world, plane, zone = zone_on("manual")
    down = [(10, FRANKFURT, False), (11, VIRGINIA, False), (20, FRANKFURT, True)]
    statuses(world, zone, *down, (100, MILAN, False))
    assert answers(plane) == [(0, TO_MILAN), (102, TO_FRANKFURT)]


def test_each_region_that_was_left_out_is_held_but_the_last() -> None:
    """Milan, then Frankfurt are left out; then Virginia, to which turning back is no failback."""
    world, plane, zone = zone_on("manual")
    statuses(
        world, zone,
        (100, MILAN, False), (200, FRANKFURT, False), (300, MILAN, True), (310, FRANKFURT, True),
        (400, VIRGINIA, False), (500, VIRGINIA, True),
    )  # fmt: skip
    assert answers(plane) == [
        (0, TO_MILAN), (102, TO_FRANKFURT), (202, TO_VIRGINIA), (402, TO_MILAN), (502, TO_VIRGINIA),
    ]  # fmt: skip


def test_where_nothing_is_healthy_a_region_that_answers_on_is_not_left_out() -> None:
    """Frankfurt is ill first, so that Milan answers although it is ill, and on when it is well."""
    world, plane, zone = zone_on("manual", order=[REGIONS[MILAN], REGIONS[FRANKFURT]])
    statuses(
        world, zone, (10, FRANKFURT, False), (100, MILAN, False), (200, MILAN, True), (300, FRANKFURT, True)
    )
    assert answers(plane) == [(0, TO_MILAN)]


@pytest.mark.parametrize(
    ("policy", "weights", "expected"),
    [
        ("latency", None, [(0, TO_MILAN), (102, TO_FRANKFURT)]),
        ("weighted", {0: 3, 1: 1}, [(0, (3, 1, 0)), (102, TO_FRANKFURT)]),
        ("weighted", {0: 3, 1: 0}, [(0, (3, 0, 0)), (102, TO_FRANKFURT)]),
        ("multivalue", None, [(0, (1, 1, 1)), (102, (0, 1, 1))]),
        ("geolocation", None, [(0, TO_MILAN), (102, TO_FRANKFURT)]),
    ],
)
def test_every_policy_that_goes_by_health_can_hold_back(
    policy: str, weights: dict[int, int] | None, expected: Told
) -> None:
    more: Written = {"policy": policy}
    if weights is not None:
        more["weights"] = {REGIONS[region]: weight for region, weight in weights.items()}
    if policy == "geolocation":
        more["geography"] = {"IT": REGIONS[MILAN], "default": REGIONS[FRANKFURT]}
    world, plane, zone = zone_on("manual", **more)
    statuses(world, zone, (100, MILAN, False), (200, MILAN, True))
    assert answers(plane) == expected


def test_a_region_of_weight_0_is_not_held_where_others_weigh_more() -> None:
    """Milan is ill, then Frankfurt: all that weigh answer, as nothing is healthy. Frankfurt is first back."""
    weights = {REGIONS[MILAN]: 1, REGIONS[FRANKFURT]: 0}
    world, plane, zone = zone_on("manual", policy="weighted", weights=weights)
    statuses(world, zone, (100, MILAN, False), (200, FRANKFURT, False), (300, FRANKFURT, True))
    assert answers(plane) == [(0, TO_MILAN), (102, TO_FRANKFURT), (202, TO_MILAN), (302, TO_FRANKFURT)]


# by operators and plans

DARK: Written = {"at": "100 s", "for": "10 min", "region": REGIONS[MILAN], "mode": "black_hole"}
KINDS = ("failback_requested", "failback_refused", "failback_released")


def told(outcome: Outcome, *kinds: str) -> list[tuple[float, str]]:
    return [(one.at_ns / SECOND, one.kind.partition("_")[2]) for one in outcome.events if one.kind in kinds]


def test_an_operator_who_fails_back_too_early_tries_again_until_the_region_is_healthy() -> None:
    """The check turns about 65 s after 700 s, so that tries at 500, 600 and 700 s are refused; 800 + 2."""
    call = {"fail_back": NAME, "at": "500 s", "retry_every": "100 s"}
    plane, outcome = replay(plan_of([DARK], operator=[call], duration="1 h", **held("manual")))
    assert told(outcome, *KINDS) == [
        (500, "requested"), (500, "refused"), (600, "refused"), (700, "refused"), (802, "released"),
    ]  # fmt: skip
    assert answers(plane)[2:] == [(802, TO_MILAN)]


def test_a_step_of_a_plan_fails_back_once_the_check_has_been_healthy_for_long_enough() -> None:
    plans = {
        "back": {
            "trigger": {"healthy": "deep", "region": REGIONS[MILAN], "for": "5 min"},
            "decision": "none",
            "steps": [{"custom": "look", "takes": "60 s"}, {"fail_back": NAME}],
        }
    }
    plane, outcome = replay(plan_of([DARK], duration="1 h", plans=plans, **held("manual")))
    [healthy] = [one.at_ns for one in outcome.events if one.kind == "health_healthy"]
    [triggered] = [one for one in outcome.events if one.kind == "plan_triggered"]
    assert triggered.at_ns == healthy + 300 * SECOND
    assert triggered.detail["by"] == f"health check deep healthy in {REGIONS[MILAN]} for 5 min"
    assert arguments(plane.of("set_answer"))[-1][0] == healthy + 362 * SECOND
    assert told(outcome, "plan_done") == [((healthy + 362 * SECOND) / SECOND, "done")]


def test_a_plan_for_a_healthy_check_waits_for_a_failure_first_and_for_no_break() -> None:
    """Dark twice; the check is healthy for less than 20 minutes in between."""
    again = DARK | {"at": "20 min"}
    plans = {
        "back": {
            "trigger": {"healthy": "deep", "region": REGIONS[MILAN], "for": "20 min"},
            "decision": "none",
            "steps": [{"fail_back": NAME}],
        }
    }
    _, outcome = replay(plan_of([DARK, again], duration="90 min", plans=plans, **held("manual")))
    healthy = [one.at_ns for one in outcome.events if one.kind == "health_healthy"]
    assert len(healthy) == 2
    [triggered] = [one.at_ns for one in outcome.events if one.kind == "plan_triggered"]
    assert triggered == healthy[1] + 1200 * SECOND
    _, calm = replay(plan_of([DARK], duration="10 min", plans=plans, **held("manual")))
    assert told(calm, "plan_triggered") == []


def test_failing_back_where_nothing_is_held_is_done_at_once() -> None:
    call = {"fail_back": NAME, "at": "50 s"}
    plane, outcome = replay(plan_of([DARK], operator=[call], duration="1 h", **held("manual")))
    assert told(outcome, *KINDS) == [(50, "requested")]
    assert len(answers(plane)) == 2


def test_failing_back_cuts_a_hold_down_short() -> None:
    """Released at 800 + 2; what is left of the hold-down of an hour releases nothing more."""
    call = {"fail_back": NAME, "at": "800 s"}
    plane, outcome = replay(plan_of([DARK], operator=[call], duration="2 h", **held({"hold_down": "1 h"})))
    assert told(outcome, *KINDS) == [(800, "requested"), (802, "released")]
    assert answers(plane)[2:] == [(802, TO_MILAN)]


def test_a_step_is_stranded_by_a_region_that_does_not_come_back() -> None:
    plans = {
        "back": {"decision": "none", "steps": [{"fail_back": NAME, "timeout": "5 min"}]},
    }
    lost = DARK | {"for": "1 h"}
    call = {"run": "back", "at": "10 min"}
    _, outcome = replay(plan_of([lost], operator=[call], duration="1 h", plans=plans, **held("manual")))
    [stranded] = [one for one in outcome.events if one.kind == "plan_step_stranded"]
    assert (stranded.at_ns, stranded.detail["why"]) == (900 * SECOND, f"{REGIONS[MILAN]} is unhealthy")
