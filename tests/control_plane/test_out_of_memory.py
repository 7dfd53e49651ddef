"""Nodes that run out of memory: when they are down and back, who finds out, and why.

Specification: docs/model-control-plane.md §7. The data plane here says when which of them are killed. Two
nodes in each of Milan's three zones, node k in zone k mod 3; a load balancer that asks every 10 s, takes out
after two failures and in after three successes.
"""

from dataclasses import replace
from typing import Any

import pytest

from simulator.boundary.events import (
    FAULT_ON,
    NODE_KILLED,
    NODE_RESTARTED,
    TARGET_HEALTHY,
    TARGET_UNHEALTHY,
)
from simulator.boundary.looks import WELL, Look
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED, UP
from simulator.control_plane.chance import uniform
from simulator.outcome import Event, Outcome
from simulator.plan.node_memory import NodeMemoryPlan
from simulator.plan.timeline import FaultPlan
from simulator.randomness.distributions import CONSTANT, UNIFORM
from simulator.randomness.draws import NODE_RESTART
from simulator.simulation import simulate
from tests.control_plane.handmade import API, MILAN, SECOND, balancer, plan_of, zone
from tests.control_plane.recording import RecordingPlane
from tests.faults import fault_plan

DEAD = Look(mode=REFUSED)
ROOM = 100


def run(
    deaths: list[tuple[float, list[int]]],
    faults: list[FaultPlan] | None = None,
    restart: tuple[int, float, float] = (CONSTANT, 30.0 * SECOND, 0.0),
    **more: Any,
) -> tuple[Outcome, RecordingPlane]:
    """Instances, which are Milan's nodes by number, are killed at these seconds."""
    plan = plan_of(faults or [], balancers=[balancer()], duration_s=1000, **more)
    memory = NodeMemoryPlan(API, MILAN, ROOM, restart)
    plane = RecordingPlane()
    plane.deaths = [(round(at_s * SECOND), nodes) for at_s, nodes in deaths]
    control = replace(plan.control, plans=(*plan.control.plans, memory))
    return simulate(replace(plan, control=control), plane), plane


def looks(plane: RecordingPlane) -> list[tuple[float, int, Look]]:
    return [(at_ns / SECOND, *given) for at_ns, _, given in plane.of("set_instance")]  # type: ignore[misc]


def said(outcome: Outcome, *kinds: Any) -> list[tuple[float, str, str]]:
    return [(one.at_ns / SECOND, one.kind, one.target) for one in outcome.events_of(*kinds)]


def test_a_node_refuses_until_it_has_started_anew() -> None:
    outcome, plane = run([(100, [1])])
    assert looks(plane) == [(100, 1, DEAD), (130, 1, WELL)]
    target = "api@eu-south-1 node 1"
    assert said(outcome, NODE_KILLED, NODE_RESTARTED) == [
        (100, "node_killed", target), (130, "node_restarted", target),
    ]  # fmt: skip
    (death,) = outcome.events_of(NODE_KILLED)
    assert death.detail == {"room": ROOM, "left": 5}
    (back,) = outcome.events_of(NODE_RESTARTED)
    assert back.cause == death.number


def test_several_at_one_instant_die_in_order_and_each_draws_its_own_time() -> None:
    restart = (UNIFORM, 10.0 * SECOND, 50.0 * SECOND)
    outcome, _ = run([(100, [0, 4]), (300, [4])], restart=restart)
    takes_s = [10 + 40 * uniform(1, NODE_RESTART, API * 1024 + MILAN, number) for number in range(3)]
    deaths, backs = outcome.events_of(NODE_KILLED), outcome.events_of(NODE_RESTARTED)
    assert [(one.at_ns, one.detail["left"]) for one in deaths] == [
        (100 * SECOND, 5), (100 * SECOND, 4), (300 * SECOND, 5),
    ]  # fmt: skip
    assert sorted(one.at_ns / SECOND for one in backs) == pytest.approx(
        sorted([100 + takes_s[0], 100 + takes_s[1], 300 + takes_s[2]])
    )


