"""Global tables: lost updates and lost writes, against closed forms and an exact identity."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.data_plane.plane import CompiledPlane
from simulator.language.files import Loaded
from simulator.lowering.whole import lower
from simulator.measure import laws
from simulator.measure.replication import pairs
from simulator.plan.lowered import Plan
from simulator.simulation import simulate
from tests.small import HERE, THERE, Written, played, read
from tests.validation.dns import ONE_BY_ONE
from tests.validation.figure import Figure

WRITERS = ((1, 1, "500 ms"), (1, 1, "1 s"), (2, 0.5, "1 s"), (0.2, 0.2, "1 s"))
"""Writes a second in either region, and the median of the table's lag."""

_NO_JITTER = {"round_trip_sigma": 0}


def _service(region: str) -> Written:
    steps = [{"write": "items", "takes": "5 ms"}]
    return {"regions": [region], "operations": {f"write_{region}": steps}}


def _system(lag: Written, items: int) -> Written:
    """Two regions with a name and a service each, and one table between them."""
    regions = [HERE, THERE]
    return {
        "topology": "two writers",
        "regions": {region: {} for region in regions},
        "tables": {"items": {"replicas": regions, "items": items, "replication_lag": lag}},
        "services": {region: _service(region) for region in regions},
        "dns": {f"{region}.example": {"service": region, "policy": "simple"} for region in regions},
        "defaults": _NO_JITTER,
    }


def _writers(region: str, rate: str) -> Written:
    """Sessions that arrive at random and write once: writes are a Poisson stream."""
    return {
        "near": region,
        "arrivals": rate,
        "session_length": "1 ms",
        "think_time": "1 h",
        "last_mile": "1 ms",
        "client": ONE_BY_ONE,
        "actions": {f"write_{region}": 1},
        "resolvers": {"count": 1, "extend_ttl": "0 %"},
    }


def _run(duration: str, users: Written, **changes: Any) -> Written:
    return {
        "experiment": "writes",
        "topology": "topology.yaml",
        "duration": duration,
        "users": users,
    } | changes


# discarded writes and lost updates


def overwriting(rate_a: float, rate_b: float, median: str, writes: int) -> list[Figure]:
    """One item, written in two regions at rates a and b: what replicas discard, and what is missing."""
    system = _system({"median": median, "p99": median}, items=1)
    duration_s = round(writes / (rate_a + rate_b))
    users = {"a": _writers(HERE, f"{rate_a}/s"), "b": _writers(THERE, f"{rate_b}/s")}
    outcome = played(system, _run(f"{duration_s} s", users))
    lag_s = float(np.exp(outcome.plan.data.lag_mu[0, 0, 1]) / 1e9)
    t, what = outcome.tallies, f"of one item, {rate_a:g} and {rate_b:g} writes/s, lag {lag_s:.3f} s"
    acknowledged = int(t.writes.sum())
    return [
        _share(
            f"discarded writes {what}",
            discarded_share(rate_a, rate_b, lag_s),
            int(t.discarded.sum()) / acknowledged,
            acknowledged,
            "1 - exp(-b d) for Poisson writes under last writer wins",
        ),
        _share(
            f"lost updates {what}",
            lost_share(rate_a, rate_b, lag_s),
            int(t.lost_updates.sum()) / acknowledged,
            acknowledged,
            "renewals of the surviving line, seen backwards",
        ),
    ]


def _share(what: str, expected: float, ours: float, writes: int, source: str) -> Figure:
    """Three standard errors; writes are overtaken in groups, of fewer than four on average here."""
    error = math.sqrt(expected * (1 - expected) / (writes / 4))
    return Figure(what=what, expected=expected, ours=ours, tolerance=3 * error, source=source, unit="%")


def discarded_share(a: float, b: float, lag_s: float) -> float:
    """Share of the writes that the other replica throws away: it has written before they arrive."""
    return (a * -math.expm1(-b * lag_s) + b * -math.expm1(-a * lag_s)) / (a + b)


def lost_share(a: float, b: float, lag_s: float) -> float:
    """Share of the writes that are in no line of what survives.

    Seen backwards, the parent of a write of A is A's last write, unless there was none within the lag: then
    it is whichever of both regions wrote last before that. On average it lies back by the part of a gap of A
    that is within the lag, and in the second case by a gap of both more. That it is B's is the chance of the
    second case and of B being the last. The line is a Markov chain of writes of A and B: its steps survive.
    """
    back_a = -math.expm1(-a * lag_s) / a + math.exp(-a * lag_s) / (a + b)
    back_b = -math.expm1(-b * lag_s) / b + math.exp(-b * lag_s) / (a + b)
    from_a_to_b = math.exp(-a * lag_s) * b / (a + b)
    from_b_to_a = math.exp(-b * lag_s) * a / (a + b)
    share_a = from_b_to_a / (from_a_to_b + from_b_to_a)
    survive_per_s = 1 / (share_a * back_a + (1 - share_a) * back_b)
    return 1 - survive_per_s / (a + b)


