"""Faults of tables, caches and buckets: what their endpoints look like, and flushes."""

from typing import Any

import pytest

from simulator.boundary.looks import WELL, Look
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED
from simulator.plan.timeline import FaultPlan
from tests.control_plane.handmade import FRANKFURT, MILAN, ORDERS, SECOND, VIEWS, VIRGINIA, changes, fault
from tests.control_plane.timelines import only_changes

MODES: dict[str, tuple[dict[str, Any], Look]] = {
    "refused": ({}, Look(mode=REFUSED)),
    "black_hole": ({}, Look(mode=BLACK_HOLE)),
    "error": ({"share": 0.25}, Look(error_share=0.25)),
    "slow": ({"factor": 3.0, "add_ns": SECOND}, Look(factor=3.0, add_ns=SECOND)),
    "empty_answer": ({}, Look(empty=True)),
    "capacity": ({"share": 0.5}, Look(capacity=0.5)),
}


def of_store(mode: str, start_s: float, end_s: float | None = None, **more: Any) -> FaultPlan:
    given = {"store": ORDERS, "regions": (MILAN,)} | MODES.get(mode, ({},))[0] | more
    return fault("store", mode, start_s, end_s, **given)


@pytest.mark.parametrize("mode", MODES)
def test_a_fault_of_a_store_changes_its_endpoint_in_that_region_alone(mode: str) -> None:
    faults = [of_store(mode, 10, 20)]
    told = changes(faults, "set_endpoint")
    assert told == [(10, (ORDERS, MILAN, MODES[mode][1])), (20, (ORDERS, MILAN, WELL))]
    assert changes(faults, "set_region", "set_site", "set_replication", "mark_at_risk", "flush") == []


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("refused", "black_hole", Look(mode=BLACK_HOLE)),
        ("refused", "empty_answer", Look(mode=REFUSED, empty=True)),
        ("error", "error", Look(error_share=0.4375)),  # 1 - 0.75 · 0.75
        ("slow", "slow", Look(factor=9.0, add_ns=2 * SECOND)),
        ("slow", "error", Look(error_share=0.25, factor=3.0, add_ns=SECOND)),
        ("capacity", "capacity", Look(capacity=0.25)),
        ("empty_answer", "capacity", Look(empty=True, capacity=0.5)),
        ("black_hole", "slow", Look(mode=BLACK_HOLE, factor=3.0, add_ns=SECOND)),
    ],
)
def test_two_faults_of_an_endpoint_add_up(one: str, other: str, together: Look) -> None:
    faults = [of_store(one, 10, 30), of_store(other, 20, 40)]
    looks = [(10, MODES[one][1]), (20, together), (30, MODES[other][1]), (40, WELL)]
    for order in (faults, faults[::-1]):
        told = [(at, given[2]) for at, given in changes(order, "set_endpoint")]
        assert told == only_changes(looks, WELL)


@pytest.mark.parametrize("mode", ["refused", "black_hole", "error", "slow", "lost"])
def test_a_fault_of_the_region_leaves_the_endpoints_alone(mode: str) -> None:
    assert changes([fault("region", mode, 10, region=MILAN, factor=2.0)], "set_endpoint", "flush") == []


def test_a_fault_of_a_store_everywhere_strikes_the_regions_with_a_replica() -> None:
    told = changes([of_store("refused", 10, regions=(MILAN, FRANKFURT, VIRGINIA))], "set_endpoint")
    assert [given[:2] for _, given in told] == [(ORDERS, region) for region in (MILAN, FRANKFURT, VIRGINIA)]


# flushes


def test_a_cache_is_flushed_when_the_fault_begins() -> None:
    faults = [of_store("flushed", 10, 20, store=VIEWS, regions=(MILAN, FRANKFURT))]
    assert changes(faults, "flush") == [(10, (VIEWS, MILAN)), (10, (VIEWS, FRANKFURT))]
    assert changes(faults, "set_endpoint") == []


def test_two_flushes_at_one_instant_are_one() -> None:
    faults = [of_store("flushed", at, store=VIEWS) for at in (10, 10, 15)]
    assert changes(faults, "flush") == [(10, (VIEWS, MILAN)), (15, (VIEWS, MILAN))]


def test_a_flapping_flush_flushes_each_time() -> None:
    faults = [of_store("flushed", 10, 40, store=VIEWS, period_ns=10 * SECOND, on_ns=SECOND)]
    assert [at for at, _ in changes(faults, "flush")] == [10, 20, 30]


def test_a_cache_is_flushed_after_endpoints_have_been_set() -> None:
    faults = [of_store("flushed", 10, store=VIEWS), of_store("refused", 10, store=VIEWS)]
    assert [len(given) for _, given in changes(faults, "set_endpoint", "flush")] == [3, 2]
