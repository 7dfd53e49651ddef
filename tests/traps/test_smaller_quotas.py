"""Failover into a region with smaller quotas.

- API Gateway: 10,000 requests a second in Frankfurt, 2,500 in Milan (Amazon API Gateway developer guide,
  quotas).
- Lambda: 1,000 concurrent executions in a region where nobody has asked for more. At 200 ms that is 5,000
  requests a second: it binds before the gateway (AWS Lambda developer guide, lambda-concurrency).
- A table on demand takes twice its own previous peak, and a standby's is small (Amazon DynamoDB developer
  guide, on-demand-capacity-mode). Writes are copied and so have been there before; reads have not.
"""

import math

import pytest

from simulator.outcome import Outcome
from tests.small import played
from tests.traps.figures import region_number, success

TOPOLOGY = """
    topology: an active region and a standby
    regions:
      eu-central-1: {{quotas: {{lambda_concurrency: 5000}}}}
      {standby}: {{role: standby, quotas: {quotas}}}
    services:
      api:
        regions: [eu-central-1, {standby}]
        gateway: {{}}
        compute: {compute}
        operations: {{view: [{{compute: 200 ms}}]}}
    dns:
      api.example: {{service: api, policy: failover, health_check: fast, ttl: 5 s}}
    health_checks:
      fast: {{protocol: https, interval: 10 s, failure_threshold: 1}}
    """

EXPERIMENT = """
    experiment: the active region dies
    topology: system.yaml
    duration: 60 s
    objective: {{window: 10 s}}
    users:
      people:
        near: eu-central-1
        arrivals: {load}/s
        session_length: 1 ms
        think_time: 1 h
        actions: {{view: 1}}
        client: script
        resolvers: {{extend_ttl: 0 %}}
    faults:
      - {{region: eu-central-1, mode: refused, at: 5 s}}
    """

SETTLED_S = 40
"""Found within 11 s, in the answers within 5 s, cached for 5 s: all have moved by 26 s, and buckets are empty
a second later.
"""


def _fail_over(standby: str, load: int, compute: str = "unlimited", quotas: str = "{}") -> Outcome:
    topology = TOPOLOGY.format(standby=standby, compute=compute, quotas=quotas)
    return played(topology, EXPERIMENT.format(load=load))


def _errors(share: float, load: int) -> float:
    """Three standard errors of a share of the Poisson arrivals of the last 20 s."""
    return 3 * share / math.sqrt(20 * load)


# gateway


def test_trap_the_gateway_of_a_small_region_lets_2_500_of_4_000_through() -> None:
    outcome = _fail_over("eu-south-1", 4000)
    share = 2500 / 4000
    assert success(outcome, SETTLED_S) == pytest.approx(share, abs=_errors(share, 4000))


def test_remedy_the_quota_of_the_big_region() -> None:
    outcome = _fail_over("eu-south-1", 4000, quotas="{gateway: {rate: 10000/s, burst: 5000}}")
    assert success(outcome, SETTLED_S) == 1


# Lambda

FUNCTION = "{lambda: {init: 100 ms}}"


def _erlang_b(servers: int, load: float) -> float:
    """Share of requests lost by servers without a queue, whatever the distribution of service times."""
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked


def test_trap_concurrency_binds_before_the_gateway() -> None:
    """6,000 a second at 200 ms are 1,200 at once."""
    outcome = _fail_over("eu-west-1", 6000, FUNCTION)
    t, region = outcome.tallies, region_number(outcome, "eu-west-1")
    assert t.gateway_throttled.sum() == 0
    assert t.lambda_throttled[0, region] > 0
    assert t.peak_in_use[0, region] == 1000
    share = 1 - _erlang_b(1000, 1200)
    assert success(outcome, SETTLED_S) == pytest.approx(share, abs=_errors(share, 6000))


def test_remedy_as_much_concurrency_as_at_home() -> None:
    outcome = _fail_over("eu-west-1", 6000, FUNCTION, "{lambda_concurrency: 5000}")
    assert success(outcome, SETTLED_S) == 1


# tables on demand

TABLE_TOPOLOGY = """
    topology: each region reads its own replica
    regions: {eu-central-1: {}, eu-south-1: {}}
    tables:
      items:
        replicas: [eu-central-1, eu-south-1]
        capacity: on_demand
        capacity_in: {eu-south-1: {on_demand: {warm_read: 8/s}}}
    services:
      api:
        regions: [eu-central-1, eu-south-1]
        calls: {attempts: 1}
        operations: {view: [{read: items}]}
    dns:
      api.example:
        {service: api, policy: geolocation, geography: {DE: eu-central-1, IT: eu-south-1}, ttl: 1 min}
    """

TABLE_EXPERIMENT = """
    experiment: an operator sends everybody to Milan
    topology: system.yaml
    duration: 35 min
    objective: {window: 10 s}
    users:
      germans:
        near: eu-central-1
        arrivals: 90/s
        session_length: 1 ms
        think_time: 1 h
        actions: {view: 1}
        client: script
        resolvers: {extend_ttl: 0 %}
      italians:
        near: eu-south-1
        arrivals: 10/s
        session_length: 1 ms
        think_time: 1 h
        actions: {view: 1}
        client: script
    operator:
      - {change: api.example, at: 31 min, geography: {DE: eu-south-1, IT: eu-south-1}}
    """

MOVED_S = 1980
"""Two minutes after the change: 60 s until it is in the answers, 60 s in resolvers."""


def test_trap_a_table_on_demand_takes_twice_its_own_peak() -> None:
    """10 reads a second have been 5 units; twice that is 20 of the 100 reads that come.

    The table's half hour ends after 18 min, the next one after the run. The peak is the highest of 17 minutes
    with 600 reads each on average, standard deviation 24: at least their mean, at most four deviations, 16 %,
    above it.
    """
    outcome = played(TABLE_TOPOLOGY, TABLE_EXPERIMENT)
    assert outcome.plan.data.growth_phase_ns[0, 1] // (60 * 10**9) == 11
    assert success(outcome, until_s=1800) == 1
    assert 0.2 < success(outcome, MOVED_S) < 0.2 * 1.16


def test_remedy_warm_throughput() -> None:
    outcome = played(TABLE_TOPOLOGY.replace("warm_read: 8/s", "warm_read: 100/s"), TABLE_EXPERIMENT)
    assert success(outcome, MOVED_S) == 1
