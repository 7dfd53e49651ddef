"""A grey failure: users of one operation fail, and what should detect it sees nothing.

Huang and others, *Gray Failure: The Achilles' Heel of Cloud-Scale Systems*, HotOS 2017: those who use a
system and those who watch it see different things. A check that asks for a page which works stays green.
"""

import pytest

from simulator.boundary.causes import CAUSES
from simulator.outcome import Outcome
from simulator.pipeline import run as run_and_measure
from tests.small import played, read
from tests.traps.figures import kinds, success

TOPOLOGY = """
    topology: two regions, one shop
    regions: {{eu-central-1: {{}}, eu-west-1: {{}}}}
    tables: {{orders: {{replicas: [eu-central-1, eu-west-1], capacity: unlimited}}}}
    services:
      shop:
        regions: [eu-central-1, eu-west-1]
        {compute}
        calls: {{profile: script, attempts: 1}}
        operations: {{view: [{{compute: 1 ms}}], checkout: [{{compute: 1 ms}}, {{write: orders}}]}}
    dns: {{shop.example: {{service: shop, policy: failover, {health}}}}}
    {checks}
    """

EXPERIMENT = """
    experiment: checkout fails
    topology: system.yaml
    duration: {minutes} min
    users:
      mobile: {{{people}, actions: {{view: 1, checkout: 1}}}}
      desk: {{{people}, actions: {{view: 1, checkout: 1}}}}
    faults: [{faults}]
    """

PEOPLE = (
    "near: eu-central-1, arrivals: 1/s, session_length: 1 ms, think_time: 1 h, "
    "client: {profile: script, attempts: 1}, resolvers: {extend_ttl: 0 %}"
)
CHECKOUT = "{service: shop, region: eu-central-1, at: 3 min, mode: error, operations: [checkout]}"


def system(check: str, by_balancer: bool = False) -> str:
    check = f"interval: 10 s, {check}"
    compute = f"compute: {{nodes: {{per_zone: 1, check: {{{check}}}}}}}" if by_balancer else ""
    checks = "" if by_balancer else f"health_checks: {{c: {{protocol: https, {check}}}}}"
    health = "evaluate_target_health: true" if by_balancer else "health_check: c"
    return TOPOLOGY.format(compute=compute, health=health, checks=checks)


def run(check: str, faults: str = CHECKOUT, by_balancer: bool = False) -> Outcome:
    return played(system(check, by_balancer), EXPERIMENT.format(people=PEOPLE, faults=faults, minutes=10))


def of_slice(outcome: Outcome, operation: str, population: str) -> tuple[int, int]:
    """How many actions of a population and operation began in the run, and how many of them were bad."""
    data, t = outcome.plan.data, outcome.tallies
    who, what = outcome.plan.populations.index(population), outcome.plan.operations.index(operation)
    first = int(data.pop_mix_first[who])
    (row,) = (
        row for row in range(first, first + int(data.pop_mix_count[who])) if data.mix_operation[row] == what
    )
    return int(t.begun_by_mix[row]), int(t.bad_by_mix[row])


@pytest.mark.parametrize("by_balancer", [False, True])
@pytest.mark.parametrize("check", ["depth: shallow", "depth: deep", "depth: deep, operation: view"])
def test_trap_the_check_is_green_while_users_of_checkout_fail(check: str, by_balancer: bool) -> None:
    """Neither the process nor its table is broken, so that a deep check sees no more than a shallow one."""
    outcome = run(check, by_balancer=by_balancer)
    assert kinds(outcome) == {"fault_on"}
    assert 0.4 < success(outcome, 180) < 0.6  # half of the actions are checkouts
    for population in ("mobile", "desk"):
        begun, bad = of_slice(outcome, "shop.checkout", population)
        assert 0.6 < bad / begun < 0.8  # those of the last 420 s of 600 s
        assert of_slice(outcome, "shop.view", population)[1] == 0
    assert outcome.tallies.fault_met.tolist() == [outcome.tallies.actions[1:].sum()]
    assert CAUSES[int(outcome.tallies.window_held_from.sum(axis=0).argmax())] == "errors"


