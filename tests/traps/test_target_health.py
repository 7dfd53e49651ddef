"""An alias that evaluates its target's health never notices a broken application behind a gateway.

Amazon Route 53 developer guide, "Values specific for alias records", Evaluate target health: for an API
Gateway it asks whether the service API Gateway is there in the region.
"""

from tests.small import played
from tests.traps.figures import kinds, success

TOPOLOGY = """
    topology: two regions behind gateways
    regions: {eu-central-1: {}, eu-west-1: {}}
    services:
      api:
        regions: [eu-central-1, eu-west-1]
        gateway: {}
        operations: {view: [{compute: 10 ms}]}
    dns:
      api.example: {service: api, policy: failover, evaluate_target_health: true}
    health_checks:
      deep: {protocol: https}
    """

EXPERIMENT = """
    experiment: the application of one region answers with errors
    topology: system.yaml
    duration: 15 min
    objective: {window: 10 s}
    users:
      people:
        near: eu-central-1
        sessions: 100
        think_time: 5 s
        actions: {view: 1}
        client: {keep_alive: 0 s} # a connection that only ever gets errors would be kept, too
        resolvers: {extend_ttl: 0 %}
    faults:
      - {service: api, region: eu-central-1, mode: error, at: 5 min}
    """


def test_trap_the_broken_application_stays_in_the_answer() -> None:
    outcome = played(TOPOLOGY, EXPERIMENT)
    assert kinds(outcome) == {"fault_on"}
    assert success(outcome, 310) == 0


def test_remedy_a_health_check_of_the_application() -> None:
    checked = TOPOLOGY.replace("evaluate_target_health: true", "health_check: deep")
    outcome = played(checked, EXPERIMENT)
    assert {"health_unhealthy", "answer_changed"} <= kinds(outcome)
    # found in 90 s, propagated in 5 s, cached for at most 60 s in resolver and browser each: over by 10 min
    assert success(outcome, 600) == 1
