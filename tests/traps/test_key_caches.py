"""Verifiers keep public keys for up to two hours, but one that has just started has none: valid tokens fail.

Amazon API Gateway developer guide, JWT authorizers: keys are cached for up to two hours, and fetching them
may take 1.5 s. Here a function checks the tokens itself. While the issuer is silent its load grows, up to
threefold, so new environments start, and what they get is refused; those from before still have the keys.
"""

import math

from simulator.boundary.outcomes import UNAUTHORIZED
from simulator.measure.histogram import bin_of
from simulator.outcome import Outcome
from tests.small import played

TOPOLOGY = """
    topology: a function that checks tokens, and an issuer elsewhere
    regions: {eu-central-1: {}, eu-west-1: {}}
    services:
      api:
        regions: [eu-central-1]
        gateway: {}
        compute: {lambda: {init: 200 ms}}
        verifies_tokens: compute
        operations: {view: [{compute: 500 ms}]}
    dns:
      api.example: {service: api, policy: simple}
    identity: {issuer: [eu-west-1], access_token: 36500 d}
    """

EXPERIMENT = """
    experiment: more load while the issuer is silent
    topology: system.yaml
    duration: 15 min
    users:
      people:
        near: eu-central-1
        sessions: 2000
        think_time: {mean: 100 s}
        actions: {view: 1}
        client: script
    faults:
      - {issuer: eu-west-1, mode: black_hole, at: 10 min, for: 2 min}
      - {surge: people, factor: 3, at: 630 s, until: 12 min}
    """

AT_GATEWAYS = TOPOLOGY.replace("verifies_tokens: compute", "verifies_tokens: gateway").replace(
    "access_token: 36500 d", "access_token: 36500 d, verifiers: 1000"
)
REPLICATED = TOPOLOGY.replace("issuer: [eu-west-1]", "issuer: [eu-west-1, eu-central-1]")
CALM = EXPERIMENT.replace("      - {surge: people, factor: 3, at: 630 s, until: 12 min}\n", "")


def _rejected(outcome: Outcome) -> int:
    return int(outcome.tallies.tokens_rejected.sum())


def test_trap_fresh_verifiers_reject_tokens_that_are_valid() -> None:
    """20 requests a second for half a second are 10 at work; the surge needs environments that are new."""
    outcome = played(TOPOLOGY, EXPERIMENT)
    t = outcome.tallies
    assert t.attempts[UNAUTHORIZED] == _rejected(outcome) > 100
    assert t.sessions_ended[3] > 0.9 * _rejected(
        outcome
    )  # logged out, as nobody issues a token; else it came late


def test_each_rejection_has_waited_for_the_fetch_limit() -> None:
    """1.5 s. A request that is served takes 0.5 s, and at most 0.4 s of start, lookup, gateway and way."""
    outcome = played(TOPOLOGY, EXPERIMENT)
    long = outcome.tallies.attempt_latency[bin_of(1_500_000_000) :]
    assert long.sum() == _rejected(outcome) == outcome.tallies.key_fetches_failed.sum()


def test_warm_verifiers_do_not_notice() -> None:
    """Without the surge ten minutes have seen the load's peak, and no environment is new."""
    assert _rejected(played(TOPOLOGY, CALM)) == 0


def test_remedy_verifiers_at_the_gateway_have_kept_the_keys() -> None:
    """Caches of two hours run out evenly, so at the end 120 s / 7,200 s of the verifiers are without keys.

    So is what ran out before, until the next request comes for the keys: 1,000 verifiers that 20 requests a
    second reach are 50 s behind. The worst moment bounds the share of the requests that are rejected.
    """
    worst = (120 + 50) / 7200
    bound = worst + 3 * math.sqrt(worst / 1000)
    outcome = played(AT_GATEWAYS, EXPERIMENT)
    during = outcome.tallies.window_succeeded[60:72].sum() + _rejected(outcome)
    assert 0 < _rejected(outcome) / during < bound
    assert _rejected(outcome) < _rejected(played(TOPOLOGY, EXPERIMENT)) / 2


def test_remedy_a_second_issuer_publishes_the_keys() -> None:
    assert _rejected(played(REPLICATED, EXPERIMENT)) == 0
