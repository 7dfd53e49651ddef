"""Faults, alone and several at once on one target: the exact changes that the data plane is told of."""

from dataclasses import replace

import numpy as np
import pytest

from simulator.boundary.looks import Look, share_of_any
from simulator.boundary.outcomes import ANSWERING, BLACK_HOLE, EMPTY, FAILING, LOSING, REFUSED, UP
from simulator.control_plane.faults.acting import timeline
from simulator.plan.lowered import Plan
from simulator.plan.timeline import FaultPlan
from tests.control_plane import handmade
from tests.control_plane.building import (
    API,
    CARTS,
    FRANKFURT,
    MILAN,
    NAME,
    REGIONS,
    SECOND,
    VIRGINIA,
    Written,
    events,
    plan_of,
    replay,
)
from tests.control_plane.recording import arguments
from tests.control_plane.timelines import (
    CUT_THERE,
    FRANKFURT_REFUSES,
    MILAN_DARK,
    NEVER,
    PAUSED,
    QUIET,
    WINDOWS,
    Windows,
    at_instants,
    changes,
    flapping,
    near,
    timed,
)
from tests.faults import fault_plan

CUT: Written = {"link": {"from": REGIONS[MILAN], "to": REGIONS[VIRGINIA]}, "mode": "cut"}

# clocks and names


@pytest.mark.parametrize("windows", WINDOWS)
def test_errors_of_a_clock_add_up(windows: Windows) -> None:
    faults = [
        timed({"clock": REGIONS[MILAN], "skew": "250 ms"}, windows[0]),
        timed({"clock": REGIONS[MILAN], "skew": "-100 ms"}, windows[1]),
    ]
    states = at_instants(windows, [250_000_000, -100_000_000, 150_000_000], 0)
    told = [(instant, (MILAN, skew_ns)) for instant, skew_ns in states]
    assert changes(faults, "set_clock") == told
    assert changes(faults[::-1], "set_clock") == told


DNS_FAULTS: dict[str, Written] = {
    "error": {"mode": "error"},
    "empty": {"mode": "empty_answer"},
    "loses 40 %": {"mode": "black_hole", "share": "40 %"},
    "loses all": {"mode": "black_hole"},
}
DNS_STATES = {
    "error": (FAILING, 0.0),
    "empty": (EMPTY, 0.0),
    "loses 40 %": (LOSING, 0.4),
    "loses all": (LOSING, 1.0),
}
DNS_TOGETHER = {
    ("error", "error"): (FAILING, 0.0),
    ("error", "empty"): (FAILING, 0.0),
    ("error", "loses 40 %"): (FAILING, 0.4),
    ("error", "loses all"): (LOSING, 1.0),
    ("empty", "empty"): (EMPTY, 0.0),
    ("empty", "loses 40 %"): (EMPTY, 0.4),
    ("empty", "loses all"): (LOSING, 1.0),
    ("loses 40 %", "loses 40 %"): (LOSING, 0.64),  # 1 - 0.6 · 0.6
    ("loses 40 %", "loses all"): (LOSING, 1.0),
    ("loses all", "loses all"): (LOSING, 1.0),
}


@pytest.mark.parametrize("windows", WINDOWS)
@pytest.mark.parametrize(("one", "other"), DNS_TOGETHER)
def test_two_faults_of_a_name_add_up(one: str, other: str, windows: Windows) -> None:
    faults = [
        timed({"dns": NAME} | DNS_FAULTS[one], windows[0]),
        timed({"dns": NAME} | DNS_FAULTS[other], windows[1]),
    ]
    states = at_instants(
        windows, [DNS_STATES[one], DNS_STATES[other], DNS_TOGETHER[one, other]], (ANSWERING, 0.0)
    )
    told = changes(faults, "set_authoritative")
    assert told == [(instant, (0, mode, pytest.approx(share))) for instant, (mode, share) in states]
    assert changes(faults[::-1], "set_authoritative") == told


