"""The circuit breaker. Rules: resilience4j, "CircuitBreaker", count-based sliding window."""

from collections.abc import Iterable
from functools import cache

import pytest

from simulator.data_plane.retrying.breaker import CLOSED, HALF_OPEN, OPEN, lets_through, record
from simulator.data_plane.work.instances import reset_client
from tests.small import HERE, memory_of, plan_of, topology

S = 10**9
OPEN_S, ROW, FAILED, SUCCEEDED = 30, 0, 1, 0


class Breaker:
    """The breaker of one new client object, asked and told second by second."""

    def __init__(self, window: int = 4, least: int = 2, probes: int = 2) -> None:
        self.plan, memory = memory_of(_plan(window, least, probes))
        self.clients, self.policy = memory.call_clients, self.plan.call_policy[0, 0]
        reset_client(self.clients, ROW)

    def asks(self, at_s: float) -> bool:
        return bool(lets_through(self.plan, self.clients, ROW, self.policy, int(at_s * S)))

    def learns(self, *results: int, at_s: float = 0, epoch: int | None = None) -> int:
        """The state after these results."""
        for result in results:
            of = self.clients.breaker_epoch[ROW] if epoch is None else epoch
            record(self.plan, self.clients, ROW, self.policy, of, result, int(at_s * S))
        return int(self.clients.breaker_state[ROW])


@cache
def _plan(window: int, least: int, probes: int):  # type: ignore[no-untyped-def]
    breaker = {"threshold": "50 %", "window": window, "least": least, "open": "30 s", "probes": probes}
    calls = {"profile": "aws-standard-2026", "circuit_breaker": breaker}
    service = {"regions": [HERE], "operations": {"view": [{"read": "table"}]}, "calls": calls}
    return plan_of(topology(tables={"table": {"replicas": [HERE]}}, services={"api": service}))


def test_it_does_not_judge_before_it_has_seen_the_least_number() -> None:
    assert Breaker(least=3).learns(FAILED, FAILED) == CLOSED
    assert Breaker(least=3).learns(FAILED, FAILED, FAILED) == OPEN


def test_it_opens_when_failures_reach_the_threshold() -> None:
    assert Breaker().learns(SUCCEEDED, FAILED) == OPEN  # one of two is 50 %: at the threshold, not above it
    assert Breaker().learns(SUCCEEDED, SUCCEEDED, FAILED) == CLOSED  # one of three


@pytest.mark.parametrize("window", [4, 60, 61, 100])  # bits of results in one word, and in two
def test_it_remembers_the_last_results_only(window: int) -> None:
    half = window // 2 + window % 2
    breaker = Breaker(window=window, least=window)
    assert breaker.learns(*[SUCCEEDED] * window, *[FAILED] * (half - 1)) == CLOSED
    assert breaker.learns(FAILED) == OPEN


def test_open_it_lets_nobody_through_until_its_time_is_over() -> None:
    breaker = Breaker()
    breaker.learns(FAILED, FAILED, at_s=5)
    assert [breaker.asks(at) for at in (5, 34.9)] == [False, False]
    assert breaker.asks(5 + OPEN_S)


def half_open(breaker: Breaker) -> Iterable[bool]:
    breaker.learns(FAILED, FAILED)
    return [breaker.asks(OPEN_S) for _ in range(4)]


def test_half_open_it_lets_so_many_probes_through() -> None:
    assert half_open(Breaker(probes=3)) == [True, True, True, False]


@pytest.mark.parametrize(
    ("results", "state"),
    [((SUCCEEDED,), HALF_OPEN), ((SUCCEEDED, SUCCEEDED), CLOSED), ((SUCCEEDED, FAILED), OPEN)],
)
def test_it_waits_for_all_probes_and_closes_if_fewer_than_the_threshold_failed(
    results: tuple[int, ...], state: int
) -> None:
    breaker = Breaker()
    half_open(breaker)
    assert breaker.learns(*results, at_s=OPEN_S + 1) == state


def test_a_result_from_before_it_opened_counts_no_more() -> None:
    breaker = Breaker()
    before = int(breaker.clients.breaker_epoch[ROW])
    half_open(breaker)
    assert breaker.learns(FAILED, FAILED, epoch=before) == HALF_OPEN
