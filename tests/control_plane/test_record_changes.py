"""Operators' record changes: accepted, refused, tried again, and in effect after they have propagated."""

import pytest

from simulator.control_plane.chance import uniform
from simulator.randomness.draws import CHANGE
from tests.control_plane.building import (
    FRANKFURT,
    MILAN,
    NAME,
    REGIONS,
    SECOND,
    VIRGINIA,
    Written,
    events,
    plan_of,
    record,
    replay,
)
from tests.control_plane.recording import arguments

CHANGE_KINDS = ("change_requested", "change_refused", "change_accepted", "change_in_effect")
TO_FRANKFURT: Written = {"change": NAME, "order": [REGIONS[FRANKFURT], REGIONS[MILAN]]}
TO_VIRGINIA: Written = {"change": NAME, "order": [REGIONS[VIRGINIA]]}
UNCHECKED = record(policy="failover")


def frozen(start: str, end: str) -> Written:
    return {"at": start, "until": end, "control_plane": "route53", "mode": "frozen"}


def steps(faults: list[Written], operator: list[Written], **changes: object) -> list[tuple[float, str]]:
    """What became of the changes: second, step."""
    plan = plan_of(faults, operator=operator, **({"duration": "10 min"} | UNCHECKED | changes))  # type: ignore[arg-type]
    _, outcome = replay(plan)
    return [
        (at_ns / SECOND, kind.removeprefix("change_")) for at_ns, kind, _ in events(outcome, *CHANGE_KINDS)
    ]


def test_an_accepted_change_takes_effect_once_it_has_propagated() -> None:
    plan = plan_of(operator=[TO_FRANKFURT | {"at": "100 s"}], duration="10 min", **UNCHECKED)
    plane, outcome = replay(plan)
    assert arguments(plane.of("set_answer")) == [
        (0, (0, MILAN, (1, 0, 0), False)),
        (130 * SECOND, (0, MILAN, (0, 1, 0), False)),
    ]
    assert events(outcome, *CHANGE_KINDS) == [
        (100 * SECOND, "change_requested", NAME),
        (100 * SECOND, "change_accepted", NAME),
        (130 * SECOND, "change_in_effect", NAME),
    ]
    [announced] = [event for event in outcome.events if event.kind == "answer_changed"]
    assert announced.detail == {"cause": "operator", "regions": [REGIONS[FRANKFURT]]}


def test_propagation_is_drawn_per_change() -> None:
    spread = {"defaults": {"change_propagation": {"from": "0 s", "to": "60 s"}}}
    later = TO_VIRGINIA | {"at": "300 s"}
    told = steps([], [TO_FRANKFURT | {"at": "100 s"}, later], seed=5, **spread)
    in_effect = [at for at, step in told if step == "in_effect"]
    expected = [start + 60 * uniform(5, CHANGE, number, 0) for number, start in enumerate((100, 300))]
    assert in_effect == pytest.approx(expected, abs=1e-9)


def test_a_frozen_control_plane_refuses_and_the_operator_tries_again() -> None:
    told = steps([frozen("90 s", "220 s")], [TO_FRANKFURT | {"at": "100 s", "retry_every": "50 s"}])
    assert told == [
        (100, "requested"),
        (100, "refused"),
        (150, "refused"),
        (200, "refused"),
        (250, "accepted"),
        (280, "in_effect"),
    ]


def test_without_a_word_the_operator_tries_again_each_minute() -> None:
    told = steps([frozen("0 s", "125 s")], [TO_FRANKFURT | {"at": "10 s"}])
    assert told == [
        (10, "requested"),
        (10, "refused"),
        (70, "refused"),
        (130, "accepted"),
        (160, "in_effect"),
    ]


def test_a_control_plane_that_never_thaws_never_accepts() -> None:
    told = steps([frozen("50 s", "10 min")], [TO_FRANKFURT | {"at": "100 s", "retry_every": "200 s"}])
    assert told == [(100, "requested"), (100, "refused"), (300, "refused"), (500, "refused")]


@pytest.mark.parametrize("before", [0, 1, 3])
def test_a_freeze_that_begins_with_the_request_refuses_it(before: int) -> None:
    """At equal times faults act first, however many there were before."""
    earlier = [
        {"at": f"{10 + number} s", "for": "500 ms", "region": REGIONS[VIRGINIA], "mode": "slow", "add": "1 s"}
        for number in range(before)
    ]
    told = steps(
        [*earlier, frozen("100 s", "150 s")], [TO_FRANKFURT | {"at": "100 s", "retry_every": "50 s"}]
    )
    assert told == [(100, "requested"), (100, "refused"), (150, "accepted"), (180, "in_effect")]


