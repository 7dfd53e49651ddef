"""Signing keys: verifiers that drop a removed key one after the other, and failover between issuers."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simulator.outcome import Outcome
from tests.small import HERE, THERE, Written, played
from tests.validation.figure import Figure

Floats = NDArray[np.float64]

_CACHE_MIN = 60  # a verifier keeps the keys it has for an hour
_REMOVED_MIN, _RESTORED_MIN = 10, 80  # longer than an hour: every verifier drops the key, and takes it again
_THINK_S = 300


def _system(verifiers: int) -> Written:
    service = {
        "regions": [HERE],
        "gateway": {"limit": {"rate": "100000/s", "burst": 100_000}},
        "verifies_tokens": "gateway",
        "operations": {"view": [{"compute": "1 ms"}]},
    }
    identity = {"issuer": [HERE], "access_token": "300 d", "keys_cache": f"{_CACHE_MIN} min"}
    return {
        "topology": "keys are kept",
        "regions": {HERE: {}},
        "services": {"api": service},
        "dns": {"api.example": {"service": "api", "policy": "simple"}},
        "identity": identity | {"verifiers": verifiers, "takes": "1 ms"},
    }


def rejecting(verifiers: int, sessions: int) -> Floats:
    """Share of the attempts that are rejected, in each minute: each meets a verifier at random."""
    users = {
        "near": HERE,
        "sessions": sessions,
        "think_time": f"{_THINK_S} s",
        "actions": {"view": 1},
        "client": {"profile": "script", "attempts": 1},
        "last_mile": "1 ms",
    }
    fault = {"keys": HERE, "mode": "removed", "at": f"{_REMOVED_MIN} min", "until": f"{_RESTORED_MIN} min"}
    run = {
        "experiment": "a key is removed",
        "topology": "topology.yaml",
        "duration": f"{_RESTORED_MIN + _CACHE_MIN + 10} min",
        "objective": {"window": "1 min"},
        "users": {"people": users},
        "faults": [fault],
    }
    t = played(_system(verifiers), run).tallies
    failed, served = t.window_failed_region.sum(1), t.window_served.sum(1)
    return np.asarray(failed / (failed + served), np.float64)


def removal(verifiers: int, sessions: int) -> tuple[Figure, Figure]:
    """Largest distance of the share of rejecting verifiers from min(1, t / J), and from its mirror image.

    Tolerance: 99 % of the distances (Kolmogorov and Smirnov's) of so many phases are below 1.63 / sqrt(n),
    and a verifier asks for the keys when the first request after their time comes, half a minute late.
    """
    tolerance = 1.63 / math.sqrt(verifiers) + _THINK_S * verifiers / sessions / (60 * _CACHE_MIN)
    shares = rejecting(verifiers, sessions)
    minutes = np.arange(len(shares)) + 0.5  # the middle of each window
    gone = np.clip((minutes - _REMOVED_MIN) / _CACHE_MIN, 0, 1)
    back = np.clip((minutes - _RESTORED_MIN) / _CACHE_MIN, 0, 1)
    distance = np.abs(shares - (gone - back))
    source = "min(1, t/J): verifiers whose caches have every phase; RFC 7517"
    what = f"distance from t/J, {verifiers:,} verifiers, {sessions:,} sessions"
    return (
        Figure(f"key removed: {what}", 0.0, float(distance[:_RESTORED_MIN].max()), tolerance, source),
        Figure(f"key restored: {what}", 0.0, float(distance[_RESTORED_MIN:].max()), tolerance, source),
    )


# failover


def failover(keys: str, sessions: int) -> Outcome:
    """Endless sessions whose region, an issuer too, goes down for good; the name fails over to the other."""
    service = {
        "regions": [HERE, THERE],
        "verifies_tokens": "gateway",
        "gateway": {},
        "operations": {"view": [{"compute": "1 ms"}]},
    }
    record = {"service": "api", "policy": "failover", "order": [HERE, THERE], "health_check": "deep"}
    system = {
        "topology": "two issuers",
        "regions": {HERE: {}, THERE: {}},
        "services": {"api": service},
        "dns": {"api.example": record},
        "health_checks": {"deep": {}},
        "identity": {"issuer": [HERE, THERE], "access_token": "36500 d", "keys": keys},
    }
    users = {
        "near": HERE,
        "sessions": sessions,
        "think_time": "30 s",
        "actions": {"view": 1},
        "client": {"profile": "browser"},
        "resolvers": {"extend_ttl": "0 %"},
    }
    run = {
        "experiment": "an issuer's region is lost",
        "topology": "topology.yaml",
        "duration": "10 min",
        "users": {"people": users},
        "faults": [{"region": HERE, "mode": "refused", "at": "2 min"}],
    }
    return played(system, run)


def forced_logins(keys: str, expected: float, sessions: int) -> Figure:
    """Sessions that have to log in anew after the failover. No token runs out in the run."""
    return Figure(
        what=f"forced log-ins a session in a regional failover, {keys} keys, {sessions:,} sessions",
        expected=expected,
        ours=failover(keys, sessions).tallies.forced_logins / sessions,
        tolerance=0.0,
        source="a region trusts the keys of all issuers, or its own only",
        unit="%",
    )


def figures() -> Iterator[Figure]:
    """All of it at full size."""
    yield from removal(10_000, 100_000)
    yield forced_logins("shared", 0.0, 10_000)
    yield forced_logins("regional", 1.0, 10_000)
