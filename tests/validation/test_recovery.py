"""What a verdict must withstand: luck, silence, the second of a fault, and the tail of resolvers.

Each right value follows from the files by hand. A few seeds in the quick tests, more in the other tiers.
"""

from functools import cache

import pytest

import simulator
from simulator.result.recovery import Rung
from tests import tiers
from tests.examples.places import ROOT
from tests.small import read

seeds = tiers.seeds(3)


@cache
def ran(system: str, run: str, seed: int) -> simulator.Result:
    """A run of two texts."""
    return simulator.run(read(system, run), seed=seed)


def verdicts(result: simulator.Result) -> dict[str, str]:
    """The verdict of each measure that the run asks for."""
    return {one.measure: one.verdict for one in result.expectations}


# too few actions to be told by luck

ONE_REGION = """
    topology: one region
    regions: {eu-west-1: {}}
    services: {web: {regions: [eu-west-1], operations: {view: [{compute: 10 ms}]}}}
    dns: {web.example: {service: web, policy: simple}}
    """

THIN = """
    topology: system.yaml
    duration: 60 min
    users:
      visitors:
        near: eu-west-1
        arrivals: 3/s
        session_length: 1 ms
        think_time: 1 h
        actions: {view: 1}
        client: {profile: script, attempts: 1}
    """

FAILS_FOR_EVER = (
    "    experiment: one request in fifty fails, and one in a hundred may"
    + THIN
    + """
    faults: [{at: 5 min, service: web, region: eu-west-1, mode: error, share: 2 %}]
    expect: [{recovery_time: {at_most: 24 h}}]
    """
)

FAILS_LESS_THAN_IT_MAY = (
    "    experiment: one request in fifty fails, and one in twenty may"
    + THIN
    + """
    objective: {success: 95 %}
    faults: [{at: 5 min, for: 5 min, service: web, region: eu-west-1, mode: error, share: 2 %}]
    expect: [{recovery_time: {at_most: 4 min}}, {isolation: true}]
    """
)


@seeds
def test_a_service_that_fails_twice_as_often_as_it_may_is_never_said_to_have_recovered(seed: int) -> None:
    """A window has some thirty actions: in every second one nothing fails, which says nothing."""
    result = ran(ONE_REGION, FAILS_FOR_EVER, seed)
    assert verdicts(result) == {"recovery_time": "not_shown"}
    assert result.exit_code == 4
    recovery = result.recovery
    assert not recovery.shown
    assert recovery.recovery_time_s is not None
    assert recovery.recovery_time_s > 30 * 60  # of 55 min
    assert next(rung for rung in recovery.ladder if rung.share == 0.95) == Rung(0.95, 0.0, True)


LOST_FOR_GOOD = """
    experiment: Milan never returns, and few are there to notice
    topology: system.yaml
    duration: 3 h
    users:
      italy:
        near: eu-south-1
        sessions: 100
        session_length: {median: 12 min, p99: 60 min}
        think_time: {median: 8 s, p99: 60 s}
        actions: {complete_activity: 3, view_leaderboard: 4, view_profile: 3, view_badge_image: 2}
    faults: [{at: 10 min, region: eu-south-1, mode: lost}]
    expect: [{recovery_time: {at_most: 24 h}}]
    """


@seeds
def test_users_whom_resolvers_send_to_a_region_that_is_gone_have_not_recovered(seed: int) -> None:
    """Some two in a hundred keep its address for a day or more; whoever arrives waits 10 s for its issuer."""
    aworld = (ROOT / "topologies" / "aworld.yaml").read_text(encoding="utf-8")
    result = ran(aworld, LOST_FOR_GOOD, seed)
    assert verdicts(result) == {"recovery_time": "not_shown"}
    assert result.recovery.recovery_time_s is not None
    assert result.recovery.recovery_time_s > 2 * 3600


@seeds
def test_a_design_that_bears_the_fault_meets_its_bound_with_0_s(seed: int) -> None:
    result = ran(ONE_REGION, FAILS_LESS_THAN_IT_MAY, seed)
    assert verdicts(result) == {"recovery_time": "met", "isolation": "met"}
    assert result.recovery.recovery_time_s == 0
    (fault,) = result.recovery.faults
    assert fault.requests == pytest.approx(900, rel=0.15)  # it was exercised: 3/s for 5 min


# nobody is served, and nothing ends

SHOP = """
    topology: A shop in two regions
    regions: {eu-west-1: {}, eu-central-1: {}}
    tables:
      orders: {replicas: [eu-west-1, eu-central-1], items: 20_000}
    services:
      shop:
        regions: [eu-west-1, eu-central-1]
        operations:
          browse: [{compute: {median: 8 ms, p99: 40 ms}}, {read: orders}]
          order: [{compute: {median: 20 ms, p99: 90 ms}}, {read: orders}, {write: orders, key: user}]
    dns:
      shop.example:
        {service: shop, policy: failover, order: [eu-west-1, eu-central-1], ttl: 60 s, health_check: shop}
    health_checks:
      shop: {protocol: https, interval: 10 s, failure_threshold: 3}
    """

SHORT_SILENCE = """
    experiment: for twenty seconds twenty users wait, and no action ends
    topology: system.yaml
    duration: 30 min
    users:
      ireland:
        near: eu-west-1
        sessions: 20
        think_time: {median: 5 s, p99: 30 s}
        actions: {browse: 8, order: 2}
        resolvers: {extend_ttl: 0 %}
    faults: [{at: 5 min, for: 20 s, region: eu-west-1, mode: black_hole}]
    expect: [{isolation: true}, {success: {at_least: 99.9 %}}]
    """

