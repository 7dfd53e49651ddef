"""The metastable retry loop of Bronson and others, HotOS 2021: one database, one retry, one outage.

The outage takes all of the database's capacity: what arrives waits, and is served when it is back, as if all
packets were delivered at reconnection. A cap of retries over all clients is not in the model, where a quota
belongs to one client. In the loop every request fails, so that a cap of r retries a second is the same as a
load of which r requests a second are retried and the rest are not: two populations.
"""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.tallies import Tallies
from tests.small import HERE, Written, played
from tests.validation.dns import ONE_BY_ONE, one_lookup_each
from tests.validation.figure import Figure

Counts = NDArray[np.int64]

CAPACITY_PER_S = 300
_OUTAGE_AT_S = 60
_SAMPLE_S = slice(200, 235)
_TIMEOUT_S = 1

SOURCE = "Bronson et al., Metastable Failures in Distributed Systems, HotOS 2021"

SURVIVES = (
    *((load, 10, True) for load in (100, 120, 140)),
    *((load, 10, False) for load in (160, 200, 240, 280)),
    (140, 3, True),
    (160, 3, False),
    (250, 1, True),
    (280, 1, False),
)
"""Load per second, outage in seconds, whether the system recovers. 145 to 155 are on the edge."""

CAPPED = ((280, 15), (280, 5), (160, 16), (200, 20), (250, 25))
"""Load per second and retries per second with which it recovers, all below 300 - load."""

UNHELPFUL = ((280, 28),)
"""A cap above the 20 retries a second that 280 leaves, which is also a budget of a tenth: no recovery."""


def _system() -> Written:
    nodes = {"per_zone": 1, "workers": 1, "queue": 1_000_000_000}
    service = {
        "regions": [HERE],
        "compute": {"nodes": nodes},
        "operations": {"query": [{"compute": {"mean": f"{1 / CAPACITY_PER_S:.9f} s"}}]},
    }
    return {
        "topology": "one database",
        "regions": {HERE: {"zones": 1}},
        "services": {"database": service},
        "dns": {"db.example": {"service": "database", "policy": "simple"}},
        "defaults": {"round_trip_sigma": 0},
    }


def clients(rate: float, attempts: int, **changes: object) -> Written:
    """Requests that arrive at random, each given up a second after its sending and sent again, or not."""
    client = {
        "timeout": f"{_TIMEOUT_S} s",
        "connect_timeout": "1 s",
        "attempts": attempts,
        "backoff": {"base": "0 s", "cap": "0 s"},
    }
    return one_lookup_each(f"{rate}/s") | {
        "near": HERE,
        "last_mile": "1 ms",
        "client": ONE_BY_ONE | client,
        "actions": {"query": 1},
        "resolvers": {"count": 1, "extend_ttl": "0 %"},
        **changes,
    }


def tallies(users: Written, outage_s: int, duration_s: int, seed: int = 1) -> Tallies:
    """What is counted when the database stops for a while, in windows of a second."""
    fault = {"service": "database", "mode": "capacity", "share": "0 %"}
    run = {
        "experiment": "a database stops for a while",
        "topology": "topology.yaml",
        "duration": f"{duration_s} s",
        "objective": {"window": "1 s"},
        "users": users,
        "faults": [fault | {"at": f"{_OUTAGE_AT_S} s", "for": f"{outage_s} s"}],
    }
    return played(_system(), run, seed).tallies


def windows(users: Written, outage_s: int, duration_s: int, seed: int = 1) -> Counts:
    """Requests that succeed in each second."""
    return tallies(users, outage_s, duration_s, seed).window_succeeded


# stuck or not


def goodput(load: int, outage_s: int, seed: int) -> float:
    """Requests that succeed, some 130 s to 165 s after the outage's end, as a share of the load."""
    succeeded = windows({"people": clients(load, 2)}, outage_s, 240, seed)[_SAMPLE_S]
    return float(succeeded.mean()) / load


