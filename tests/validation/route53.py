"""Route 53's health checks: time to find a failure and its end, and the trap of few checker regions."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from simulator.catalog import CHECKER_REGIONS
from simulator.control_plane.faults.process import Faults
from simulator.control_plane.route53.health_checks import HealthCheck
from simulator.control_plane.world import World
from simulator.language.models.experiment import Experiment
from simulator.language.models.topology import Topology
from simulator.lowering.whole import lower
from simulator.plan.lowered import Plan
from tests.control_plane.recording import RecordingPlane
from tests.small import check_named
from tests.validation.figure import Figure

_NS = 10**9
_ENDPOINT = "us-east-1"
_DOWN_S = 300
_GOLDEN = 0.6180339887  # its multiples, modulo 1, spread evenly

Written = dict[str, Any]
Floats = NDArray[np.float64]

SOURCE = "order statistics of 16 uniformly phased checkers, 18 % rule: Route 53 developer guide"


@dataclass(frozen=True)
class Case:
    """How an endpoint is checked, and how it fails."""

    interval_s: int
    threshold: int
    protocol: str
    mode: str

    @property
    def what(self) -> str:
        """The case in words."""
        how = "refused" if self.mode == "refused" else "black hole"
        return f"{self.protocol.upper()} check {self.interval_s} s × {self.threshold}, {how}"

    @property
    def failed_probe_s(self) -> float:
        """Documented: 4 s to connect for HTTP, 10 s for TCP; a refusal takes no time to speak of."""
        return 0.0 if self.mode == "refused" else {"http": 4.0, "tcp": 10.0}[self.protocol]

    @property
    def cycle_s(self) -> float:
        """From one failed probe to the next: an interval passes between a result and the next request."""
        return self.interval_s + self.failed_probe_s

    def closed_form(self) -> tuple[float, float]:
        """Mean time to unhealthy and to healthy, without the time that messages travel.

        14 of 16 checkers must call the endpoint unhealthy (2/16 < 18 %); three must call it healthy again
        (3/16 > 18 %). An outage meets 16 uniformly phased checkers: the k-th probes k/17 of an interval
        later. From then on they fill only an interval I of a cycle I + d, where a failed probe takes d.
        With the mean products of the 17 spacings of 16 uniform points, 2/(17·18) and 1/(17·18), the mean
        time from a random moment of a cycle to the third next probe is (3/17·I² + 6/17·I·d + d²/2) / (I +
        d).
        """
        i_s, d_s, more = self.interval_s, self.failed_probe_s, self.threshold - 1
        third_s = (3 / 17 * i_s**2 + 6 / 17 * i_s * d_s + d_s**2 / 2) / self.cycle_s
        return i_s * 14 / 17 + d_s + more * self.cycle_s, third_s + more * i_s


CASES = [
    Case(interval_s, 3, protocol, mode)
    for interval_s in (30, 10)
    for protocol in ("http", "tcp")
    for mode in ("refused", "black_hole")
]


def topology(check: Written, region: str = _ENDPOINT) -> Topology:
    """One checked endpoint."""
    service = {"regions": [region], "operations": {"view": [{"compute": "1 ms"}]}}
    return Topology.model_validate(
        {
            "topology": "one endpoint",
            "regions": {region: {}},
            "services": {"api": service},
            "dns": {"api.example": {"service": "api", "policy": "failover", "health_check": "deep"}},
            "health_checks": {"deep": check},
        }
    )


def _plan(system: Topology, fault: Written, duration_s: float, seed: int) -> Plan:
    run = {
        "experiment": "an outage",
        "topology": "written here",
        "duration": f"{duration_s:.3f} s",
        "faults": [fault],
    }
    return lower(Experiment.model_validate(run), system, seed)


def statuses(plan: Plan, checks: int) -> dict[str, list[int]]:
    """Times (ns) at which so many health checks of the endpoint, each in its own phase, change status."""
    world = World(simpy.Environment(initial_time=0), plan, RecordingPlane())
    for number in range(checks):
        check = HealthCheck(world, number, "deep", check_named(plan, "deep"), (0, 0), [])
        world.env.process(check.run())
    world.env.process(Faults(world).run())
    world.env.run(until=plan.data.duration_ns)
    return {
        kind: [event.at_ns for event in world.events if event.kind == kind]
        for kind in ("health_unhealthy", "health_healthy")
    }


def _checked(case: Case) -> Topology:
    interval = f"{case.interval_s} s"
    check = {"protocol": case.protocol, "interval": interval, "failure_threshold": case.threshold}
    return topology(check)


def _lengths_s(case: Case, batches: int) -> Floats:
    """Outages differ in length by up to one cycle, in equal steps: they end in every phase of it."""
    steps = (np.arange(batches) + 0.5) / batches
    return np.round(2 * case.threshold * case.cycle_s + steps * case.cycle_s, 3)


def _batches(failures: int) -> int:
    """Checks in a batch share an outage."""
    return min(failures // 10, 100)


@cache
def outages(case: Case, failures: int) -> tuple[Floats, Floats]:
    """Seconds to unhealthy and to healthy of so many failures, each of a check with its own phases."""
    system, batches = _checked(case), _batches(failures)
    detection_s: list[float] = []
    recovery_s: list[float] = []
    for batch, length_s in enumerate(_lengths_s(case, batches)):
        begin_s = round(_DOWN_S + batch * _GOLDEN % 1 * case.cycle_s, 3)
        end_s = begin_s + length_s
        fault = {
            "at": f"{begin_s:.3f} s",
            "until": f"{end_s:.3f} s",
            "region": _ENDPOINT,
            "mode": case.mode,
        }
        plan = _plan(system, fault, end_s + 2 * case.threshold * case.cycle_s, seed=batch)
        found = statuses(plan, failures // batches)
        detection_s += [at_ns / _NS - begin_s for at_ns in found["health_unhealthy"]]
        recovery_s += [at_ns / _NS - end_s for at_ns in found["health_healthy"]]
    return np.array(detection_s), np.array(recovery_s)


# what the rules give when the time that messages travel counts too


def travelling(case: Case, failures: int) -> tuple[float, float]:
    """As the closed form, but with each checker's own round trip: TCP connects, HTTP connects and asks."""
    plan = _plan(_checked(case), {"at": "1 s", "region": _ENDPOINT, "mode": case.mode}, 2, seed=1)
    places = [*check_named(plan, "deep").checker_locations]
    round_trip_s = (plan.data.rtt_ns[0, places] + plan.data.rtt_ns[places, 0]) / 2 / _NS
    good_s = round_trip_s * (1 if case.protocol == "tcp" else 2)
    bad_s = round_trip_s if case.mode == "refused" else np.full(len(places), case.failed_probe_s)
    period_s, cycle_s, more = case.interval_s + good_s, case.interval_s + bad_s, case.threshold - 1
    first_bad_s = 0.0  # a whole period begins with the outage
    detection_s = _mean_of_kth(14, first_bad_s, period_s, period_s, more * cycle_s + bad_s)
    recovery_s = [
        _mean_of_kth(3, length_s, period_s, cycle_s, more * period_s + good_s)
        for length_s in _lengths_s(case, _batches(failures))
    ]
    return detection_s, float(np.mean(recovery_s))


