"""Faults of availability zones: alone, all of a region, and what they do to what is kept in several zones."""

import numpy as np
import pytest

from simulator.boundary.looks import WELL, Look
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED, UP
from simulator.plan.timeline import FaultPlan
from tests.control_plane.handmade import (
    API,
    FRANKFURT,
    IDENTITY,
    IMAGES,
    MILAN,
    ORDERS,
    SECOND,
    VIRGINIA,
    WEB,
    changes,
    fault,
    log,
    zone,
)

NO_QUORUM = Look(error_share=1.0)


def test_one_zone_goes_down_and_comes_back_and_the_region_stays_up() -> None:
    faults = [zone(1, 10, 20, mode="refused")]
    assert changes(faults, "set_zone") == [(10, (MILAN, 1, REFUSED)), (20, (MILAN, 1, UP))]
    assert changes(faults, "set_region", "set_site", "set_endpoint", "mark_at_risk", "set_replication") == []


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (zone(0, 10, 40), zone(0, 20, 30, mode="refused"), [(10, BLACK_HOLE), (40, UP)]),
        (zone(0, 10, 40, mode="refused"), zone(0, 20, 30),
         [(10, REFUSED), (20, BLACK_HOLE), (30, REFUSED), (40, UP)]),
        (zone(0, 10, 20), zone(0, 20, 30), [(10, BLACK_HOLE), (30, UP)]),
        # on in [10, 14) and [20, 24), beside [12, 22)
        (zone(0, 10, 30, period_ns=10 * SECOND, on_ns=4 * SECOND), zone(0, 12, 22, mode="refused"),
         [(10, BLACK_HOLE), (14, REFUSED), (20, BLACK_HOLE), (24, UP)]),
    ],
)  # fmt: skip
def test_two_faults_of_a_zone_add_up(
    first: FaultPlan, second: FaultPlan, expected: list[tuple[int, int]], turned: bool
) -> None:
    faults = [second, first] if turned else [first, second]
    assert [(at, given[2]) for at, given in changes(faults, "set_zone")] == expected


@pytest.mark.parametrize(
    ("modes", "expected"),
    [
        (("refused", "refused", "refused"), REFUSED),
        (("refused", "black_hole", "refused"), BLACK_HOLE),
        (("black_hole", "black_hole", "black_hole"), BLACK_HOLE),
    ],
)
def test_a_region_without_any_zone_is_down(modes: tuple[str, ...], expected: int) -> None:
    faults = [zone(number, 10 + number, 30 - number, mode=mode) for number, mode in enumerate(modes)]
    assert changes(faults, "set_region") == [(12, (MILAN, expected)), (28, (MILAN, UP))]
    sites = [(at, (*given[:2], given[2].mode)) for at, given in changes(faults, "set_site")]
    assert sites == [(12, (service, MILAN, expected)) for service in (API, WEB, IDENTITY)] + [
        (28, (service, MILAN, UP)) for service in (API, WEB, IDENTITY)
    ]
    assert changes(faults, "mark_at_risk") == [(12, (MILAN,))]
    stopped = [given for at, given in changes(faults, "set_replication") if at == 12]
    assert {given[0] for given in stopped} == {0, 1, 3}  # a single-region cache is not replicated
    assert all(MILAN in given[1:3] and not given[3] for given in stopped)


@pytest.mark.parametrize(
    ("region_mode", "expected"),
    [("refused", [(10, REFUSED), (20, BLACK_HOLE), (30, REFUSED), (40, UP)]),
     ("black_hole", [(10, BLACK_HOLE), (40, UP)])],
)  # fmt: skip
def test_faults_of_a_region_and_of_all_its_zones_add_up(
    region_mode: str, expected: list[tuple[int, int]]
) -> None:
    zones = [zone(number, 20, 30) for number in range(3)]
    told = changes([fault("region", region_mode, 10, 40, region=MILAN), *zones], "set_region")
    assert [(at, given[1]) for at, given in told] == expected
    assert changes(zones, "set_zone") != []


def test_regions_are_told_before_zones_and_zones_before_sites() -> None:
    faults = [zone(number, 10) for number in range(3)]
    events = log(faults, "fault_on", "data_unreachable")
    assert [kind for _, kind, _ in events] == ["fault_on"] * 3 + ["data_unreachable"]
    order = changes(faults, "set_region", "set_zone", "set_site", "set_endpoint", "mark_at_risk")
    shapes = [len(given) for _, given in order]  # region 2, zone, site, endpoint 3, mark 1
    assert shapes == [2, *[3] * 8, 1]


# quorum


def endpoints(faults: list[FaultPlan]) -> list[tuple[float, int, Look]]:
    return [(at, given[0], given[2]) for at, given in changes(faults, "set_endpoint")]


def test_tables_and_buckets_answer_with_errors_while_two_of_three_zones_are_down() -> None:
    faults = [zone(0, 10, 40), zone(2, 20, 30)]
    assert endpoints(faults) == [
        (20, ORDERS, NO_QUORUM), (20, IMAGES, NO_QUORUM),
        (30, ORDERS, WELL), (30, IMAGES, WELL),
    ]  # fmt: skip


def test_without_any_zone_tables_and_buckets_are_as_silent_as_the_region() -> None:
    faults = [zone(number, 10 * number + 10, 60) for number in range(3)]
    dark = Look(mode=BLACK_HOLE)
    assert [one for one in endpoints(faults) if one[1] == ORDERS] == [
        (20, ORDERS, NO_QUORUM),
        (30, ORDERS, dark),
        (60, ORDERS, WELL),
    ]


def test_a_region_of_two_zones_needs_one() -> None:
    faults = [zone(0, 10, 40, region=VIRGINIA), zone(1, 20, 30, region=VIRGINIA, mode="refused")]
    assert endpoints([faults[0]]) == []
    assert [(at, look.mode) for at, store, look in endpoints(faults) if store == ORDERS] == [
        (20, BLACK_HOLE),
        (30, UP),
    ]


def test_a_store_without_a_replica_in_the_region_is_not_told_of() -> None:
    replicas = [[1, 1, 1], [0, 1, 1], [1, 1, 1], [1, 1, 1]]
    faults = [zone(0, 10), zone(1, 10), zone(0, 20, region=FRANKFURT), zone(1, 20, region=FRANKFURT)]
    told = changes(faults, "set_endpoint", store_replica=np.array(replicas))
    assert [(at, given[:2]) for at, given in told] == [
        (10, (ORDERS, MILAN)),
        (20, (ORDERS, FRANKFURT)),
        (20, (IMAGES, FRANKFURT)),
    ]


def test_the_loss_of_quorum_adds_to_faults_of_the_table() -> None:
    slow = fault("store", "slow", 5, 40, store=ORDERS, regions=(MILAN,), factor=2.0)
    some = fault("store", "error", 5, 40, store=ORDERS, regions=(MILAN,), share=0.5)
    told = [one for one in endpoints([slow, some, zone(0, 10, 30), zone(1, 20, 30)]) if one[1] == ORDERS]
    assert told == [
        (5, ORDERS, Look(error_share=0.5, factor=2.0)),
        (20, ORDERS, Look(error_share=1.0, factor=2.0)),
        (30, ORDERS, Look(error_share=0.5, factor=2.0)),
        (40, ORDERS, WELL),
    ]
