"""Populations and operations whose users were served otherwise than the rest, sessions that came, and bots.

Where all were served alike nothing is said: a slice is named if chance does not explain its difference.
"""

import math
from collections.abc import Iterator, Mapping

from rich.console import RenderableType

from simulator.report.tables import Rows
from simulator.report.words import duration, name, share
from simulator.result.continuity import Continuity
from simulator.result.slices import PopulationSlice, Slice
from simulator.result.whole import Result

_DEVIATIONS = 4.0  # of a binomial: less than once in 10,000 by chance
_LEAST = 0.001  # of difference: what a reader sees in a percentage
_LEAST_OF_FAILURES = 0.1  # of difference: sessions that share a fate differ by more than a binomial allows
_MOST_NAMED = 3
_LEAST_OF_SESSIONS = 0.01


def gist(result: Result) -> Iterator[str]:
    """Which populations and operations were served otherwise; sessions that were there, and that came."""
    for found in (result.slices.populations, result.slices.operations):
        apart = _apart(found)
        if apart:
            yield f"{', '.join(_said(found, apart))} of actions succeeded"
    yield from _by_presence(result.continuity)


def bots(result: Result) -> Iterator[str]:
    """How many requests bots made, and what became of them."""
    found = result.requests.bots
    if found.success is None:
        return
    failed = [(count, one) for one, count in found.by_outcome.items() if count and one != "succeeded"]
    yield f"{found.finished:,} requests of their own, of which {share(found.success)} succeeded"
    if failed:
        yield ", ".join(f"{count:,} {one.replace('_', ' ')}" for count, one in sorted(failed, reverse=True))


def _apart(found: Mapping[str, Slice]) -> list[str]:
    """The slices that were served otherwise than all together, worst first."""
    actions = sum(one.actions for one in found.values())
    bad = sum(_bad(one) for one in found.values())
    apart = [key for key, one in found.items() if _differs(one, bad / max(actions, 1))]
    return sorted(apart, key=lambda key: found[key].success or 0.0)


def _bad(one: Slice) -> float:
    return one.actions * (1 - (1.0 if one.success is None else one.success))


def _differs(one: Slice, failures: float) -> bool:
    if one.success is None:
        return False
    expected = one.actions * failures
    deviation = math.sqrt(expected * (1 - failures))
    difference = abs(_bad(one) - expected)
    return difference > max(
        _DEVIATIONS * deviation,
        _LEAST * one.actions,
        _LEAST_OF_FAILURES * min(expected, one.actions - expected),
    )


def _said(found: Mapping[str, Slice], apart: list[str]) -> Iterator[str]:
    """Those apart, of many the worst, and the rest together."""
    named = apart[:_MOST_NAMED]
    if len(found) <= _MOST_NAMED:
        named = sorted(found, key=lambda key: found[key].success or 0.0)
    yield from (f"{name(key)} {_success(found[key])}" for key in named)
    others = [one for key, one in found.items() if key not in named and one.actions]
    if others:
        actions = sum(one.actions for one in others)
        yield f"others {share(1 - sum(map(_bad, others)) / actions)}"


def _success(one: Slice) -> str:
    return "–" if one.success is None else share(one.success)


def _by_presence(continuity: Continuity) -> Iterator[str]:
    there, came = continuity.signed_in.undisturbed, continuity.arriving.undisturbed
    if there is not None and came is not None and abs(there - came) >= _LEAST_OF_SESSIONS:
        yield (
            f"of the sessions there when it began {share(there)} noticed nothing, "
            f"of those that came later {share(came)}"
        )


# the details


def table(result: Result) -> RenderableType | None:
    """Success, latency and recovery of the populations and operations that were served otherwise."""
    slices = result.slices
    chosen: dict[str, Slice] = {}
    for found in (slices.populations, slices.operations):
        apart = _apart(found)
        chosen |= {key: found[key] for key in (found if apart and len(found) <= _MOST_NAMED else apart)}
    if not chosen:
        return None
    rows = Rows("", "succeeded", "median", "99 %", "recovered in")
    for key, one in chosen.items():
        latencies = (_time(one.latency.p50_s), _time(one.latency.p99_s))
        rows.add(name(key), _success(one), *latencies, _recovered(one))
    return rows


def _recovered(one: Slice) -> str:
    took = _time(one.recovery.recovery_time_s)
    return f"{took} (not shown)" if one.recovery.shown is False else took


def _time(seconds: float | None) -> str:
    return "–" if seconds is None else duration(seconds)


def traffic(result: Result) -> RenderableType | None:
    """Where the requests of each population went, if there is more than one region."""
    sending = {key: one for key, one in result.slices.populations.items() if _sends(one)}
    regions = [one for one in result.series.windows.regions if any(s.traffic[one] for s in sending.values())]
    if len(regions) < 2:
        return None
    rows = Rows("", *regions)
    for key, population in sending.items():
        rows.add(name(key), *(share(population.traffic[region] or 0.0) for region in regions))
    return rows


def _sends(one: PopulationSlice) -> bool:
    return any(part is not None for part in one.traffic.values())
