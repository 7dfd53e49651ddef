"""Replication is no backup: what is written wrongly in one region is wrong in all of them within the lag.

A bad deployment in Frankfurt makes a tenth of the writes wrong for five minutes. Nothing in the topology
stops it at the border: copies carry it, what is built on it is wrong, and it stays when the deployment is
rolled back. Only writes that replace the whole item, whatever was there, take it away.
"""

from functools import cache

import pytest

from simulator.boundary.outcomes import ABSENT_CALL, SUCCEEDED
from simulator.outcome import Outcome
from tests.small import played

TOPOLOGY = """
    topology: carts in three regions
    regions: {eu-central-1: {}, eu-west-1: {}, us-east-1: {}}
    tables: {carts: {replicas: [eu-central-1, eu-west-1, us-east-1], items: 50}}
    services:
      api:
        regions: [eu-central-1, eu-west-1, us-east-1]
        operations: {look: [{read: carts}], add: [{write: carts}]}
    dns: {api.example: {service: api, policy: latency}}
    """

EXPERIMENT = """
    experiment: a bad deployment
    topology: system.yaml
    duration: 20 min
    users:
      germans: {near: eu-central-1, sessions: 10, think_time: 5 s, actions: {look: 3, add: 1}}
      irish: {near: eu-west-1, sessions: 10, think_time: 5 s, actions: {look: 3, add: 1}}
      americans: {near: us-east-1, sessions: 10, think_time: 5 s, actions: {look: 3, add: 1}}
    faults: [{at: 5 min, for: 5 min, table: carts, region: eu-central-1, mode: corrupted, share: 10 %}]
    """

FRANKFURT = 0
HEALS = "stands_alone: true"
LAG_S = 20  # none of the few hundred copies takes as long
END_S, BEGIN_S, ROLLED_BACK_S = 1200, 300, 600


@cache
def played_with(seed: int, write: str = "write: carts") -> Outcome:
    return played(TOPOLOGY.replace("write: carts", write), EXPERIMENT, seed=seed)


@pytest.mark.parametrize("seed", range(1, 4))
def test_trap_a_bad_write_in_one_region_is_read_in_all_and_stays(seed: int) -> None:
    t = played_with(seed).tallies
    assert t.corrupted_writes[0, FRANKFURT] == t.corrupted_writes.sum() > 0
    assert (t.damaged_copies[0, 1:] > 0).all()
    assert (t.first_damaged_ns[0] > BEGIN_S * 10**9).all()
    assert (t.last_damaged_ns[0] > (END_S - 60) * 10**9).all(), "ten minutes after it was rolled back"
    assert t.damaged_writes.sum() > 10 * t.corrupted_writes.sum(), "what is built on it is wrong, too"


@pytest.mark.parametrize("seed", range(1, 4))
def test_remedy_writes_that_replace_the_item_take_it_away(seed: int) -> None:
    """30 users write some 90 times a minute, each of 50 items about twice: soon all have been replaced.

    An item is left alone for four more minutes with a chance of e^-7; only Frankfurt's own writes are wrong.
    """
    t = played_with(seed, f"write: carts, {HEALS}").tallies
    assert t.damaged_writes.sum() == t.corrupted_writes.sum() > 0
    assert (t.last_damaged_ns[0] < (ROLLED_BACK_S + 240 + LAG_S) * 10**9).all()
    assert t.damaged_reads.sum() > 0


def test_the_same_writes_are_struck_whatever_the_design() -> None:
    """With one try an action, a write is struck by its session, action and step alone.

    The clients of another design act at the same instants, so the same number of them is struck.
    """
    elsewhere = TOPOLOGY.replace("items: 50", "items: 500").replace(
        "policy: latency", "policy: latency, ttl: 5 s"
    )
    other = played(elsewhere, EXPERIMENT, seed=1).tallies
    assert other.corrupted_writes.tolist() == played_with(1).tallies.corrupted_writes.tolist()


DELETED = "{at: 5 min, table: carts, region: eu-central-1, mode: deleted, items: 40 %}"
GONE = "{at: 5 min, table: carts, mode: deleted}"
CORRUPTED = "{at: 5 min, for: 5 min, table: carts, region: eu-central-1, mode: corrupted, share: 10 %}"


@cache
def played_after(fault: str, seed: int = 1, write: str = "write: carts") -> Outcome:
    return played(TOPOLOGY.replace("write: carts", write), EXPERIMENT.replace(CORRUPTED, fault), seed=seed)


def test_trap_items_that_are_deleted_by_mistake_are_gone_in_all_regions_within_the_lag() -> None:
    """Of 50 items some 20; nobody's write is missing or acknowledged, but reads are wrong everywhere."""
    outcome = played_after(DELETED)
    t = outcome.tallies
    struck = int(t.struck_items[0, FRANKFURT])
    assert 10 < struck == t.struck_items.sum() < 30
    assert t.damaged_copies[0, 1] >= struck, "a copy of each, and of what was built on them"
    assert (t.first_damaged_ns[0] < (BEGIN_S + 60) * 10**9).all()
    assert t.writes[0] == played_with(1).tallies.writes[0], "as many as with any other fault"


def test_trap_a_deleted_table_takes_every_write_with_it() -> None:
    """Calls are told so, and are not tried again; what was acknowledged is missing, each write once.

    In the five minutes before, 30 users acted every 5 s: 1,800 times.
    """
    outcome = played_after(GONE)
    t = outcome.tallies
    assert t.missing[0] == t.writes[0] > 0
    assert t.lost_with_table[0] == t.lost[0] == t.writes[0] - t.discarded[0]
    absent = t.call_failures[ABSENT_CALL, 0]
    assert absent.sum() == t.calls_failed.sum() > 0
    assert t.visible[0] == t.pending[0] == 0
    assert t.actions[SUCCEEDED] == pytest.approx(1800, rel=0.1)
