"""Faults of links, and replicators that stand still."""

from itertools import product

import pytest

from simulator.boundary.looks import WELL, Look
from simulator.boundary.outcomes import BLACK_HOLE
from tests.control_plane.building import (
    CARTS,
    FRANKFURT,
    MILAN,
    ORDERS,
    REGIONS,
    SECOND,
    VIRGINIA,
    Written,
    events,
    plan_of,
    replay,
)
from tests.control_plane.timelines import (
    CUT_BACK,
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
    near,
    only_changes,
    timed,
)

LINK_FAULTS: dict[str, Written] = {
    "cut": {"mode": "cut"},
    "lossy": {"mode": "lossy", "share": "20 %"},
    "slow": {"mode": "slow", "factor": 2.0, "add": "50 ms"},
}
LINK_STATES = {
    "cut": Look(mode=BLACK_HOLE),
    "lossy": Look(loss=0.2),
    "slow": Look(factor=2.0, add_ns=50_000_000),
}
LINK_TOGETHER = {
    ("cut", "cut"): Look(mode=BLACK_HOLE),
    ("cut", "lossy"): Look(mode=BLACK_HOLE, loss=0.2),
    ("cut", "slow"): Look(mode=BLACK_HOLE, factor=2.0, add_ns=50_000_000),
    ("lossy", "lossy"): Look(loss=0.36),  # 1 - 0.8 · 0.8
    ("lossy", "slow"): Look(loss=0.2, factor=2.0, add_ns=50_000_000),
    ("slow", "slow"): Look(factor=4.0, add_ns=100_000_000),
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
        states = at_instants(windows_here, [LINK_STATES[one], LINK_STATES[other], both], WELL)
        here = [(instant, given[2]) for instant, given in told if given[:2] == pair]
        assert here == [(instant, near(look)) for instant, look in only_changes(states, WELL)]
    assert {given[:2] for _, given in told} == DIRECTIONS[one_way] | DIRECTIONS[other_way]
    assert changes(faults[::-1], "set_link") == told


def test_a_link_to_everywhere_is_the_links_to_every_other_place() -> None:
    cut = {"link": {"from": REGIONS[MILAN], "to": "everywhere"}, "mode": "cut"}
    told = changes([timed(cut, (10, 20))], "set_link", near=("eu-west-2",))
    places = [FRANKFURT, VIRGINIA, 3]
    assert [given for instant, given in told if instant == 10] == [
        (MILAN, place, Look(mode=BLACK_HOLE)) for place in places
    ]
    assert [given for instant, given in told if instant == 20] == [(MILAN, place, WELL) for place in places]


# replication

LOSSY: Written = CUT_THERE | {"mode": "lossy", "share": "90 %"}
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
