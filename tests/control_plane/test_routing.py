"""Route 53's answers by policy, against the rules of the Amazon Route 53 developer guide."""

from typing import Any

import pytest

from simulator.control_plane.route53.answers import answer
from simulator.plan.names import NamePlan
from tests.control_plane.building import FRANKFURT, MILAN, REGIONS, VIRGINIA, plan_of, record, replay

ALL = {MILAN, FRANKFURT, VIRGINIA}
NEAR = ("eu-west-2", "us-west-2", "ap-northeast-1", "sa-east-1")
PLAN = plan_of(near=NEAR, **record(policy="simple"))
PLACE = {name: PLAN.locations.index(name) for name in (REGIONS[MILAN], *NEAR)}


def name_plan(policy: str, *, standby: set[int] | frozenset[int] = frozenset(), **changes: Any) -> NamePlan:
    fields: dict[str, Any] = {
        "name": "api.example",
        "routing": policy,
        "regions": (MILAN, FRANKFURT, VIRGINIA),
        "order": (MILAN, FRANKFURT, VIRGINIA),
        "weights": {},
        "geography": {},
        "standby": frozenset(standby),
        "health_check": "deep",
    }
    return NamePlan(**fields | changes)


def answered(name: NamePlan, healthy: set[int], place: str = REGIONS[MILAN]) -> dict[int, int]:
    """The regions of an answer and their weights."""
    weights = answer(name, healthy, PLAN, PLACE[place])
    return {region: int(weight) for region, weight in enumerate(weights) if weight}


@pytest.mark.parametrize("healthy", [ALL, {FRANKFURT}, set()])
def test_simple_records_answer_every_value_whatever_its_health(healthy: set[int]) -> None:
    assert answered(name_plan("simple"), healthy) == {MILAN: 1, FRANKFURT: 1, VIRGINIA: 1}


def test_simple_records_leave_out_standbys() -> None:
    assert answered(name_plan("simple", standby={VIRGINIA}), ALL) == {MILAN: 1, FRANKFURT: 1}


@pytest.mark.parametrize(
    ("healthy", "expected"),
    [
        (ALL, MILAN),
        ({FRANKFURT, VIRGINIA}, FRANKFURT),
        ({MILAN, VIRGINIA}, MILAN),
        ({VIRGINIA}, VIRGINIA),
        (set(), MILAN),  # all unhealthy: the primary
    ],
)
@pytest.mark.parametrize("standby", [set(), {VIRGINIA}])
def test_failover_answers_the_first_healthy_region_in_order_a_standby_last(
    healthy: set[int], expected: int, standby: set[int]
) -> None:
    assert answered(name_plan("failover", standby=standby), healthy) == {expected: 1}


def test_an_order_that_prefers_a_standby_is_obeyed() -> None:
    name = name_plan("failover", order=(VIRGINIA, MILAN), standby={VIRGINIA})
    assert answered(name, ALL) == {VIRGINIA: 1}
    assert answered(name, {MILAN}) == {MILAN: 1}


@pytest.mark.parametrize(
    ("weights", "healthy", "expected"),
    [
        ({MILAN: 3, FRANKFURT: 1}, ALL, {MILAN: 3, FRANKFURT: 1}),
        ({MILAN: 3, FRANKFURT: 1}, {FRANKFURT}, {FRANKFURT: 1}),
        ({MILAN: 3, FRANKFURT: 1}, set(), {MILAN: 3, FRANKFURT: 1}),  # all unhealthy: as if all healthy
        # weight 0: only when every record of weight above 0 is unhealthy
        ({MILAN: 3, FRANKFURT: 1, VIRGINIA: 0}, ALL, {MILAN: 3, FRANKFURT: 1}),
        ({MILAN: 3, FRANKFURT: 1, VIRGINIA: 0}, {FRANKFURT, VIRGINIA}, {FRANKFURT: 1}),
        ({MILAN: 3, FRANKFURT: 1, VIRGINIA: 0}, {VIRGINIA}, {VIRGINIA: 1}),
        ({MILAN: 3, FRANKFURT: 0, VIRGINIA: 0}, {FRANKFURT, VIRGINIA}, {FRANKFURT: 1, VIRGINIA: 1}),
        ({MILAN: 3, FRANKFURT: 1, VIRGINIA: 0}, set(), {MILAN: 3, FRANKFURT: 1}),
        # all weights 0: equal chances
        ({MILAN: 0, FRANKFURT: 0, VIRGINIA: 0}, ALL, {MILAN: 1, FRANKFURT: 1, VIRGINIA: 1}),
        ({MILAN: 0, FRANKFURT: 0, VIRGINIA: 0}, {FRANKFURT}, {FRANKFURT: 1}),
        ({MILAN: 0, FRANKFURT: 0, VIRGINIA: 0}, set(), {MILAN: 1, FRANKFURT: 1, VIRGINIA: 1}),
    ],
)
def test_weighted_records(weights: dict[int, int], healthy: set[int], expected: dict[int, int]) -> None:
    assert answered(name_plan("weighted", weights=weights), healthy) == expected


@pytest.mark.parametrize(
    ("weights", "healthy", "expected"),
    [
        ({MILAN: 1, FRANKFURT: 0, VIRGINIA: 9}, ALL, {MILAN: 1}),
        # an active record of weight 0 comes before a standby
        ({MILAN: 1, FRANKFURT: 0, VIRGINIA: 9}, {FRANKFURT, VIRGINIA}, {FRANKFURT: 1}),
        ({MILAN: 1, FRANKFURT: 0, VIRGINIA: 9}, {VIRGINIA}, {VIRGINIA: 9}),
        ({MILAN: 1, FRANKFURT: 0, VIRGINIA: 0}, {VIRGINIA}, {VIRGINIA: 1}),
        ({MILAN: 1, FRANKFURT: 2, VIRGINIA: 9}, set(), {MILAN: 1, FRANKFURT: 2}),
    ],
)
def test_a_weighted_standby_is_the_last_resort(
    weights: dict[int, int], healthy: set[int], expected: dict[int, int]
) -> None:
    assert answered(name_plan("weighted", weights=weights, standby={VIRGINIA}), healthy) == expected


