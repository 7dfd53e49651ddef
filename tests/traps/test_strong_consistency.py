"""Global tables with strong consistency know neither time to live nor transactions: no place for sessions.

Amazon DynamoDB developer guide, "How DynamoDB global tables work", multi-Region strong consistency. What user
sessions can be kept in are eventual tables and caches of one region.
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
STRONG = TOPOLOGY.replace("consistency: eventual", "consistency: strong, witness: eu-west-2")

EXPERIMENT = """
    experiment: people come back
    topology: system.yaml
    duration: 10 min
    users:
      people: {near: eu-central-1, sessions: 10, think_time: 5 s, actions: {view: 1}}
    """


def test_trap_a_strong_table_has_no_transactions_for_the_tokens_of_retries() -> None:
    with pytest.raises(SpecError, match="strong tables know no transactions"):
        played(STRONG.replace("{write: sessions,", "{write: sessions, idempotent: true,"), EXPERIMENT)


def test_trap_a_table_has_no_time_to_live() -> None:
    with pytest.raises(SpecError, match="a strong table has no time to live"):
        played(STRONG.replace("consistency: strong", "consistency: strong, time_to_live: 30 min"), EXPERIMENT)


def test_remedy_an_eventual_table_behind_caches_that_expire() -> None:
    t = played(TOPOLOGY, EXPERIMENT).tallies
    assert t.writes.sum() > 0
    assert t.cache_hits.sum() > 0
