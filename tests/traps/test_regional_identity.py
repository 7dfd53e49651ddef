"""An issuer in one region is down with it; a replica keeps users signed in, but cannot register new ones.

Amazon Cognito developer guide, user pools in several regions: a pool belongs to a region unless it is
replicated, and the replica does not sign users up.
"""

import math

import pytest

from simulator.boundary.outcomes import SUCCEEDED, TOKEN_KINDS
from simulator.outcome import Outcome
from tests.small import played

TOPOLOGY = """
    topology: a service in two regions and its issuer
    regions: {eu-central-1: {}, eu-west-1: {}}
    services:
      api:
        regions: [eu-central-1, eu-west-1]
        operations: {view: [{compute: 10 ms}]}
    dns:
      api.example: {service: api, policy: failover, order: [eu-west-1, eu-central-1]}
    identity: {issuer: [eu-central-1]}
    """

EXPERIMENT = """
    experiment: people come while the issuer's region is down
    topology: system.yaml
    duration: 20 min
    users:
      people:
        near: eu-west-1
        arrivals: 2/s
        session_length: 1 s
        think_time: 1 min
        actions: {view: 1}
        sign_up: 25 %
    faults:
      - {region: eu-central-1, mode: refused, at: 0 s}
    """

REPLICATED = TOPOLOGY.replace("issuer: [eu-central-1]", "issuer: [eu-central-1, eu-west-1]")


def _first_requests(outcome: Outcome, kind: str) -> int:
    return int(outcome.tallies.token_kinds[TOKEN_KINDS.index(kind)])


def test_trap_nobody_can_sign_in() -> None:
    t = played(TOPOLOGY, EXPERIMENT).tallies
    assert t.token_started > 2000
    assert t.token_attempts[SUCCEEDED] == 0
    assert t.actions[SUCCEEDED] <= 2  # of the two sessions or so in progress at the start


def test_remedy_a_replica_signs_everybody_in() -> None:
    outcome = played(REPLICATED, EXPERIMENT)
    assert outcome.tallies.token_attempts[SUCCEEDED] == _first_requests(outcome, "sign_in")


def test_limit_of_the_remedy_a_replica_registers_nobody() -> None:
    """A quarter of those who come are new: as many are logged out."""
    outcome = played(REPLICATED, EXPERIMENT)
    logged_out, new = int(outcome.tallies.sessions_ended[3]), _first_requests(outcome, "sign_up")
    come = new + _first_requests(outcome, "sign_in")
    assert abs(new - logged_out) <= 1  # one may be trying still when the run ends
    assert new / come == pytest.approx(0.25, abs=3 * math.sqrt(0.25 * 0.75 / come))
