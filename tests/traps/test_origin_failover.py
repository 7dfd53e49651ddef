"""CloudFront's origin failover takes 30 s for each request that is not cached, and never covers a PUT.

Amazon CloudFront developer guide, origin failover: three connection attempts of 10 s each before the second
origin is asked; only for GET, HEAD and OPTIONS.
"""

import pytest

from simulator.boundary.outcomes import SUCCEEDED
from tests.small import played
from tests.traps.figures import latency_s

TOPOLOGY = """
    topology: pages in two regions behind a content network
    regions: {eu-central-1: {}, eu-west-1: {}}
    buckets: {pages: {replicas: [eu-central-1, eu-west-1], items: 100000}}
    services:
      site:
        regions: [eu-central-1, eu-west-1]
        cdn: {origins: [eu-central-1, eu-west-1]}
        operations: {load: [{get: pages}], save: [{put: pages}]}
      writer:
        regions: [eu-central-1, eu-west-1]
        operations: {store: [{put: pages}]}
    dns:
      www.example: {service: site, policy: simple}
      write.example: {service: writer, policy: failover, health_check: alive}
    health_checks: {alive: {}}
    """

EXPERIMENT = """
    experiment: the first origin falls silent
    topology: system.yaml
    duration: 30 min
    users:
      people:
        near: eu-central-1
        arrivals: 1/s
        session_length: 1 ms
        think_time: 1 h
        actions: {load: 1}
        client: {profile: script, timeout: 1 min}
        resolvers: {extend_ttl: 0 %}
    faults:
      - {region: eu-central-1, mode: black_hole, at: 0 s}
    """

WAY_S = 1.0
"""At most, half of the time: lookup and handshakes 0.05 s, to Dublin and back 0.03 s, and a median of 0.03 s
to read.
"""


def test_trap_each_read_waits_for_30_s() -> None:
    outcome = played(TOPOLOGY, EXPERIMENT)
    assert outcome.tallies.edge_hits < 0.02 * outcome.tallies.edge_misses  # 1,800 looks at 100,000 pages
    assert latency_s(outcome, 0.5) == pytest.approx(30, abs=WAY_S)


def test_trap_a_client_that_waits_for_10_s_sees_no_failover() -> None:
    outcome = played(TOPOLOGY, EXPERIMENT.replace("timeout: 1 min", "timeout: 10 s"))
    assert outcome.tallies.origin_failovers > 0
    assert outcome.tallies.actions[SUCCEEDED] <= outcome.tallies.edge_hits


def test_remedy_one_attempt_of_one_second() -> None:
    origins = "origins: [eu-central-1, eu-west-1]"
    outcome = played(TOPOLOGY.replace(origins, origins + ", attempts: 1, connect_timeout: 1 s"), EXPERIMENT)
    assert latency_s(outcome, 0.5) == pytest.approx(1, abs=0.2)
    assert outcome.tallies.actions[SUCCEEDED] == outcome.tallies.actions.sum()


def test_trap_no_write_fails_over() -> None:
    t = played(TOPOLOGY, EXPERIMENT.replace("load: 1", "save: 1")).tallies
    assert t.origin_failovers == 0
    assert t.actions[SUCCEEDED] == 0


def test_remedy_writes_go_through_a_service_that_fails_over() -> None:
    """Found in 100 s, propagated in 5 s; until then each request waits for its timeout of 60 s.

    Then it looks the name up anew.
    """
    outcome = played(TOPOLOGY, EXPERIMENT.replace("load: 1", "store: 1"))
    later = outcome.tallies.window_failed[24:]  # from 4 min on: 165 s, the TTL of 60 s, and the last timeout
    assert outcome.tallies.window_failed.sum() > 0
    assert later.sum() == 0
