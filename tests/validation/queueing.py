"""Queues of nodes, against the closed forms of queueing theory."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from simulator.measure.histogram import percentile
from simulator.measure.shares import exact_ns
from simulator.outcome import Outcome
from tests.small import HERE, Written, played
from tests.validation.dns import ONE_BY_ONE, one_lookup_each
from tests.validation.figure import Figure

Floats = NDArray[np.float64]

MEAN_S = 10.0
"""Mean service time. The way to the region, 0.03 s, is 0.3 % of it: an arrival is only moved by it."""

RUNS = 10
"""Independent runs, seeds 1 to 10: their spread is the standard error of their mean."""

_P99_OF_MEAN = math.log(100)  # of an exponential distribution


def _exponential() -> Written:
    return {"mean": f"{MEAN_S} s"}


def _uniform() -> Written:
    return {"from": "0 s", "to": f"{2 * MEAN_S} s"}


def _lognormal() -> Written:
    """Mean 10 s, squared coefficient of variation 2: sigma² = ln 3, median = mean / sqrt(3)."""
    sigma, median_s = math.sqrt(math.log(3)), MEAN_S / math.sqrt(3)
    return {"median": f"{median_s:.9f} s", "p99": f"{median_s * math.exp(2.3263478740 * sigma):.9f} s"}


SERVICE_TIMES = {"M": (_exponential(), 1.0), "D": (f"{MEAN_S} s", 0.0)} | {
    "U": (_uniform(), 1 / 3),
    "G": (_lognormal(), 2.0),
}
"""By letter: how long a service takes, and its squared coefficient of variation."""


@dataclass(frozen=True)
class Queue:
    """Poisson arrivals, one first-come-first-served queue without limit, c workers."""

    service: str  # letter of `SERVICE_TIMES`
    workers: int
    load: float  # offered: arrival rate times mean service time

    @property
    def busy(self) -> float:
        """Share of the workers at work."""
        return self.load / self.workers

    @property
    def what(self) -> str:
        """In Kendall's notation."""
        names = {"U": "M/G/1 (uniform)", "G": "M/G/1 (log-normal)"}
        name = names.get(self.service, f"M/{self.service}/{self.workers}")
        return f"{name}, load {self.load:g}"

    def probability_of_waiting(self) -> float:
        """Erlang's C formula, by the recursion of his B formula."""
        blocked = 1.0
        for workers in range(1, self.workers + 1):
            blocked = self.load * blocked / (workers + self.load * blocked)
        return blocked / (1 - self.busy * (1 - blocked))

    def mean_wait(self) -> float:
        """In mean service times: Erlang C; for one worker Pollaczek and Khinchine's formula."""
        variation = (1 + SERVICE_TIMES[self.service][1]) / 2
        return self.probability_of_waiting() / (self.workers * (1 - self.busy)) * variation


QUEUES = (
    *(Queue("M", 1, load) for load in (0.5, 0.8, 0.9)),
    *(Queue("D", 1, load) for load in (0.5, 0.8, 0.9)),
    *(Queue("U", 1, load) for load in (0.5, 0.8)),
    *(Queue("G", 1, load) for load in (0.5, 0.8)),
    *(Queue("M", workers, load) for workers, load in ((2, 1.6), (5, 4), (10, 8), (50, 45))),
)


def _system(queue: Queue) -> Written:
    nodes = {"per_zone": 1, "workers": queue.workers, "queue": 1_000_000_000}
    takes = SERVICE_TIMES[queue.service][0]
    service = {
        "regions": [HERE],
        "compute": {"nodes": nodes},
        "operations": {"view": [{"compute": takes}]},
    }
    return {
        "topology": "one queue",
        "regions": {HERE: {"zones": 1}},
        "services": {"api": service},
        "dns": {"api.example": {"service": "api", "policy": "simple"}},
        "defaults": {"round_trip_sigma": 0},
    }


