"""A region that is cut off from the world still looks well to the checkers within it.

A health check asks from several regions, two checkers each, and its endpoint is healthy while more than 18
% of them say so (Amazon Route 53 developer guide, "How Amazon Route 53 determines whether a health check is
healthy"). With three regions, the isolated one among them, two checkers of six go on saying so: 33 %. With
six regions they are two of twelve, 17 %.
"""

from tests.small import played
from tests.traps.figures import kinds, success

TOPOLOGY = """
    topology: two regions, one stands by
    regions: {eu-west-1: {}, eu-central-1: {}}
    services: {api: {regions: [eu-west-1, eu-central-1], operations: {view: [{compute: 10 ms}]}}}
    dns:
      api.example: {service: api, policy: failover, order: [eu-west-1, eu-central-1], health_check: alive}
    health_checks:
      alive: {protocol: https, interval: 10 s, checker_regions: [eu-west-1, us-east-1, us-west-2]}
    """

EXPERIMENT = """
    experiment: a region is cut off
    topology: system.yaml
    duration: 40 min
    objective: {window: 10 s}
    users:
      people:
        {near: eu-south-1, sessions: 20, think_time: 10 s, actions: {view: 1}, resolvers: {extend_ttl: 0 %}}
    faults: [{link: {between: [eu-west-1, everywhere]}, mode: cut, at: 5 min}]
    """

SETTLED_S = 15 * 60


def test_trap_the_checkers_within_keep_a_region_in_the_answers_for_ever() -> None:
    outcome = played(TOPOLOGY, EXPERIMENT)
    assert "health_unhealthy" not in kinds(outcome)
    assert success(outcome, SETTLED_S) == 0


def test_trap_so_do_those_of_five_regions() -> None:
    """Two of ten are 20 %."""
    five = TOPOLOGY.replace("us-west-2", "us-west-2, us-west-1, ap-northeast-1")
    assert "health_unhealthy" not in kinds(played(five, EXPERIMENT))


def test_remedy_six_regions() -> None:
    six = TOPOLOGY.replace("us-west-2", "us-west-2, us-west-1, ap-northeast-1, sa-east-1")
    outcome = played(six, EXPERIMENT)
    assert "health_unhealthy" in kinds(outcome)
    assert success(outcome, SETTLED_S) == 1


def test_remedy_or_none_in_the_region_that_is_watched() -> None:
    elsewhere = TOPOLOGY.replace("[eu-west-1, us-east-1, us-west-2]", "[sa-east-1, us-east-1, us-west-2]")
    outcome = played(elsewhere, EXPERIMENT)
    assert success(outcome, SETTLED_S) == 1