# keys and load


@pytest.mark.parametrize("windows", WINDOWS)
def test_a_key_is_missing_while_any_fault_removes_it(windows: Windows) -> None:
    faults = [
        handmade.fault("keys", "removed", *windows[0], regions=(MILAN,)),
        handmade.fault("keys", "removed", *windows[1], regions=(MILAN, FRANKFURT)),
    ]
    states = at_instants(windows, [True, True, True], False)
    for order in (faults, faults[::-1]):
        told = handmade.changes(order, "set_key")
        assert [(at, given[1]) for at, given in told if given[0] == MILAN] == states
    assert [at for at, given in told if given[0] == FRANKFURT] == [*windows[1]]


def surge(population: int, factor: float, window: tuple[int, int]) -> FaultPlan:
    return handmade.fault("surge", "surge", *window, population=population, factor=factor)


@pytest.mark.parametrize("windows", WINDOWS)
def test_surges_of_a_population_multiply(windows: Windows) -> None:
    faults = [surge(handmade.PEOPLE, 3.0, windows[0]), surge(handmade.PEOPLE, 0.5, windows[1])]
    states = at_instants(windows, [3.0, 0.5, 1.5], 1.0)
    told = [(at, (handmade.PEOPLE, factor)) for at, factor in states]
    assert handmade.changes(faults, "set_surge") == told
    assert handmade.changes(faults[::-1], "set_surge") == told


def test_a_surge_multiplies_the_usual_factor() -> None:
    told = handmade.changes([surge(0, 3.0, (10, 20))], "set_surge", pop_surge_base=np.array([0.5, 0.0]))
    assert told == [(10, (0, 1.5)), (20, (0, 0.5))]


@pytest.mark.parametrize("windows", WINDOWS)
def test_bots_are_there_once_while_any_fault_of_theirs_acts(windows: Windows) -> None:
    faults = [surge(handmade.BOTS, 7.0, window) for window in windows]
    told = [(at, (handmade.BOTS, there)) for at, there in at_instants(windows, [1.0, 1.0, 1.0], 0.0)]
    assert handmade.changes(faults, "set_surge") == told


# several at once


def test_three_faults_of_a_region_give_the_same_bits_in_any_order() -> None:
    shares, factors = (0.1, 0.2, 0.7), (1.1, 1.2, 1.4)  # whose float products depend on the order
    errors = [
        timed({"region": REGIONS[MILAN], "mode": "error", "share": f"{100 * s:.0f} %"}, (10, 20))
        for s in shares
    ]
    slow = [timed({"region": REGIONS[MILAN], "mode": "slow", "factor": f}, (10, 20)) for f in factors]
    told = changes([*errors, *slow], "set_site")
    assert told[0] == (10, (API, MILAN, near(Look(error_share=0.784, factor=1.848))))
    for turn in range(3):
        turned = [*errors[turn:], *errors[:turn], *slow[turn:], *slow[:turn]]
        assert changes(turned, "set_site") == told
        assert changes(turned[::-1], "set_site") == told


def test_faults_of_every_kind_at_one_instant_take_effect_together() -> None:
    faults = [
        timed({"dns": NAME, "mode": "error"}, (10, 20)),
        timed({"clock": REGIONS[MILAN], "skew": "1 s"}, (10, 20)),
        timed({"surge": "near eu-south-1", "factor": 2}, (10, 20)),
        timed({"table": "orders", "mode": "refused"}, (10, 20)),
        timed({"service": "api", "mode": "error"}, (10, 20)),
        timed({"zone": "eu-central-1a", "mode": "refused"}, (10, 20)),
        timed(MILAN_DARK, (10, 20)),
        timed(CUT, (10, 20)),
    ]
    plane, outcome = replay(plan_of(faults, **QUIET))
    told = [method for at_ns, method, _ in plane.calls if at_ns == 10 * SECOND and method != "show"]
    assert told.count("set_region") == told.count("set_link") == told.count("set_clock") == 1
    assert told.count("set_authoritative") == told.count("mark_at_risk") == 1
    assert [*dict.fromkeys(told)] == [
        "set_link", "set_region", "set_zone", "set_site", "set_endpoint", "set_replication", "mark_at_risk",
        "set_clock", "set_authoritative", "set_surge",
    ]  # fmt: skip
    kinds = [kind for _, kind, _ in events(outcome, "fault_on", "fault_off")]
    assert kinds == ["fault_on"] * 8 + ["fault_off"] * 8


