"""An error 500 of a table may hide a write that was applied: a naive retry applies it twice.

Amazon DynamoDB developer guide, "Error handling": after an InternalServerError the write may have been
applied.
"""

import math

import pytest

from simulator.outcome import Outcome
from tests.small import played

TOPOLOGY = """
    topology: a service that adds to a balance
    regions: {eu-central-1: {}}
    tables: {balances: {replicas: [eu-central-1]}}
    services:
      bank:
        regions: [eu-central-1]
        calls: {attempts: 2, quota: none}
        operations: {pay: [{write: balances, key: user}]}
    dns:
      bank.example: {service: bank, policy: simple}
    defaults: {applied_share: 50 %}
    """

EXPERIMENT = """
    experiment: some writes are answered with 500
    topology: system.yaml
    duration: 1 h
    users:
      people: {near: eu-central-1, sessions: 100, think_time: 10 s, actions: {pay: 1}, client: script}
    faults:
      - {table: balances, mode: error, share: 20 %, at: 0 s}
    """

IDEMPOTENT = TOPOLOGY.replace("key: user", "key: user, idempotent: true")

SHARE = 0.2 * 0.5 * (0.8 + 0.2 * 0.5)
"""Of the payments: the first try errs and is applied; the second is applied, with a success or an error."""


def _error(outcome: Outcome) -> float:
    return 3 * math.sqrt(SHARE * (1 - SHARE) / outcome.tallies.actions_started)


def test_trap_a_retry_applies_the_write_again() -> None:
    outcome = played(TOPOLOGY, EXPERIMENT)
    twice = outcome.tallies.double_applied / outcome.tallies.actions_started
    assert twice == pytest.approx(SHARE, abs=_error(outcome))


def test_remedy_a_token_that_makes_the_write_idempotent() -> None:
    outcome = played(IDEMPOTENT, EXPERIMENT)
    assert outcome.tallies.double_applied == 0
    left_out = outcome.tallies.deduplicated / outcome.tallies.actions_started
    assert left_out == pytest.approx(SHARE, abs=_error(outcome))


def test_no_remedy_never_to_retry() -> None:
    """Nothing is applied twice, but a fifth of the payments are in doubt: `unknown`."""
    t = played(TOPOLOGY.replace("attempts: 2", "attempts: 1"), EXPERIMENT).tallies
    assert t.double_applied == 0
    error = 3 * math.sqrt(0.2 * 0.8 / t.actions_started)
    assert t.actions[-1] / t.actions_started == pytest.approx(0.2, abs=error)