# lost writes

_WRITES_PER_S = 500
_STOP_S = 20


@dataclass(frozen=True)
class Stops:
    """A region lost for good while it accepts writes, once per seed."""

    lost: NDArray[np.int64]  # [seed]
    accepted: NDArray[np.int64]  # [seed] at the region that is lost
    present: NDArray[np.int64]  # [seed] copies at the survivor
    lag_s: float  # mean lag of a copy


def hard_stops(seeds: int) -> Stops:
    """Lose a region that accepts 500 writes a second of a million items, under each of many seeds."""
    system = _system({"median": "400 ms", "p99": "2.5 s"}, items=1_000_000)
    fault = {"region": HERE, "mode": "lost", "at": f"{_STOP_S} s"}
    users = {"a": _writers(HERE, f"{_WRITES_PER_S}/s")}
    loaded = read(system, _run(f"{_STOP_S + 10} s", users, faults=[fault]))
    counts = np.array([_stop(loaded, seed) for seed in range(seeds)])
    data = lower(loaded.experiment, loaded.topology, 1).data
    mean_ns = math.exp(data.lag_mu[0, 0, 1] + data.lag_sigma[0, 0, 1] ** 2 / 2)
    return Stops(counts[:, 0], counts[:, 1], counts[:, 2], mean_ns / 1e9)


def _stop(loaded: Loaded, seed: int) -> tuple[int, int, int]:
    plan: Plan = lower(loaded.experiment, loaded.topology, seed)
    outcome = simulate(plan, CompiledPlane(plan.data))
    laws.check(outcome)
    t = outcome.tallies
    return int(t.lost.sum()), int(t.writes.sum()), int(t.lag[0, 0, 1].sum())


def mean_loss(stops: Stops) -> Figure:
    """Writes lost at a hard stop, on average over seeds."""
    seeds, expected = len(stops.lost), _WRITES_PER_S * stops.lag_s
    return Figure(
        what=f"writes lost at a hard stop, {_WRITES_PER_S}/s, mean lag {stops.lag_s:.3f} s, {seeds} seeds",
        expected=expected,
        ours=float(stops.lost.mean()),
        tolerance=max(0.02 * expected, 3 * math.sqrt(expected / seeds)),
        source="Poisson(λ E[D]) for a stationary stream",
    )


def identity(stops: Stops) -> Figure:
    """Largest deviation, over seeds, from: lost = accepted at the source minus present at the survivor."""
    deviation = np.abs(stops.lost - (stops.accepted - stops.present)).max()
    return Figure(
        what=f"lost - (accepted - present at the survivor), largest of {len(stops.lost)} seeds",
        expected=0,
        ours=int(deviation),
        tolerance=0,
        source="identity",
    )


def synchronous(seeds: int) -> Figure:
    """The same stop of a strong table, whose third member is a witness: nothing is lost."""
    system = _system({"median": "400 ms", "p99": "2.5 s"}, items=1_000_000)
    system["tables"]["items"] |= {"consistency": "strong", "witness": "eu-west-2"}
    fault = {"region": HERE, "mode": "lost", "at": f"{_STOP_S} s"}
    users = {"a": _writers(HERE, f"{_WRITES_PER_S}/s")}
    loaded = read(system, _run(f"{_STOP_S + 10} s", users, faults=[fault]))
    lost, accepted, _ = np.array([_stop(loaded, seed) for seed in range(seeds)]).T
    assert accepted.min() > 0
    return Figure(
        what=f"writes lost at a hard stop of a strong table, {_WRITES_PER_S}/s, {seeds} seeds",
        expected=0,
        ours=float(lost.sum()),
        tolerance=0,
        source="acknowledged once another member has it",
    )


DRAINS = ((23, 157), (4.65, 30), (3.8, 30), (1.84, 30))
"""Service over load, as public incidents imply, and minutes for which copying stands still."""


def drain(multiple: float, stop_min: int) -> Figure:
    """How long a backlog takes after a full stop; lags are counted in steps, one of which is tolerated."""
    system = _system({"median": "500 ms", "p99": "500 ms"}, items=1_000_000)
    system["tables"]["items"]["catch_up"] = multiple
    expected_s = 60 * stop_min / (multiple - 1)
    minutes = stop_min + math.ceil(expected_s / 60) + 10
    fault = {"replication": {}, "at": "2 min", "for": f"{stop_min} min"}
    outcome = played(system, _run(f"{minutes} min", {"a": _writers(HERE, "2/s")}, faults=[fault]))
    (pair,) = (one for one in pairs(outcome) if one.key == (0, 0, 1))
    ours_s = pair.catch_up_s()
    assert ours_s is not None
    return Figure(
        what=f"backlog after a stop of {stop_min} min, drained {multiple:g} times as fast as it grew (s)",
        expected=expected_s,
        ours=ours_s,
        tolerance=0.02 * expected_s + outcome.plan.data.lag_step_ns / 1e9,
        source="fluid queue: T / (m / l - 1)",
    )
