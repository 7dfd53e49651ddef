"""Failover of caches: how long the endpoint is away, where the primary goes, and what it still knows."""

from typing import Any

import pytest

from simulator.boundary.looks import Look
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED, UP
from simulator.control_plane.chance import uniform
from simulator.plan.cache_primaries import CacheFailoverPlan
from simulator.plan.timeline import FaultPlan
from simulator.randomness.distributions import UNIFORM
from simulator.randomness.draws import FAILOVER
from simulator.simulation import simulate
from tests.control_plane.handmade import (
    CARTS,
    FRANKFURT,
    MILAN,
    SECOND,
    VIEWS,
    changes,
    failover,
    fault,
    log,
    plan_of,
    zone,
)
from tests.control_plane.recording import RecordingPlane

CACHES = pytest.mark.parametrize("store", [VIEWS, CARTS])  # single-region and multi-region


def modes(faults: list[FaultPlan], *plans: CacheFailoverPlan, **system: Any) -> list[tuple[float, int]]:
    """When a cache's endpoint in Milan changes, and to which mode."""
    store = plans[0].store
    told = changes(faults, "set_endpoint", failovers=plans, **system)
    return [(at, given[2].mode) for at, given in told if given[0] == store]


def moves(faults: list[FaultPlan], plan: CacheFailoverPlan, **system: Any) -> list[tuple[float, str]]:
    """When the primary moves, and to which zone."""
    outcome = simulate(plan_of(faults, failovers=[plan], **system), RecordingPlane())
    found = [event for event in outcome.events if event.kind == "cache_failover"]
    return [(event.at_ns / SECOND, event.detail["zone"]) for event in found]


def flushes(faults: list[FaultPlan], plan: CacheFailoverPlan) -> list[float]:
    return [at for at, _ in changes(faults, "flush", failovers=[plan])]


@CACHES
def test_the_endpoint_is_away_until_a_replica_has_become_primary(store: int) -> None:
    plan, faults = failover(store), [zone(0, 100, 300)]
    assert modes(faults, plan) == [(100, BLACK_HOLE), (120, UP)]
    assert moves(faults, plan) == [(120, "eu-south-1b")]
    assert flushes(faults, plan) == []  # the replica has everything
    [(_, _, target)] = log(faults, "cache_failover", failovers=[plan])
    assert target == f"{('orders', 'images', 'views', 'carts')[store]}@eu-south-1"


def test_the_endpoint_looks_like_the_zone_that_is_gone() -> None:
    assert modes([zone(0, 100, mode="refused")], failover()) == [(100, REFUSED), (120, UP)]


def test_the_delay_is_drawn_per_failover() -> None:
    """b takes over from a, a from b, b from a: three draws between 5 s and 45 s."""
    plan = failover(takes=(UNIFORM, 5.0 * SECOND, 45.0 * SECOND))
    faults = [zone(0, 100, 200), zone(1, 300, 400), zone(0, 500)]
    draws = [uniform(7, FAILOVER, VIEWS * 1024 + MILAN, number) for number in range(3)]
    expected = [start + 5 + 40 * u for start, u in zip((100, 300, 500), draws, strict=True)]
    found = moves(faults, plan, seed=7)
    assert [at for at, _ in found] == pytest.approx(expected, abs=1e-9)  # rounded to nanoseconds
    assert [where[-1] for _, where in found] == ["b", "a", "b"]


def test_only_the_zone_of_the_primary_matters() -> None:
    assert modes([zone(1, 100, 200), zone(2, 150)], failover()) == []
    moved = [zone(0, 100), zone(1, 300, 400)]
    assert modes(moved, failover(replicas=2)) == [(100, BLACK_HOLE), (120, UP), (300, BLACK_HOLE), (320, UP)]
    assert [where[-1] for _, where in moves(moved, failover(replicas=2))] == ["b", "c"]


def test_the_next_zone_with_a_replica_that_is_up_takes_over() -> None:
    both = [zone(0, 100), zone(1, 90)]
    assert [where[-1] for _, where in moves(both, failover(replicas=2))] == ["c"]
    assert [where[-1] for _, where in moves([zone(2, 100)], failover(zone=2, replicas=1))] == ["a"]
    # the replica that was next is lost on the way, the one after it is not
    late = [zone(0, 100), zone(1, 110)]
    assert moves(late, failover(replicas=2)) == [(120, "eu-south-1c")]


def test_more_replicas_than_zones_share_zones() -> None:
    faults = [zone(0, 100, region=2), zone(1, 300, region=2)]
    plan = failover(region=2, replicas=5)
    assert [where for _, where in moves(faults, plan)] == ["us-east-1b"]
    assert modes(faults, plan) == [(100, BLACK_HOLE), (120, UP), (300, BLACK_HOLE)]


