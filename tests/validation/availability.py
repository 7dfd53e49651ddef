"""Availability of several regions: what arithmetic says of drawn outages, and what failing over adds."""

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from tests.small import played
from tests.validation.dns import ONE_BY_ONE, one_lookup_each
from tests.validation.figure import Figure
from tests.validation.route53 import Case

REGIONS = ("eu-central-1", "eu-west-1", "us-east-2")
UP_H, DOWN_H = 40.0, 10.0
"""Mean times of the drawn outages: so long that failing over hardly counts, so many that both often meet."""
UNAVAILABLE = DOWN_H / (UP_H + DOWN_H)
CHECK = Case(30, 3, "http", "black_hole")
YEAR_S = 365.25 * 86_400

Written = dict[str, Any]
Spans = list[tuple[float, float]]


def system(regions: int) -> Written:
    """A name that fails over among so many regions by Route 53's default check; nothing caches answers."""
    here = [*REGIONS[:regions]]
    record = {"service": "api", "policy": "failover", "order": here, "ttl": "0 s"}
    return {
        "topology": "regions that fail",
        "regions": {region: {} for region in here},
        "services": {"api": {"regions": here, "operations": {"view": [{"compute": "1 ms"}]}}},
        "dns": {"api.example": record | ({"health_check": "alive"} if regions > 1 else {})},
        "health_checks": {"alive": {"protocol": "http"}},
    }


def outages(seed: int, stream: int, hours: float, up_h: float, down_h: float) -> Spans:
    """Outages in hours: times up and down are exponential, so the first is drawn like any other."""
    rng = np.random.default_rng([seed, stream])
    found: Spans = []
    at_h = 0.0 if rng.random() < down_h / (up_h + down_h) else rng.exponential(up_h)
    while at_h < hours:
        length_h = rng.exponential(down_h)
        found.append((at_h, min(at_h + length_h, hours)))
        at_h += length_h + rng.exponential(up_h)
    return found


def failed(regions: int, struck: dict[str, Spans], hours: float, rate: str, seed: int) -> float:
    """The share of users, who come at random and ask once, that are not served."""
    faults = [
        {"at": f"{begin * 3600:.3f} s", "until": f"{end * 3600:.3f} s", "region": region, "mode": CHECK.mode}
        for region, spans in struck.items()
        for begin, end in spans
        if end - begin > 1e-6
    ]
    users = {"near": REGIONS[0], "actions": {"view": 1}, "client": ONE_BY_ONE} | one_lookup_each(rate)
    users["resolvers"] = {"extend_ttl": "0 %"}
    run = {
        "experiment": "regions fail",
        "topology": "topology.yaml",
        "duration": f"{hours:g} h",
        "objective": {"window": "1 h"},
        "users": {"people": users},
        "faults": faults,
    }
    tallies = played(system(regions), run, seed).tallies
    lost, served = int(tallies.window_failed.sum()), int(tallies.window_succeeded.sum())
    return lost / (lost + served)


def share_of_common(common: float) -> tuple[float, float]:
    """Unavailability by outages of all regions, and by those of each alone, for a share of common ones."""
    of_all = common * UNAVAILABLE
    return of_all, 1 - (1 - UNAVAILABLE) / (1 - of_all)


def drawn(regions: int, common: float, hours: float, seed: int) -> float:
    """The share that is not served while regions fail each by themselves, and all at once."""
    of_all, own = share_of_common(common)
    together = outages(seed, 99, hours, DOWN_H * (1 - of_all) / of_all, DOWN_H) if common else []
    struck = {
        region: together + outages(seed, number, hours, DOWN_H * (1 - own) / own, DOWN_H)
        for number, region in enumerate(REGIONS[:regions])
    }
    return failed(regions, struck, hours, "20/h", seed)


