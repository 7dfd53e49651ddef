"""Recovery time, isolation and waterfall on windows made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from simulator.measure.episodes import Episode, Watched
from simulator.measure.recovery import section
from simulator.measure.waterfall import faulted_regions
from simulator.outcome import Outcome
from simulator.plan.timeline import FaultPlan
from simulator.result.plain import plain
from tests.measure.handmade import OBJECTIVE, SECOND, fault, of_kind, outcome

Times = list[tuple[float, float | None]]


def episodes(run: Outcome) -> list[Episode]:
    """Those of the actions of all people."""
    return Watched.of_all(run, OBJECTIVE).episodes()


def times(windows: str, *starts_s: float) -> Times:
    """Start of each episode and its recovery time, in seconds."""
    found = episodes(outcome(windows, *(fault(start, start + 5) for start in starts_s)))
    return [
        (e.found.start_ns / SECOND, e.found.took_ns / SECOND if e.found.is_shown else None) for e in found
    ]


@pytest.mark.parametrize(
    ("windows", "starts", "expected"),
    [
        ("..........", [], []),
        ("..........", [30], [(30, 0)]),  # nobody noticed
        ("...xx.....", [30], [(30, 20)]),
        ("...xx.....", [35], [(35, 15)]),  # the clock starts with the fault, not with its window
        ("....xx....", [30], [(30, 30)]),  # it took the fault a while to bite
        ("...xx..x..", [30], [(30, 50)]),  # a second hump: it did not stay OK
        ("...x--x...", [30], [(30, 40)]),
        ("...xxxxxxx", [30], [(30, None)]),
        ("...xx.xx.x", [30], [(30, None)]),
        ("...xx-----", [30], [(30, None)]),  # nobody was left to tell
        ("...-------", [30], [(30, None)]),
        ("x..xx.....", [30], [(30, 20)]),  # what was wrong before is not the fault's
        ("...x...xx.", [30, 70], [(30, 10), (70, 20)]),  # until the next declared fault
        ("...x...xx.", [30, 75], [(30, 10), (75, 15)]),  # which cuts a window: it is the second's
        ("...xxxx...", [30, 50], [(30, 40)]),  # the second fault begins before the recovery
        ("...xx.....", [31, 33], [(31, 19)]),  # too close for a window between them
        ("...x...xxx", [30, 70], [(30, 10), (70, None)]),
        ("...---x...", [30, 55], [(30, 40)]),  # no data between them: one episode
    ],
)
def test_recovery_time(windows: str, starts: list[float], expected: Times) -> None:
    assert times(windows, *starts) == expected


def test_why_a_recovery_is_not_shown_where_nothing_came_after_it() -> None:
    watched = Watched.of_all(outcome("...xx-----", fault(30, 35)), OBJECTIVE)
    (worst,) = watched.episodes()
    assert watched.why_not_shown(worst) == "too little followed"


def test_a_run_that_ends_soon_after_a_fault_that_nobody_felt_says_how_soon() -> None:
    """A fault at 80 s of 100 s, after which nobody acts: nothing was ever not OK."""
    watched = Watched.of_all(outcome("........--", fault(80, 85)), replace(OBJECTIVE, hold_s=60.0))
    (worst,) = watched.episodes()
    said = "the run ended 20 s after the fault began: the run is 40 s too short for the hold of 1 min"
    assert watched.why_not_shown(worst) == said


def test_a_hold_that_is_a_sixth_of_a_run_is_told_to_the_millisecond() -> None:
    watched = Watched.of_all(outcome("...xxxxx--", fault(30, 35)), replace(OBJECTIVE, hold_s=200 / 6))
    (worst,) = watched.episodes()
    said = "not OK until 20 s before the run ended: the run is 13.333 s too short for the hold of 33.333 s"
    assert watched.why_not_shown(worst) == said


def test_a_run_that_ends_soon_after_it_was_not_ok_says_how_soon() -> None:
    """Not OK up to 80 s of 100 s, nobody since: 20 s of whatever hold is longer."""
    watched = Watched.of_all(outcome("...xxxxx--", fault(30, 35)), replace(OBJECTIVE, hold_s=60.0))
    (worst,) = watched.episodes()
    said = "not OK until 20 s before the run ended: the run is 40 s too short for the hold of 1 min"
    assert watched.why_not_shown(worst) == said


def test_a_run_that_is_too_short_does_not_ask_for_more_actions() -> None:
    """Not OK up to 50 s of 100 s, then OK while anybody acts: no action makes a minute of 50 s."""
    watched = Watched.of_all(outcome("...xx....-", fault(30, 35)), replace(OBJECTIVE, hold_s=60.0))
    (worst,) = watched.episodes()
    said = "not OK until 50 s before the run ended: the run is 10 s too short for the hold of 1 min"
    assert watched.why_not_shown(worst) == said


@pytest.mark.parametrize(("succeeded", "took_s"), [(3960, 0), (3959, 10)])
def test_window_is_ok_at_exactly_the_objective(succeeded: int, took_s: float) -> None:
    counts = np.full(10, 4000)  # of which forty may fail
    counts[3] = succeeded
    run = outcome("." * 10, fault(30, 40), window_succeeded=counts, window_failed=4000 - counts)
    (episode,) = episodes(run)
    assert episode.found.took_ns == took_s * SECOND


@pytest.mark.parametrize(
    ("windows", "isolated"),
    [
        ("..........", True),
        ("...x......", False),
        ("....x.....", False),
        (".....x....", True),  # after the fault
        ("..x.......", True),  # before it
        ("...--.....", None),
        ("...-......", True),
    ],
)
def test_isolation_is_being_ok_through_the_whole_fault(windows: str, isolated: bool | None) -> None:
    assert Watched.of_all(outcome(windows, fault(30, 50)), OBJECTIVE).is_isolated() is isolated


def test_without_a_fault_there_is_neither_isolation_nor_recovery() -> None:
    assert plain(section(outcome("....."), OBJECTIVE)) == {
        "recovery_time_s": None,
        "shown": None,
        "not_shown": "",
        "isolation": None,
        "ladder": [],
        "user_minutes_lost": 0.0,
        "phases": [],
        "plateau": None,
        "episodes": [],
        "faults": [],
        "objective": {
            "success": 0.99,
            "within_s": 10.0,
            "window_s": 10.0,
            "hold_s": 10.0,
            "within_operations_s": {},
            "within_populations_s": {},
        },
    }


@pytest.mark.parametrize(
    ("windows", "time_s", "shown"),
    [
        ("...x...xx.", 20.0, True),
        ("...xx..x..", 20.0, True),
        ("...x...xxx", 30.0, False),
        ("...xxxxxxx", 70.0, False),
        ("...-------", 0.0, False),
        ("..........", 0.0, True),
        ("----------", None, None),
    ],
)
def test_the_worst_episode_counts(windows: str, time_s: float | None, shown: bool | None) -> None:
    found = plain(section(outcome(windows, fault(30, 35), fault(70, 75)), OBJECTIVE))
    assert (found["recovery_time_s"], found["shown"]) == (time_s, shown)


# what was struck


def link(*pairs: tuple[int, int]) -> FaultPlan:
    return of_kind("link", mode="cut", pairs=pairs)


def part(kind: str, *regions: int) -> FaultPlan:
    where = {"zone": {"region": regions[0], "zone": 0}, "store": {"store": 0, "regions": regions}}
    return of_kind(kind, mode="refused", **where.get(kind, {"service": 0, "regions": regions}))


def of_name(end_s: float) -> FaultPlan:
    return of_kind("dns", 0, end_s, mode="error", name=0)


@pytest.mark.parametrize(
    ("faults", "struck"),
    [
        ([fault(0, 1, region=1), fault(0, 1, region=0)], [0, 1]),
        ([link((0, 1), (0, 2), (1, 0), (2, 0))], [0]),  # between region 0 and everywhere
        ([link((5, 1))], [1]),  # between users and a region
        ([link((0, 1), (1, 0))], []),  # between two regions: neither is struck for everybody
        ([link((5, 6))], []),
        ([of_name(1)], []),
        ([part("zone", 1)], [1]),
        ([part("service", 0), part("store", 2)], [0, 2]),
        ([part("service", 0, 1, 2)], []),  # everywhere: nobody can be led elsewhere
        ([part("issuer", 0)], []),
    ],
)
def test_struck_regions(faults: list[FaultPlan], struck: list[int]) -> None:
    assert faulted_regions(tuple(faults), region_count=3) == struck


def test_each_fault_has_the_requests_that_met_it() -> None:
    second = fault(35, 55, number=1)
    run = outcome("." * 10, fault(35, 55), second, fault_met=np.array([21, 0]))
    found = plain(section(run, OBJECTIVE))["faults"]
    assert found[0] == {"fault": "a fault", "start_s": 35.0, "end_s": 55.0, "requests": 21}
    assert found[1]["requests"] == 0
