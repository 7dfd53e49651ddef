"""An alias before a load balancer turns away from a broken deployment; with nobody left it fails open.

Application Load Balancers guide, *target-group-health-checks* and *load-balancer-troubleshooting*; Amazon
Route 53 developer guide, *resource-record-sets-values-alias-common*.
"""

import pytest

from simulator.boundary.outcomes import OUTCOMES
from simulator.outcome import Outcome
from tests.small import played
from tests.traps.figures import kinds, latency_s, success

TOPOLOGY = """
    topology: two regions behind load balancers
    regions: {{eu-central-1: {{}}, eu-west-1: {{}}}}
    services:
      api:
        regions: [eu-central-1, eu-west-1]
        compute: {compute}
        operations: {{view: [{{compute: 10 ms}}]}}
    dns:
      api.example: {{service: api, policy: failover, evaluate_target_health: true}}
    """

EXPERIMENT = """
    experiment: a deployment breaks the application
    topology: system.yaml
    duration: {minutes} min
    objective: {{window: 10 s}}
    users:
      people:
        near: eu-central-1
        arrivals: 2/s
        session_length: 1 ms
        think_time: 1 h
        actions: {{view: 1}}
        client: {{profile: script, attempts: 1, timeout: 30 s}}
        resolvers: {{extend_ttl: 0 %}}
    faults: [{faults}]
    """

COMPUTE = ("{nodes: {per_zone: 1}}", "unlimited")


def run(compute: str, faults: str, minutes: int = 10) -> Outcome:
    return played(TOPOLOGY.format(compute=compute), EXPERIMENT.format(faults=faults, minutes=minutes))


@pytest.mark.parametrize("compute", COMPUTE)
@pytest.mark.parametrize("mode", ["error", "refused", "black_hole"])
def test_users_follow_the_alias_away_from_a_broken_deployment(compute: str, mode: str) -> None:
    """Out after at most 30 s + 30 s + 5 s, answered after 5 s more, cached for 60 s: over by 300 + 130 s."""
    outcome = run(compute, f"{{service: api, region: eu-central-1, mode: {mode}, at: 5 min}}")
    assert {"target_unhealthy", "health_unhealthy", "answer_changed"} <= kinds(outcome)
    assert success(outcome, 310, 330) == 0  # a target is in service, or all are
    assert success(outcome, 440) == 1


@pytest.mark.parametrize("compute", COMPUTE)
def test_a_target_returns_after_five_successes(compute: str) -> None:
    """Five checks 30 s apart after the repair at 400 s: the first within 30 s, the fifth 120 s later."""
    fault = "{service: api, region: eu-central-1, mode: error, at: 200 s, until: 400 s}"
    back = [event.at_ns / 1e9 for event in run(compute, fault).events if event.kind == "target_healthy"]
    assert len(back) == (3 if compute == COMPUTE[0] else 1)
    assert all(520 <= at <= 550 for at in back)


@pytest.mark.parametrize("compute", COMPUTE)
@pytest.mark.parametrize(
    ("mode", "outcome", "takes_s"),
    [("error", "error", 0), ("refused", "error", 0), ("black_hole", "gateway_timeout", 10)],
)
def test_with_no_target_healthy_anywhere_the_client_sees_what_the_primary_s_targets_do(
    compute: str, mode: str, outcome: str, takes_s: int
) -> None:
    """The application's 5xx; 502 for a refusal; 504 after 10 s of silence. Nobody gets a 503."""
    played_out = run(compute, f"{{service: api, mode: {mode}, at: 0 s}}", minutes=5)
    tallies = played_out.tallies
    assert tallies.attempts.sum() > 400
    assert {OUTCOMES[number] for number in tallies.attempts.nonzero()[0]} == {outcome}
    assert tallies.attempts_by_region[1].sum() < tallies.attempts_by_region[0].sum()
    assert (tallies.unreachable.sum() > 0) == (mode != "error")
    assert takes_s <= latency_s(played_out, 0.01) <= takes_s + 1


def test_a_gateway_before_the_load_balancer_hides_it_from_the_alias() -> None:
    topology = TOPOLOGY.format(compute=COMPUTE[0]).replace("operations:", "gateway: {}\n        operations:")
    fault = "{service: api, region: eu-central-1, mode: refused, at: 5 min}"
    outcome = played(topology, EXPERIMENT.format(faults=fault, minutes=10))
    assert "target_unhealthy" in kinds(outcome)
    assert "answer_changed" not in kinds(outcome)
    assert success(outcome, 590) == 0