def test_the_balancer_finds_it_out_by_its_own_checks_alone() -> None:
    """Checks begin every 10 s: of the first after a death the second fails within 10 s to 20 s, and so on."""
    outcome, _ = run([(100, [2])])
    out, back = (outcome.events_of(kind)[0] for kind in (TARGET_UNHEALTHY, TARGET_HEALTHY))
    assert 110 <= out.at_ns / SECOND <= 120
    assert 150 <= back.at_ns / SECOND <= 160
    assert (out.at_ns - back.at_ns) % (10 * SECOND) == 0
    assert [one.kind for one in chain(outcome, back)] == ["node_killed", "node_restarted", "target_healthy"]
    assert [one.kind for one in chain(outcome, out)] == ["node_killed", "target_unhealthy"]


def chain(outcome: Outcome, last: Event) -> list[Event]:
    found = [last]
    while found[0].cause is not None:
        found.insert(0, outcome.events[found[0].cause])
    return found


def test_one_that_is_back_before_two_checks_have_failed_is_never_missed() -> None:
    outcome, _ = run([(100, [2])], restart=(CONSTANT, 9.9 * SECOND, 0.0))
    assert not outcome.events_of(TARGET_UNHEALTHY)


def test_those_that_get_its_load_die_of_that_it_is_sent_nothing_more() -> None:
    """Node 0 has broken by a fault at 100 s and is out by 120 s; at 125 s another one has too much to do."""
    fault = fault_plan("node", "refused", 100 * SECOND, 500 * SECOND, service=API, region=MILAN, node=0)
    outcome, _ = run([(125, [1]), (150, [3])], [fault])
    first, second = outcome.events_of(NODE_KILLED)
    assert [one.kind for one in chain(outcome, first)] == ["fault_on", "target_unhealthy", "node_killed"]
    assert [one.target.rpartition(" ")[2] for one in chain(outcome, second)[-4:]] == ["0", "1", "1", "3"]


def test_without_anything_else_it_follows_from_the_newest_fault() -> None:
    outcome, _ = run([(100, [1])], [zone(2, 50, 900, mode="black_hole", region=1)])
    (on,) = outcome.events_of(FAULT_ON)
    (death,) = outcome.events_of(NODE_KILLED)
    assert death.cause == on.number


def test_its_death_and_its_own_fault_add_up() -> None:
    """A black hole outweighs refusing; what began while it was dead holds on when it has started anew."""
    fault = fault_plan("node", "black_hole", 110 * SECOND, 200 * SECOND, service=API, region=MILAN, node=1)
    _, plane = run([(100, [1])], [fault])
    modes = [(at_s, look.mode) for at_s, _, look in looks(plane)]
    assert modes == [(100, REFUSED), (110, BLACK_HOLE), (130, BLACK_HOLE), (200, UP)]


@pytest.mark.parametrize(("until_s", "back"), [(200, []), (120, [130])])
def test_one_whose_zone_is_down_by_then_comes_back_with_that(until_s: float, back: list[float]) -> None:
    """Nothing says that it is there again before it is; its zone's return says it."""
    outcome, plane = run([(100, [1])], [zone(1, 110, until_s, region=MILAN)])
    assert [one.at_ns / SECOND for one in outcome.events_of(NODE_RESTARTED)] == back
    assert looks(plane) == [(100, 1, DEAD), (130, 1, WELL)]
    (healthy,) = [one for one in outcome.events_of(TARGET_HEALTHY) if one.target.endswith("node 1")]
    assert healthy.at_ns / SECOND > max([until_s, *back])
    assert [one.kind for one in chain(outcome, healthy)][-2] == ("node_restarted" if back else "fault_off")


def test_a_death_at_an_instant_comes_before_all_else_that_happens_then() -> None:
    outcome, _ = run([(100, [1])], [zone(0, 100, 200)])
    assert [one.kind for one in outcome.events][:2] == ["node_killed", "fault_on"]


def test_what_would_come_at_the_very_end_does_not_come() -> None:
    outcome, _ = run([(1000, [1])])
    assert not outcome.events_of(NODE_KILLED)