def _mean_of_kth(k: int, since_s: float, begins_s: Floats, cycle_s: Floats, then_s: Floats) -> float:
    """Mean time until `k` checkers have acted, from a moment `since_s` after all began their cycles.

    Each began at a uniform time up to `begins_s`, and acts `then_s` after the first cycle to begin from now
    on. The mean is the integral of the chance that fewer than k have acted.
    """
    step_s = 0.01
    t = np.arange(0.0, (cycle_s + then_s).max(), step_s) + step_s / 2
    acted = np.zeros((len(cycle_s) + 1, len(t)))  # [how many, when]: Poisson-binomial
    acted[0] = 1.0
    for begins, cycle, then in zip(begins_s, cycle_s, then_s, strict=True):
        p = _begun(np.clip(t - then, 0.0, cycle), since_s, begins, cycle)
        acted[1:] = acted[1:] * (1 - p) + acted[:-1] * p
        acted[0] *= 1 - p
    return float(acted[:k].sum() * step_s)


def _begun(wait_s: Floats, since_s: float, begins_s: float, cycle_s: float) -> Floats:
    """Chance that (U - since) mod cycle <= wait, for U uniform up to `begins_s`."""

    def measure(up_to_s: float) -> Floats:
        rounds, rest_s = divmod(up_to_s, cycle_s)
        return rounds * wait_s + np.minimum(rest_s, wait_s)

    before_s = -since_s % cycle_s  # where U = 0 lies in its cycle
    return (measure(before_s + begins_s) - measure(before_s)) / begins_s


# the trap


def found_partitions(checker_regions: int, checks: int = 100) -> float:
    """Share of health checks that find a region cut off for two hours when it is one of theirs."""
    isolated = CHECKER_REGIONS[0]
    system = topology({"checker_regions": [*CHECKER_REGIONS[:checker_regions]]}, isolated)
    cut = {"at": f"{_DOWN_S} s", "link": {"between": [isolated, "everywhere"]}, "mode": "cut"}
    return len(statuses(_plan(system, cut, 7200, seed=1), checks)["health_unhealthy"]) / checks


# figures


def means(case: Case, failures: int) -> tuple[Figure, Figure]:
    """Mean time to unhealthy and to healthy, against the closed form, within a second."""
    measured = [float(np.mean(seconds)) for seconds in outages(case, failures)]
    first, second = (
        Figure(f"{case.what}: {until} (s)", expected, ours, 1.0, SOURCE)
        for until, expected, ours in zip(
            ("unhealthy", "healthy again"), case.closed_form(), measured, strict=True
        )
    )
    return first, second


def figures(failures: int) -> Iterator[Figure]:
    """Every row of the table."""
    for case in CASES:
        yield from means(case, failures)
    for regions in range(3, 9):
        yield Figure(
            what=f"partitions found by checkers in {regions} regions, the isolated one among them",
            expected=float(regions >= 6),
            ours=found_partitions(regions),
            tolerance=0.0,
            source="2 of 2n checkers left, 18 % rule: Route 53 developer guide",
            unit="%",
        )
