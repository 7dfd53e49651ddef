"""Clients checked: those of users, and those with which services call."""

from typing import Literal

from simulator.language.checks.values import check_longer_than_0
from simulator.language.models.clients import CircuitBreaker, Client, Quota
from simulator.language.reading.positions import Document, Path

_OF_USERS = "it is for users' clients"

_FOREIGN = {
    "calls": {
        "dns_cache": "an instance keeps an endpoint's address for 'defaults.endpoint_ttl'",
        "next_address": _OF_USERS,
        "repeat_reset": _OF_USERS,
    },
    "users": {
        "connection_age": "it is for the clients with which services call",
        "retry_refused_conditions": "it is for the clients with which services call",
    },
}


def check_client(
    client: str | Client, whose: Literal["users", "calls"], document: Document, path: Path
) -> None:
    """Report what is wrong with a client, but for unknown names."""
    if isinstance(client, str):
        return
    for foreign, hint in _FOREIGN[whose].items():
        if getattr(client, foreign) is not None:
            document.problem(f"'{foreign}' does not belong here; {hint}", (*path, foreign), at_key=True)
    if client.next_address != "none":
        check_longer_than_0(client.next_address, "a time", document, (*path, "next_address"))
    check_longer_than_0(client.timeout, "a timeout", document, (*path, "timeout"))
    check_longer_than_0(client.connect_timeout, "a timeout", document, (*path, "connect_timeout"))
    check_longer_than_0(client.connection_age, "an age", document, (*path, "connection_age"))
    _check_backoff(client, document, (*path, "backoff"))
    if isinstance(client.quota, Quota):
        _check_quota(client.quota, document, (*path, "quota"))
    if client.circuit_breaker is not None:
        _check_breaker(client.circuit_breaker, document, (*path, "circuit_breaker"))


def _check_backoff(client: Client, document: Document, path: Path) -> None:
    backoff = client.backoff
    if backoff is None:
        return
    if backoff.cap < backoff.base:
        document.problem("the cap is below the base", (*path, "cap"))
    elif backoff.throttling is not None and backoff.cap < backoff.throttling:
        document.problem("the cap is below the base after throttling", (*path, "throttling"))


def _check_quota(quota: Quota, document: Document, path: Path) -> None:
    for key in ("cost", "timeout_cost", "throttling_cost"):
        cost = getattr(quota, key)
        if cost is not None and cost > quota.tokens:
            complaint = f"a retry costs {cost:,}, but there are only {quota.tokens:,} tokens"
            document.problem(f"{complaint}; for no retries write 'attempts: 1'", (*path, key))


def _check_breaker(breaker: CircuitBreaker, document: Document, path: Path) -> None:
    if breaker.least > breaker.window:
        complaint = f"'least' ({breaker.least}) is above 'window' ({breaker.window}), so it never opens"
        document.problem(f"{complaint}; write at most {breaker.window}", (*path, "least"))
    if breaker.threshold == 0:
        document.problem("at a threshold of 0 % it opens without a failure", (*path, "threshold"))
    check_longer_than_0(breaker.open, "'open'", document, (*path, "open"))
