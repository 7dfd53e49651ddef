"""What grows on its way: slow parts of many, retries of retries, and load behind an emptied cache."""

import math
from collections.abc import Iterator

from simulator.boundary.tallies import Tallies
from tests.small import HERE, Written, played
from tests.validation.dns import ONE_BY_ONE
from tests.validation.figure import Figure

_AT_ONCE = {"base": "0 s", "cap": "0 s"}
_NO_QUOTA = {"backoff": _AT_ONCE, "quota": "none"}
_WAY_MS = 5
"""To the region and back: 1 ms of the last mile, 4 ms of the network in it."""
_CACHING = {"dns_cache": "browser", "keep_alive": "1 h"}  # spares lookups and handshakes, changes nothing


def _system(steps: list[Written], **changes: object) -> Written:
    service = {"regions": [HERE], "operations": {"view": steps}, **changes}
    return {
        "topology": "one service",
        "regions": {HERE: {}},
        "tables": {"items": {"replicas": [HERE], "capacity": "unlimited"}},
        "services": {"api": service},
        "dns": {"api.example": {"service": "api", "policy": "simple", "ttl": "1 h"}},
        "defaults": {"round_trip_sigma": 0},
    }


def _run(duration: str, users: Written, faults: list[Written], **changes: object) -> Written:
    people = {"near": HERE, "last_mile": "1 ms", "actions": {"view": 1}} | users
    return {
        "experiment": "amplification",
        "topology": "topology.yaml",
        "duration": duration,
        "objective": {"window": "1 min"},
        "users": {"people": people},
        "faults": faults,
        **changes,
    }


def _share(share: float) -> str:
    return f"{100 * share:g} %"


# fan-out


def fan_out(parts: int, slow_share: float, requests: int) -> Figure:
    """Share of the requests of which at least one of many parts is bad.

    An operation has at most 16 steps, so the parts of a request are the actions of a session, one after the
    other instead of side by side: the session is interrupted if any of them is bad. Sessions arrive in the
    first hour and are over before the second ends; half a think time before the end of one its last action
    has begun.
    """
    think_ms = 3_000_000 / parts  # sessions of 50 min
    length_ms = (parts - 0.5) * think_ms + parts * _WAY_MS
    users = {
        "arrivals": f"{requests}/h",
        "daily_profile": [1] + [0] * 23,
        "session_length": f"{length_ms:.6f} ms",
        "think_time": f"{think_ms:.6f} ms",
        "client": {"profile": "script", "attempts": 1} | _CACHING,
    }
    fault = {"region": HERE, "mode": "error", "share": _share(slow_share), "at": "0 s"}
    t = played(_system([{"compute": "1 us"}]), _run("2 h", users, [fault])).tallies
    sessions = int(t.sessions_ended.sum())
    assert t.actions_started == parts * sessions
    expected = 1 - (1 - slow_share) ** parts
    return Figure(
        what=f"requests with a slow part, {parts:,} parts of which {_share(slow_share)} are slow",
        expected=expected,
        ours=int(t.sessions_ended[2]) / sessions,
        tolerance=3 * math.sqrt(expected * (1 - expected) / sessions),
        source="1 - (1 - p)^n; Dean and Barroso, The Tail at Scale, CACM 56(2), 2013",
        unit="%",
    )


# retries


def _endless(sessions: int) -> Written:
    return {"sessions": sessions, "think_time": "1 s"}


