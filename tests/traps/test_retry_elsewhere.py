"""A token that makes a write idempotent protects it where the first write is visible, and nowhere else.

A client whose answer is lost tries again, perhaps in another region. That region's replica knows the token
only once the copy has arrived: replication of global tables is asynchronous (Amazon DynamoDB developer
guide, *Global tables*).
"""

import math

import pytest

from simulator.outcome import Outcome
from tests.small import played

TOPOLOGY = """
    topology: a service in two regions that adds to a balance
    regions: {eu-central-1: {}, eu-west-1: {}}
    tables:
      balances:
        replicas: [eu-central-1, eu-west-1]
        capacity: unlimited
        replication_lag: {median: LAG, p99: LAG}
    services:
      bank:
        regions: [eu-central-1, eu-west-1]
        calls: {attempts: 1, timeout: 1 min}
        operations: {pay: [{write: balances, key: user, takes: TAKES, idempotent: true}]}
    dns:
      bank.example: {service: bank, policy: multivalue, ttl: 60 s}
    defaults: {applied_share: 100 %}
    """

EXPERIMENT = """
    experiment: each write is applied and answered with 500
    topology: system.yaml
    duration: 1 h
    users:
      people:
        near: eu-central-1
        sessions: 20
        think_time: 30 s
        actions: {pay: 1}
        client:
          profile: script
          attempts: 2
          keep_alive: 0 s
          backoff: {base: 2 s, cap: 2 s, jitter: none}
    faults:
      - {table: balances, mode: error, share: 100 %, at: 0 s}
    """

HALF = 0.5
"""Of the second tries go to the other region: each chooses one of two addresses."""


def system(lag: str, takes: str = "5 ms") -> str:
    """The topology with a lag of copies (half a round trip comes to it) and a duration of writes."""
    return TOPOLOGY.replace("LAG", lag).replace("TAKES", takes)


def retries(outcome: Outcome) -> int:
    """How many second tries there were."""
    return int(outcome.tallies.double_applied) + int(outcome.tallies.deduplicated)


def test_trap_a_retry_in_the_other_region_comes_before_the_copy() -> None:
    """Copies take 10 s and the second try comes after 2 s: half of them do not find the token."""
    outcome = played(system("10 s"), EXPERIMENT)
    assert retries(outcome) > 2000  # 20 sessions, one action in some 34 s
    error = 3 * math.sqrt(HALF * (1 - HALF) / retries(outcome))
    assert outcome.tallies.double_applied / retries(outcome) == pytest.approx(HALF, abs=error)


def test_remedy_to_wait_for_longer_than_copies_take() -> None:
    outcome = played(system("500 ms"), EXPERIMENT)
    assert outcome.tallies.double_applied == 0
    assert retries(outcome) > 2000


def test_no_copy_arrives_over_a_link_that_is_cut_however_short_the_lag() -> None:
    """Users in a third country reach both regions, which do not reach each other."""
    cut = "- {link: {between: [eu-central-1, eu-west-1]}, mode: cut, at: 0 s}\n      - {table"
    elsewhere = EXPERIMENT.replace("near: eu-central-1", "near: eu-west-3").replace("- {table", cut)
    outcome = played(system("1 ms"), elsewhere)
    error = 3 * math.sqrt(HALF * (1 - HALF) / retries(outcome))
    assert outcome.tallies.double_applied / retries(outcome) == pytest.approx(HALF, abs=error)


LEAVING = """
    experiment: each user tries twice, leaves, and is applied 10 s later
    topology: system.yaml
    duration: 3 min
    users:
      people:
        near: eu-central-1
        sessions: 50
        think_time: 30 s
        actions: {pay: 1}
        patience: 1.5 s
        client:
          profile: script
          attempts: 2
          timeout: 1 s
          keep_alive: 0 s
          backoff: {base: 100 ms, cap: 100 ms, jitter: none}
    """


@pytest.mark.parametrize(("idempotent", "applied_twice"), [("true", 0), ("false", 50)])
def test_what_is_applied_after_its_user_has_left_counts(idempotent: str, applied_twice: int) -> None:
    """In one region: each of 50 users acts once within 30 s, tries again after 1.1 s, leaves after 1.5 s.

    The writes take 10 s, so that both take effect when the session has ended.
    """
    alone = system("1 s", "10 s").replace(
        "[eu-central-1, eu-west-1]\n        calls", "[eu-central-1]\n        calls"
    )
    outcome = played(alone.replace("idempotent: true", f"idempotent: {idempotent}"), LEAVING)
    assert outcome.tallies.gave_up == 50
    assert outcome.tallies.double_applied == applied_twice
    assert outcome.tallies.deduplicated == 50 - applied_twice