def product(regions: int, common: float = 0.0, runs: int = 20, hours: float = 8_760.0) -> Figure:
    """All regions down at once, plus what each failover costs; three standard errors of the runs."""
    shares = [drawn(regions, common, hours, seed) for seed in range(1, runs + 1)]
    of_all, own = share_of_common(common)
    together = of_all + (1 - of_all) * own**regions
    moves_per_s = (1 - UNAVAILABLE) / (DOWN_H * 3600) * UNAVAILABLE  # how often the first of them breaks
    expected = together + moves_per_s * (1 - UNAVAILABLE) * failover_s()
    shared = f", {common:.0%} of outages common to all" if common else ""
    return Figure(
        what=f"unavailability of {regions} regions, each down {UNAVAILABLE:.0%} of the time{shared}",
        expected=expected,
        ours=float(np.mean(shares)),
        tolerance=3 * float(np.std(shares, ddof=1)) / math.sqrt(runs),
        source="u^n of independent regions, b u + (1 - b) u^n with a common share; and what failovers cost",
        unit="%",
    )


def failover_s() -> float:
    """Until the check turns, and the answers follow after 0 to 5 s."""
    return CHECK.closed_form()[0] + 2.5


@cache
def lost_per_outage_s(count: int) -> tuple[float, float]:
    """Mean and standard error of the time without service by an outage of 180 min of the first region."""
    period_h = 4.5
    lost = []
    for seed in range(1, 11):
        spans = [(1 + period_h * number, 4 + period_h * number) for number in range(count // 10)]
        hours = period_h * len(spans)
        lost.append(failed(2, {REGIONS[0]: spans}, hours, "20/min", seed) * period_h * 3600)
    return float(np.mean(lost)), float(np.std(lost, ddof=1)) / math.sqrt(len(lost))


def a_year(count: int = 400) -> Iterator[Figure]:
    """Two outages of 180 min a year: alone, and with a standby, where failing over is all that counts."""
    source = "1 - q f: outages a year times the cost of a failover; the product rule alone would say 15 s"
    mean_s, error_s = lost_per_outage_s(count)
    yield Figure(
        "without service in a year of 2 outages of 180 min, with a standby (s)",
        2 * failover_s(),
        2 * mean_s,
        2 * (1.0 + 3 * error_s),  # the closed form leaves out what probes travel, less than a second
        source,
    )
    alone = failed(1, {REGIONS[0]: [(1, 4)]}, 24, "10/s", seed=1) * 86_400
    sampled_s = 3 * math.sqrt(1 / 8 * 7 / 8 / (10 * 86_400)) * 86_400
    yield Figure("the same without one (s)", 21_600, 2 * alone, 2 * sampled_s, "2 · 180 min")


# years that no run lasts: outages drawn as above, and failovers that cost what they do in runs


def together_s(unavailable: float, regions: int, years: int) -> tuple[float, float]:
    """Seconds a year in which all regions are down, and outages of the first a year, of 3 h in the mean."""
    hours, down_h = years * YEAR_S / 3600, 3.0
    drawn = [outages(1, number, hours, down_h / unavailable - down_h, down_h) for number in range(regions)]
    edges = sorted(
        (at, step) for spans in drawn for span in spans for at, step in zip(span, (1, -1), strict=True)
    )
    at_h = np.array([at for at, _ in edges])
    down = np.cumsum([step for _, step in edges])
    return float(np.diff(at_h)[down[:-1] == regions].sum()) * 3600 / years, len(drawn[0]) / years


def published(unavailable: float, regions: int, years: int) -> Figure:
    """The product rule's figure, by outages that are drawn."""
    ours, _ = together_s(unavailable, regions, years)
    expected = unavailable**regions * YEAR_S
    meetings = expected / (3.0 * 3600 / regions) * years
    return Figure(
        what=f"without service in a year, {regions} regions of {1 - unavailable:.1%}, no failover cost (s)",
        expected=expected,
        ours=ours,
        tolerance=3 * expected * math.sqrt(2 / meetings),  # exponential lengths vary as much as their mean
        source="1 - (1 - a)^n",
    )


def figures() -> Iterator[Figure]:
    """Every row of the table."""
    yield from (published(*case) for case in ((1e-3, 2, 100_000), (5e-3, 2, 10_000)))
    yield from a_year()
    yield product(2)
    yield product(3)
    yield product(2, common=0.1)