def test_a_fault_may_end_where_another_begins_without_a_moment_between() -> None:
    faults = [timed(MILAN_DARK | {"mode": "refused"}, (10, 20)), timed(MILAN_DARK, (20, 30))]
    plane, outcome = replay(plan_of(faults, **QUIET))
    assert arguments(plane.of("set_region")) == [
        (10 * SECOND, (MILAN, REFUSED)),
        (20 * SECOND, (MILAN, BLACK_HOLE)),
        (30 * SECOND, (MILAN, UP)),
    ]
    assert events(outcome, "fault_on", "fault_off") == [
        (10 * SECOND, "fault_on", "eu-south-1 refuses connections (Milan)"),
        (20 * SECOND, "fault_off", "eu-south-1 refuses connections (Milan)"),
        (20 * SECOND, "fault_on", "eu-south-1 does not answer (Milan)"),
        (30 * SECOND, "fault_off", "eu-south-1 does not answer (Milan)"),
    ]


def cut_short(plan: Plan) -> Plan:
    """The same run, but for a minute only."""
    return replace(plan, data=replace(plan.data, duration_ns=60 * SECOND))


@pytest.mark.parametrize(
    "fault",
    [
        MILAN_DARK,
        {"region": REGIONS[MILAN], "mode": "lost"},
        CUT,
        PAUSED,
        {"clock": REGIONS[MILAN], "skew": "1 s"},
        {"dns": NAME, "mode": "error"},
        {"control_plane": "route53", "mode": "frozen"},
        {"zone": "eu-south-1a", "mode": "refused"},
        {"service": "api", "mode": "error"},
        {"table": "orders", "mode": "refused"},
        {"surge": "near eu-south-1", "factor": 2},
    ],
)
def test_a_fault_that_never_starts_changes_nothing(fault: Written) -> None:
    """Users may not write one; the run is cut short at the instant at which it would start."""
    other = timed(FRANKFURT_REFUSES, (10, 20))
    with_it, with_outcome = replay(cut_short(plan_of([other, timed(fault, (60, NEVER))], duration="61 s")))
    without, without_outcome = replay(cut_short(plan_of([other], duration="61 s")))
    assert with_it.calls == without.calls
    assert with_outcome.events == without_outcome.events
    assert len(without.of("set_region")) == 2


def test_a_fault_without_an_end_or_beyond_the_run_lasts_to_the_end() -> None:
    for fault in (timed(MILAN_DARK, (10, NEVER)), timed(MILAN_DARK, (10, 60)), timed(MILAN_DARK, (10, 90))):
        assert changes([fault], "set_region") == [(10, (MILAN, BLACK_HOLE))]


def test_faults_at_time_zero_act_at_time_zero() -> None:
    assert changes([timed(MILAN_DARK, (0, 5))], "set_region") == [
        (0, (MILAN, BLACK_HOLE)),
        (5, (MILAN, UP)),
    ]


# flapping


