"""Global tables with strong consistency know neither time to live nor transactions: no place for sessions.

Amazon DynamoDB developer guide, "How DynamoDB global tables work", multi-Region strong consistency. Strong
tables are not simulated, and neither is the time to live of tables: all that can be shown is that the reader
says so instead of simulating something else. What user sessions can be kept in are eventual tables and caches
of one region.
"""

import pytest

from simulator.errors import SpecError
from tests.small import played

TOPOLOGY = """
    topology: sessions in a global table
    regions: {eu-central-1: {}, eu-west-1: {}}
    tables:
      sessions: {replicas: [eu-central-1, eu-west-1], consistency: eventual}
    caches:
      recent: {regions: [eu-central-1, eu-west-1], time_to_live: 30 min}
    services:
      api:
        regions: [eu-central-1, eu-west-1]
        operations: {view: [{cache: recent, miss: sessions, key: user}, {write: sessions, key: user}]}
    dns:
      api.example: {service: api, policy: latency}
    """

EXPERIMENT = """
    experiment: people come back
    topology: system.yaml
    duration: 10 min
    users:
      people: {near: eu-central-1, sessions: 10, think_time: 5 s, actions: {view: 1}}
    """


def test_trap_strong_consistency_is_refused() -> None:
    with pytest.raises(
        SpecError, match="neither time to live nor transactions, so it is no place for user sessions"
    ):
        played(TOPOLOGY.replace("consistency: eventual", "consistency: strong"), EXPERIMENT)


def test_trap_a_table_has_no_time_to_live() -> None:
    with pytest.raises(SpecError, match="unknown key 'time_to_live'"):
        played(TOPOLOGY.replace("consistency: eventual", "time_to_live: 30 min"), EXPERIMENT)


def test_remedy_an_eventual_table_behind_caches_that_expire() -> None:
    t = played(TOPOLOGY, EXPERIMENT).tallies
    assert t.writes.sum() > 0
    assert t.cache_hits.sum() > 0
