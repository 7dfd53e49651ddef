"""A replica that is shut out for more than 20 hours never comes back; one that is cut off as long does.

Amazon DynamoDB developer guide, global tables, "Encryption at rest" (docs/model-stores.md §7).
"""

import textwrap

import numpy as np
import pytest

from simulator.measure import protection
from simulator.outcome import Outcome
from tests.small import played

HOME, OTHER = "eu-central-1", "eu-west-1"

TOPOLOGY = f"""
    topology: a table in two regions
    regions: {{{HOME}: {{}}, {OTHER}: {{}}}}
    tables:
      orders: {{replicas: [{HOME}, {OTHER}], items: 100000}}
    services:
      api: {{regions: [{HOME}, {OTHER}], operations: {{act: [{{write: orders}}, {{read: orders}}]}}}}
    dns:
      api.example: {{service: api, policy: latency}}
    """

EXPERIMENT = f"""
    experiment: a role is blocked for a day
    topology: system.yaml
    duration: 26 h
    users:
      here: {{near: {HOME}, sessions: 2, think_time: 5 min, actions: {{act: 1}}}}
      there: {{near: {OTHER}, sessions: 2, think_time: 5 min, actions: {{act: 1}}}}
    faults:
      - {{FAULT}}
    """

ROLE = f"{{table: orders, region: {HOME}, mode: role_unusable, at: 1 h, for: 21 h}}"
SHORTER = ROLE.replace("21 h", "19 h")
CUT = "{replication: {table: orders}, at: 1 h, for: 21 h}"


def run(fault: str) -> Outcome:
    return played(TOPOLOGY, EXPERIMENT.replace("{FAULT}", fault))


def fates(outcome: Outcome) -> dict[str, int]:
    names = ("writes", "visible", "pending", "discarded", "lost", "lost_by_fork", "fork_writes")
    return {name: int(getattr(outcome.tallies, name)[0]) for name in names}


def test_trap_what_was_written_there_since_is_lost_to_the_table_and_so_is_all_that_follows() -> None:
    """Two sessions write about every five minutes: in 20 h some 480 times, and in the 5 h after that 120."""
    found = fates(run(ROLE))
    assert 430 < found["lost_by_fork"] < 500
    assert 100 < found["fork_writes"] < 140
    assert found["lost"] == found["lost_by_fork"] + found["fork_writes"]
    assert found["pending"] == 0  # nothing waits for a replica that is none any more


def test_the_other_replica_goes_on_as_if_it_were_alone() -> None:
    outcome = run(ROLE)
    read = int(outcome.tallies.reads[0]) - int(outcome.tallies.fork_reads[0])
    assert int(outcome.tallies.fork_reads[0]) == fates(outcome)["fork_writes"]
    assert read > 1000


@pytest.mark.parametrize("fault", [SHORTER, CUT], ids=["an hour less", "cut off as long"])
def test_remedy_what_returns_in_time_or_was_only_cut_off_catches_up(fault: str) -> None:
    found = fates(run(fault))
    assert found["lost"] == found["fork_writes"] == 0
    assert found["pending"] <= 2  # of the last seconds
    assert found["visible"] + found["discarded"] + found["pending"] == found["writes"]


def test_the_sample_tells_the_first_writes_that_were_left_behind() -> None:
    """The first ten of them were made within the first half hour of the fault, at home."""
    t = run(ROLE).tallies
    assert (t.gone_cause[0] == 4).all()
    assert (np.diff(t.gone_ns[0]) >= 0).all()
    assert (t.gone_ns[0] >= 3600e9).all()
    assert (t.gone_ns[0] < 2 * 3600e9).all()
    assert (t.gone_origin[0] == 0).all()
    assert (t.gone_for[0] == 0).all()


PLAN = f"""
    plans:
      again:
        trigger: {{at: 23 h}}
        decision: none
        steps: [{{replica: orders, in: {HOME}, takes: 10 min}}]
    """


def test_remedy_a_replica_that_is_made_anew_is_of_the_table_again() -> None:
    """From 21 h to 23 h some 48 writes go to another table; that is deleted, and for 10 min there is none.

    In the 3 h after that 2 · 12 · 3 = 72 writes at home are of the table again, and none of them is lost.
    """
    outcome = played(textwrap.dedent(TOPOLOGY) + textwrap.dedent(PLAN), EXPERIMENT.replace("{FAULT}", ROLE))
    found, forked = fates(outcome), fates(run(ROLE))
    assert found["lost_by_fork"] == forked["lost_by_fork"]
    assert 38 < found["fork_writes"] < 60
    assert found["lost"] == found["lost_by_fork"] + found["fork_writes"]
    assert found["pending"] <= 2
    assert 0 < forked["writes"] - found["writes"] < 12  # 4 are expected in the 10 min without a table
    (added,) = [one.at_ns / 1e9 for one in outcome.events if one.kind == "replica_added"]
    assert 610 < added - 23 * 3600 < 665  # and 10 to 60 s for the deletion
    (exposure,) = protection.section(outcome)
    assert (exposure.from_s, exposure.waited) == (3600, None)
    assert exposure.to_s == pytest.approx(added, abs=10)
    assert protection.section(run(ROLE))[0].to_s is None
