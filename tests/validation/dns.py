"""Names: caches between the user and the authoritative server, against closed forms and published shares."""

import math
from typing import Any

import numpy as np

from simulator.measure.waterfall import begun
from tests.small import HERE, THERE, Written, played
from tests.validation.figure import Figure

ONE_BY_ONE = {"profile": "script", "attempts": 1, "timeout": "10 s", "keep_alive": "0 s", "dns_cache": "none"}
"""A client that looks the name up for every request."""


def _system(ttl: str, **changes: Any) -> Written:
    """One name that answers one of two regions, as an operator says."""
    weights = {HERE: 1, THERE: 0}
    record = {"service": "api", "policy": "weighted", "weights": weights, "ttl": ttl}
    service = {"regions": [HERE, THERE], "operations": {"view": [{"compute": "1 ms"}]}}
    return {
        "topology": "one name",
        "regions": {HERE: {}, THERE: {}},
        "services": {"api": service},
        "dns": {"api.example": record},
        "defaults": {"change_propagation": "0 s"},
    } | changes


def _run(duration: str, population: Written, **changes: Any) -> Written:
    users = {"near": HERE, "last_mile": "1 ms", "client": ONE_BY_ONE, "actions": {"view": 1}} | population
    return {
        "experiment": "names",
        "topology": "topology.yaml",
        "duration": duration,
        "objective": {"window": "1 s"},
        "users": {"people": users},
    } | changes


def one_lookup_each(arrivals: str) -> Written:
    """Sessions that arrive at random and ask once: lookups are a Poisson stream."""
    return {"arrivals": arrivals, "session_length": "1 ms", "think_time": "1 h"}


def _moves_away(at: str) -> list[Written]:
    return [{"change": "api.example", "at": at, "weights": {HERE: 0, THERE: 1}}]


# hit ratio


def hit_ratio(per_minute: int, ttl_s: int, hours: int = 100) -> Figure:
    """Share of lookups that ten resolvers answer from caches, asked `per_minute` times each on average."""
    population = one_lookup_each(f"{10 * per_minute}/min") | {"resolvers": {"count": 10, "extend_ttl": "0 %"}}
    run = _run(f"{hours} h", population, objective={"window": "1 h"})
    _, hits, misses = played(_system(f"{ttl_s} s"), run).tallies.lookups
    weights = np.arange(1, 11) ** -0.5  # users are spread unevenly
    users = weights / weights.sum()
    product = users * 10 * per_minute / 60 * ttl_s
    return Figure(
        what=f"hit ratio, {per_minute} lookups/min, TTL {ttl_s} s",
        expected=float((users * product / (1 + product)).sum()),
        ours=float(hits / (hits + misses)),
        tolerance=0.01,
        source="λT/(1+λT): Jung, Berger, Balakrishnan, INFOCOM 2003",
        unit="%",
    )


# after a change

_LIFETIME_S = 60  # a browser's floor: the resolver stores nothing, so each device has its own phase


def cut_over(arrivals_per_s: int, tolerance: float) -> Figure:
    """Distance of the cut-over curve from a straight line over the lifetime of the cached answers.

    Sessions of two minutes arrive at random and act every half second, so that at the change devices'
    caches have every phase. Those in progress at time zero, which all start together, are gone by then. The
    share of the cohort still led to the old region is the requests there, against those in the second
    before.
    """
    population = {
        "arrivals": f"{arrivals_per_s}/s",
        "session_length": "2 min",
        "think_time": "450 ms",
        "client": ONE_BY_ONE | {"dns_cache": "browser"},
        "resolvers": {"count": 1, "extend_ttl": "0 %"},
    }
    run = _run("200 s", population, operator=_moves_away("130 s"))
    old = begun(played(_system("0 s"), run))[:, 0]
    left = old[130 : 130 + _LIFETIME_S + 1] / old[129]
    middles = np.arange(_LIFETIME_S + 1) + 0.5
    distance = np.abs(left - np.maximum(1 - middles / _LIFETIME_S, 0)).max()
    return Figure(
        what=f"cut-over, distance (KS) from uniform over the TTL, {arrivals_per_s * 120:,} devices",
        expected=0.0,
        ours=float(distance),
        tolerance=tolerance,
        source="uniformly phased caches move linearly over the TTL",
    )


