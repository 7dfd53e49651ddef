"""Health checks: what each protocol takes for healthy, how long a probe takes, how many checkers it needs."""

import math
from itertools import product
from typing import Any

import numpy as np
import pytest

from simulator.control_plane.chance import uniform
from simulator.plan.lowered import Plan
from simulator.plan.timeline import FaultPlan
from simulator.randomness.draws import CHECKER
from tests.control_plane import handmade
from tests.control_plane.building import MILAN, REGIONS, SECOND, VIRGINIA, Written, events, plan_of, replay
from tests.small import check_named

CHECKER_REGIONS = (
    "us-east-1",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "sa-east-1",
)
MILAN_FAULT: Written = {"region": REGIONS[MILAN]}
CUT: Written = {"mode": "cut"}


def statuses(
    faults: list[Written], region: int = MILAN, duration: str = "30 min", seed: int = 1, **check: object
) -> list[tuple[int, str]]:
    """When the health check of a region's endpoint changed, and to what."""
    plan = plan_of(faults, duration=duration, seed=seed, health_checks={"deep": check})
    _, outcome = replay(plan)
    said = events(outcome, "health_unhealthy", "health_healthy")
    return [
        (at_ns, kind.removeprefix("health_")) for at_ns, kind, of in said if of == f"deep@{REGIONS[region]}"
    ]


# the exact times, checker by checker


def round_trip_ns(plan: Plan, place: int) -> int:
    """Half of the round trip measured in each direction; the two differ by some milliseconds."""
    return sum(int(plan.data.rtt_ns[pair] / 2 + 0.5) for pair in ((place, MILAN), (MILAN, place)))


def first_at_or_after(instant_ns: int, start_ns: int, period_ns: int) -> int:
    return start_ns + period_ns * max(0, math.ceil((instant_ns - start_ns) / period_ns))


ROUND_TRIPS = {"tcp": 1, "http": 2, "https": 3}  # connect; ask; TLS handshake in between
DOWN_NS, UP_NS = 1_000 * SECOND, 2_000 * SECOND


@pytest.mark.parametrize(("interval", "threshold"), [("30 s", 3), ("10 s", 3), ("10 s", 1), ("30 s", 10)])
@pytest.mark.parametrize(
    ("protocol", "mode", "round_trips", "seconds"),
    [
        # how long a failed probe takes
        ("tcp", {"mode": "refused"}, 1, 0),
        ("http", {"mode": "refused"}, 1, 0),
        ("https", {"mode": "refused"}, 1, 0),
        ("tcp", {"mode": "black_hole"}, 0, 10),
        ("http", {"mode": "black_hole"}, 0, 4),
        ("https", {"mode": "black_hole"}, 0, 4),
        ("http", {"mode": "error"}, 2, 0),
        ("https", {"mode": "error"}, 3, 0),
        ("http", {"mode": "slow", "add": "3 s"}, 1, 2),
        ("https", {"mode": "slow", "add": "3 s"}, 1, 2),
    ],
)
def test_detection_and_recovery_come_when_the_rules_say(
    protocol: str, mode: Written, round_trips: int, seconds: int, interval: str, threshold: int
) -> None:
    """Unhealthy with the 14th of 16 checkers (12.5 % left), healthy with the third (18.75 %)."""
    fault = MILAN_FAULT | mode | {"at": "1000 s", "until": "2000 s"}
    check: Written = {"protocol": protocol, "interval": interval, "failure_threshold": threshold}
    plan = plan_of([fault], duration="3000 s", health_checks={"deep": check})
    interval_ns = int(interval.split()[0]) * SECOND
    unhealthy, healthy = [], []
    for checker, place in enumerate(check_named(plan, "deep").checker_locations):
        good_ns = ROUND_TRIPS[protocol] * round_trip_ns(plan, place)
        bad_ns = round_trips * round_trip_ns(plan, place) + seconds * SECOND
        phase_ns = int(uniform(1, CHECKER, MILAN, checker) * interval_ns)
        first_bad_ns = first_at_or_after(DOWN_NS, phase_ns, interval_ns + good_ns)
        unhealthy.append(first_bad_ns + (threshold - 1) * (interval_ns + bad_ns) + bad_ns)
        first_good_ns = first_at_or_after(UP_NS, first_bad_ns, interval_ns + bad_ns)
        healthy.append(first_good_ns + (threshold - 1) * (interval_ns + good_ns) + good_ns)
    _, outcome = replay(plan)
    assert events(outcome, "health_unhealthy", "health_healthy") == [
        (sorted(unhealthy)[13], "health_unhealthy", "deep@eu-south-1"),
        (sorted(healthy)[2], "health_healthy", "deep@eu-south-1"),
    ]


