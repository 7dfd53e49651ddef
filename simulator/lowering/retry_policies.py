"""Policies of clients lowered: how a caller waits, tries again, and holds back."""

from dataclasses import fields
from typing import Any

import numpy as np

from simulator import catalog
from simulator.boundary.kinds import REPEATS_ALL, REPEATS_NOTHING, REPEATS_READS
from simulator.language.models.clients import CircuitBreaker, Client, as_client
from simulator.lowering.sources import Sources
from simulator.records import dataclass

NO_TIMEOUT = -1
"""In the place of a connect timeout: none of its own."""

NO_NEXT_ADDRESS = -1
"""In the place of the time for one address: the client tries one of an answer's addresses and no other."""

_REPEATS = {"none": REPEATS_NOTHING, "reads": REPEATS_READS, "all": REPEATS_ALL}

DYNAMODB = "dynamodb"
"""The variant of a profile for calls to tables."""


@dataclass(frozen=True)
class Policy:
    """One row of the `policy_` columns of `simulator.plan.lowered.DataPlan`."""

    attempts: int
    connect_timeout_ns: int
    timeout_ns: int
    base_ns: int
    throttle_base_ns: int
    cap_ns: int
    jitter: int
    quota: int
    cost: int
    timeout_cost: int
    throttle_cost: int
    keep_alive_ns: int
    age_ns: int
    next_address_ns: int
    repeats: int
    adaptive: int
    window: int
    least: int
    threshold: float
    open_ns: int
    probes: int
    retries_refused: int = 0


class Policies:
    """The table of policies that a plan refers to by number."""

    def __init__(self) -> None:
        self.rows: list[Policy] = []

    def number_of(self, policy: Policy) -> int:
        """The row of a policy; equal ones share a row."""
        if policy not in self.rows:
            self.rows.append(policy)
        return self.rows.index(policy)

    def arrays(self) -> dict[str, Any]:
        """The `policy_` columns."""
        types = {field.name: np.float64 if field.type is float else np.int64 for field in fields(Policy)}
        return {
            f"policy_{name}": np.array([getattr(row, name) for row in self.rows], type_)
            for name, type_ in types.items()
        }


def lower_policy(written: str | Client, sources: Sources, variant: str | None = None) -> Policy:
    """A client's policy: what is written, else its profile's (in a variant, if the profile has one)."""
    client = as_client(written)
    profile = _Profile(client.profile, variant)
    attempts = int(sources.number(profile.name("attempts"), client.attempts))
    retrying = sources if attempts > 1 else Sources()  # without retries no figure of theirs is used
    connect = profile.name("connect_timeout")
    has_limit = client.connect_timeout is not None or catalog.has_entry(connect)
    return Policy(
        attempts=attempts,
        connect_timeout_ns=sources.duration_ns(connect, client.connect_timeout) if has_limit else NO_TIMEOUT,
        timeout_ns=sources.duration_ns(profile.name("timeout"), client.timeout),
        keep_alive_ns=sources.duration_ns(profile.name("keep_alive"), client.keep_alive),
        age_ns=client.connection_age or 0,
        next_address_ns=_next_address_ns(client, profile, sources),
        repeats=_repeats(client, profile, sources),
        adaptive=int(profile.has("limiter") if client.adaptive is None else client.adaptive),
        retries_refused=int(client.retry_refused_conditions or False),
        **_backoff(client, profile, retrying),
        **_quota(client, profile, retrying),
        **_breaker(client.circuit_breaker),
    )


@dataclass(frozen=True)
class _Profile:
    """The catalog's entries of a client profile."""

    profile: str
    variant: str | None

    def name(self, key: str) -> str:
        """The full name of an entry: the variant's, if it has one."""
        special = f"client.{self.profile}.{self.variant}.{key}"
        return special if catalog.has_entry(special) else f"client.{self.profile}.{key}"

    def has(self, key: str) -> bool:
        return catalog.has_entry(self.name(key))


def _next_address_ns(client: Client, profile: _Profile, sources: Sources) -> int:
    """How long one address of an answer is tried before the next; NO_NEXT_ADDRESS: there is no next."""
    if client.next_address == "none" or (client.next_address is None and not profile.has("next_address")):
        return NO_NEXT_ADDRESS
    return sources.duration_ns(profile.name("next_address"), client.next_address)


def _repeats(client: Client, profile: _Profile, sources: Sources) -> int:
    """Which requests a client repeats by itself after a reset of a reused connection."""
    if client.repeat_reset is None and not profile.has("repeat_reset"):
        return REPEATS_NOTHING
    return _REPEATS[sources.text(profile.name("repeat_reset"), client.repeat_reset)]


def _backoff(client: Client, profile: _Profile, sources: Sources) -> dict[str, int]:
    """What is written replaces the profile's backoff as a whole."""
    written = client.backoff
    if written is not None:
        throttling_ns = written.base if written.throttling is None else written.throttling
        waits = {"base_ns": written.base, "throttle_base_ns": throttling_ns, "cap_ns": written.cap}
        return waits | {"jitter": int(written.jitter != "none")}
    base_ns = sources.duration_ns(profile.name("backoff_base"))
    throttling, jitter = profile.name("backoff_throttling"), profile.name("backoff_jitter")
    return {
        "base_ns": base_ns,
        "throttle_base_ns": sources.duration_ns(throttling) if catalog.has_entry(throttling) else base_ns,
        "cap_ns": sources.duration_ns(profile.name("backoff_cap")),
        "jitter": int(not catalog.has_entry(jitter) or sources.text(jitter) != "none"),
    }


def _quota(client: Client, profile: _Profile, sources: Sources) -> dict[str, int]:
    """Tokens of the retry quota and what retries cost; all 0 without one."""
    written = client.quota
    if written == "none" or (written is None and not profile.has("quota")):
        return {"quota": 0, "cost": 0, "timeout_cost": 0, "throttle_cost": 0}
    if written is not None:
        return {
            "quota": written.tokens,
            "cost": written.cost,
            "timeout_cost": written.cost if written.timeout_cost is None else written.timeout_cost,
            "throttle_cost": written.cost if written.throttling_cost is None else written.throttling_cost,
        }
    return {
        "quota": int(sources.number(profile.name("quota"))),
        "cost": int(sources.number(profile.name("quota_cost"))),
        "timeout_cost": int(sources.number(profile.name("quota_timeout_cost"))),
        "throttle_cost": int(sources.number(profile.name("quota_throttling_cost"))),
    }


def _breaker(written: CircuitBreaker | None) -> dict[str, Any]:
    """The circuit breaker; a window of 0 is none."""
    if written is None:
        return {"window": 0, "least": 0, "threshold": 0.0, "open_ns": 0, "probes": 0}
    return {
        "window": written.window,
        "least": written.least,
        "threshold": written.threshold,
        "open_ns": written.open,
        "probes": written.probes,
    }
