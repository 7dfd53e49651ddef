"""More work at once kills nodes by memory, while their processors have nothing to do.

30 orders a second go in turn to three nodes, 10 to each, and each holds 5 MB of a node's 1,000 MB: room for
200. While payments are slow an order is held until its call is given up, after 30 s; so a node would hold
300, and its 201st order since then kills it: 20.1 s after payments became slow, on average. It is there
again after 30 s, and dies of the same 20.1 s later. All three do, because they have their turns one after
the other.
"""

from math import sqrt

import pytest

from simulator.boundary.events import NODE_KILLED, NODE_RESTARTED, TARGET_UNHEALTHY
from simulator.measure import capacity, out_of_memory
from simulator.outcome import Event, Outcome
from tests.small import played

S = 10**9
TOPOLOGY = """
    topology: a shop, and the service that it asks for payments
    regions: {{eu-west-1: {{zones: 3}}}}
    services:
      shop:
        regions: [eu-west-1]
        compute: {{nodes: {{{nodes}, memory: 1000 MB, request_memory: 5 MB, check: {{interval: 10 s}}}}}}
        calls: {{profile: script, attempts: 1, timeout: {timeout}}}
        operations: {{order: [{{compute: 5 ms}}, {{call: charge}}]}}
      payments:
        regions: [eu-west-1]
        operations: {{charge: [{{compute: 50 ms}}]}}
    dns: {{shop.example: {{service: shop, policy: simple}}}}
    """
GREEDY, LIMITED = "workers: 400, queue: 100", "workers: 190, queue: 10"
SHED = "shedding: {orders: {of: shop, keep: 50 %, trigger: {at: 60 s}, for: 115 s}}\n"

EXPERIMENT = """
    experiment: payments become slow
    topology: system.yaml
    duration: 200 s
    users:
      buyers: {near: eu-west-1, arrivals: 30/s, session_length: 1 ms, think_time: 1 h, actions: {order: 1},
               client: {profile: script, attempts: 1, timeout: 60 s}}
    faults: [{at: 60 s, for: 115 s, service: payments, mode: slow, add: 60 s}]
    """


def run(nodes: str = GREEDY, timeout: str = "30 s", more: str = "") -> Outcome:
    return played(TOPOLOGY.format(nodes=nodes, timeout=timeout) + more, EXPERIMENT)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return run()


def killed(outcome: Outcome) -> list[Event]:
    return outcome.events_of(NODE_KILLED)


def test_all_die_when_so_many_orders_have_come_and_again_after_they_have_started_anew(
    outcome: Outcome,
) -> None:
    """601 to 603 orders at 30/s; four deviations of 603 arrivals are 98, 3.3 s. Then 30 s, and the same."""
    first, again = killed(outcome)[:3], killed(outcome)[3:]
    assert sorted(one.target for one in first) == [f"shop@eu-west-1 node {number}" for number in range(3)]
    deviation_s = 4 * sqrt(603) / 30
    for one in first:
        assert one.at_ns / S == pytest.approx(60 + 602 / 30, abs=deviation_s)
    assert [one.at_ns for one in outcome.events_of(NODE_RESTARTED)][:3] == [
        one.at_ns + 30 * S for one in first
    ]
    assert len(again) == 3
    for one, before in zip(again, first, strict=True):
        assert (one.at_ns - before.at_ns) / S == pytest.approx(30 + 602 / 30, abs=deviation_s)
    assert [one.detail["room"] for one in killed(outcome)] == [200] * 6


BESIDE = TOPOLOGY.replace("{{zones: 3}}}}", "{{zones: 3}}, eu-west-2: {{zones: 3}}}}")
BESIDE = BESIDE.replace(
    "services:\n",
    """services:
      others: {{regions: [eu-west-1, eu-west-2], operations: {{look: [{{compute: 1 ms}}]}}}}
""",
)


