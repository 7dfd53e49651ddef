"""The defaults that no source backs, and which of them matter most to a result."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from simulator.boundary.causes import STAGES
from simulator.result.recovery import Phase
from simulator.result.whole import Assumption, Result

_SHOWN = 3
_LONG_PHASE = 0.05  # of the recovery time: a phase that is shorter decides nothing

_RESOLVERS = ("dns.resolver_extends_ttl", "dns.resolver_extension")
_CONNECTIONS = ("client.*.keep_alive", "client.*.timeout")
_RETRIES = ("client.*.attempts", "client.*.timeout", "client.*.backoff_base")
_AGAIN = ("client.*.attempts", "client.*.backoff_base")
_CAPACITY = ("lambda.init_factor.*", "dynamodb.partitions", *_AGAIN)
_COPIES = ("dynamodb.replication_lag.*", "s3.replication_lag.*", "memorydb.replication_lag.*", "s3.catch_up")
_TOKENS = ("identity.*",)
_LATENCY = ("network.last_mile.*", "gateway.overhead", "dynamodb.read", "dynamodb.write")

_NAMES = ("client.aws-*.dns_cache", "call.endpoint_ttl", "client.aws-*.keep_alive", "dns.resolver_tr*")
_CALLS = ("call.*", "client.aws-*.keep_alive", "dynamodb.read", "dynamodb.write")
_DATABASES = ("*.promotion", "*.write_fencing", "*.old_writer", "*.switchover", "*.rebuild")
_MISSES = ("memorydb.get", "dynamodb.read", "s3.get")

_OF_PHASES = {
    "detect": ("route53.health_check.*",),
    "decide": ("operator.*",),
    "change_dns": ("route53.status_to_answer",),
    "caches_expire": _RESOLVERS,
    "no_other_answer": _RETRIES,
    "kept_connections": _CONNECTIONS,
    "open_requests": _CONNECTIONS,
    "negative_answers": _NAMES,
    "name_servers": _NAMES,
    "errors": _RETRIES,
    "dead_nodes": _RETRIES,
    "stores": _CALLS,
    "cold_caches": _MISSES,
    "capacity_too_small": _CAPACITY,
    "cold_starts": _CAPACITY,
    "missing_keys": _TOKENS,
    "key_caches": _TOKENS,
    "refused_tokens": _TOKENS,
    "issuers": _TOKENS,
    "circuit_breakers": _CALLS,
    "no_writer": _DATABASES,
    "promotion": _DATABASES,
    "damaged_data": _COPIES,
    "slow": ("client.*.timeout", *_LATENCY),
    **dict.fromkeys(STAGES, ("dynamodb.restore.*", "dynamodb.backup.*", *_COPIES)),
}
"""Assumptions by the phase whose length they decide, those that decide most first."""

_OF_LIMITS = {
    "gateway_limits": _AGAIN,
    "lambda_limits": ("lambda.init_factor.*", *_AGAIN),
    "table_limits": ("dynamodb.partitions", *_AGAIN),
    "queues": ("dynamodb.read", "dynamodb.write", *_AGAIN),
}
"""The same where capacity is too small, by what there was too little of."""

_OF_MEASURES = {
    r"promotion_.*|unshipped_writes|writes_past_promotion|split_brain_.*": _DATABASES,
    r"recovery_point|.*_writes|lost_.*|replication_lag.*|catch_up.*|lag_peaks|stale.*|.*_violations": _COPIES,
    r"throttled|cold_starts|queue_wait.*|.*_amplification": _CAPACITY,
    r"rejected_tokens|forced_logins|sessions_logged_out": _TOKENS,
    r"action_latency|attempt_latency": _LATENCY,
}
"""Assumptions by the measures (a pattern of their names) that rest on them."""


def gist(result: Result, most: int = _SHOWN) -> Iterator[str]:
    """The three that matter most to this result, or fewer, and how many there are."""
    count = len(result.assumptions)
    chosen = relevant(result)[:most]
    if chosen:
        said = "; ".join(f"{one.name} {one.value}" for one in chosen)
        more = f"; {count - len(chosen)} more (-v)" if count > len(chosen) else ""
        yield said + more


def relevant(result: Result) -> list[Assumption]:
    """The assumptions, those first that decide the longest phases and what was asked, in turn."""
    lists = [_matching(result.assumptions, patterns) for patterns in _topics(result)]
    in_turn = [one for turn in zip_longest(*lists) for one in turn if one is not None]
    return [*dict.fromkeys([*in_turn, *result.assumptions])]


def _topics(result: Result) -> Iterator[Sequence[str]]:
    phases = sorted(result.recovery.phases, key=lambda phase: phase.start_s - phase.end_s)
    least_s = _LONG_PHASE * (result.recovery.recovery_time_s or 0)
    for phase in phases:
        if phase.end_s - phase.start_s >= least_s:
            yield _of_phase(phase)
    for one in result.expectations:
        yield next((found for names, found in _OF_MEASURES.items() if re.fullmatch(names, one.measure)), ())
    yield _RETRIES


def _of_phase(phase: Phase) -> Sequence[str]:
    """What decides how long a phase takes."""
    limit = next(iter(phase.held_by), "") if phase.phase == "capacity_too_small" else ""
    return _OF_LIMITS.get(limit, _OF_PHASES.get(phase.phase, ()))


def _matching(assumptions: Sequence[Assumption], patterns: Sequence[str]) -> list[Assumption]:
    return [
        one
        for pattern in patterns
        for one in assumptions
        if re.fullmatch(pattern.replace(".", r"\.").replace("*", ".*"), one.name)
    ]