def _run(queue: Queue, arrivals: int) -> Written:
    rate_per_s = queue.load / MEAN_S
    users = one_lookup_each(f"{rate_per_s:.9f}/s") | {
        "near": HERE,
        "last_mile": "1 ms",
        "client": ONE_BY_ONE | {"timeout": "300 d"},
        "actions": {"view": 1},
        "resolvers": {"count": 1, "extend_ttl": "0 %"},
    }
    return {
        "experiment": "a queue",
        "topology": "topology.yaml",
        "duration": f"{arrivals / rate_per_s:.0f} s",
        "objective": {"window": "1 h"},
        "users": {"people": users},
    }


@dataclass(frozen=True)
class Measured:
    """What some runs of a queue gave, each an array over the runs; times in mean service times."""

    wait: Floats
    waited: Floats
    sojourn_p99: Floats


@cache
def measured(queue: Queue, arrivals: int, runs: int = RUNS) -> Measured:
    """Run the queue under several seeds, with so many arrivals in each run."""
    rows = np.array([_measured(queue, arrivals, seed) for seed in range(1, runs + 1)])
    return Measured(rows[:, 0], rows[:, 1], rows[:, 2])


def _measured(queue: Queue, arrivals: int, seed: int) -> tuple[float, float, float]:
    t = played(_system(queue), _run(queue, arrivals), seed).tallies
    started, mean_ns = int(t.started.sum()), MEAN_S * 1e9
    p99_ns = percentile(t.action_latency, 0.99)
    assert p99_ns is not None
    return (
        exact_ns(t.queue_wait_time).sum() / started / mean_ns,
        int(t.queued.sum()) / started,
        p99_ns / mean_ns,
    )


def one_run(queue: Queue, arrivals: int) -> Outcome:
    """One run as it is, with seed 1."""
    return played(_system(queue), _run(queue, arrivals))


def _figure(
    queue: Queue, what: str, expected: float, ours: Floats, *, per_cent: float, unit: str = ""
) -> Figure:
    """Tolerance: so many per cent of what is expected, or three standard errors."""
    error = float(ours.std(ddof=1)) / math.sqrt(len(ours))
    return Figure(
        what=f"{queue.what}: {what}",
        expected=expected,
        ours=float(ours.mean()),
        tolerance=max(per_cent / 100 * expected, 3 * error),
        source="Erlang C" if queue.service == "M" else "Pollaczek–Khinchine",
        unit=unit,
    )


def wait(queue: Queue, arrivals: int) -> Figure:
    """Mean wait in the queue."""
    ours = measured(queue, arrivals).wait
    allowed = 2 if queue.busy <= 0.8 else 5
    return _figure(queue, "mean wait / mean service", queue.mean_wait(), ours, per_cent=allowed)


def waited(queue: Queue, arrivals: int) -> Figure:
    """Share of the requests that find every worker busy."""
    ours, expected = measured(queue, arrivals).waited, queue.probability_of_waiting()
    return _figure(queue, "requests that wait", expected, ours, per_cent=2, unit="%")


def sojourn(queue: Queue, arrivals: int) -> Figure:
    """99th percentile of the time in an M/M/1 system, which is exponential with mean 1 / (1 - load)."""
    ours = measured(queue, arrivals).sojourn_p99
    expected, allowed = _P99_OF_MEAN / (1 - queue.load), 2 if queue.busy <= 0.8 else 5
    figure = _figure(queue, "p99 of the time there / mean service", expected, ours, per_cent=allowed)
    return replace(figure, source="exponential with mean 1 / (1 - load)")


def figures(arrivals: int) -> Iterator[Figure]:
    """Every queue, with so many arrivals in all."""
    each = arrivals // RUNS
    for queue in QUEUES:
        yield wait(queue, each)
        if queue.workers > 1 or queue.service == "M":
            yield waited(queue, each)
        if queue.workers == 1 and queue.service == "M":
            yield sojourn(queue, each)
