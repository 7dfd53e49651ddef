"""MemoryDB Multi-Region knows no time to live and loses concurrent increments.

Sessions and rate counters are its usual uses. Amazon MemoryDB developer guide, multi-Region clusters:
commands that set an expiry are not supported; conflicts are resolved by last writer wins.
"""

import math

import pytest

from simulator.errors import SpecError
from simulator.outcome import Outcome
from tests.small import played

TOPOLOGY = """
    topology: counters in two regions
    regions: {eu-central-1: {}, eu-west-1: {}}
    caches:
      counters:
        regions: [eu-central-1, eu-west-1]
        multi_region: true
        items: 1
        replication_lag: {median: 500 ms, p99: 500 ms}
    services:
      api:
        regions: [eu-central-1, eu-west-1]
        operations: {count: [{increment: counters}]}
    dns:
      api.example: {service: api, policy: latency}
    """

EXPERIMENT = """
    experiment: two regions count
    topology: system.yaml
    duration: 1 h
    users:
      germans:
        near: eu-central-1
        arrivals: 1/s
        session_length: 1 ms
        think_time: 1 h
        actions: {count: 1}
        client: script
      irish:
        near: eu-west-1
        arrivals: 1/s
        session_length: 1 ms
        think_time: 1 h
        actions: {count: 1}
        client: script
    """

SESSIONS = """
    topology: user sessions in a multi-region cache
    regions: {eu-central-1: {}, eu-west-1: {}}
    tables: {profiles: {replicas: [eu-central-1, eu-west-1]}}
    caches:
      sessions: {regions: [eu-central-1, eu-west-1], multi_region: true, time_to_live: 30 min}
    services:
      api:
        regions: [eu-central-1, eu-west-1]
        operations: {view: [{cache: sessions, miss: profiles}]}
    dns:
      api.example: {service: api, policy: latency}
    """

VIEWERS = """
    experiment: people look
    topology: system.yaml
    duration: 10 min
    users:
      people: {near: eu-central-1, sessions: 10, think_time: 5 s, actions: {view: 1}}
    """


def _lost_share(outcome: Outcome) -> float:
    t = outcome.tallies
    assert t.increments.sum() > 5000
    return float(t.lost_increments.sum() / t.increments.sum())


def test_trap_an_expiry_is_refused() -> None:
    with pytest.raises(SpecError, match="knows no time to live; leave it out and let the application sweep"):
        played(SESSIONS, VIEWERS)


def test_remedy_a_cache_of_each_region_may_expire() -> None:
    outcome = played(SESSIONS.replace(", multi_region: true", ""), VIEWERS)
    assert outcome.tallies.cache_misses.sum() > 0


def test_trap_concurrent_increments_are_lost() -> None:
    """Those that the other region overwrites within the lag d: 1 - exp(-d) at one a second."""
    outcome = played(TOPOLOGY, EXPERIMENT)
    lag_s = 0.5 + outcome.plan.data.rtt_ns[0, 1] / 2e9
    share = 1 - math.exp(-lag_s)
    # an increment takes with it what the other region has counted within the lag: they are lost in groups
    independent = outcome.tallies.increments.sum() / (1 + lag_s)
    error = math.sqrt(share * (1 - share) / independent)
    assert _lost_share(outcome) == pytest.approx(share, abs=3 * error)


def test_remedy_one_region_writes() -> None:
    """The other one stands by."""
    outcome = played(TOPOLOGY.replace("policy: latency", "policy: failover"), EXPERIMENT)
    assert _lost_share(outcome) == 0
