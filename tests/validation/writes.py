"""Global tables: lost updates and lost writes, against closed forms and an exact identity."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.data_plane.plane import CompiledPlane
from simulator.language.files import Loaded
from simulator.measure import laws
from simulator.plan.lowered import Plan
from simulator.plan.lowering import lower
from simulator.simulation import simulate
from tests.small import HERE, THERE, Written, played, read
from tests.validation.dns import ONE_BY_ONE
from tests.validation.figure import Figure

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


# lost updates


def lost_updates(rate_a: float, rate_b: float, writes: int) -> Figure:
    """Share of the writes of one item, in two regions at rates a and b, that a concurrent writer overwrites.

    A write of a is lost if b writes before it has arrived, and the reverse, so of all writes a share
    (a (1 - exp(-b d)) + b (1 - exp(-a d))) / (a + b) is. The lag d is the table's plus the one-way delay.
    """
    system = _system({"median": "1 s", "p99": "1 s"}, items=1)
    duration_s = round(writes / (rate_a + rate_b))
    users = {"a": _writers(HERE, f"{rate_a}/s"), "b": _writers(THERE, f"{rate_b}/s")}
    outcome = played(system, _run(f"{duration_s} s", users))
    lag_s = 1 + int(outcome.plan.data.rtt_ns[0, 1]) / 2 / 1e9
    a, b = rate_a, rate_b
    overwritten = a * -math.expm1(-b * lag_s) + b * -math.expm1(-a * lag_s)
    return Figure(
        what=f"lost updates of one item, {a:g} and {b:g} writes/s, lag {lag_s:.3f} s",
        expected=overwritten / (a + b),
        ours=int(outcome.tallies.suppressed.sum()) / int(outcome.tallies.writes.sum()),
        tolerance=0.01,
        source="1 - exp(-b d) for Poisson writes under last writer wins",
        unit="%",
    )


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