@pytest.mark.parametrize(
    ("place", "healthy", "expected"),
    [
        ("eu-south-1", ALL, MILAN),
        ("eu-south-1", {FRANKFURT, VIRGINIA}, FRANKFURT),
        ("eu-west-2", ALL, FRANKFURT),
        ("us-west-2", ALL, VIRGINIA),
        ("us-west-2", {MILAN, FRANKFURT}, FRANKFURT),
        ("sa-east-1", set(), VIRGINIA),  # all unhealthy: the nearest
    ],
)
def test_latency_records_answer_the_nearest_healthy_region(
    place: str, healthy: set[int], expected: int
) -> None:
    assert answered(name_plan("latency"), healthy, place) == {expected: 1}


def test_a_near_standby_does_not_answer_while_an_active_region_is_healthy() -> None:
    name = name_plan("latency", standby={MILAN})
    assert answered(name, ALL, "eu-south-1") == {FRANKFURT: 1}
    assert answered(name, {MILAN, VIRGINIA}, "eu-south-1") == {VIRGINIA: 1}
    assert answered(name, {MILAN}, "eu-south-1") == {MILAN: 1}
    assert answered(name, set(), "eu-south-1") == {FRANKFURT: 1}


GEOGRAPHY = {"IT": MILAN, "europe": FRANKFURT, "default": VIRGINIA}


@pytest.mark.parametrize(
    ("geography", "place", "healthy", "expected"),
    [
        (GEOGRAPHY, "eu-south-1", ALL, {MILAN: 1}),  # country
        (GEOGRAPHY, "eu-west-2", ALL, {FRANKFURT: 1}),  # continent
        (GEOGRAPHY, "us-west-2", ALL, {VIRGINIA: 1}),  # default
        (GEOGRAPHY, "eu-south-1", {FRANKFURT, VIRGINIA}, {FRANKFURT: 1}),  # wider, while unhealthy
        (GEOGRAPHY, "eu-south-1", {VIRGINIA}, {VIRGINIA: 1}),
        (GEOGRAPHY, "eu-south-1", set(), {MILAN: 1}),  # all unhealthy: as if all healthy
        ({"IT": MILAN, "europe": FRANKFURT}, "us-west-2", ALL, {}),  # no record matches: no answer
        ({"IT": MILAN, "europe": FRANKFURT}, "us-west-2", set(), {}),
        ({"IT": MILAN}, "eu-south-1", {FRANKFURT, VIRGINIA}, {MILAN: 1}),
    ],
)
def test_geolocation_records_answer_the_most_specific_healthy_one(
    geography: dict[str, int], place: str, healthy: set[int], expected: dict[int, int]
) -> None:
    assert answered(name_plan("geolocation", geography=geography), healthy, place) == expected


def test_a_geolocation_standby_gives_way_to_a_wider_active_record() -> None:
    name = name_plan("geolocation", geography=GEOGRAPHY, standby={MILAN})
    assert answered(name, ALL) == {FRANKFURT: 1}
    assert answered(name, {MILAN}) == {MILAN: 1}


@pytest.mark.parametrize(
    ("healthy", "expected"),
    [
        (ALL, ALL),
        ({FRANKFURT, VIRGINIA}, {FRANKFURT, VIRGINIA}),
        (set(), ALL),  # all unhealthy: unhealthy ones
    ],
)
def test_multivalue_answers_every_healthy_region(healthy: set[int], expected: set[int]) -> None:
    assert answered(name_plan("multivalue"), healthy) == dict.fromkeys(expected, 1)


ELEVEN = ("eu-south-1", "eu-south-2", "eu-central-1", "eu-central-2", "eu-north-1", "eu-west-1", "eu-west-2",
          "eu-west-3", "us-east-1", "us-east-2", "us-west-2")  # fmt: skip


def eleven(policy: str) -> list[set[int]]:
    """The regions of each answer of a name with eleven records, at three places."""
    service = {"regions": [*ELEVEN], "operations": {"view": [{"compute": "1 ms"}]}}
    plan = plan_of(
        near=("eu-central-1", "us-east-1"),
        regions={region: {} for region in ELEVEN},
        tables={},
        services={"api": service},
        **record(policy=policy),
    )
    plane, _ = replay(plan)
    return [
        {region for region, weight in enumerate(given[2]) if weight} for _, _, given in plane.of("set_answer")
    ]


def test_multivalue_answers_eight_at_most_and_not_everywhere_the_same() -> None:
    answers = eleven("multivalue")
    assert [len(regions) for regions in answers] == [8, 8, 8]
    assert set.union(*answers) == {*range(11)}


def test_simple_records_are_not_limited_to_eight() -> None:
    assert eleven("simple") == [{*range(11)}] * 3


@pytest.mark.parametrize(
    ("policy", "every"),
    [("simple", True), ("multivalue", True), ("failover", False), ("latency", False)],
)
def test_only_simple_and_multivalue_answer_several_records_at_once(policy: str, every: bool) -> None:
    plane, _ = replay(plan_of(**record(policy=policy)))
    assert [given[3] for _, _, given in plane.of("set_answer")] == [every]