_EXTENSIONS_S = {3_600: 0.59, 86_400: 0.11, 259_200: 0.30}  # the catalog's, by users behind such resolvers


def extended(sessions: int, after_s: int) -> Figure:
    """Share of requests still led to the old region some time after a change, with the default resolvers.

    An answer that is kept for L has a remaining life uniform over L when it changes.
    """
    population = {"sessions": sessions, "think_time": "20 s"}
    ends_s = after_s + 200
    run = _run(f"{ends_s} s", population, operator=_moves_away("100 s"))
    sent = begun(played(_system("60 s"), run))[100 + after_s : ends_s]
    middle_s = after_s + 50
    share = 0.05 * sum(part * max(1 - middle_s / life, 0) for life, part in _EXTENSIONS_S.items())
    return Figure(
        what=f"still on the old answer {after_s:,} s after a change, {sessions:,} users",
        expected=share,
        ours=float(sent[:, 0].sum() / sent.sum()),
        tolerance=3 * math.sqrt(share * (1 - share) / sessions),
        source="operators: 95 % of traffic moves within the TTL, 3 % more in an hour (Server Fault 72363)",
        unit="%",
    )


# empty answers and lost queries

_NEGATIVE_S = 900


def negative_tail(resolvers: int, tolerance: float) -> tuple[Figure, Figure]:
    """How empty answers outlive their repair: the distribution of the failures, and the last.

    Each resolver is asked at random once in 15 minutes on average. An empty answer lives for 900 s, so of
    the lookups `t` after the repair a share proportional to `900 s - t` still fails: the tail is spread
    evenly over 15 minutes, and the failures' times have the distribution 1 - (1 - t/900)².
    """
    population = one_lookup_each(f"{resolvers / _NEGATIVE_S:.6f}/s") | {
        "resolvers": {"count": resolvers, "extend_ttl": "0 %"}
    }
    fault = {"dns": "api.example", "mode": "empty_answer", "at": "0 s", "until": "2 h"}
    t = played(_system("60 s"), _run("2 h 20 min", population, faults=[fault])).tallies
    failed = t.window_failed[7200:]
    seconds = np.arange(1, len(failed) + 1)
    ours = np.cumsum(failed) / failed.sum()
    expected = 1 - np.maximum(1 - seconds / _NEGATIVE_S, 0) ** 2
    source = "RFC 2308 with Route 53's default SOA: 900 s"
    return (
        Figure(
            what=f"negative tail, distance (KS) from even over 15 min, {failed.sum():,} failures",
            expected=0.0,
            ours=float(np.abs(ours - expected).max()),
            tolerance=tolerance,
            source=source,
        ),
        Figure(
            what="negative tail, last failure after the repair (s)",
            expected=_NEGATIVE_S,
            ours=float(np.flatnonzero(failed)[-1] + 1),
            tolerance=_NEGATIVE_S * math.sqrt(10 / failed.sum()),  # the last s of n: n (s/900)²
            source=source,
        ),
    )


def lost_queries(lookups: int) -> Figure:
    """Share of lookups that fail while half of all queries are lost: three retries, all lost."""
    # resolvers remember a failure for a second, so each is asked rarely
    population = one_lookup_each(f"{lookups / 7200:.3f}/s") | {
        "resolvers": {"count": 200_000, "extend_ttl": "0 %"}
    }
    fault = {"dns": "api.example", "mode": "black_hole", "share": "50 %", "at": "0 s"}
    t = played(_system("0 s"), _run("2 h", population, faults=[fault])).tallies
    share = 0.5**4  # of four queries; below the 7 % that published experiments allow
    return Figure(
        what="lookups that fail with half of all queries lost",
        expected=share,
        ours=float(t.lookup_failures / t.lookups.sum()),
        tolerance=3 * math.sqrt(share * (1 - share) / lookups),
        source="0.5⁴; Moura et al., When the Dike Breaks, IMC 2018: almost all survive 50 % loss",
        unit="%",
    )