@pytest.mark.parametrize(("returns", "moved"), [(119, False), (120, False), (121, True)])
def test_a_zone_that_returns_first_keeps_its_primary(returns: int, moved: bool) -> None:
    """At the same instant the zone comes first: faults act before everything else."""
    faults = [zone(0, 100, returns)]
    assert modes(faults, failover()) == [(100, BLACK_HOLE), (min(returns, 120), UP)]
    assert bool(moves(faults, failover())) is moved
    assert flushes(faults, failover()) == []


def test_a_failover_that_was_called_off_begins_again_from_the_start() -> None:
    # on in [100, 115), [130, 145): 20 s are never over; the third time they are
    faults = [zone(0, 100, 160, period_ns=30 * SECOND, on_ns=15 * SECOND), zone(0, 160, 200)]
    assert moves(faults, failover()) == [(180, "eu-south-1b")]


# nobody to take over


@CACHES
def test_without_replicas_the_cache_is_away_until_its_zone_returns_and_then_empty(store: int) -> None:
    plan, faults = failover(store, replicas=0), [zone(0, 100, 300)]
    assert modes(faults, plan) == [(100, BLACK_HOLE), (300, UP)]
    assert moves(faults, plan) == []
    assert flushes(faults, plan) == ([300] if store == VIEWS else [])


@CACHES
def test_with_all_its_zones_gone_the_first_to_return_ends_it(store: int) -> None:
    """The primary's zone: at once. The replica's: after a failover. Empty either way."""
    empty = store == VIEWS
    primary_first = [zone(0, 100, 300), zone(1, 110, 400)]
    plan = failover(store)
    assert modes(primary_first, plan) == [(100, BLACK_HOLE), (300, UP)]
    assert flushes(primary_first, plan) == [300] * empty
    replica_first = [zone(0, 100, 400), zone(1, 110, 300)]
    assert modes(replica_first, plan) == [(100, BLACK_HOLE), (320, UP)]
    assert moves(replica_first, plan) == [(320, "eu-south-1b")]
    assert flushes(replica_first, plan) == [320] * empty


def test_what_has_come_back_empty_is_not_emptied_again() -> None:
    faults = [zone(0, 100, 300), zone(1, 100, 300), zone(0, 500, 600)]
    assert flushes(faults, failover()) == [300]


# beside other faults


def test_a_fault_of_the_region_moves_no_primary() -> None:
    faults = [fault("region", "black_hole", 100, 300, region=MILAN)]
    assert modes(faults, failover()) == [] == moves(faults, failover())


def test_zones_of_another_region_do_not_matter() -> None:
    assert modes([zone(0, 100, region=FRANKFURT)], failover()) == []


def test_faults_of_the_endpoint_add_to_the_zone() -> None:
    faults = [
        fault("store", "slow", 50, 200, store=VIEWS, regions=(MILAN,), factor=2.0),
        fault("store", "refused", 110, 130, store=VIEWS, regions=(MILAN,)),
        zone(0, 100),
    ]
    told = changes(faults, "set_endpoint", failovers=[failover()])
    assert [(at, given[2]) for at, given in told] == [
        (50, Look(factor=2.0)),
        (100, Look(mode=BLACK_HOLE, factor=2.0)),
        (120, Look(mode=REFUSED, factor=2.0)),  # the replica is primary; the fault of the endpoint goes on
        (130, Look(factor=2.0)),
        (200, Look()),
    ]


def test_an_endpoint_does_not_flash_up_between_its_fault_and_the_zones() -> None:
    faults = [fault("store", "black_hole", 50, 100, store=VIEWS, regions=(MILAN,)), zone(0, 100)]
    assert modes(faults, failover()) == [(50, BLACK_HOLE), (120, UP)]


def test_each_cache_fails_over_by_itself() -> None:
    plans = [failover(VIEWS), failover(CARTS, zone=1), failover(VIEWS, region=FRANKFURT)]
    told = changes([zone(0, 100)], "set_endpoint", failovers=plans)
    assert [(at, (*given[:2], given[2].mode)) for at, given in told] == [
        (100, (VIEWS, MILAN, BLACK_HOLE)),
        (120, (VIEWS, MILAN, UP)),
    ]


def test_it_moves_because_of_the_zone_of_its_primary() -> None:
    faults = [zone(0, 100), zone(2, 105, number=1)]
    outcome = simulate(plan_of(faults, failovers=[failover()]), RecordingPlane())
    (moved,) = (event for event in outcome.events if event.kind == "cache_failover")
    assert moved.cause is not None
    assert outcome.events[moved.cause].at_ns == 100 * SECOND