def test_overlapping_freezes_thaw_with_the_last() -> None:
    freezes = [frozen("90 s", "140 s"), frozen("120 s", "190 s")]
    told = steps(freezes, [TO_FRANKFURT | {"at": "100 s", "retry_every": "30 s"}])
    assert [at for at, step in told if step == "refused"] == [100, 130, 160]
    assert [at for at, step in told if step == "accepted"] == [190]


def test_a_change_accepted_before_the_freeze_still_takes_effect() -> None:
    told = steps([frozen("110 s", "300 s")], [TO_FRANKFURT | {"at": "100 s"}])
    assert told == [(100, "requested"), (100, "accepted"), (130, "in_effect")]


def test_a_change_does_not_overtake_an_earlier_one_of_the_same_name() -> None:
    """Two seconds apart, with propagation drawn up to a minute: the later request must have the last word."""
    overtaken = 0
    for seed in range(20):
        changes = [TO_FRANKFURT | {"at": "100 s"}, TO_VIRGINIA | {"at": "102 s"}]
        spread = {"change_propagation": {"from": "0 s", "to": "60 s"}}
        plane, _ = replay(
            plan_of(operator=changes, duration="5 min", seed=seed, defaults=spread, **UNCHECKED)
        )
        first_ns, second_ns = (
            start * SECOND + int(60 * SECOND * uniform(seed, CHANGE, number, 0) + 0.5)
            for number, start in enumerate((100, 102))
        )
        overtaken += second_ns < first_ns
        assert [(at_ns, given[2]) for at_ns, given in arguments(plane.of("set_answer"))[1:]] == [
            (first_ns, (0, 1, 0)),
            (max(first_ns, second_ns), (0, 0, 1)),
        ]
    assert overtaken > 5


def test_a_change_may_wait_for_the_first_detection() -> None:
    dark = {"at": "100 s", "region": REGIONS[VIRGINIA], "mode": "black_hole"}
    change = TO_FRANKFURT | {"after_detection": "5 min"}
    _, outcome = replay(plan_of([dark], operator=[change], duration="20 min"))
    [(detected_ns, _, _)] = events(outcome, "health_unhealthy")
    assert events(outcome, "change_requested") == [(detected_ns + 300 * SECOND, "change_requested", NAME)]


def test_without_a_detection_nobody_acts() -> None:
    assert steps([], [TO_FRANKFURT | {"after_detection": "0 s"}]) == []


@pytest.mark.parametrize(
    ("policy", "change", "expected"),
    [
        (
            {"policy": "weighted", "weights": {REGIONS[MILAN]: 1}},
            {"weights": {REGIONS[VIRGINIA]: 7}},
            (0, 0, 7),
        ),
        (
            {"policy": "geolocation", "geography": {"default": REGIONS[MILAN]}},
            {"geography": {"IT": REGIONS[FRANKFURT]}},
            (0, 1, 0),
        ),
        ({"policy": "failover"}, {"order": [REGIONS[VIRGINIA], REGIONS[MILAN]]}, (0, 0, 1)),
    ],
)
def test_a_change_replaces_what_its_policy_goes_by(
    policy: Written, change: Written, expected: tuple[int, ...]
) -> None:
    operator = [{"change": NAME, "at": "100 s"} | change]
    plane, _ = replay(plan_of(operator=operator, duration="5 min", **record(**policy)))
    assert [given[2] for _, _, given in plane.of("set_answer")] == [(1, 0, 0), expected]


def test_a_changed_order_meets_the_health_that_has_been_found() -> None:
    """Frankfurt is down and known to be: putting it first changes nothing while Milan is healthy."""
    dark = {"at": "10 s", "region": REGIONS[FRANKFURT], "mode": "black_hole"}
    plane, outcome = replay(plan_of([dark], operator=[TO_FRANKFURT | {"at": "5 min"}], duration="10 min"))
    assert [given[2] for _, _, given in plane.of("set_answer")] == [(1, 0, 0)]
    assert [kind for _, kind, _ in events(outcome, "change_in_effect")] == ["change_in_effect"]


@pytest.mark.parametrize(("mode", "expected"), [("slow", (1, 0, 3)), ("black_hole", (1, 0, 0))])
def test_a_region_that_a_change_brings_in_has_been_checked_by_then(
    mode: str, expected: tuple[int, ...]
) -> None:
    checked = {"policy": "weighted", "weights": {REGIONS[MILAN]: 1, REGIONS[FRANKFURT]: 0}}
    brings_in = {"change": NAME, "at": "5 min", "weights": {REGIONS[MILAN]: 1, REGIONS[VIRGINIA]: 3}}
    fault = {"at": "10 s", "region": REGIONS[VIRGINIA], "mode": mode} | (
        {"factor": 2} if mode == "slow" else {}
    )
    plan = plan_of([fault], operator=[brings_in], duration="10 min", **record(**checked, health_check="deep"))
    plane, _ = replay(plan)
    assert plane.of("set_answer")[-1][2][2] == expected
