"""From a check's status to the answers: delay, order, and what a frozen control plane does not stop."""

import pytest
import simpy

from simulator.control_plane.chance import uniform
from simulator.control_plane.route53.hosted_zones import HostedZone
from simulator.control_plane.world import World
from simulator.plan.lowered import Plan
from simulator.randomness.draws import STATUS
from tests.control_plane.building import (
    FRANKFURT,
    MILAN,
    NAME,
    REGIONS,
    SECOND,
    VIRGINIA,
    events,
    plan_of,
    record,
    replay,
)
from tests.control_plane.recording import RecordingPlane, arguments


def zone_on(plan: Plan) -> tuple[World, RecordingPlane, HostedZone]:
    plane = RecordingPlane()
    world = World(simpy.Environment(initial_time=0), plan, plane)
    return world, plane, HostedZone(world, 0)


def test_every_place_of_users_has_an_answer_from_the_start() -> None:
    plan = plan_of(near=("us-west-2",), **record(policy="latency"))
    plane, outcome = replay(plan)
    west = plan.locations.index("us-west-2")
    assert arguments(plane.of("set_answer")) == [
        (0, (0, MILAN, (1, 0, 0), False)),
        (0, (0, west, (0, 0, 1), False)),
    ]
    assert events(outcome, "answer_changed") == []


def test_a_status_reaches_the_answers_after_the_delay() -> None:
    world, plane, zone = zone_on(plan_of(defaults={"status_to_answer": "7 s"}))
    world.env.run(until=10 * SECOND)
    zone.health_changed(MILAN, False)
    world.env.run(until=30 * SECOND)
    zone.health_changed(MILAN, True)
    world.env.run(until=60 * SECOND)
    assert [(at_ns // SECOND, given[2]) for at_ns, given in arguments(plane.of("set_answer"))] == [
        (0, (1, 0, 0)),
        (17, (0, 1, 0)),
        (37, (1, 0, 0)),
    ]
    assert [(event.at_ns // SECOND, event.target, event.detail) for event in world.events] == [
        (17, NAME, {"cause": "health", "regions": [REGIONS[FRANKFURT]]}),
        (37, NAME, {"cause": "health", "regions": [REGIONS[MILAN]]}),
    ]


def test_a_status_that_changes_no_answer_is_not_announced() -> None:
    world, plane, zone = zone_on(plan_of(defaults={"status_to_answer": "0 s"}))
    zone.health_changed(VIRGINIA, False)
    world.env.run(until=SECOND)
    assert len(plane.of("set_answer")) == 1
    assert world.events == []


def test_only_places_whose_answer_changes_are_told() -> None:
    world, plane, zone = zone_on(
        plan_of(near=("us-west-2",), **record(policy="latency", health_check="deep"))
    )
    zone.health_changed(VIRGINIA, False)
    world.env.run(until=10 * SECOND)
    [(_, changed)] = arguments(plane.of("set_answer"))[2:]
    assert changed[1:3] == (world.plan.locations.index("us-west-2"), (0, 1, 0))


@pytest.mark.parametrize("seed", range(5))
def test_statuses_reach_the_answers_in_order_with_drawn_delays(seed: int) -> None:
    """Delays are uniform over 0 s to 5 s, one drawn per status; no status overtakes an earlier one."""
    plan = plan_of(seed=seed, defaults={"status_to_answer": {"from": "0 s", "to": "5 s"}})
    world, plane, zone = zone_on(plan)
    expected, latest_ns = [], 0
    for number in range(8):  # Milan's status flips each second
        world.env.run(until=(number + 1) * SECOND)
        zone.health_changed(MILAN, number % 2 == 1)
        delay_ns = int(5 * SECOND * uniform(seed, STATUS, 0, number) + 0.5)
        latest_ns = max(latest_ns, world.now_ns + delay_ns)
        expected.append((latest_ns, MILAN if number % 2 == 1 else FRANKFURT))
    world.env.run(until=60 * SECOND)
    told = [(at_ns, given[2].index(1)) for at_ns, given in arguments(plane.of("set_answer"))[1:]]
    assert told == expected


def test_some_status_would_overtake_another_if_order_were_not_kept() -> None:
    delays = [
        [5 * SECOND * uniform(seed, STATUS, 0, number) + number * SECOND for number in range(8)]
        for seed in range(5)
    ]
    assert all(arrivals != sorted(arrivals) for arrivals in delays)


def test_records_without_a_health_check_are_always_healthy() -> None:
    fault = {"at": "10 s", "region": REGIONS[MILAN], "mode": "black_hole"}
    plane, outcome = replay(plan_of([fault], duration="10 min", **record(policy="failover")))
    assert len(plane.of("set_answer")) == 1
    assert events(outcome, "health_unhealthy", "answer_changed") == []


def test_health_check_failover_goes_on_while_the_control_plane_is_frozen() -> None:
    dark = {"at": "100 s", "for": "5 min", "region": REGIONS[MILAN], "mode": "black_hole"}
    frozen = {"at": "0 s", "control_plane": "route53", "mode": "frozen"}
    steered, calm = (
        replay(plan_of(faults, duration="15 min"))[0].of("set_answer") for faults in ([dark, frozen], [dark])
    )
    assert steered == calm
    assert [given[2] for _, _, given in steered] == [(1, 0, 0), (0, 1, 0), (1, 0, 0)]


def test_one_health_check_serves_every_name_that_follows_it() -> None:
    follows = {"service": "api", "policy": "failover", "health_check": "deep"}
    weighted = {"policy": "weighted", "weights": {REGIONS[MILAN]: 1, REGIONS[FRANKFURT]: 1}}
    web = {"service": "web", "policy": "simple"}
    names = {"a.example": follows, "b.example": follows | weighted, "web.example": web}
    regions, steps = [*REGIONS], [{"compute": "1 ms"}]
    services = {  # users, who act on the second, need a service with one name
        "api": {"regions": regions, "operations": {"look": steps}},
        "web": {"regions": regions, "operations": {"view": steps}},
    }
    dark = {"at": "100 s", "region": REGIONS[MILAN], "mode": "black_hole"}
    plane, outcome = replay(plan_of([dark], duration="5 min", dns=names, services=services))
    [(unhealthy_ns, _, target)] = events(outcome, "health_unhealthy")
    assert target == "deep@eu-south-1"
    assert arguments(plane.of("set_answer"))[3:] == [
        (unhealthy_ns + 2 * SECOND, (0, MILAN, (0, 1, 0), False)),
        (unhealthy_ns + 2 * SECOND, (1, MILAN, (0, 1, 0), False)),
    ]


def test_when_every_region_is_unhealthy_the_primary_answers_again() -> None:
    dark = [
        {"at": at, "region": region, "mode": "black_hole"}
        for at, region in zip(("10 s", "5 min", "10 min"), REGIONS, strict=True)
    ]
    plane, _ = replay(plan_of(dark, duration="15 min"))
    assert [given[2] for _, _, given in plane.of("set_answer")] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
        (1, 0, 0),
    ]