@pytest.mark.parametrize("by_balancer", [False, True])
@pytest.mark.parametrize("mode", ["error", "black_hole", "slow, add: 20 s"])
def test_a_check_on_that_path_fails_over(mode: str, by_balancer: bool) -> None:
    """Out within 60 s, answered 5 s later, cached for 60 s: over by 180 + 130 s."""
    outcome = run("operation: checkout", CHECKOUT.replace("mode: error", f"mode: {mode}"), by_balancer)
    assert "answer_changed" in kinds(outcome)
    assert success(outcome, 330) == 1


def test_no_check_is_one_of_the_users_whom_a_fault_touches() -> None:
    """So not even a check of that operation's page sees it."""
    outcome = run("operation: checkout", CHECKOUT.replace("operations", "populations: mobile, operations"))
    assert kinds(outcome) == {"fault_on"}
    assert of_slice(outcome, "shop.checkout", "mobile")[1] > 100
    assert of_slice(outcome, "shop.checkout", "desk")[1] == 0


def test_a_deep_check_of_an_operation_needs_the_stores_of_that_operation_alone() -> None:
    """The table that only checkout calls is broken: who watches views goes on as if nothing had happened."""
    broken = "{table: orders, region: eu-central-1, at: 3 min, mode: error}"
    assert "answer_changed" in kinds(run("depth: deep", broken))
    assert "answer_changed" in kinds(run("depth: deep, operation: shop.checkout", broken))
    assert "health_unhealthy" not in kinds(run("depth: deep, operation: view", broken))


def test_a_silent_operation_does_not_move_clients_to_the_next_address() -> None:
    """They have connected; only what does not connect sends a browser on."""
    silent = CHECKOUT.replace("mode: error", "mode: black_hole").replace("script", "browser")
    several = system("depth: shallow").replace("policy: failover", "policy: multivalue")
    people = PEOPLE.replace("profile: script", "profile: browser")
    outcome = played(several, EXPERIMENT.format(people=people, faults=silent, minutes=6))
    assert outcome.tallies.next_addresses == 0
    assert of_slice(outcome, "shop.checkout", "desk")[1] > 20
    assert of_slice(outcome, "shop.view", "desk")[1] == 0


def test_the_ladder_says_who_sits_on_the_plateau() -> None:
    """The region's outage is over for all once they have failed over; checkouts of mobile fail everywhere.

    They are a quarter of the actions: half are served again within 180 s, 90 % with the repair after 15 min.
    """
    dark = "{region: eu-central-1, at: 3 min, mode: black_hole}"
    grey = "{service: shop, at: 3 min, for: 15 min, mode: error, operations: checkout, populations: mobile}"
    many = PEOPLE.replace("1/s", "5/s")  # 100 actions a window: 10 bad of 25 expected is 3.5 sigma away
    both = EXPERIMENT.format(people=many, faults=f"{dark}, {grey}", minutes=24)
    recovery = run_and_measure(read(system("depth: shallow"), both)).recovery
    ladder = {rung.share: rung.recovery_time_s for rung in recovery.ladder}
    assert ladder[0.5] <= 180
    assert ladder[0.9] == pytest.approx(900, abs=10)  # windows of 10 s
    assert recovery.plateau is not None
    assert recovery.plateau.share == pytest.approx(0.25, abs=0.05)
    assert next(iter(recovery.plateau.held_by)) == "errors"  # and a few kept answers
    assert [*recovery.plateau.populations] == ["mobile", "desk"]
    assert recovery.plateau.populations["mobile"].share == pytest.approx(0.5, abs=0.06)
    assert recovery.plateau.populations["desk"].share < 0.01
    assert recovery.phases[-1].phase == "errors"
    assert recovery.phases[-1].ended_by == "repair"
