"""MemoryDB Multi-Region knows no time to live and loses concurrent increments.

Sessions and rate counters are its usual uses. Amazon MemoryDB developer guide, multi-Region clusters:
commands that set an expiry are not supported; conflicts are resolved by last writer wins.
"""

import math

import pytest

from simulator.errors import SpecError
from simulator.outcome import Outcome
from tests.small import played
from tests.validation.writes import lost_share

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
    """Two regions count once a second each, with a lag d: 1 - 1 / (2 - exp(-d)) of the counts are missing.

    A value contains its own region's last one, or if that is older than the lag whichever was last: seen
    backwards it steps on average (1 - x) + x/2 s, x = exp(-d), so 1 / (1 - x/2) of 2 a second remain.
    """
    outcome = played(TOPOLOGY, EXPERIMENT)
    lag_s = 0.5 + outcome.plan.data.rtt_ns[0, 1] / 2e9
    share = 1 - 1 / (2 - math.exp(-lag_s))
    assert share == pytest.approx(lost_share(1, 1, lag_s))
    # they are lost in groups: those that one region counts until it sees the other's
    error = math.sqrt(share * (1 - share) / (outcome.tallies.increments.sum() / 4))
    assert _lost_share(outcome) == pytest.approx(share, abs=3 * error)


def test_fewer_are_lost_than_replicas_discard() -> None:
    """What a replica throws away may live on in its own region's next count: 40 % go, 29 % are missing."""
    t = played(TOPOLOGY, EXPERIMENT).tallies
    assert t.discarded.sum() / t.increments.sum() == pytest.approx(0.40, abs=0.03)
    assert t.lost_increments.sum() < 0.8 * t.discarded.sum()


def test_remedy_one_region_writes() -> None:
    """The other one stands by."""
    outcome = played(TOPOLOGY.replace("policy: latency", "policy: failover"), EXPERIMENT)
    assert _lost_share(outcome) == 0
