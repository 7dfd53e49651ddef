"""The adaptive limiter. Rules: botocore, `retries/adaptive.py` and `retries/throttling.py` (CUBIC, RFC 9438).

Expected values by hand: a client asks at 0 s and learns at 1 s that it was throttled. It measured
0.8 · 1 request / 1 s = 0.8/s; the rate falls to 0.7 · 0.8 = 0.56/s; the cubic is back at 0.8/s after
k = (0.3 · 0.8 / 0.4)^(1/3) s = 0.6^(1/3) s.
"""

from functools import cache

import pytest

from simulator.data_plane.retrying.limiter import adapt, hold_back_ns
from tests.small import HERE, memory_of, plan_of, topology

S = 10**9
ROW, OTHER = 0, 1
K_S = 0.6 ** (1 / 3)


class Limiter:
    """The limiter of one client object."""

    def __init__(self, profile: str = "aws-adaptive") -> None:
        self.plan, memory = memory_of(_plan(profile))
        self.clients, self.policy = memory.call_clients, self.plan.call_policy[0, 0]

    def wait_s(self, at_s: float, row: int = ROW) -> float:
        return hold_back_ns(self.plan, self.clients, row, self.policy, int(at_s * S)) / S

    def learns(self, at_s: float, *, throttled: bool) -> float:
        """The rate after a result, in requests a second."""
        adapt(self.plan, self.clients, ROW, self.policy, throttled, int(at_s * S))
        return float(self.clients.fill[ROW])


@cache
def _plan(profile: str):  # type: ignore[no-untyped-def]
    service = {"regions": [HERE], "operations": {"view": [{"read": "a"}, {"read": "b"}]}, "calls": profile}
    tables = {name: {"replicas": [HERE]} for name in ("a", "b")}
    return plan_of(topology(tables=tables, services={"api": service}))


@pytest.fixture
def throttled() -> Limiter:
    """Throttled at 1 s, having asked at 0 s."""
    limiter = Limiter()
    limiter.wait_s(0)
    limiter.learns(1, throttled=True)
    return limiter


def test_who_was_never_throttled_is_never_held_back() -> None:
    limiter = Limiter()
    assert [limiter.wait_s(0) for _ in range(100)] == [0] * 100
    assert limiter.learns(1, throttled=False) == 0
    assert limiter.wait_s(1) == 0


def test_throttling_lowers_the_rate_to_seven_tenths_of_what_was_measured(throttled: Limiter) -> None:
    assert throttled.clients.fill[ROW] == pytest.approx(0.56)


def test_one_waits_until_the_rate_has_a_token_for_it(throttled: Limiter) -> None:
    assert throttled.wait_s(1) == pytest.approx(1 / 0.56)
    assert throttled.wait_s(1) == pytest.approx(2 / 0.56)  # in debt for the one before


def test_tokens_come_in_while_time_passes(throttled: Limiter) -> None:
    throttled.wait_s(1)
    assert throttled.wait_s(2) == pytest.approx((2 - 0.56) / 0.56)


def test_the_rate_is_back_where_it_was_after_k_seconds(throttled: Limiter) -> None:
    assert throttled.learns(1 + K_S, throttled=False) == pytest.approx(0.8)


def test_it_grows_with_the_cube_of_the_time_from_there(throttled: Limiter) -> None:
    """Measured is 0.8 · 20 / (2.5 - 1) + 0.2 · 0.8 > 10/s, so its double does not limit."""
    for _ in range(19):
        throttled.learns(1.2, throttled=False)
    assert throttled.learns(2.5, throttled=False) == pytest.approx(0.4 * (1.5 - K_S) ** 3 + 0.8)


def test_it_never_exceeds_twice_what_is_measured(throttled: Limiter) -> None:
    """One result in the next 4 s: measured 0.8 · 1/4 + 0.2 · 0.8 = 0.36/s. The cubic would give 13/s."""
    assert throttled.learns(5, throttled=False) == pytest.approx(2 * 0.36)


def test_the_least_rate_is_half_a_request_a_second() -> None:
    limiter = Limiter()
    limiter.wait_s(0)
    assert limiter.learns(10, throttled=True) == 0.5  # 0.7 · 0.8 / 10 would be 0.056


def test_clients_have_a_limiter_each_and_other_profiles_none(throttled: Limiter) -> None:
    assert throttled.wait_s(1, OTHER) == 0
    without = Limiter("aws-standard-2026")
    assert without.learns(1, throttled=True) == 0
    assert without.wait_s(1) == 0