def retries(failing: float, actions: int) -> Figure:
    """Attempts per request of a client that tries four times at once."""
    client = {"profile": "script", "attempts": 4} | _NO_QUOTA | _CACHING
    fault = {"region": HERE, "mode": "error", "share": _share(failing), "at": "0 s"}
    run = _run("1000 s", _endless(actions // 1000) | {"client": client}, [fault])
    t = played(_system([{"compute": "1 us"}]), run).tallies
    return Figure(
        what=f"attempts per request, 3 retries, {_share(failing)} fail",
        expected=_geometric(failing, 4),
        ours=t.attempts_started / t.actions_started,
        tolerance=0.01 * _geometric(failing, 4),
        source="(1 - p^(N+1)) / (1 - p)",
    )


def _geometric(failing: float, attempts: int) -> float:
    """Mean number of tries: 1 + p + p² + …"""
    return sum(failing**retry for retry in range(attempts))


def layers(failing: float, actions: int) -> Figure:
    """Tries of a call per user's action, of a service that tries four times for users that do so too."""
    client = {"profile": "script", "attempts": 4, "timeout": "10 s"} | _NO_QUOTA | _CACHING
    calls = {"attempts": 4} | _NO_QUOTA
    fault = {"table": "items", "mode": "error", "share": _share(failing), "at": "0 s"}
    run = _run("1000 s", _endless(actions // 1000) | {"client": client}, [fault])
    t = played(_system([{"read": "items", "takes": "1 ms"}], calls=calls), run).tallies
    expected = _geometric(failing, 4) * _geometric(failing**4, 4)
    return Figure(
        what=f"tries per request, 2 layers of 3 retries each, {_share(failing)} fail",
        expected=expected,
        ours=int(t.call_tries.sum()) / t.actions_started,
        tolerance=0.01 * expected,
        source="layers multiply: 4 · 4 if everything fails; Google, SRE book, ch. 22",
    )


def budget(failing: float, actions: int) -> Figure:
    """Attempts per request with a retry quota: ten tokens a retry, one back for each success.

    Successes on the first try bring in 1 - p tokens per request. A retry that succeeds is given back what it
    cost, one that fails has cost 10, so (1 - p) / (10 p) retries per request can be paid for: at most 0.1 if
    half of the requests fail, and less if more do. A session begins with 100 tokens, which pay for 10 / p
    retries in its 10,000 actions: 0.002 a request.
    """
    quota = {"tokens": 100, "cost": 10}
    client = {"profile": "script", "attempts": 3, "backoff": _AT_ONCE, "quota": quota} | _CACHING
    fault = {"region": HERE, "mode": "error", "share": _share(failing), "at": "0 s"}
    run = _run("10000 s", _endless(actions // 10_000) | {"client": client}, [fault])
    t = played(_system([{"compute": "1 us"}]), run).tallies
    expected = 1 + (1 - failing) / (10 * failing)
    return Figure(
        what=f"attempts per request, retry budget of a tenth, {_share(failing)} fail",
        expected=expected,
        ours=t.attempts_started / t.actions_started,
        tolerance=0.01 * expected,
        source="1 + (1 - p) / (10 p); Google, SRE book, ch. 21: about 1.1",
    )


# caches

_LIFE_S = 36_000  # time to live
_JUST_AFTER = 0.02  # of the mean time from one request for an item to the next


def _behind_cache(until_s: float, items: int, per_life: float, flushed_s: float | None) -> Tallies:
    """A cache of items asked for at random, each `per_life` times in a time to live; empty at first."""
    system = _system([{"cache": "pages", "miss": "items"}])
    system["caches"] = {"pages": {"regions": [HERE], "items": items, "time_to_live": f"{_LIFE_S} s"}}
    system["tables"]["items"]["items"] = items
    users = {
        "arrivals": f"{items * per_life / _LIFE_S:.9f}/s",
        "session_length": "1 ms",
        "think_time": "1 h",
        "client": ONE_BY_ONE,
    }
    flush = {"cache": "pages", "mode": "flushed", "at": f"{flushed_s} s"}
    run = _run(f"{until_s:.6f} s", users, [] if flushed_s is None else [flush])
    return played(system, run).tallies


def _looks(t: Tallies) -> tuple[int, int]:
    misses = int(t.cache_misses.sum())
    return misses, misses + int(t.cache_hits.sum())


def flush(hit_ratio: float, items: int, cycles: int) -> Figure:
    """Load behind a cache just after it has been flushed, as a multiple of that before.

    An item is filled, lives for T, and waits for its next request: h = λT / (1 + λT). As the items are first
    filled at much the same time, the load before is the mean over whole such cycles, from the middle of the
    second on. A run is the beginning of a longer one: what happens between two times is a difference of two.
    The load just after is that of the first fiftieth of 1/λ, in which one item in a hundred is filled again.
    """
    per_life = hit_ratio / (1 - hit_ratio)
    between_s = _LIFE_S / per_life
    cycle_s = _LIFE_S + between_s
    begin_s, flush_s = 1.5 * cycle_s, round((1.5 + cycles) * cycle_s, 3)
    at_begin = _looks(_behind_cache(begin_s, items, per_life, None))
    at_flush = _looks(_behind_cache(flush_s, items, per_life, None))
    at_end = _looks(_behind_cache(flush_s + _JUST_AFTER * between_s, items, per_life, flush_s))
    before = (at_flush[0] - at_begin[0]) / (at_flush[1] - at_begin[1])
    after = (at_end[0] - at_flush[0]) / (at_end[1] - at_flush[1])
    return Figure(
        what=f"load behind a flushed cache, hit ratio {100 * hit_ratio:g} %, {items:,} items",
        expected=1 / (1 - hit_ratio),
        ours=after / before,
        tolerance=0.03 / (1 - hit_ratio),
        source="1/(1 - h): Bronson et al., HotOS 2021; Elhemali et al., USENIX ATC 2022 (99.75 %)",
    )


def figures() -> Iterator[Figure]:
    """All of it at full size."""
    yield fan_out(100, 0.01, 20_000)
    yield fan_out(2000, 0.0001, 5000)
    yield from (retries(failing, 1_000_000) for failing in (0.1, 0.5, 0.9, 1))
    yield from (layers(failing, 200_000) for failing in (0.5, 1))
    yield from (budget(failing, 1_000_000) for failing in (0.5, 0.9))
    yield flush(0.9, 20_000, 10)
    yield flush(0.9975, 5000, 2)
