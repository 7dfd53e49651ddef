"""Rates of a web ACL are counted by region: after a failover everybody begins anew.

Each web ACL has its own counts (AWS WAF developer guide, *waf-rule-statement-type-rate-based*: rules of two
web ACLs are tracked apart), and those of REST APIs are regional. So who was blocked before the failover has a
fresh budget behind it, and an attacker who asks in every region has the limit as often. One web ACL before
CloudFront counts for all regions together.
"""

import math

import pytest

from simulator.boundary.outcomes import BLOCKED
from simulator.outcome import Outcome
from tests.small import played
from tests.traps.figures import region_number

LIMIT = 100
PER_SECOND = 20
MOVED_S = 300

TOPOLOGY = """
    topology: a shop with a standby
    regions: {{eu-central-1: {{}}, eu-west-1: {{role: standby}}}}
    services:
      shop:
        regions: [eu-central-1, eu-west-1]
        gateway: {{}}
        operations: {{search: [{{compute: 1 ms}}]}}
    dns:
      shop.example: {{service: shop, policy: {policy}, ttl: 5 s, health_check: shop}}
    health_checks:
      shop: {{interval: 10 s, failure_threshold: 1}}
    waf:
      front: {{protects: [shop], scope: {scope}, rules: {{flood: {{limit: 100, window: 1 min}}}}}}
    """

EXPERIMENT = """
    experiment: a flood from one address, and the region fails
    topology: system.yaml
    duration: 10 min
    users:
      people: {near: eu-central-1, sessions: 20, think_time: {mean: 10 s}, actions: {search: 1}}
    faults:
      - {at: 0 s, bots: {near: eu-central-1, rate: 20/s, actions: {search: 1}, addresses: 1}}
      - {at: 5 min, region: eu-central-1, mode: refused}
    """


def run(scope: str, policy: str = "failover") -> Outcome:
    return played(TOPOLOGY.format(scope=scope, policy=policy), EXPERIMENT)


def served_in(outcome: Outcome, region: str, from_s: float, to_s: float) -> int:
    """Requests that a region served in a part of the run."""
    windows = outcome.tallies.window_served[:, region_number(outcome, region)]
    first_s, width_s = outcome.plan.data.window_first_ns / 10**9, outcome.plan.data.window_ns / 10**9
    begins = [first_s + width_s * number for number in range(len(windows))]
    return int(sum(n for begin, n in zip(begins, windows, strict=True) if from_s <= begin < to_s))


LONGEST_S = 5 + 10 + 10
"""The limit is passed after 5 s, found at the next check within 10 s, and that takes effect 10 s later."""

PEOPLE_PER_SECOND = 2  # 20 people, each about every 10 s


def test_a_flood_is_blocked_late_and_people_of_other_addresses_are_not() -> None:
    outcome = run("regional")
    first = served_in(outcome, "eu-central-1", 0, 60)
    flood = first - 60 * PEOPLE_PER_SECOND
    assert LIMIT < flood < LONGEST_S * PER_SECOND + 4 * math.sqrt(LONGEST_S * PER_SECOND)
    assert served_in(outcome, "eu-central-1", 60, 300) == pytest.approx(240 * PEOPLE_PER_SECOND, rel=0.25)
    assert outcome.tallies.users_blocked.tolist() == [0, 0]
    assert outcome.tallies.attempts[BLOCKED] > 240 * PER_SECOND * 0.9


def fresh_budget(outcome: Outcome) -> float:
    """What the standby served of the flood in the minute in which traffic had come."""
    arrived_s = MOVED_S + 60
    return served_in(outcome, "eu-west-1", MOVED_S, arrived_s) - PEOPLE_PER_SECOND * 60


def test_after_a_failover_the_flood_has_a_fresh_budget() -> None:
    """The standby has never seen the address: it lets in the limit, and what comes until it acts."""
    assert fresh_budget(run("regional")) > LIMIT


def test_one_web_acl_before_cloudfront_goes_on_counting() -> None:
    """The counts of all regions are one: who was blocked stays so, where they are led to as well."""
    assert fresh_budget(run("cloudfront")) < LIMIT / 2


def passed(outcome: Outcome) -> int:
    """Requests of bots that succeeded."""
    return int(outcome.tallies.bot_actions[0])


def test_an_attacker_in_both_regions_has_the_limit_twice() -> None:
    """Where users are led to either region by turns, each web ACL sees half of the flood."""
    apart, together = run("regional", "multivalue"), run("cloudfront", "multivalue")
    assert passed(apart) > 1.5 * passed(together)