PATIENT = """
    topology: system.yaml
    duration: 30 min
    users:
      patient:
        near: eu-west-1
        sessions: 20
        think_time: 10 s
        actions: {view: 1}
        client: {profile: script, attempts: 64, backoff: {base: PAUSE, cap: PAUSE, jitter: none}, quota: none}
      IMPATIENT
    faults: [{at: 5 min, for: 5 min, region: eu-west-1, mode: refused}]
    expect: [{recovery_time: {at_most: 24 h}}, {isolation: true}, {success: {at_least: 99.9 %}}]
    """

IMPATIENT = (
    "impatient: {near: eu-west-1, sessions: 1, think_time: 10 s, actions: {view: 1}, "
    "client: {profile: script, attempts: 1}}"
)


def patient(pause: str, impatient: bool) -> str:
    """Clients that try on through the whole fault, and perhaps one that gives up at once."""
    users = PATIENT.replace("PAUSE", pause).replace("IMPATIENT", IMPATIENT if impatient else "")
    return "    experiment: clients that wait for the whole outage" + users


@seeds
def test_a_service_at_which_everybody_waits_is_not_ok(seed: int) -> None:
    result = ran(SHOP, SHORT_SILENCE, seed)
    assert verdicts(result) == {"isolation": "missed", "success": "missed"}
    assert result.recovery.recovery_time_s in (20, 30)


@seeds
@pytest.mark.parametrize(("pause", "impatient"), [("6 s", False), ("3 s", False), ("6 s", True)])
def test_an_answer_after_minutes_does_not_make_the_outage_undone(
    pause: str, impatient: bool, seed: int
) -> None:
    result = ran(ONE_REGION, patient(pause, impatient), seed)
    assert verdicts(result) == {"recovery_time": "met", "isolation": "missed", "success": "missed"}
    assert result.recovery.recovery_time_s in (300, 310)
    assert result.recovery.shown


# the second at which a fault begins

FAILOVER = """
    topology: two regions
    regions: {eu-west-1: {}, eu-central-1: {}}
    services: {web: {regions: [eu-west-1, eu-central-1], operations: {view: [{compute: 10 ms}]}}}
    dns:
      web.example:
        {service: web, policy: failover, order: [eu-west-1, eu-central-1], ttl: 60 s, health_check: web}
    health_checks: {web: {protocol: http, interval: INTERVAL, failure_threshold: THRESHOLD}}
    """

QUICK_CHECK = FAILOVER.replace("INTERVAL", "30 s").replace("THRESHOLD", "1")
USUAL_CHECK = FAILOVER.replace("INTERVAL", "10 s").replace("THRESHOLD", "3")

AT_ANY_SECOND = """
    experiment: a region refuses from some second on
    topology: system.yaml
    duration: 8 min
    users:
      visitors:
        near: eu-west-1
        arrivals: 100/s
        session_length: 1 ms
        think_time: 1 h
        actions: {view: 1}
        client: {profile: script, attempts: 1}
        resolvers: {extend_ttl: 0 %}
    faults: [{at: START s, region: eu-west-1, mode: refused}]
    objective: {window: 5 s}
    """

STARTS = [300, 310, 320, 330, 340, 350, 17, 61, 299, 303, 317, 338]


@seeds
@pytest.mark.parametrize("start", tiers.tiered(STARTS, 6, len(STARTS)))
def test_the_second_at_which_a_fault_begins_does_not_matter(start: int, seed: int) -> None:
    """Some 20 s to 30 s until Route 53 answers otherwise, then all of the TTL until the last resolver asks.

    Ages of answers are spread evenly over the TTL, so half of the attempts have moved after half of it.
    Windows have 5 s, and the largest of the hundred resolvers has 5 % of the users, 3 s of the TTL.
    """
    result = ran(QUICK_CHECK, AT_ANY_SECOND.replace("START", str(start)), seed)
    changed_s = next(event.at_s for event in result.events if event.kind == "answer_changed")
    took_s = result.recovery.recovery_time_s
    assert took_s is not None
    assert 75 <= took_s <= 95
    assert 50 < start + took_s - changed_s <= 65
    cut_over = result.dns.cut_over
    assert cut_over is not None
    assert cut_over.below_50_percent_s == pytest.approx(30, abs=8)
    assert cut_over.below_10_percent_s == pytest.approx(54, abs=8)


# the tail of resolvers

TWO_HOURS = """
    experiment: an outage of two hours, with the resolvers that there are
    topology: system.yaml
    duration: 160 min
    users:
      people:
        near: eu-west-1
        sessions: 200
        session_length: {median: 12 min, p99: 60 min}
        think_time: {median: 8 s, p99: 60 s}
        actions: {view: 1}
    faults: [{at: 10 min, for: 2 h, region: eu-west-1, mode: refused}]
    expect:
      - {recovery_time: {of: 90 %, at_most: 5 min}}
      - {recovery_time: {at_most: 5 min}}
    """


@seeds
def test_a_ladder_tells_the_design_from_the_resolvers_that_ignore_it(seed: int) -> None:
    """Nine users in ten are back when the TTL has run out; a few wait for the repair, whatever the design."""
    result = ran(USUAL_CHECK, TWO_HOURS, seed)
    assert [one.verdict for one in result.expectations] == ["met", "missed"]
    took_s = {rung.share: rung.recovery_time_s for rung in result.recovery.ladder}
    assert 60 <= took_s[0.5] <= took_s[0.9] <= 300
    assert 3600 < took_s[0.99] <= 7260  # it takes some windows to have as many actions as tell 99 % from 98 %
    assert took_s[0.999] >= took_s[0.99]
