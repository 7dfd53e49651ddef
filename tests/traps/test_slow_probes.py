"""A TCP check waits 10 s for a connection, one over HTTP or HTTPS 4 s: of silence it learns later.

Amazon Route 53 developer guide, "How Amazon Route 53 determines whether a health check is healthy". A probe
that is not answered takes that long, and the next leaves an interval after its end. With F results in a row
needed, an interval I and d for a failed probe, a checker gives up between d + (F - 1)(I + d) and I more
after the silence begins, and the endpoint when 14 of 16 checkers have: by 30 s and 3, and at least half of
I for the 14th of 16 even phases, after 105 to 120 s by TCP, 87 to 102 s by HTTPS. Where connections are
refused instead both take the same time, so that a test with a stopped process shows nothing of it.
"""

import pytest

from tests.small import played
from tests.traps.figures import first_s

TOPOLOGY = """
    topology: two regions, one stands by
    regions: {eu-central-1: {}, eu-west-1: {}}
    services: {api: {regions: [eu-central-1, eu-west-1], operations: {view: [{compute: 10 ms}]}}}
    dns:
      api.example: {service: api, policy: failover, order: [eu-central-1, eu-west-1], health_check: alive}
    health_checks: {alive: {protocol: tcp, interval: 30 s, failure_threshold: 3}}
    """

EXPERIMENT = """
    experiment: a region falls silent
    topology: system.yaml
    duration: 10 min
    users: {people: {near: eu-central-1, sessions: 5, think_time: 5 s, actions: {view: 1}}}
    faults: [{region: eu-central-1, mode: black_hole, at: 5 min}]
    """


def detected_after_s(topology: str, mode: str = "black_hole", seed: int = 1) -> float:
    outcome = played(topology, EXPERIMENT.replace("black_hole", mode), seed=seed)
    return first_s(outcome, "health_unhealthy") - 300


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_trap_silence_is_found_in_two_minutes(seed: int) -> None:
    assert 105 < detected_after_s(TOPOLOGY, seed=seed) < 121
    assert 75 < detected_after_s(TOPOLOGY, "refused", seed) < 91


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_remedy_a_check_that_waits_for_less(seed: int) -> None:
    """Or one that asks every 10 s: 20 s more than three times 10 s less."""
    assert 87 < detected_after_s(TOPOLOGY.replace("tcp", "https"), seed=seed) < 103
    assert 55 < detected_after_s(TOPOLOGY.replace("interval: 30", "interval: 10"), seed=seed) < 61
