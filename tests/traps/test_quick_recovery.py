"""A health check finds recovery sooner than failure, and a region that is half well takes its users back.

The same number of results in a row is needed in both directions, but for *healthy* more than 18 % of the
checkers will do, and for *unhealthy* it takes 82 % (Amazon Route 53 developer guide, "How Amazon Route 53
determines whether a health check is healthy"): by 30 s and 3 the third of 16 checkers, after 65 s, and the
14th, after 85 s. So a region that comes up for three minutes and breaks for three is given its users back
each time.
"""

from tests.small import played
from tests.traps.figures import moments_s, success

TOPOLOGY = """
    topology: two regions, one stands by
    regions: {eu-central-1: {}, eu-west-1: {}}
    services: {api: {regions: [eu-central-1, eu-west-1], operations: {view: [{compute: 10 ms}]}}}
    dns:
      api.example:
        {service: api, policy: failover, order: [eu-central-1, eu-west-1], ttl: 10 s, health_check: alive}
    health_checks: {alive: {protocol: https, interval: 30 s, failure_threshold: 3}}
    """

EXPERIMENT = """
    experiment: a region is half well
    topology: system.yaml
    duration: 64 min
    objective: {window: 10 s}
    users:
      people:
        near: eu-central-1
        sessions: 50
        think_time: 5 s
        actions: {view: 1}
        client: {profile: browser, keep_alive: 0 s}
        resolvers: {extend_ttl: 0 %}
    faults:
      - {region: eu-central-1, mode: refused, at: 10 min, for: 54 min, flapping: {period: 6 min, duty: 50 %}}
    """

ROUNDS = 9
FIRST_FAILOVER_S = 15 * 60


def held_back(how: str) -> str:
    return TOPOLOGY.replace("ttl: 10 s", f"ttl: 10 s, failback: {how}")


def test_trap_users_are_led_back_to_a_region_that_breaks_again() -> None:
    outcome = played(TOPOLOGY, EXPERIMENT)
    lost, back = moments_s(outcome, "health_unhealthy"), moments_s(outcome, "health_healthy")
    assert len(lost) == len(back) == ROUNDS
    broke = [600 + 360 * number for number in range(ROUNDS)]
    took_to_fail = [at - since for at, since in zip(lost, broke, strict=True)]
    took_to_recover = [at - since - 180 for at, since in zip(back, broke, strict=True)]
    assert max(took_to_recover) < min(took_to_fail)
    assert 60 < min(took_to_recover) < 70
    assert 75 < min(took_to_fail) < 95
    assert success(outcome, FIRST_FAILOVER_S) < 0.85  # of each 6 min one and a half are bad


def test_remedy_to_hold_a_region_back_until_it_has_been_well_for_a_while() -> None:
    outcome = played(held_back("{hold_down: 10 min}"), EXPERIMENT)
    assert success(outcome, FIRST_FAILOVER_S, 60 * 60) == 1


def test_remedy_or_until_somebody_says_so() -> None:
    outcome = played(held_back("manual"), EXPERIMENT)
    assert success(outcome, FIRST_FAILOVER_S) == 1


def test_trap_a_short_hold_down_holds_nothing() -> None:
    """Healthy for about 85 + 180 - 65 s of each round: longer than a minute."""
    outcome = played(held_back("{hold_down: 1 min}"), EXPERIMENT)
    assert success(outcome, FIRST_FAILOVER_S, 60 * 60) < 0.9