@pytest.mark.parametrize(
    ("struck", "because"),
    [
        ("region: eu-west-2, mode: refused", "payments"),
        ("service: others, mode: refused", "payments"),
        ("service: shop, mode: slow, add: 1 ms", "shop"),
    ],
)
def test_they_follow_from_what_concerns_them_and_not_from_what_breaks_beside(
    struck: str, because: str
) -> None:
    """Something else begins at 75 s, when nodes are soon full: in another region, to others, or here."""
    two = EXPERIMENT.replace("faults: [", f"faults: [{{at: 75 s, for: 60 s, {struck}}}, ")
    outcome = played(BESIDE.format(nodes=GREEDY, timeout="30 s"), two)
    (found,) = out_of_memory.section(outcome) or ()
    assert found.fault is not None
    assert found.fault.startswith(because)


def test_their_processors_have_nothing_to_do(outcome: Outcome) -> None:
    """4,200 orders or so of 5 ms are 21 s of the 200 s that a single core of one node had."""
    site = capacity.section(outcome).sites[0]
    assert outcome.tallies.compute_time[0, 0] @ [1, 1e-9] <= 0.005 * site.started < 30
    assert site.overloaded == 0


def test_the_balancer_finds_them_by_its_own_checks(outcome: Outcome) -> None:
    """Two that fail, 10 s apart, the first within 10 s of the death; it follows from that."""
    deaths = {one.number: one for one in killed(outcome)}
    found = outcome.events_of(TARGET_UNHEALTHY)[:3]
    for one in found:
        assert one.cause is not None
        death = deaths[one.cause]
        assert death.target == one.target
        assert 10 * S <= one.at_ns - death.at_ns <= 20 * S


@pytest.mark.parametrize(
    ("nodes", "timeout", "more"), [(LIMITED, "30 s", ""), (GREEDY, "5 s", ""), (GREEDY, "30 s", SHED)]
)
def test_a_limit_of_what_is_held_a_short_timeout_or_shedding_keep_them_alive(
    nodes: str, timeout: str, more: str
) -> None:
    """190 at work and 10 waiting are 200; 10/s for 5 s hold 50; half of 10/s for 30 s hold 150 of 200."""
    assert not killed(run(nodes, timeout, more))


CASCADE = """
    topology: three nodes that carry what two cannot
    regions: {eu-west-1: {zones: 3}}
    services:
      shop:
        regions: [eu-west-1]
        compute: {nodes: {workers: 400, queue: 100, memory: 590 MB, request_memory: 10 MB, restart: 20 s,
                          check: {interval: 10 s}}}
        operations: {order: [{compute: 2 s}]}
    dns: {shop.example: {service: shop, policy: simple}}
    """
ONE_DIES = EXPERIMENT.replace("arrivals: 30/s", "arrivals: 60/s").replace(
    "{at: 60 s, for: 115 s, service: payments, mode: slow, add: 60 s}",
    "{at: 60 s, for: 60 s, node: 0 of shop@eu-west-1, mode: refused}",
)


def test_what_one_node_carried_kills_the_others() -> None:
    """60 orders a second for 2 s are 120 at once: 40 of three nodes, 60 of two, which have room for 59.

    With three, each holds every third arrival of 2 s: a standard deviation of sqrt(120) / 3 = 3.7, five of
    which are left. Node 0 is sent nothing more once two of its checks have failed, 10 s to 20 s after it has
    broken: then the others hold 60 on average, with 5.5, and are above 59 within a few seconds.
    """
    outcome = played(CASCADE, ONE_DIES)
    (found, *_) = [one for one in outcome.events_of(TARGET_UNHEALTHY) if one.target.endswith("node 0")]
    assert 70 * S <= found.at_ns <= 80 * S
    first, second, *_ = killed(outcome)
    assert {first.target[-1], second.target[-1]} == {"1", "2"}
    assert 0 < first.at_ns - found.at_ns < 8 * S
    assert first.cause == found.number
    assert second.detail["left"] == 0
    assert all(one.at_ns > 60 * S for one in killed(outcome))