def test_flapping_is_on_at_each_period_and_off_after_its_duty() -> None:
    fault = flapping(timed(MILAN_DARK, (10, 40)), "7 s", "40 %")
    plane, outcome = replay(plan_of([fault], **QUIET))
    on = [10.0, 17.0, 24.0, 31.0, 38.0]
    off = [12.8, 19.8, 26.8, 33.8, 40.0]  # the last one ends with the fault
    expected = [
        (round(at * SECOND), kind, "eu-south-1 does not answer (Milan)")
        for pair in zip(on, off, strict=True)
        for at, kind in zip(pair, ("fault_on", "fault_off"), strict=True)
    ]
    assert events(outcome, "fault_on", "fault_off") == expected
    assert arguments(plane.of("set_region")) == [
        (at_ns, (MILAN, BLACK_HOLE if kind == "fault_on" else UP)) for at_ns, kind, _ in expected
    ]


def test_flapping_without_an_end_goes_on_to_the_end_of_the_run() -> None:
    fault = flapping(timed(MILAN_DARK, (3, NEVER)), "20 s", "50 %")
    _, outcome = replay(plan_of([fault], **QUIET))
    seconds = [at_ns // SECOND for at_ns, _, _ in events(outcome, "fault_on", "fault_off")]
    assert seconds == [3, 13, 23, 33, 43, 53]


@pytest.mark.parametrize(
    ("steady", "expected"),
    [
        # on in [10, 14), [20, 24), [30, 34), beside another fault of the same region
        (({"mode": "refused"}, (12, 22)), [
            (10, BLACK_HOLE), (14, REFUSED), (20, BLACK_HOLE), (24, UP), (30, BLACK_HOLE), (34, UP)]),
        (({"mode": "black_hole"}, (5, 24)), [(5, BLACK_HOLE), (24, UP), (30, BLACK_HOLE), (34, UP)]),
        (({"mode": "refused"}, (14, 30)), [
            (10, BLACK_HOLE), (14, REFUSED), (20, BLACK_HOLE), (24, REFUSED), (30, BLACK_HOLE), (34, UP)]),
    ],
)  # fmt: skip
def test_flapping_over_a_steady_fault(
    steady: tuple[Written, tuple[int, int]], expected: list[tuple[int, int]]
) -> None:
    fault, window = steady
    faults = [
        flapping(timed(MILAN_DARK, (10, 40)), "10 s", "40 %"),
        timed({"region": REGIONS[MILAN]} | fault, window),
    ]
    told = changes(faults, "set_region")
    assert [(instant, given[1]) for instant, given in told] == expected
    assert changes(faults[::-1], "set_region") == told


def test_two_flapping_cuts_stop_a_replicator_while_either_is_on() -> None:
    # on in [10, 15), [20, 25), [30, 35) and in [10, 13), [16, 19), [22, 25), [28, 31), [34, 37)
    faults = [
        flapping(timed(CUT_THERE, (10, 40)), "10 s", "50 %"),
        flapping(timed(CUT_THERE, (10, 40)), "6 s", "50 %"),
    ]
    told = changes(faults, "set_replication")
    assert [(at, given[3]) for at, given in told if given[0] == CARTS] == [
        (10, False), (15, True), (16, False), (19, True), (20, False), (25, True), (28, False), (37, True),
    ]  # fmt: skip


def test_a_flap_that_rounds_to_nothing_does_nothing() -> None:
    fault = fault_plan("region", "refused", end_ns=100, period_ns=10, on_ns=0, region=0)
    assert timeline([fault], 1_000) == {}


def test_a_flap_that_rounds_to_its_period_ends_and_begins_at_once() -> None:
    fault = fault_plan("region", "refused", end_ns=20, period_ns=10, on_ns=10, region=0)
    assert timeline([fault], 1_000) == {0: ([], [0]), 10: ([0], [0]), 20: ([0], [])}


@pytest.mark.parametrize(
    ("shares", "expected"),
    [([], 0.0), ([0.3], 0.3), ([0.5, 0.5], 0.75), ([0.5, 0.5, 0.5], 0.875), ([1.0, 0.4], 1.0)],
)
def test_independent_shares_add_up_to_the_share_hit_by_any(shares: list[float], expected: float) -> None:
    assert share_of_any(shares) == expected
