"""What a plan would change while Virginia is down stays as it is: global control planes live there.

AWS whitepaper "AWS Fault Isolation Boundaries": Route 53, IAM, CloudFront and others answer everywhere, and
are changed in us-east-1. So a plan that edits a record in order to leave us-east-1 waits for us-east-1.
What needs no change goes on: health checks, and routing controls, which are switched at endpoints in five
regions.
"""

import pytest

from tests.small import played
from tests.traps.figures import first_s, kinds, moments_s, success

TOPOLOGY = """
    topology: a shop in Virginia, with a standby in Oregon
    regions: {us-east-1: {}, us-west-2: {role: standby}}
    services:
      shop: {regions: [us-east-1, us-west-2], operations: {order: [{compute: 10 ms}]}}
      page: {regions: [us-east-1, us-west-2], operations: {look: [{compute: 10 ms}]}}
    dns:
      shop.example: {service: shop, policy: failover, order: [us-east-1, us-west-2]}
      page.example: {service: page, policy: failover, order: [us-east-1, us-west-2], health_check: alive}
    health_checks: {alive: {protocol: https}}
    plans:
      leave:
        trigger: {unhealthy: alive, region: us-east-1}
        decision: {acknowledge: 2 min, takes: 3 min}
        steps: [{change: shop.example, order: [us-west-2, us-east-1], timeout: 3 h}]
    """

EXPERIMENT = """
    experiment: Virginia is dark for an hour
    topology: system.yaml
    duration: 80 min
    objective: {window: 10 s}
    users:
      people:
        {near: us-east-2, sessions: 20, think_time: 10 s, actions: {order: 1}, resolvers: {extend_ttl: 0 %}}
    faults: [{region: us-east-1, mode: black_hole, at: 5 min, for: 60 min}]
    """

SETTLED_S, BACK_S = 20 * 60, 65 * 60
"""Found in two minutes, decided in five, propagated in one, cached for two; what began before is over."""


def test_trap_the_record_is_changed_when_there_is_no_need_any_more() -> None:
    outcome = played(TOPOLOGY, EXPERIMENT)
    assert success(outcome, SETTLED_S, BACK_S) == 0
    assert min(moments_s(outcome, "change_requested")) < SETTLED_S
    assert first_s(outcome, "plan_done") > BACK_S


def test_trap_a_plan_that_is_given_up_says_what_it_lacked() -> None:
    outcome = played(TOPOLOGY.replace(", timeout: 3 h", ", timeout: 30 min"), EXPERIMENT)
    (stranded,) = [event for event in outcome.events if event.kind == "plan_step_stranded"]
    assert stranded.detail["why"] == "Route 53's control plane is down with us-east-1"
    assert "plan_stranded" in kinds(outcome)


def test_trap_roles_are_no_better() -> None:
    """A step that makes a role needs IAM, whose control plane is in Virginia as well."""
    step = "{custom: make a role, takes: 1 min, needs: {control_plane: iam}, timeout: 30 min}"
    outcome = played(with_steps(step), EXPERIMENT)
    (stranded,) = [event for event in outcome.events if event.kind == "plan_step_stranded"]
    assert stranded.detail["why"] == "IAM's control plane is down with us-east-1"


def with_steps(steps: str) -> str:
    return TOPOLOGY.replace("{change: shop.example, order: [us-west-2, us-east-1], timeout: 3 h}", steps)


def test_remedy_routing_controls_need_no_control_plane() -> None:
    outcome = played(with_steps("{routing_control: shop.example, on: [us-west-2]}"), EXPERIMENT)
    assert first_s(outcome, "plan_done") < 15 * 60
    assert success(outcome, SETTLED_S) == 1


def test_remedy_a_record_that_follows_its_health_check_needs_nobody() -> None:
    checked = TOPOLOGY.replace("us-west-2]}\n      page", "us-west-2], health_check: alive}\n      page")
    outcome = played(checked, EXPERIMENT)
    assert success(outcome, 10 * 60, BACK_S) == 1


@pytest.mark.parametrize("home", ["us-east-2", "eu-central-1"])
def test_remedy_where_virginia_is_well_the_plan_goes_through(home: str) -> None:
    outcome = played(TOPOLOGY.replace("us-east-1", home), EXPERIMENT.replace("us-east-1", home))
    assert first_s(outcome, "plan_done") < 15 * 60
    assert success(outcome, SETTLED_S, BACK_S) == 1