def survival(load: int, outage_s: int, survives: bool, runs: int) -> Figure:
    """Share of the load served long after the outage: all or nothing. The median of some runs.

    After an outage of 1 s luck decides: a request sent at its beginning has waited for the whole timeout at
    its end.
    """
    ours = [goodput(load, outage_s, seed) for seed in range(1, runs + 1)]
    return Figure(
        what=f"retry loop, {load}/s of 300/s, outage {outage_s} s: load served at 200 to 235 s",
        expected=1.0 if survives else 0.0,
        ours=float(np.median(ours)),
        tolerance=0.05,
        source=SOURCE,
        unit="%",
    )


def offered(load: int) -> Figure:
    """Requests and retries a second in the loop, after an outage of 10 s: twice the load."""
    t = tallies({"people": clients(load, 2)}, 10, 240)
    begun = (t.window_fresh + t.window_cached + t.window_pinned).sum(1)[_SAMPLE_S]
    return Figure(
        what=f"retry loop, {load}/s of 300/s, outage 10 s: offered at 200 to 235 s (1/s)",
        expected=2 * load,
        ours=float(begun.mean()),
        tolerance=3 * 2 * math.sqrt(load / len(begun)),  # each Poisson arrival counts twice
        source=SOURCE,
    )


# capped retries


def _capped(load: int, retries_per_s: int) -> Written:
    return {"retrying": clients(retries_per_s, 2), "others": clients(load - retries_per_s, 1)}


def _recovered_s(load: int, retries_per_s: int, outage_s: int, duration_s: int, seed: int) -> float:
    """Seconds from the outage's end to the first in which nine tenths of the load are served; inf if none."""
    succeeded = windows(_capped(load, retries_per_s), outage_s, duration_s, seed)
    after = succeeded[_OUTAGE_AT_S + outage_s :]
    good = np.flatnonzero(after >= 0.9 * load)
    return float(good[0]) if len(good) else math.inf


def drain_s(load: int, retries_per_s: int, outage_s: int = 10) -> float:
    """Mean time in which the backlog falls to what is served within the timeout (Wald's identity)."""
    backlog = load * outage_s + retries_per_s * (outage_s - _TIMEOUT_S)
    return (backlog - CAPACITY_PER_S * _TIMEOUT_S) / (CAPACITY_PER_S - load - retries_per_s)


def _error_s(load: int, retries_per_s: int, runs: int) -> float:
    """Standard error of the mean: the first passage time of a random walk with drift towards a level."""
    drift, steps = CAPACITY_PER_S - load - retries_per_s, CAPACITY_PER_S + load + retries_per_s
    in_outage = 10 * load / drift**2  # the backlog itself is a Poisson number
    return math.sqrt((steps * drain_s(load, retries_per_s) / drift**2 + in_outage) / runs)


def recovery(load: int, retries_per_s: int, runs: int) -> Figure:
    """Mean time of recovery with capped retries, after an outage of 10 s."""
    expected = drain_s(load, retries_per_s)
    duration_s = round(expected + 6 * _error_s(load, retries_per_s, 1)) + _OUTAGE_AT_S + 20
    times = [_recovered_s(load, retries_per_s, 10, duration_s, seed) for seed in range(1, runs + 1)]
    return Figure(
        what=f"retry loop, {load}/s, {retries_per_s} retries/s at most: recovery (s), {runs} runs",
        expected=expected,
        ours=float(np.mean(times)),
        tolerance=1 + 3 * _error_s(load, retries_per_s, runs),  # in whole seconds
        source="backlog / spare capacity; " + SOURCE,
    )


def stuck(load: int, retries_per_s: int) -> Figure:
    """Share of the load served ten minutes after the outage, with a cap that is too high."""
    succeeded = windows(_capped(load, retries_per_s), 10, 700)[-35:]
    return Figure(
        what=f"retry loop, {load}/s, {retries_per_s} retries/s at most: load served after 10 min",
        expected=0.0,
        ours=float(succeeded.mean()) / load,
        tolerance=0.05,
        source=SOURCE,
        unit="%",
    )


def figures(runs: int) -> Iterator[Figure]:
    """Every case; recovery times as means of so many runs."""
    yield from (survival(*case, runs=11) for case in SURVIVES)
    yield offered(280)
    yield from (recovery(*case, runs) for case in CAPPED)
    yield from (stuck(*case) for case in UNHELPFUL)
