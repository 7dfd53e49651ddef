"""A slow service takes those down that call it: their workers wait (Nygard, *Release It!*).

By Little's law, 20 orders a second that each hold a worker for 5 s need 100 workers. There are 30, so the 6
that come free a second are all that the caller still does, and what does not need the slow service waits with
the rest. A timeout of 500 ms holds 20 · 0.5 s = 10 of them, and the other half of the users notices nothing.
"""

import pytest

from simulator.boundary.causes import CALLED_SERVICES
from simulator.boundary.outcomes import SUCCEEDED, TIMEOUT_CALL
from simulator.measure import calls, recovery
from simulator.outcome import Outcome
from simulator.report.words import held_words, phase_word
from simulator.result.recovery import Objective
from tests.small import played

TOPOLOGY = """
    topology: a shop, and the service that it asks for payments
    regions: {{eu-west-1: {{zones: 3}}}}
    services:
      shop:
        regions: [eu-west-1]
        compute: {{nodes: {{per_zone: 1, workers: 10, queue: 20}}}}
        calls: {{profile: script, attempts: 1, timeout: {timeout}{breaker}}}
        operations:
          view: [{{compute: 5 ms}}]
          order: [{{compute: 5 ms}}, {{call: charge}}]
      payments:
        regions: [eu-west-1]
        operations: {{charge: [{{compute: 50 ms}}]}}
    dns: {{shop.example: {{service: shop, policy: simple}}}}
    """

EXPERIMENT = """
    experiment: payments become slow
    topology: system.yaml
    duration: 240 s
    objective: {within: 2 s, window: 10 s}
    users:
      viewers: {near: eu-west-1, arrivals: 20/s, session_length: 1 ms, think_time: 1 h, actions: {view: 1},
                client: {profile: script, attempts: 1, timeout: 10 s}}
      buyers: {near: eu-west-1, arrivals: 20/s, session_length: 1 ms, think_time: 1 h, actions: {order: 1},
               client: {profile: script, attempts: 1, timeout: 10 s}}
    faults: [{at: 60 s, for: 120 s, service: payments, mode: slow, add: 5 s}]
    """

BREAKER = ", circuit_breaker: {threshold: 50 %, window: 20, least: 20, open: 30 s, probes: 3}"
OBJECTIVE = Objective(success=0.99, within_s=2.0, window_s=10.0, hold_s=30.0)
VIEWERS, BUYERS = 0, 1
SLOW = slice(9, 18)  # windows of 10 s: from half a minute into the fault to its end


def run(timeout: str, breaker: str = "") -> Outcome:
    return played(TOPOLOGY.format(timeout=timeout, breaker=breaker), EXPERIMENT)


def bad(outcome: Outcome, population: int) -> float:
    """Share of a population's actions, begun while payments were slow, that were not good."""
    t = outcome.tallies
    begun = int(t.population_begun[SLOW, population].sum())
    assert begun > 1500
    return int(t.population_bad[SLOW, population].sum()) / begun


def test_all_workers_wait_for_the_slow_service_and_those_who_do_not_need_it_wait_with_them() -> None:
    outcome = run("60 s")
    assert outcome.tallies.peak_in_use[0, 0] == 30
    # The calls that hold the workers began together and end together: who comes in such a gap is served.
    assert bad(outcome, VIEWERS) > 0.95
    assert bad(outcome, BUYERS) == 1.0
    # half of the work is orders: of the 12 requests that begin a second, 6 hold a worker for 5 s
    begun = outcome.tallies.started[0, 0] - 2 * 20 * 120  # but for the two minutes in which all is well
    # 30 fill the workers at first, and 60 wait at the end; three deviations of some 6,200 arrivals are 240
    assert 12 * 120 - 240 <= begun <= 12 * 120 + 30 + 60 + 240


def test_a_short_timeout_keeps_enough_workers_free() -> None:
    outcome = run("500 ms")
    assert outcome.tallies.peak_in_use[0, 0] < 30
    assert bad(outcome, VIEWERS) == 0.0
    assert bad(outcome, BUYERS) == 1.0
    in_use = 20 * (0.5 + 0.005) + 20 * 0.005  # Little's law, while payments are slow
    held_s = outcome.tallies.busy_time[0, 0] @ [1, 1e-9]
    well_s = 120 * (20 * (0.056 + 0.001) + 20 * 0.005)
    assert held_s - well_s == pytest.approx(120 * in_use, rel=0.05)


