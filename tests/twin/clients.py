"""Client policies: timeouts, backoff, and the state of a client's quota, breaker and adaptive limiter.

Specification: docs/model-request-path.md §6.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from simulator.plan.lowered import DataPlan

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half open"


class Policy:
    """One row of the plan's policies."""

    def __init__(self, plan: DataPlan, number: int) -> None:
        self._plan, self._number = plan, number

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plan, f"policy_{name}")[self._number].item()

    def backoff_ns(self, failed: int, throttled: bool, u: float) -> int:
        """The wait after so many failed tries."""
        base_ns = self.throttle_base_ns if throttled else self.base_ns
        longest_ns = min(self.cap_ns, base_ns * 2 ** (failed - 1))
        return int(u * longest_ns + 0.5) if self.jitter else int(longest_ns)


class Quota:
    """A client's retry quota."""

    def __init__(self, policy: Policy) -> None:
        self._policy, self._left = policy, policy.quota

    def grant(self, timed_out: bool, throttled: bool) -> int | None:
        """Pay for a retry: what it costs, None if it is denied."""
        policy = self._policy
        cost = policy.timeout_cost if timed_out else policy.throttle_cost if throttled else policy.cost
        if not policy.quota:
            return int(cost)
        if self._left < cost:
            return None
        self._left -= cost
        return int(cost)

    def give_back(self, last_cost: int | None) -> None:
        """A success: what its last retry cost, or one if it needed none."""
        self._left = min(self._policy.quota, self._left + (1 if last_cost is None else last_cost))


@dataclass
class Breaker:
    """A circuit breaker that counts results."""

    policy: Policy
    state: str = CLOSED
    epoch: int = 0  # changes of state so far
    until_ns: int = 0
    results: deque[bool] = field(default_factory=deque)  # of failures, oldest first
    let_through: int = 0  # half open

    def admits(self, t: int) -> bool:
        """Ask for one request at t."""
        if not self.policy.window:
            return True
        if self.state == OPEN and t >= self.until_ns:
            self._become(HALF_OPEN)
        if self.state == HALF_OPEN and self.let_through < self.policy.probes:
            self.let_through += 1
            return True
        return self.state == CLOSED

    def learn(self, t: int, epoch: int, failed: bool) -> None:
        """Take the result of a request that was let through in an epoch."""
        if not self.policy.window or epoch != self.epoch:
            return
        self.results.append(failed)
        failures = sum(self.results)
        if self.state == HALF_OPEN:
            if len(self.results) == self.policy.probes:
                closes = failures < self.policy.threshold * self.policy.probes
                self._become(CLOSED if closes else OPEN, t)
            return
        if len(self.results) > self.policy.window:
            failures -= self.results.popleft()
        remembered = len(self.results)
        if remembered >= self.policy.least and failures >= self.policy.threshold * remembered:
            self._become(OPEN, t)

    def renew(self) -> None:
        """Closed, and with nothing remembered."""
        self._become(CLOSED)

    def _become(self, state: str, t: int = 0) -> None:
        self.state, self.epoch, self.let_through = state, self.epoch + 1, 0
        self.until_ns = t + self.policy.open_ns
        self.results.clear()


@dataclass
class Limiter:
    """The adaptive limiter of botocore (§6.1); figures are requests a second."""

    adaptive: bool
    enabled: bool = False
    fill: float = 0.0
    capacity: float = 0.0
    current: float = 0.0
    stamp: float | None = None
    measured: float = 0.0
    bucket: float | None = None
    count: int = 0
    w_max: float = 0.0
    k: float = 0.0
    last_fail: float = 0.0

    def wait_ns(self, t: int) -> int:
        """For how long a try that would begin at t has to wait."""
        if not self.adaptive:
            return 0
        s = self._first_use(t)
        if not self.enabled:
            return 0
        self._refill(s)
        self.current -= 1
        return int((-self.current / self.fill) * 10**9 + 0.5) if self.current < 0 else 0

    def learn(self, t: int, throttled: bool) -> None:
        """Take the result of a try."""
        if not self.adaptive:
            return
        s = self._first_use(t)
        self._measure(s)
        if throttled:
            rate = min(self.measured, self.fill) if self.enabled else self.measured
            self.w_max, self.k, self.last_fail = rate, (rate * 0.3 / 0.4) ** (1.0 / 3.0), s
            calculated, self.enabled = 0.7 * rate, True
        else:
            since = s - self.last_fail - self.k
            calculated = 0.4 * (since * since * since) + self.w_max
        if self.enabled:
            self._refill(s)
            self.fill = max(min(calculated, 2 * self.measured), 0.5)
            self.capacity = max(self.fill, 1.0)
            self.current = min(self.current, self.capacity)

    def _first_use(self, t: int) -> float:
        s = t / 10**9
        if self.bucket is None:
            self.bucket, self.last_fail = math.floor(2 * s) / 2, s
        return s

    def _measure(self, s: float) -> None:
        assert self.bucket is not None
        self.count += 1
        now = math.floor(2 * s) / 2
        if now > self.bucket:
            self.measured = 0.8 * self.count / (now - self.bucket) + 0.2 * self.measured
            self.count, self.bucket = 0, now

    def _refill(self, s: float) -> None:
        if self.stamp is not None:
            self.current = min(self.capacity, self.current + (s - self.stamp) * self.fill)
        self.stamp = s


class Client:
    """One client object: a session, or an instance for a store."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.quota, self.breaker, self.limiter = (
            Quota(policy),
            Breaker(policy),
            Limiter(bool(policy.adaptive)),
        )

    def renew(self) -> None:
        """Be as new, also to calls under way; what tries bring that began before does not count."""
        vars(self.quota).update(vars(Quota(self.policy)))
        vars(self.limiter).update(vars(Limiter(bool(self.policy.adaptive))))
        self.breaker.renew()
