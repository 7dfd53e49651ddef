"""A throttled function is no 429 to the client of a REST API, so what retries on 429 alone does not retry.

AWS re:Post, "API Gateway proxy integration does not forward Lambda throttling"; Application Load Balancers
guide, *load-balancer-troubleshooting* (502); what an HTTP API answers is a parameter.
"""

import pytest

from simulator.boundary.outcomes import OUTCOMES
from simulator.outcome import Outcome
from tests.small import played

TOPOLOGY = """
    topology: a function without free concurrency
    regions: {{eu-west-1: {{}}}}
    services:
      api:
        regions: [eu-west-1]
        compute: {{lambda: {{reserved: 1, init: 0 ms, provisioned: 1}}}}
        operations: {{view: [{{compute: 30 s}}]}}
        {front}
    dns: {{api.example: {{service: api, policy: simple}}}}
    """

EXPERIMENT = """
    experiment: the first request holds the only environment
    topology: system.yaml
    duration: 25 s
    users:
      all: {near: eu-west-1, arrivals: 10/s, session_length: 1 ms, think_time: 1 h, actions: {view: 1},
            client: {profile: script, attempts: 1, timeout: 60 s}}
    """


def run(front: str) -> Outcome:
    return played(TOPOLOGY.format(front=front), EXPERIMENT)


@pytest.mark.parametrize(
    ("front", "outcome"),
    [
        ("gateway: {overhead: 0 ms}", "error"),  # REST: 500
        ("gateway: {kind: http, overhead: 0 ms}", "overloaded"),  # 503, assumed
        ("gateway: {kind: http, throttled_status: 429}", "throttled"),
        ("gateway: {throttled_status: 502}", "error"),
        ("", "error"),  # a load balancer: 502
    ],
)
def test_what_the_client_of_a_throttled_function_gets(front: str, outcome: str) -> None:
    """One request at work; all others are throttles, in neither started requests nor successes."""
    t = run(front).tallies
    answered = int(t.attempts.sum())
    assert answered > 100
    assert {OUTCOMES[number] for number in t.attempts.nonzero()[0]} == {outcome}
    assert (int(t.started.sum()), int(t.cold_starts.sum())) == (1, 0)
    assert answered <= int(t.lambda_throttled.sum()) <= answered + 5  # answers on their way
    assert int(t.window_rejected.sum()) == answered


@pytest.mark.parametrize(("kind", "limit_s"), [("rest", 29), ("http", 30)])
def test_a_gateway_waits_as_long_as_its_kind_may(kind: str, limit_s: int) -> None:
    plan = run(f"gateway: {{kind: {kind}}}").plan
    assert plan.data.service_timeout_ns[0] == limit_s * 10**9


def test_the_gateway_s_own_limit_is_a_429() -> None:
    t = run("gateway: {overhead: 0 ms, limit: {rate: 1/s, burst: 1}}").tallies
    found = {OUTCOMES[number]: int(t.attempts[number]) for number in t.attempts.nonzero()[0]}
    assert found["throttled"] == t.gateway_throttled.sum()
    assert found["throttled"] > 3 * found["error"]
