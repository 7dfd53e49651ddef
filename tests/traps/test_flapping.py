"""A region that is half well takes its users back and loses them again; a hold-down keeps them away.

Route 53 answers with a region again as soon as its check is healthy, which takes less time than to find it
unhealthy (docs/model-control-plane.md, §3, "Failback", and §4).
"""

import numpy as np

from simulator.outcome import Outcome
from tests.small import played
from tests.traps.figures import kinds

TOPOLOGY = """
    topology: a primary and a standby
    regions: {eu-central-1: {}, eu-west-1: {}}
    services:
      api: {regions: [eu-central-1, eu-west-1], operations: {view: [{compute: 10 ms}]}}
    dns:
      api.example: {service: api, policy: failover, health_check: fast, failback: automatic}
    health_checks:
      fast: {interval: 10 s}
    """

EXPERIMENT = """
    experiment: the primary is down for three minutes of every six
    topology: system.yaml
    duration: 60 min
    objective: {window: 10 s}
    users:
      people:
        near: eu-central-1
        sessions: 50
        think_time: 5 s
        actions: {view: 1}
        client: {keep_alive: 0 s} # a kept connection would keep them where they are, too
        resolvers: {extend_ttl: 0 %}
    faults:
      - {service: api, region: eu-central-1, mode: refused, at: 5 min, for: 36 min,
         flapping: {period: 6 min, duty: 50 %}}
    """


def changes(outcome: Outcome) -> int:
    return sum(event.kind == "answer_changed" for event in outcome.events)


def failed(outcome: Outcome) -> int:
    return int(np.sum(outcome.tallies.window_failed))


def test_trap_each_flap_takes_the_users_back_into_the_next_one() -> None:
    """Six flaps, each found within 35 s and its end within 30 s: there and back six times."""
    outcome = played(TOPOLOGY, EXPERIMENT)
    assert changes(outcome) == 12
    assert "failback_held" not in kinds(outcome)


def test_remedy_a_hold_down_that_is_longer_than_the_region_stays_well() -> None:
    """One failover. The last flap ends at 38 min; found by 38.5 min, and 5 minutes later the users return."""
    trap = played(TOPOLOGY, EXPERIMENT)
    remedy = played(TOPOLOGY.replace("automatic", "{hold_down: 5 min}"), EXPERIMENT)
    there, back = [event.at_ns / 60e9 for event in remedy.events if event.kind == "answer_changed"]
    assert 5 < there < 5.75
    assert 43 < back < 43.75
    assert failed(remedy) < failed(trap) / 4


def test_remedy_nobody_returns_before_somebody_says_so() -> None:
    latched = TOPOLOGY.replace("automatic", "manual")
    outcome = played(latched, EXPERIMENT)
    assert changes(outcome) == 1
    by_hand = EXPERIMENT + "operator: [{fail_back: api.example, at: 50 min}]\n"
    there, back = [e.at_ns / 60e9 for e in played(latched, by_hand).events if e.kind == "answer_changed"]
    assert 5 < there < 5.75
    assert 50 < back < 50.1