def test_each_region_of_a_record_has_checkers_of_its_own() -> None:
    faults: list[Written] = [{"region": region, "mode": "refused", "at": "10 min"} for region in REGIONS]
    detected = [statuses(faults, region)[0][0] for region in range(3)]
    assert len({*detected}) == 3


# what counts as healthy


@pytest.mark.parametrize(
    ("fault", "unhealthy_for"),
    [
        ({"mode": "refused"}, {"tcp", "http", "https"}),
        ({"mode": "black_hole"}, {"tcp", "http", "https"}),
        ({"mode": "lost"}, {"tcp", "http", "https"}),
        # a 5xx is an answer to TCP, and a bad one to HTTP
        ({"mode": "error"}, {"http", "https"}),
        ({"mode": "error", "share": "98 %"}, {"http", "https"}),
        ({"mode": "error", "share": "10 %"}, set()),
        # two seconds after connecting
        ({"mode": "slow", "add": "1.4 s"}, set()),
        ({"mode": "slow", "add": "2 s"}, {"http", "https"}),
        ({"mode": "slow", "factor": 1000.0}, set()),  # a health check's page takes no work
    ],
)
@pytest.mark.parametrize("protocol", ["tcp", "http", "https"])
def test_what_a_region_may_look_like_to_be_healthy(
    protocol: str, fault: Written, unhealthy_for: set[str]
) -> None:
    found = statuses([MILAN_FAULT | fault | {"at": "5 min"}], protocol=protocol)
    assert [kind for _, kind in found] == ["unhealthy"] * (protocol in unhealthy_for)


@pytest.mark.parametrize(
    ("add_each_way", "unhealthy_for"),
    [
        ("300 ms", set()),
        # a round trip of 1.5 s and more: one of them fits into two seconds, handshake and request do not
        ("750 ms", {"https"}),
        ("1.1 s", {"http", "https"}),  # 2.2 s: connected within four seconds, answered too late
        ("2.1 s", {"http", "https"}),  # 4.2 s: not connected
        ("4.7 s", {"http", "https"}),
        ("5.1 s", {"tcp", "http", "https"}),
    ],
)
@pytest.mark.parametrize("protocol", ["tcp", "http", "https"])
def test_a_slow_network_may_break_the_answer_before_the_connection(
    protocol: str, add_each_way: str, unhealthy_for: set[str]
) -> None:
    slow = {"link": {"between": [REGIONS[MILAN], "everywhere"]}, "mode": "slow", "add": add_each_way}
    found = statuses([slow | {"at": "5 min"}], protocol=protocol)
    assert [kind for _, kind in found] == ["unhealthy"] * (protocol in unhealthy_for)


@pytest.mark.parametrize(("share", "expected"), [("3 %", []), ("95 %", ["unhealthy"])])
@pytest.mark.parametrize("protocol", ["tcp", "http", "https"])
def test_a_network_that_loses_few_messages_stays_healthy_one_that_loses_most_does_not(
    protocol: str, share: str, expected: list[str]
) -> None:
    lossy = {"link": {"between": [REGIONS[MILAN], "everywhere"]}, "mode": "lossy", "share": share}
    assert [kind for _, kind in statuses([lossy | {"at": "5 min"}], protocol=protocol)] == expected