def test_a_breaker_frees_them_altogether() -> None:
    """Each node's opens once half of its last 20 calls have failed, and probes every half minute.

    Three times 10 failures; those that are under way then, a third of 20/s for half a second on each; and in
    four half minutes up to three probes of each node: 30 to 76.
    """
    outcome = run("500 ms", BREAKER)
    t = outcome.tallies
    assert bad(outcome, VIEWERS) == 0.0
    timeouts = int(t.call_failures[TIMEOUT_CALL].sum())
    assert 30 <= timeouts <= 30 + 20 * 0.5 + 4 * 3 * 3
    assert int(t.asked[2]) < int(t.calls.sum())


def test_a_client_of_its_own_for_the_slow_service_does_the_same_and_leaves_the_others_alone() -> None:
    """All else is called with a minute of patience, and what is not called by it cannot tell."""
    short = run("500 ms").tallies
    topology = TOPOLOGY.format(timeout="60 s", breaker="")
    for callee in ("payments", "charge"):
        alone = topology.replace(
            "        operations:\n          view",
            f"        calls_to: {{{callee}: {{timeout: 500 ms}}}}\n        operations:\n          view",
        )
        t = played(alone, EXPERIMENT).tallies
        assert t.call_failures.tolist() == short.call_failures.tolist()
        assert t.window_bad.tolist() == short.window_bad.tolist()


def test_what_holds_the_buyers_is_said_to_be_the_called_service() -> None:
    t = run("500 ms").tallies
    held = t.window_held_from[SLOW].sum(axis=0)
    assert held[CALLED_SERVICES] == held.sum() > 0


def test_the_waterfall_and_the_report_name_the_service_that_was_slow() -> None:
    """Of two that the shop calls: a second service, which is well, stands beside payments."""
    well = TOPOLOGY.format(timeout="500 ms", breaker="").replace(
        "{call: charge}]", "{call: stock.take}, {call: charge}]"
    )
    outcome = played(
        well.replace(
            "    dns:", "      stock: {regions: [eu-west-1], operations: {take: [{compute: 5 ms}]}}\n    dns:"
        ),
        EXPERIMENT,
    )
    assert (outcome.plan.stores, outcome.plan.data.callees) == (("stock", "payments"), 2)
    (phase,) = recovery.section(outcome, OBJECTIVE).phases
    assert phase.phase == "called_services"
    assert phase.callees == {"payments": phase.not_served}
    assert phase_word(phase) == "calls of payments"
    assert held_words(phase) == "slow or failed calls of payments; ended by the repair"
    held = calls.section(outcome).held_by_services
    assert held == {"payments": int(outcome.tallies.window_bad.sum())}


def test_an_operation_whose_breaker_is_open_does_not_close_the_others() -> None:
    """The shop's breaker for `charge` opens; `refund`, at the same service, is called by another one."""
    both = (
        TOPOLOGY.format(timeout="500 ms", breaker="")
        .replace(
            "operations: {charge: [{compute: 50 ms}]}",
            "operations: {charge: [{compute: 50 ms}], refund: [{compute: 50 ms}]}",
        )
        .replace("view: [{compute: 5 ms}]", "view: [{compute: 5 ms}, {call: refund}]")
    )
    breaker = BREAKER.removeprefix(", ")
    slow = EXPERIMENT.replace(
        "service: payments, mode: slow", "service: payments, operations: [charge], mode: slow"
    )
    together, apart = (
        played(
            both.replace(
                "        operations:\n          view",
                f"        calls_to: {{{callee}: {{{breaker}}}}}\n        operations:\n          view",
            ),
            slow,
        )
        for callee in ("payments", "payments.charge")
    )
    assert bad(apart, VIEWERS) == 0.0
    assert bad(together, VIEWERS) > 0.5
    assert bad(apart, BUYERS) == bad(together, BUYERS) == 1.0


def test_the_slow_service_itself_does_all_that_it_is_asked_for() -> None:
    """Nobody hears of it: each request has been given up half a second after it was sent."""
    t = run("500 ms").tallies
    assert t.answered[2].sum() == t.calls.sum()
    assert t.started[1, 0] == t.asked[2]
    assert t.answered[2, SUCCEEDED] == pytest.approx(120 * 20, rel=0.1)
