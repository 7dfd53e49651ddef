"""Backoff and retry quotas. Rules: AWS SDKs and tools reference, "Retry behavior"; botocore, `retries/`."""

from functools import cache

import pytest

from simulator.data_plane.retrying.retries import NO_RETRY_YET, backoff_ns, give_back, grant, retry_cost
from simulator.kernels.blocks import Block
from tests.small import HERE, memory_of, plan_of, topology

MS = 10**6
ROW = 0
CALLS = {
    "profile": "aws-standard-2026",
    "backoff": {"base": "50 ms", "cap": "1 s", "throttling": "400 ms"},
    "quota": {"tokens": 30, "cost": 14, "timeout_cost": 10, "throttling_cost": 5},
}


@cache
def _plan():  # type: ignore[no-untyped-def]
    service = {"regions": [HERE], "operations": {"view": [{"read": "table"}]}, "calls": CALLS}
    return plan_of(topology(tables={"table": {"replicas": [HERE]}}, services={"api": service}))


@pytest.fixture
def client() -> tuple[Block, Block, int]:
    """The plan, the state of client objects, and the policy."""
    plan, memory = memory_of(_plan())
    return plan, memory.call_clients, int(plan.call_policy[0, 0])


@pytest.mark.parametrize(
    ("throttled", "expected_ms"),
    [(False, [50, 100, 200, 400, 800, 1000, 1000]), (True, [400, 800, 1000, 1000, 1000, 1000, 1000])],
)
def test_the_longest_backoff_doubles_up_to_its_cap(
    client: tuple[Block, Block, int], throttled: bool, expected_ms: list[int]
) -> None:
    plan, _, policy = client
    longest = [backoff_ns(plan, policy, failures, throttled, 1.0) // MS for failures in range(1, 8)]
    assert longest == expected_ms


def test_full_jitter_takes_a_share_of_it(client: tuple[Block, Block, int]) -> None:
    plan, _, policy = client
    assert [backoff_ns(plan, policy, 2, False, u) // MS for u in (0.0, 0.25, 0.5)] == [0, 25, 50]


def test_a_retry_costs_by_why_the_try_before_it_failed(client: tuple[Block, Block, int]) -> None:
    plan, _, policy = client
    kinds = [(False, False), (True, False), (False, True)]
    assert [retry_cost(plan, policy, *kind) for kind in kinds] == [14, 10, 5]


def test_there_is_no_retry_once_too_few_tokens_are_left(client: tuple[Block, Block, int]) -> None:
    """Two of 14 out of 30 leave 2."""
    assert [grant(*client[:2], ROW, client[2], 14) for _ in range(3)] == [True, True, False]
    assert grant(*client[:2], ROW, client[2], 2)


@pytest.mark.parametrize(("last_cost", "left"), [(NO_RETRY_YET, 17), (14, 30), (5, 21)])
def test_a_success_gives_back_what_its_last_retry_cost_or_one(
    client: tuple[Block, Block, int], last_cost: int, left: int
) -> None:
    plan, clients, policy = client
    grant(plan, clients, ROW, policy, 14)
    give_back(plan, clients, ROW, policy, last_cost)
    assert 30 - clients.spent[ROW] == left


def test_the_quota_never_grows_beyond_its_size(client: tuple[Block, Block, int]) -> None:
    plan, clients, policy = client
    give_back(plan, clients, ROW, policy, 14)
    assert clients.spent[ROW] == 0