@pytest.mark.parametrize("protocol", ["http", "https"])
def test_an_error_from_a_slow_region_comes_at_once(protocol: str) -> None:
    """Errors are found as soon as without the slowness, which takes 1.5 s of every good answer."""
    errors = MILAN_FAULT | {"mode": "error", "at": "5 min"}
    slow = MILAN_FAULT | {"mode": "slow", "add": "1.5 s", "at": "5 min"}
    found = statuses([errors, slow], protocol=protocol)
    assert found == statuses([errors], protocol=protocol)
    assert [kind for _, kind in found] == ["unhealthy"]


# each checker's own path


def cut_off(places: tuple[str, ...], target: str, *ways: str) -> list[Written]:
    """Cuts between places and a target: `to` it, `from` it, or both."""
    pairs = [(place, target) if way == "to" else (target, place) for place, way in product(places, ways)]
    return [{"link": {"from": a, "to": b}, "at": "5 min"} | CUT for a, b in pairs]


@pytest.mark.parametrize("ways", [("to",), ("from",), ("to", "from")])
@pytest.mark.parametrize(
    ("blind", "expected"),
    [
        (0, []),
        (6, []),  # 4 of 16 checkers still see it: 25 %
        (7, ["unhealthy"]),  # 2 of 16: 12.5 %
        (8, ["unhealthy"]),
    ],
)
def test_more_than_18_percent_of_the_checkers_must_see_an_endpoint(
    ways: tuple[str, ...], blind: int, expected: list[str]
) -> None:
    """A cut in either direction blinds a checker: the request or the answer does not arrive."""
    faults = cut_off(CHECKER_REGIONS[:blind], REGIONS[MILAN], *ways)
    assert [kind for _, kind in statuses(faults)] == expected


@pytest.mark.parametrize(("chosen", "expected"), [(3, []), (4, []), (5, []), (6, ["unhealthy"])])
@pytest.mark.parametrize("ends", [("us-east-1", "everywhere"), ("everywhere", "us-east-1")])
def test_the_checkers_inside_a_region_cut_off_from_the_world_still_see_it(
    chosen: int, expected: list[str], ends: tuple[str, str]
) -> None:
    """One way is enough to cut it off. Two of 6, 8 or 10 checkers are more than 18 %, two of 12 are not."""
    isolated = {"link": {"from": ends[0], "to": ends[1]}, "at": "5 min"} | CUT
    found = statuses([isolated], VIRGINIA, checker_regions=[*CHECKER_REGIONS[:chosen]])
    assert [kind for _, kind in found] == expected


def test_a_cut_costs_a_connection_timeout_even_where_the_region_would_refuse() -> None:
    """The refusal cannot come back through a cut: detection as for a black hole."""
    refused = MILAN_FAULT | {"mode": "refused", "at": "5 min"}
    black_hole = MILAN_FAULT | {"mode": "black_hole", "at": "5 min"}
    no_way_back = cut_off(CHECKER_REGIONS, REGIONS[MILAN], "from")
    assert statuses([refused, *no_way_back]) == statuses([black_hole])
    assert statuses([refused]) != statuses([black_hole])


def test_links_between_other_places_do_not_matter() -> None:
    elsewhere = [
        {"link": {"between": [REGIONS[VIRGINIA], place]}, "at": "5 min"} | CUT
        for place in CHECKER_REGIONS[1:]
    ]
    assert statuses(elsewhere) == []
    assert [kind for _, kind in statuses(elsewhere, VIRGINIA)] == ["unhealthy"]


# flapping and restarts


def test_a_fault_shorter_than_the_threshold_goes_unnoticed() -> None:
    """Three failures in a row take 60 s at least, and 14 checkers that have seen them more."""
    blink = MILAN_FAULT | {"mode": "refused", "at": "5 min", "for": "60 s"}
    assert statuses([blink]) == []


def test_a_good_probe_starts_the_count_of_failures_again() -> None:
    """Two failures in a row, a success, two failures …: never three."""
    flaps = {"flapping": {"period": "90 s", "duty": "65 %"}}
    refused = MILAN_FAULT | {"mode": "refused", "at": "5 min"}
    assert statuses([refused | flaps]) == []
    assert statuses([refused])[0][1] == "unhealthy"


