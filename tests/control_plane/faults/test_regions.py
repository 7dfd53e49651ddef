"""Faults of regions: how they look at each of their sites, and whose data are out of reach."""

import pytest

from simulator.boundary.looks import WELL, Look
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED, UP
from tests.control_plane.building import (
    API,
    FRANKFURT,
    IDENTITY,
    MILAN,
    REGIONS,
    SECOND,
    VIRGINIA,
    Written,
    events,
    plan_of,
    replay,
)
from tests.control_plane.timelines import (
    NEVER,
    QUIET,
    WINDOWS,
    Windows,
    at_instants,
    changes,
    near,
    only_changes,
    timed,
)

DOWN = ("refused", "black_hole", "lost")

REGION_FAULTS: dict[str, Written] = {
    "refused": {"mode": "refused"},
    "black_hole": {"mode": "black_hole"},
    "error 30 %": {"mode": "error", "share": "30 %"},
    "error 50 %": {"mode": "error", "share": "50 %"},
    "slow 3x": {"mode": "slow", "factor": 3.0, "add": "2 s"},
    "slow 1.5x": {"mode": "slow", "factor": 1.5},
    "lost": {"mode": "lost"},
}
REGION_STATES = {
    "refused": Look(mode=REFUSED),
    "black_hole": Look(mode=BLACK_HOLE),
    "error 30 %": Look(error_share=0.3),
    "error 50 %": Look(error_share=0.5),
    "slow 3x": Look(factor=3.0, add_ns=2 * SECOND),
    "slow 1.5x": Look(factor=1.5),
    "lost": Look(mode=BLACK_HOLE),
}
REGION_TOGETHER = {
    ("refused", "refused"): Look(mode=REFUSED),
    ("refused", "black_hole"): Look(mode=BLACK_HOLE),
    ("refused", "error 30 %"): Look(mode=REFUSED, error_share=0.3),
    ("refused", "slow 3x"): Look(mode=REFUSED, factor=3.0, add_ns=2 * SECOND),
    ("refused", "lost"): Look(mode=BLACK_HOLE),
    ("black_hole", "black_hole"): Look(mode=BLACK_HOLE),
    ("black_hole", "error 30 %"): Look(mode=BLACK_HOLE, error_share=0.3),
    ("black_hole", "slow 3x"): Look(mode=BLACK_HOLE, factor=3.0, add_ns=2 * SECOND),
    ("black_hole", "lost"): Look(mode=BLACK_HOLE),
    ("error 30 %", "error 30 %"): Look(error_share=0.51),  # 1 - 0.7 · 0.7
    ("error 30 %", "error 50 %"): Look(error_share=0.65),  # 1 - 0.7 · 0.5
    ("error 30 %", "slow 3x"): Look(error_share=0.3, factor=3.0, add_ns=2 * SECOND),
    ("error 30 %", "lost"): Look(mode=BLACK_HOLE, error_share=0.3),
    ("slow 3x", "slow 3x"): Look(factor=9.0, add_ns=4 * SECOND),
    ("slow 3x", "slow 1.5x"): Look(factor=4.5, add_ns=2 * SECOND),
    ("slow 3x", "lost"): Look(mode=BLACK_HOLE, factor=3.0, add_ns=2 * SECOND),
    ("lost", "lost"): Look(mode=BLACK_HOLE),
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
def test_two_faults_of_a_region_add_up_at_each_of_its_sites(one: str, other: str, windows: Windows) -> None:
    ending = tuple(
        (on, NEVER if name == "lost" else off) for name, (on, off) in zip((one, other), windows, strict=True)
    )
    both = REGION_TOGETHER.get((one, other)) or REGION_TOGETHER[other, one]
    states = at_instants(ending, [REGION_STATES[one], REGION_STATES[other], both], WELL)  # type: ignore[arg-type]
    faults = [region_fault(one, ending[0]), region_fault(other, ending[1])]
    told = changes(faults, "set_site")
    for service in (API, IDENTITY):
        here = [(instant, given[2]) for instant, given in told if given[:2] == (service, FRANKFURT)]
        looks = only_changes(states, WELL)
        assert here == [(instant, near(look)) for instant, look in looks]
    assert changes(faults[::-1], "set_site") == told
    modes = only_changes([(instant, state.mode) for instant, state in states], UP)
    assert changes(faults, "set_region") == [(instant, (FRANKFURT, mode)) for instant, mode in modes]


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
    told = changes([region_fault("black_hole", (10, 20))], "set_region", "set_zone", "set_link", "set_clock")
    assert [given[0] for _, given in told] == [FRANKFURT, FRANKFURT]
    assert {given[1] for _, given in changes([region_fault("black_hole", (10, 20))], "set_site")} == {
        FRANKFURT
    }
