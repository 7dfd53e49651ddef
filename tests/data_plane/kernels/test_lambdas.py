"""Lambda environments: how many, how fast, for how long.

Rules: AWS Lambda developer guide, *lambda-concurrency*, *lambda-runtime-environment*, *scaling-behavior*;
docs/model-request-path.md §2.
"""

from functools import cache

import pytest

from simulator.data_plane.work.lambdas import has_room, idle_environment, new_environment, release
from simulator.kernels.blocks import Block
from tests.small import HERE, memory_of, plan_of, topology

S = 10**9
API, REGION, NONE = 0, 0, -1
Blocks = tuple[Block, Block]


@cache
def _plan(quota: int, **function: object):  # type: ignore[no-untyped-def]
    service = {
        "regions": [HERE],
        "operations": {"view": [{"compute": "1 ms"}]},
        "compute": {"lambda": {"idle": "10 s"} | function},
    }
    regions = {HERE: {"quotas": {"lambda_concurrency": quota}}}
    return plan_of(topology(regions=regions, services={"api": service}))


def blocks(quota: int = 1000, **function: object) -> Blocks:
    return memory_of(_plan(quota, **function))


def started(memory: Blocks, count: int, at_s: float = 0) -> list[int]:
    return [int(new_environment(*memory, API, REGION, int(at_s * S))) for _ in range(count)]


def idle(memory: Blocks, at_s: float) -> int:
    return int(idle_environment(*memory, API, REGION, int(at_s * S)))


def released(memory: Blocks, *environments: int, at_s: float = 0) -> None:
    for i in environments:
        release(*memory, API, REGION, i, int(at_s * S))


def test_the_account_and_the_reservation_limit_what_runs_at_once() -> None:
    plan, memory = blocks(quota=5, reserved=2)
    for in_use, of_account, room in ((0, 0, True), (1, 4, True), (2, 2, False), (0, 5, False)):
        memory.sites.in_use[API, REGION], memory.sites.region_in_use[REGION] = in_use, of_account
        assert has_room(plan, memory, API, REGION) == room


def test_a_fault_leaves_a_share_of_the_concurrency() -> None:
    plan, memory = blocks(quota=10)
    memory.world.site_capacity[API, REGION] = 0.25
    memory.sites.in_use[API, REGION] = 1
    assert has_room(plan, memory, API, REGION)
    memory.sites.in_use[API, REGION] = 2  # int(10 · 0.25)
    assert not has_room(plan, memory, API, REGION)


def test_environments_are_numbered_as_they_start_and_each_start_is_cold() -> None:
    memory = blocks()
    assert started(memory, 3) == [0, 1, 2]
    assert memory[1].counts.cold_starts[API, REGION] == 3


def test_the_one_released_last_is_taken_first() -> None:
    memory = blocks()
    released(memory, *started(memory, 3))
    assert [idle(memory, 1) for _ in range(4)] == [2, 1, 0, NONE]


@pytest.mark.parametrize(("after_s", "found"), [(10, 0), (10.001, NONE)])
def test_one_that_was_idle_for_too_long_is_gone(after_s: float, found: int) -> None:
    memory = blocks()
    released(memory, *started(memory, 1))
    assert idle(memory, after_s) == found


def test_the_number_of_one_that_is_gone_is_free_again() -> None:
    memory = blocks()
    released(memory, *started(memory, 2))
    assert idle(memory, 11) == NONE
    assert started(memory, 1, at_s=11) == [0]  # discarded last


def test_provisioned_environments_are_warm_from_the_start_and_never_go() -> None:
    memory = blocks(reserved=5, provisioned=2)
    assert [idle(memory, 3600) for _ in range(3)] == [0, 1, NONE]
    assert started(memory, 1) == [2]


def test_one_whose_zone_went_down_is_not_taken() -> None:
    memory = blocks()
    released(memory, *started(memory, 2))
    memory[1].instances.generation[1] += 1
    assert idle(memory, 1) == 0


def test_a_function_starts_a_thousand_at_once_and_then_a_hundred_a_second() -> None:
    """1,000 environments every 10 s (*scaling-behavior*), as a bucket of 1,000 that gains one each 10 ms."""
    memory = blocks(quota=3000)
    assert started(memory, 1001)[-2:] == [999, NONE]
    assert started(memory, 2, at_s=0.01) == [1000, NONE]