def test_a_region_flaps_in_the_answers_when_it_does_so_slowly_enough() -> None:
    flaps = {"flapping": {"period": "10 min", "duty": "50 %"}}
    refused = MILAN_FAULT | {"mode": "refused", "at": "0 s"}
    found = statuses([refused | flaps])
    assert [kind for _, kind in found] == ["unhealthy", "healthy"] * 3
    assert [at_ns // (300 * SECOND) for at_ns, _ in found] == [0, 1, 2, 3, 4, 5]


# sites


def site_statuses(faults: list[FaultPlan], protocol: str = "http", **system: Any) -> list[tuple[str, str]]:
    """What became of the health checks of `api` in Milan and Frankfurt."""
    given: Written = {"names": [handmade.name(health_check="deep")], "checks": [handmade.check(protocol)]}
    found = handmade.log(faults, "health_unhealthy", "health_healthy", **given | system)
    return [(kind.removeprefix("health_"), target) for _, kind, target in found]


@pytest.mark.parametrize("mode", ["refused", "black_hole", "error", "slow"])
def test_a_fault_of_the_service_in_one_region_makes_that_region_unhealthy(mode: str) -> None:
    given = {"regions": (MILAN,), "add_ns": 3 * SECOND}
    fault = handmade.fault("service", mode, 100, 400, service=handmade.API, **given)
    assert site_statuses([fault]) == [("unhealthy", "deep@eu-south-1"), ("healthy", "deep@eu-south-1")]
    other = handmade.fault("service", mode, 100, 400, service=handmade.WEB, **given)
    assert site_statuses([other]) == []


def test_a_service_and_its_region_look_the_same_to_checkers() -> None:
    """Found at the same nanoseconds, whichever of the two refuses; there is no load balancer in between."""
    name = handmade.name(health_check="deep", service=handmade.WEB)
    system: Written = {"names": [name], "checks": [handmade.check()]}
    faults = [
        handmade.fault("region", "refused", 100, 400, region=MILAN),
        handmade.fault("service", "refused", 100, 400, service=handmade.WEB, regions=(MILAN,)),
    ]
    by_region, by_service = (
        handmade.log([fault], "health_unhealthy", "health_healthy", **system) for fault in faults
    )
    assert by_region == by_service != []


def test_services_that_share_a_check_are_checked_apart() -> None:
    names = [
        handmade.name(health_check="deep"),
        handmade.name(health_check="deep", name="web.example", service=handmade.WEB),
    ]
    fault = handmade.fault("service", "refused", 100, service=handmade.WEB, regions=(MILAN,))
    assert site_statuses([fault], names=names) == [("unhealthy", "deep (web)@eu-south-1")]
    region = handmade.fault("region", "refused", 100, region=MILAN)
    found = handmade.log([region], "health_unhealthy", names=names, checks=[handmade.check()])
    assert {target for _, _, target in found} == {"deep (web)@eu-south-1", "deep (api)@eu-south-1"}
    assert len({at for at, _, _ in found}) == 2  # checkers of their own, in phases of their own


@pytest.mark.parametrize(("protocol", "expected"), [("http", ["unhealthy", "healthy"]), ("tcp", [])])
@pytest.mark.parametrize("mode", ["refused", "black_hole"])
def test_a_balancer_answers_a_page_with_an_error_when_no_node_is_there(
    mode: str, protocol: str, expected: list[str]
) -> None:
    """All nodes are in the first zone here. The balancer itself still takes connections."""
    down = [handmade.zone(0, 100, 400, mode=mode)]
    found = site_statuses(down, protocol, instance_zone=np.zeros(16, np.int64))
    assert [status for status, _ in found] == expected


def test_a_page_needs_one_node_only() -> None:
    assert site_statuses([handmade.zone(0, 100), handmade.zone(1, 100)]) == []
