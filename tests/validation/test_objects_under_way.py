"""Objects on their way between buckets are as many at any time of a run (docs/model.md §6).

The default lag of a bucket is log-normal with a median of 30 s and a 99th percentile of two hours: sigma is
ln(240) / 2.3263 = 2.356, the mean 30 s · exp(2.356² / 2) = 481 s, plus some ms on the way. By Little's law
five puts a second have 5/s · 481 s = 2,407 copies under way.
"""

import math

import pytest

from simulator.lowering.writing import actions_of_session
from simulator.outcome import Outcome
from simulator.randomness.distributions import CONSTANT, EXPONENTIAL
from tests.small import plan_of, played

TOPOLOGY = """
    topology: photos are copied to a second region
    regions: {eu-west-1: {}, eu-central-1: {}}
    buckets: {photos: {replicas: [eu-west-1, eu-central-1]}}
    services:
      web:
        regions: [eu-west-1, eu-central-1]
        operations: {add: [{put: photos}], see: [{get: photos}]}
    dns:
      web.example:
        {service: web, ttl: 1 min, health_check: h, policy: failover, order: [eu-west-1, eu-central-1]}
    health_checks: {h: {protocol: http, interval: 30 s, failure_threshold: 1}}
    """

EXPERIMENT = """
    experiment: the first region is lost with what it has not passed on
    topology: system.yaml
    duration: 366 min
    users:
      guests:
        near: eu-west-1
        arrivals: 5/s
        session_length: 1 ms
        think_time: 1 h
        actions: {add: 1}
        client: {profile: script, attempts: 1}
    faults: [{at: 360 min, region: eu-west-1, mode: lost}]
    """

EXPECTED = 5 * 30 * math.exp((math.log(240) / 2.3263479) ** 2 / 2)
"""2,407: puts a second times the mean lag."""


def lost_after(minutes: int, seed: int = 1, topology: str = TOPOLOGY) -> Outcome:
    run = EXPERIMENT.replace("366 min", f"{minutes + 1} min").replace("360 min", f"{minutes} min")
    return played(topology, run, seed=seed)


@pytest.mark.parametrize("minutes", [10, 60, 360])
def test_a_loss_finds_as_many_objects_under_way_whenever_it_comes(minutes: int) -> None:
    """The count of the run alone would be 640, 1,277 and 1,930: the mean lag within 10, 60 and 360 min."""
    outcome = lost_after(minutes)
    assert outcome.tallies.under_way[0] == pytest.approx(EXPECTED, rel=0.01)
    (mark,) = outcome.at_risk
    assert mark.writes == pytest.approx(EXPECTED, rel=0.05)
    assert outcome.tallies.lost[0] == mark.writes


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_recovery_point_is_not_the_age_of_the_run(seed: int) -> None:
    """Half of 2,407 copies have lags of more than two hours: some are much older than a run of a minute."""
    outcome = lost_after(1, seed)
    (mark,) = outcome.at_risk
    assert mark.writes == pytest.approx(EXPECTED, rel=0.05)
    assert mark.at_ns - mark.oldest_ns > 3600 * 10**9


def test_a_second_target_finds_each_write_once() -> None:
    """A write is under way while the longer of its two lags lasts.

    The mean of the longer of two log-normal lags with one sigma is 2 · Φ(sigma / √2) times their mean:
    2 · Φ(1.666) = 1.904. The network adds nothing to speak of.
    """
    topology = TOPOLOGY.replace("eu-central-1: {}}", "eu-central-1: {}, eu-north-1: {}}")
    topology = topology.replace("eu-central-1]}}", "eu-central-1, eu-north-1]}}")
    outcome = lost_after(1, topology=topology)
    assert outcome.tallies.under_way[0] == pytest.approx(1.904 * EXPECTED, rel=0.03)


def test_a_bucket_that_nobody_writes_begins_with_nothing_under_way() -> None:
    outcome = played(TOPOLOGY, EXPERIMENT.replace("{add: 1}", "{see: 1}").replace("36", "2"))
    assert outcome.tallies.under_way.tolist() == [0]


def test_puts_come_at_the_rate_of_the_users() -> None:
    """A quarter of the actions are puts: 1.25 a second; of 100 a second, by 700 who act every 7 s, 25."""
    quarter = EXPERIMENT.replace("{add: 1}", "{add: 1, see: 3}")
    assert plan_of(TOPOLOGY, quarter).data.put_rate[:, 0].tolist() == pytest.approx([1.25, 0])
    closed = quarter.replace("arrivals: 5/s", "sessions: 700").replace("session_length: 1 ms", "")
    closed = closed.replace("think_time: 1 h", "think_time: 6.95 s")
    assert plan_of(TOPOLOGY, closed).data.put_rate[0, 0] == pytest.approx(25, rel=0.01)


@pytest.mark.parametrize(
    ("length_s", "think", "acts"),
    [
        (60.0, (CONSTANT, 10e9, 0.0), 6),  # at 0, 10, … 50 s; at 60 s it is over
        (60.0, (EXPONENTIAL, 10e9, 0.0), 7),  # a Poisson process: one, and six more
        (0.001, (CONSTANT, 3600e9, 0.0), 1),
        (36_000.0, (EXPONENTIAL, 10e9, 0.0), 3600),  # of so many one more or less is nothing
    ],
)
def test_a_session_acts_when_it_starts_and_after_each_think_time(
    length_s: float, think: tuple[int, float, float], acts: float
) -> None:
    found = actions_of_session((CONSTANT, length_s * 1e9, 0.0), think, 0.0)
    assert found == pytest.approx(acts, rel=0.02)


def test_each_region_has_its_own_users_objects_under_way() -> None:
    """Five puts a second in the one region, 2.5 in the other: by the answers of time zero."""
    topology = TOPOLOGY.replace("failover, order: [eu-west-1, eu-central-1]", "latency")
    germans = "germans: {near: eu-central-1, arrivals: 2.5/s, session_length: 1 ms, think_time: 1 h, "
    germans += "actions: {add: 1}, client: script}"
    run = EXPERIMENT.replace("users:\n", f"users:\n      {germans}\n")
    run = run.replace("366 min", "2 min").replace("360 min", "1 min")
    outcome = played(topology, run)
    assert outcome.tallies.under_way[0] == pytest.approx(1.5 * EXPECTED, rel=0.01)
    (mark,) = outcome.at_risk
    assert mark.writes == pytest.approx(EXPECTED, rel=0.05)
