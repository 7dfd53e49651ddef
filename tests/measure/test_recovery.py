"""Recovery time, isolation and waterfall on windows made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from simulator.boundary.events import OfCheck, OfName
from simulator.boundary.kinds import NEVER_NS
from simulator.measure.episodes import Episode, Watched
from simulator.measure.recovery import section
from simulator.measure.waterfall import PHASES, faulted_regions
from simulator.outcome import Event, Outcome
from simulator.plan.timeline import FaultPlan
from simulator.result.plain import plain
from tests.measure.handmade import OBJECTIVE, SECOND, event, fault, of_kind, outcome, small

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
        "episodes": [],
        "faults": [],
        "objective": {"success": 0.99, "within_s": 10.0, "window_s": 10.0, "hold_s": 10.0},
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


# the waterfall


def unhealthy(at_s: float) -> Event:
    return event(at_s, "health_unhealthy", OfCheck("deep", "a"))


def by(cause: str, at_s: float) -> Event:
    return event(at_s, "answer_changed", cause=cause, regions=[])


WATERFALLS = {
    "health checks change the answers, caches expire, clients reconnect": (
        [unhealthy(45), by("health", 48)],
        NEVER_NS / SECOND,
        [("detect", 45), ("change_dns", 48), ("caches_expire", 70), ("reconnect", 90)],
    ),
    "an operator decides": (
        [unhealthy(45), event(52, "change_requested"), by("operator", 58)],
        NEVER_NS / SECOND,
        [("detect", 45), ("decide", 52), ("change_dns", 58), ("caches_expire", 70), ("reconnect", 90)],
    ),
    "an operator is quicker than the checks": (
        [event(40, "change_requested"), unhealthy(45), by("operator", 50)],
        NEVER_NS / SECOND,
        [("decide", 40), ("change_dns", 50), ("caches_expire", 70), ("reconnect", 90)],
    ),
    "an operator asks for another name": (
        [unhealthy(45), event(46, "change_requested", OfName("other.example")), by("operator", 50)],
        NEVER_NS / SECOND,
        [("detect", 45), ("change_dns", 50), ("caches_expire", 70), ("reconnect", 90)],
    ),
    "the fault ends before caches have expired": (
        [unhealthy(45), by("health", 48)],
        65,
        [("detect", 45), ("change_dns", 48), ("caches_expire", 65), ("reconnect", 90)],
    ),
    "the fault ends before the answers change": (
        [unhealthy(45), by("health", 61)],
        60,
        [("detect", 45), ("repair", 60), ("reconnect", 90)],
    ),
    "the fault ends before anything notices": (
        [unhealthy(65), by("health", 68)],
        60,
        [("repair", 60), ("reconnect", 90)],
    ),
    "nothing is done at all": ([], NEVER_NS / SECOND, [("reconnect", 90)]),
    "events of another time": (
        [unhealthy(10), by("health", 12), unhealthy(95), by("health", 96)],
        60,
        [("repair", 60), ("reconnect", 90)],
    ),
    "the answers change after all caches have gone": (
        [unhealthy(45), by("health", 85)],
        NEVER_NS / SECOND,
        [("detect", 45), ("change_dns", 85), ("reconnect", 90)],
    ),
}


@pytest.mark.parametrize("case", WATERFALLS)
def test_waterfall(case: str) -> None:
    log, end_s, expected = WATERFALLS[case]
    cached = np.zeros((10, 2), np.int64)
    cached[3:7, 0] = 2  # 2 of 100 attempts a window until 70 s
    pinned = np.full((10, 2), 49)
    run = outcome(
        "...xxxxxx.",
        fault(30, end_s),
        events=tuple(log),
        window_cached=cached,
        window_pinned=pinned,
    )
    (episode,) = episodes(run)
    phases, found = section(run, OBJECTIVE).phases, episode.found
    assert [(phase.phase, phase.end_s) for phase in phases] == expected
    assert [phase.start_s for phase in phases] == [
        found.start_ns / SECOND,
        *(phase.end_s for phase in phases[:-1]),
    ]
    assert sum(phase.end_s - phase.start_s for phase in phases) == found.took_ns / SECOND
    names = [phase.phase for phase in phases]
    assert names == sorted(names, key=PHASES.index)


def test_phase_that_the_repair_ended_says_so() -> None:
    cached = np.full((10, 2), 50)
    log = (unhealthy(45), by("health", 48))
    found = plain(
        section(
            outcome("...xxxxxx.", fault(30, 65), events=log, window_cached=cached),
            OBJECTIVE,
        )
    )
    assert found["phases"][2] == {
        "phase": "caches_expire",
        "start_s": 48.0,
        "end_s": 65.0,
        "ended_by": "repair",
    }
    assert "ended_by" not in found["phases"][1]


def test_one_stale_attempt_in_a_hundred_is_within_the_objective() -> None:
    cached = np.zeros((10, 2), np.int64)
    cached[3:9, 0] = 1  # 1 of 100: the objective lets it fail
    run = outcome(
        "...xxxxxx.",
        fault(30, NEVER_NS / SECOND),
        events=(by("health", 40),),
        window_cached=cached,
        window_fresh=np.full((10, 2), [0, 99]),
    )
    assert [phase.phase for phase in section(run, OBJECTIVE).phases] == ["change_dns", "reconnect"]


CAPACITY = {
    "a survivor turns users away after they have come": (
        [unhealthy(45), by("health", 48)],
        NEVER_NS / SECOND,
        [
            ("detect", 45),
            ("change_dns", 48),
            ("caches_expire", 70),
            ("capacity_ready", 80),
            ("reconnect", 90),
        ],
    ),
    "the region that returns is not ready": (
        [],
        60,
        [("repair", 60), ("capacity_ready", 80), ("reconnect", 90)],
    ),
    "nobody is led elsewhere, and capacity grows": (
        [],
        NEVER_NS / SECOND,
        [("capacity_ready", 80), ("reconnect", 90)],
    ),
}


@pytest.mark.parametrize("case", CAPACITY)
def test_capacity_is_ready_when_no_more_than_may_fail_are_turned_away(case: str) -> None:
    log, end_s, expected = CAPACITY[case]
    cached, rejected = np.zeros((10, 2), np.int64), np.zeros((10, 2), np.int64)
    cached[3:7, 0] = 2
    rejected[2, 1] = 50  # before the fault
    rejected[6:8, 1] = 2  # 2 of 100 attempts until 80 s
    rejected[8, 1] = 1  # 1 of 100: the objective lets it fail
    run = outcome(
        "...xxxxxx.",
        fault(30, end_s),
        events=tuple(log),
        window_cached=cached,
        window_pinned=np.full((10, 2), 49),
        window_rejected=rejected,
        window_failed_region=rejected,
        window_served=100 * np.array([[0, 1]] * 10) - rejected,
    )
    phases = section(run, OBJECTIVE).phases
    assert [(phase.phase, phase.end_s) for phase in phases] == expected
    names = [phase.phase for phase in phases]
    assert names == sorted(names, key=PHASES.index)


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


def test_requests_that_met_a_fault_are_counted_by_the_windows_that_it_overlaps() -> None:
    sent = np.array([[7, 1]] * 10)
    run = outcome("." * 10, fault(35, 55), of_name(100), window_pinned=sent)
    assert [one["requests"] for one in plain(section(run, OBJECTIVE))["faults"]] == [21, None]
    assert plain(section(run, OBJECTIVE))["faults"][0] | {"requests": 0} == {
        "fault": "a fault",
        "start_s": 35.0,
        "end_s": 55.0,
        "requests": 0,
    }


def test_requests_are_counted_towards_the_regions_of_what_broke() -> None:
    sent = np.array([[7, 1]] * 10)
    parts = [part("zone", 0), part("service", 0, 1), part("issuer", 0)]
    faults = [replace(one, start_ns=35 * SECOND, end_ns=55 * SECOND) for one in parts]
    found = plain(section(outcome("." * 10, *faults, window_pinned=sent), OBJECTIVE))
    assert [one["requests"] for one in found["faults"]] == [21, 24, None]


def test_where_content_networks_have_an_origin_requests_cannot_be_counted() -> None:
    plan = small(10)
    plan = replace(plan, data=replace(plan.data, origin_region=np.array([1])))
    faults = [fault(35, 55, region=0), fault(35, 55, region=1)]
    found = plain(section(outcome("." * 10, *faults, plan=plan), OBJECTIVE))
    assert [one["requests"] for one in found["faults"]] == [0, None]
