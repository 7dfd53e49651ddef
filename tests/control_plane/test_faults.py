"""Faults, alone and several at once on one target: the exact changes that the data plane is told of."""

from itertools import product
from typing import Any

import pytest

from simulator.control_plane.faults import share_of_any, timeline
from simulator.plan.timeline import FaultPlan
from simulator.seam import ANSWERING, BLACK_HOLE, EMPTY, FAILING, LOSING, REFUSED, UP
from tests.control_plane.building import (
    CARTS,
    FRANKFURT,
    MILAN,
    NAME,
    ORDERS,
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

QUIET = record(policy="simple")  # no health check, so that nothing but faults acts
STATE_CHANGES = (
    "set_region",
    "mark_at_risk",
    "lose_region",
    "set_link",
    "set_replication",
    "set_clock",
    "set_authoritative",
)

NESTED = ((10, 40), (20, 30))
OVERLAPPING = ((10, 30), (20, 40))
TWICE_THE_SAME = ((10, 30), (10, 30))
IN_A_ROW = ((10, 20), (20, 30))
WINDOWS = [NESTED, OVERLAPPING, TWICE_THE_SAME, IN_A_ROW]

NEVER = 10_000
DOWN = ("refused", "black_hole", "lost")

Windows = tuple[tuple[int, int], tuple[int, int]]


def changes(faults: list[Written], *methods: str, **topology: Any) -> list[tuple[int, tuple[Any, ...]]]:
    """What the data plane is told of by some methods: second, arguments."""
    plane, _ = replay(plan_of(faults, **(QUIET | topology)))
    return [(at_ns // SECOND, given) for at_ns, given in arguments(plane.of(*methods))]


def at_instants(windows: Windows, states: list[Any], idle: Any) -> list[tuple[int, Any]]:
    """The state after each instant at which one of two faults begins or ends.

    `states`: with the first fault alone, with the second alone, with both.
    """
    (first_on, first_off), (second_on, second_off) = windows
    found = []
    for instant in sorted({first_on, first_off, second_on, second_off} - {NEVER}):
        acting = (first_on <= instant < first_off, second_on <= instant < second_off)
        state = {(True, False): states[0], (False, True): states[1], (True, True): states[2]}
        found.append((instant, state.get(acting, idle)))
    return found


def timed(fault: Written, window: tuple[int, int]) -> Written:
    lasting = {} if window[1] == NEVER else {"until": f"{window[1]} s"}
    return fault | {"at": f"{window[0]} s"} | lasting


# regions

REGION_FAULTS: dict[str, Written] = {
    "refused": {"mode": "refused"},
    "black_hole": {"mode": "black_hole"},
    "error 30 %": {"mode": "error", "share": "30 %"},
    "error 50 %": {"mode": "error", "share": "50 %"},
    "slow 3x": {"mode": "slow", "factor": 3.0, "add": "2 s"},
    "slow 1.5x": {"mode": "slow", "factor": 1.5},
    "lost": {"mode": "lost"},
}
# mode, share of errors, factor, addition in ns
REGION_STATES = {
    "refused": (REFUSED, 0.0, 1.0, 0),
    "black_hole": (BLACK_HOLE, 0.0, 1.0, 0),
    "error 30 %": (UP, 0.3, 1.0, 0),
    "error 50 %": (UP, 0.5, 1.0, 0),
    "slow 3x": (UP, 0.0, 3.0, 2 * SECOND),
    "slow 1.5x": (UP, 0.0, 1.5, 0),
    "lost": (BLACK_HOLE, 0.0, 1.0, 0),
}
REGION_UP = (UP, 0.0, 1.0, 0)
REGION_TOGETHER = {
    ("refused", "refused"): (REFUSED, 0.0, 1.0, 0),
    ("refused", "black_hole"): (BLACK_HOLE, 0.0, 1.0, 0),
    ("refused", "error 30 %"): (REFUSED, 0.3, 1.0, 0),
    ("refused", "slow 3x"): (REFUSED, 0.0, 3.0, 2 * SECOND),
    ("refused", "lost"): (BLACK_HOLE, 0.0, 1.0, 0),
    ("black_hole", "black_hole"): (BLACK_HOLE, 0.0, 1.0, 0),
    ("black_hole", "error 30 %"): (BLACK_HOLE, 0.3, 1.0, 0),
    ("black_hole", "slow 3x"): (BLACK_HOLE, 0.0, 3.0, 2 * SECOND),
    ("black_hole", "lost"): (BLACK_HOLE, 0.0, 1.0, 0),
    ("error 30 %", "error 30 %"): (UP, 0.51, 1.0, 0),  # 1 - 0.7 · 0.7
    ("error 30 %", "error 50 %"): (UP, 0.65, 1.0, 0),  # 1 - 0.7 · 0.5
    ("error 30 %", "slow 3x"): (UP, 0.3, 3.0, 2 * SECOND),
    ("error 30 %", "lost"): (BLACK_HOLE, 0.3, 1.0, 0),
    ("slow 3x", "slow 3x"): (UP, 0.0, 9.0, 4 * SECOND),
    ("slow 3x", "slow 1.5x"): (UP, 0.0, 4.5, 2 * SECOND),
    ("slow 3x", "lost"): (BLACK_HOLE, 0.0, 3.0, 2 * SECOND),
    ("lost", "lost"): (BLACK_HOLE, 0.0, 1.0, 0),
}
REGION_CASES = [
    (one, other, windows)
    for pair in REGION_TOGETHER
    for one, other in dict.fromkeys((pair, pair[::-1]))
    for windows in WINDOWS
]


def region_fault(name: str, window: tuple[int, int]) -> Written:
    return timed({"region": REGIONS[FRANKFURT]} | REGION_FAULTS[name], window)


@pytest.mark.parametrize(("one", "other", "windows"), REGION_CASES)
def test_two_faults_of_a_region_add_up(one: str, other: str, windows: Windows) -> None:
    ending = tuple(
        (on, NEVER if name == "lost" else off) for name, (on, off) in zip((one, other), windows, strict=True)
    )
    both = REGION_TOGETHER.get((one, other)) or REGION_TOGETHER[other, one]
    states = at_instants(ending, [REGION_STATES[one], REGION_STATES[other], both], REGION_UP)  # type: ignore[arg-type]
    faults = [region_fault(one, ending[0]), region_fault(other, ending[1])]
    told = changes(faults, "set_region")
    assert told == [(instant, (FRANKFURT, *map(pytest.approx, state))) for instant, state in states]
    assert changes(faults[::-1], "set_region") == told


@pytest.mark.parametrize(("one", "other", "windows"), REGION_CASES)
def test_data_are_out_of_reach_from_the_moment_a_region_goes_down(
    one: str, other: str, windows: Windows
) -> None:
    ending = [
        (on, NEVER if name == "lost" else off) for name, (on, off) in zip((one, other), windows, strict=True)
    ]
    faults = [region_fault(one, ending[0]), region_fault(other, ending[1])]
    down = [window for name, window in zip((one, other), ending, strict=True) if name in DOWN]
    # a region goes down where a down-time begins that no other one covers
    begins = sorted({on for on, _ in down})
    expected = [on for on in begins if not any(a < on <= b for a, b in down)]
    assert changes(faults, "mark_at_risk") == [(on, (FRANKFURT,)) for on in expected]
    lost = sorted(on for name, (on, _) in zip((one, other), ending, strict=True) if name == "lost")
    assert changes(faults, "lose_region") == [(on, (FRANKFURT,)) for on in lost[:1]]


def test_what_is_at_risk_is_kept_and_logged() -> None:
    plane, outcome = replay(plan_of([region_fault("refused", (10, 20))], **QUIET))
    assert plane.of("mark_at_risk") == [(10 * SECOND, "mark_at_risk", (FRANKFURT,))]
    assert [(mark.region, mark.at_ns, mark.writes) for mark in outcome.at_risk] == [(1, 10 * SECOND, 3)]
    [event] = [event for event in outcome.events if event.kind == "data_unreachable"]
    assert (event.at_ns, event.target, event.detail) == (10 * SECOND, REGIONS[FRANKFURT], {"writes": 3})


def test_of_regions_lost_at_once_each_is_marked_before_the_next_counts_on_it() -> None:
    faults = [
        timed({"region": REGIONS[MILAN], "mode": "black_hole"}, (10, 20)),
        timed({"region": REGIONS[FRANKFURT], "mode": "lost"}, (10, NEVER)),
        timed({"region": REGIONS[VIRGINIA], "mode": "lost"}, (10, NEVER)),
    ]
    plane, outcome = replay(plan_of(faults, **QUIET))
    told = [(method, given) for _, method, given in plane.of("mark_at_risk", "lose_region")]
    assert told == [
        ("mark_at_risk", (FRANKFURT,)),
        ("lose_region", (FRANKFURT,)),
        ("mark_at_risk", (VIRGINIA,)),
        ("lose_region", (VIRGINIA,)),
        ("mark_at_risk", (MILAN,)),
    ]
    lost = events(outcome, "region_lost")
    assert lost == [(10 * SECOND, "region_lost", REGIONS[region]) for region in (FRANKFURT, VIRGINIA)]


def test_faults_of_one_region_leave_the_others_alone() -> None:
    told = changes([region_fault("black_hole", (10, 20))], "set_region", "set_link", "set_clock")
    assert [given[0] for _, given in told] == [FRANKFURT, FRANKFURT]


# links

LINK_FAULTS: dict[str, Written] = {
    "cut": {"mode": "cut"},
    "lossy": {"mode": "lossy", "share": "20 %"},
    "slow": {"mode": "slow", "factor": 2.0, "add": "50 ms"},
}
# cut, loss, factor, addition in ns
LINK_STATES = {
    "cut": (True, 0.0, 1.0, 0),
    "lossy": (False, 0.2, 1.0, 0),
    "slow": (False, 0.0, 2.0, 50_000_000),
}
LINK_UP = (False, 0.0, 1.0, 0)
LINK_TOGETHER = {
    ("cut", "cut"): (True, 0.0, 1.0, 0),
    ("cut", "lossy"): (True, 0.2, 1.0, 0),
    ("cut", "slow"): (True, 0.0, 2.0, 50_000_000),
    ("lossy", "lossy"): (False, 0.36, 1.0, 0),  # 1 - 0.8 · 0.8
    ("lossy", "slow"): (False, 0.2, 2.0, 50_000_000),
    ("slow", "slow"): (False, 0.0, 4.0, 100_000_000),
}
ENDS: dict[str, Written] = {
    "both ways": {"between": [REGIONS[MILAN], REGIONS[VIRGINIA]]},
    "there": {"from": REGIONS[MILAN], "to": REGIONS[VIRGINIA]},
    "back": {"from": REGIONS[VIRGINIA], "to": REGIONS[MILAN]},
}
THERE, BACK = (MILAN, VIRGINIA), (VIRGINIA, MILAN)
DIRECTIONS = {"both ways": {THERE, BACK}, "there": {THERE}, "back": {BACK}}


@pytest.mark.parametrize("windows", WINDOWS)
@pytest.mark.parametrize(("one_way", "other_way"), [*product(ENDS, ENDS)])
@pytest.mark.parametrize(("one", "other"), [*product(LINK_FAULTS, LINK_FAULTS)])
def test_two_faults_of_a_link_add_up_in_each_direction(
    one: str, other: str, one_way: str, other_way: str, windows: Windows
) -> None:
    faults = [
        timed({"link": ENDS[one_way]} | LINK_FAULTS[one], windows[0]),
        timed({"link": ENDS[other_way]} | LINK_FAULTS[other], windows[1]),
    ]
    told = changes(faults, "set_link")
    both = LINK_TOGETHER.get((one, other)) or LINK_TOGETHER[other, one]
    for pair in (THERE, BACK):
        windows_here = (
            windows[0] if pair in DIRECTIONS[one_way] else (NEVER, NEVER),
            windows[1] if pair in DIRECTIONS[other_way] else (NEVER, NEVER),
        )
        states = at_instants(windows_here, [LINK_STATES[one], LINK_STATES[other], both], LINK_UP)
        here = [(instant, given[2:]) for instant, given in told if given[:2] == pair]
        assert here == [(instant, tuple(map(pytest.approx, state))) for instant, state in states]
    assert {given[:2] for _, given in told} == DIRECTIONS[one_way] | DIRECTIONS[other_way]
    assert sorted(changes(faults[::-1], "set_link")) == sorted(told)


def test_a_link_to_everywhere_is_the_links_to_every_other_place() -> None:
    cut = {"link": {"from": REGIONS[MILAN], "to": "everywhere"}, "mode": "cut"}
    told = changes([timed(cut, (10, 20))], "set_link", near=("eu-west-2",))
    places = [FRANKFURT, VIRGINIA, 3]
    assert [given for instant, given in told if instant == 10] == [
        (MILAN, place, True, 0.0, 1.0, 0) for place in places
    ]
    assert [given for instant, given in told if instant == 20] == [
        (MILAN, place, False, 0.0, 1.0, 0) for place in places
    ]


# replication

PAUSED: Written = {"replication": {}}
CUT_THERE: Written = {"link": {"from": REGIONS[MILAN], "to": REGIONS[FRANKFURT]}, "mode": "cut"}
CUT_BACK: Written = {"link": {"from": REGIONS[FRANKFURT], "to": REGIONS[MILAN]}, "mode": "cut"}
LOSSY: Written = CUT_THERE | {"mode": "lossy", "share": "90 %"}
MILAN_DARK: Written = {"region": REGIONS[MILAN], "mode": "black_hole"}
FRANKFURT_REFUSES: Written = {"region": REGIONS[FRANKFURT], "mode": "refused"}
MILAN_ERRS: Written = {"region": REGIONS[MILAN], "mode": "error"}


@pytest.mark.parametrize(
    ("faults", "there", "back"),
    [
        ([(PAUSED, (10, 40))], [(10, False), (40, True)], [(10, False), (40, True)]),
        ([(CUT_THERE, (10, 40))], [(10, False), (40, True)], []),
        ([(CUT_BACK, (10, 40))], [], [(10, False), (40, True)]),
        ([(LOSSY, (10, 40))], [], []),
        ([(MILAN_ERRS, (10, 40))], [], []),
        ([(MILAN_DARK, (10, 40))], [(10, False), (40, True)], [(10, False), (40, True)]),
        ([(FRANKFURT_REFUSES, (10, 40))], [(10, False), (40, True)], [(10, False), (40, True)]),
        # a pause and a cut: both must be over
        ([(PAUSED, (10, 40)), (CUT_THERE, (20, 30))], [(10, False), (40, True)], [(10, False), (40, True)]),
        ([(PAUSED, (10, 30)), (CUT_THERE, (20, 40))], [(10, False), (40, True)], [(10, False), (30, True)]),
        ([(CUT_THERE, (10, 30)), (PAUSED, (20, 40))], [(10, False), (40, True)], [(20, False), (40, True)]),
        # one ends at the instant at which the next begins: no gap, however short
        ([(PAUSED, (10, 20)), (CUT_THERE, (20, 30))], [(10, False), (30, True)], [(10, False), (20, True)]),
        (
            [(CUT_THERE, (10, 20)), (MILAN_DARK, (20, 30))],
            [(10, False), (30, True)], [(20, False), (30, True)],
        ),
        ([(MILAN_DARK, (10, 20)), (FRANKFURT_REFUSES, (20, 30))],) + ([(10, False), (30, True)],) * 2,
        # a lost region never resumes, whatever else ends
        ([(MILAN_DARK | {"mode": "lost"}, (10, NEVER)), (PAUSED, (5, 20))],) + ([(5, False)],) * 2,
    ],
)  # fmt: skip
def test_a_replicator_stands_still_while_paused_cut_or_down(
    faults: list[tuple[Written, tuple[int, int]]],
    there: list[tuple[int, bool]],
    back: list[tuple[int, bool]],
) -> None:
    written = [timed(fault, window) for fault, window in faults]
    for order in (written, written[::-1]):
        told = changes(order, "set_replication")
        for table in (ORDERS, CARTS):
            for pair, expected in (((MILAN, FRANKFURT), there), ((FRANKFURT, MILAN), back)):
                here = [(instant, given[3]) for instant, given in told if given[:3] == (table, *pair)]
                assert here == expected


@pytest.mark.parametrize(
    ("scope", "stopped"),
    [
        ({"table": "carts"}, {(CARTS, 0, 1), (CARTS, 1, 0)}),
        (
            {"region": REGIONS[VIRGINIA]},
            {(ORDERS, 0, 2), (ORDERS, 1, 2), (ORDERS, 2, 0), (ORDERS, 2, 1)},
        ),
        ({"from": REGIONS[MILAN], "to": REGIONS[FRANKFURT]}, {(ORDERS, 0, 1), (CARTS, 0, 1)}),
        ({"table": "orders", "from": REGIONS[MILAN], "to": REGIONS[FRANKFURT]}, {(ORDERS, 0, 1)}),
        (
            {},
            {
                *((ORDERS, a, b) for a, b in product(range(3), range(3)) if a != b),
                (CARTS, 0, 1),
                (CARTS, 1, 0),
            },
        ),
    ],
)
def test_a_pause_stops_the_replicators_in_its_scope_alone(
    scope: Written, stopped: set[tuple[int, int, int]]
) -> None:
    told = changes([timed({"replication": scope}, (10, 20))], "set_replication")
    assert {given[:3] for instant, given in told if instant == 10} == stopped
    assert sorted(told) == sorted((at, (*pair, at == 20)) for pair in stopped for at in (10, 20))


def test_two_pauses_of_one_replicator_end_with_the_last() -> None:
    carts: Written = {"replication": {"table": "carts"}}
    told = changes([timed(carts, (10, 30)), timed(PAUSED, (20, 40))], "set_replication")
    assert [(at, given[3]) for at, given in told if given[0] == CARTS and given[1] == MILAN] == [
        (10, False),
        (40, True),
    ]


def test_replicators_are_logged_when_they_stop_and_resume() -> None:
    _, outcome = replay(plan_of([timed(CUT_THERE, (10, 20))], **QUIET))
    assert events(outcome, "replication_stopped", "replication_resumed") == [
        (at * SECOND, f"replication_{what}", f"{table} eu-south-1→eu-central-1")
        for at, what in ((10, "stopped"), (20, "resumed"))
        for table in ("orders", "carts")
    ]


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


# several at once


def test_three_faults_of_a_region_give_the_same_bits_in_any_order() -> None:
    shares, factors = (0.1, 0.2, 0.7), (1.1, 1.2, 1.4)  # whose float products depend on the order
    errors = [
        timed({"region": REGIONS[MILAN], "mode": "error", "share": f"{100 * s:.0f} %"}, (10, 20))
        for s in shares
    ]
    slow = [timed({"region": REGIONS[MILAN], "mode": "slow", "factor": f}, (10, 20)) for f in factors]
    told = changes([*errors, *slow], "set_region")
    assert told[0] == (10, (MILAN, UP, pytest.approx(0.784), pytest.approx(1.848), 0))
    for turn in range(3):
        turned = [*errors[turn:], *errors[:turn], *slow[turn:], *slow[:turn]]
        assert changes(turned, "set_region") == told
        assert changes(turned[::-1], "set_region") == told


def test_faults_of_every_kind_at_one_instant_take_effect_together() -> None:
    faults = [
        timed({"dns": NAME, "mode": "error"}, (10, 20)),
        timed({"clock": REGIONS[MILAN], "skew": "1 s"}, (10, 20)),
        timed(MILAN_DARK, (10, 20)),
        timed({"link": ENDS["there"], "mode": "cut"}, (10, 20)),
    ]
    plane, outcome = replay(plan_of(faults, **QUIET))
    told = [method for at_ns, method, _ in plane.of(*STATE_CHANGES) if at_ns == 10 * SECOND]
    assert told.count("set_region") == told.count("set_link") == told.count("set_clock") == 1
    assert told.count("set_authoritative") == told.count("mark_at_risk") == 1
    assert told.index("set_region") < told.index("set_replication") < told.index("mark_at_risk")
    kinds = [kind for _, kind, _ in events(outcome, "fault_on", "fault_off")]
    assert kinds == ["fault_on"] * 4 + ["fault_off"] * 4


def test_a_fault_may_end_where_another_begins_without_a_moment_between() -> None:
    faults = [timed(MILAN_DARK | {"mode": "refused"}, (10, 20)), timed(MILAN_DARK, (20, 30))]
    plane, outcome = replay(plan_of(faults, **QUIET))
    assert arguments(plane.of("set_region")) == [
        (10 * SECOND, (MILAN, REFUSED, 0.0, 1.0, 0)),
        (20 * SECOND, (MILAN, BLACK_HOLE, 0.0, 1.0, 0)),
        (30 * SECOND, (MILAN, UP, 0.0, 1.0, 0)),
    ]
    assert events(outcome, "fault_on", "fault_off") == [
        (10 * SECOND, "fault_on", "eu-south-1 refused"),
        (20 * SECOND, "fault_off", "eu-south-1 refused"),
        (20 * SECOND, "fault_on", "eu-south-1 black_hole"),
        (30 * SECOND, "fault_off", "eu-south-1 black_hole"),
    ]


@pytest.mark.parametrize(
    "fault",
    [
        MILAN_DARK,
        {"region": REGIONS[MILAN], "mode": "lost"},
        {"link": ENDS["there"], "mode": "cut"},
        PAUSED,
        {"clock": REGIONS[MILAN], "skew": "1 s"},
        {"dns": NAME, "mode": "error"},
        {"control_plane": "route53", "mode": "frozen"},
    ],
)
def test_a_fault_that_never_starts_changes_nothing(fault: Written) -> None:
    other = timed(FRANKFURT_REFUSES, (10, 20))
    with_it, with_outcome = replay(plan_of([timed(fault, (60, NEVER)), other], duration="60 s"))
    without, without_outcome = replay(plan_of([other], duration="60 s"))
    assert with_it.calls == without.calls
    assert with_outcome.events == without_outcome.events
    assert len(without.of("set_region")) == 2


def test_a_fault_without_an_end_or_beyond_the_run_lasts_to_the_end() -> None:
    for fault in (timed(MILAN_DARK, (10, NEVER)), timed(MILAN_DARK, (10, 60)), timed(MILAN_DARK, (10, 90))):
        assert changes([fault], "set_region") == [(10, (MILAN, BLACK_HOLE, 0.0, 1.0, 0))]


def test_faults_at_time_zero_act_at_time_zero() -> None:
    assert changes([timed(MILAN_DARK, (0, 5))], "set_region") == [
        (0, (MILAN, BLACK_HOLE, 0.0, 1.0, 0)),
        (5, (MILAN, UP, 0.0, 1.0, 0)),
    ]


# flapping


def flapping(fault: Written, period: str, duty: str) -> Written:
    return fault | {"flapping": {"period": period, "duty": duty}}


def test_flapping_is_on_at_each_period_and_off_after_its_duty() -> None:
    fault = flapping(timed(MILAN_DARK, (10, 40)), "7 s", "40 %")
    plane, outcome = replay(plan_of([fault], **QUIET))
    on = [10.0, 17.0, 24.0, 31.0, 38.0]
    off = [12.8, 19.8, 26.8, 33.8, 40.0]  # the last one ends with the fault
    expected = [
        (round(at * SECOND), kind, "eu-south-1 black_hole")
        for pair in zip(on, off, strict=True)
        for at, kind in zip(pair, ("fault_on", "fault_off"), strict=True)
    ]
    assert events(outcome, "fault_on", "fault_off") == expected
    assert arguments(plane.of("set_region")) == [
        (at_ns, (MILAN, BLACK_HOLE if kind == "fault_on" else UP, 0.0, 1.0, 0)) for at_ns, kind, _ in expected
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
            (10, BLACK_HOLE), (12, BLACK_HOLE), (14, REFUSED), (20, BLACK_HOLE), (22, BLACK_HOLE), (24, UP),
            (30, BLACK_HOLE), (34, UP)]),
        (({"mode": "black_hole"}, (5, 24)), [
            (5, BLACK_HOLE), (10, BLACK_HOLE), (14, BLACK_HOLE), (20, BLACK_HOLE), (24, UP),
            (30, BLACK_HOLE), (34, UP)]),
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
    fault = FaultPlan("a blink", "region", "refused", start_ns=0, end_ns=100, period_ns=10, on_ns=0, region=0)
    assert timeline([fault], 1_000) == {}


def test_a_flap_that_rounds_to_its_period_ends_and_begins_at_once() -> None:
    fault = FaultPlan("steady", "region", "refused", start_ns=0, end_ns=20, period_ns=10, on_ns=10, region=0)
    assert timeline([fault], 1_000) == {0: ([], [0]), 10: ([0], [0]), 20: ([0], [])}


@pytest.mark.parametrize(
    ("shares", "expected"),
    [([], 0.0), ([0.3], 0.3), ([0.5, 0.5], 0.75), ([0.5, 0.5, 0.5], 0.875), ([1.0, 0.4], 1.0)],
)
def test_independent_shares_add_up_to_the_share_hit_by_any(shares: list[float], expected: float) -> None:
    assert share_of_any(shares) == expected
