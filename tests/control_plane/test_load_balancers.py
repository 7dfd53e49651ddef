"""Load balancers: when a dead node is taken out and a living one brought back, and what that costs."""

import math
from typing import Any

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.control_plane.chance import uniform
from simulator.control_plane.faults.process import Faults
from simulator.control_plane.load_balancers import LoadBalancer
from simulator.control_plane.world import World
from simulator.plan.balancers import BalancerPlan
from simulator.plan.lowered import Plan
from simulator.plan.timeline import FaultPlan
from simulator.randomness.draws import BALANCER
from simulator.simulation import simulate
from tests.control_plane.eager_balancer import EagerBalancer
from tests.control_plane.handmade import (
    API,
    FRANKFURT,
    MILAN,
    SECOND,
    VIRGINIA,
    balancer,
    changes,
    fault,
    log,
    plan_of,
    zone,
)
from tests.control_plane.recording import RecordingPlane
from tests.faults import fault_plan

INTERVAL_NS = 10 * SECOND
ALL = (0, 1, 2, 3, 4, 5)  # two nodes in each of three zones: node k is in zone k mod 3


def first_check_ns(node: int, from_ns: int, region: int = MILAN, seed: int = 1) -> int:
    """The first check of a node of `api` that begins at or after an instant."""
    phase_ns = int(uniform(seed, BALANCER, API * 1024 + region, node) * INTERVAL_NS)
    return phase_ns + INTERVAL_NS * max(0, math.ceil((from_ns - phase_ns) / INTERVAL_NS))


def targets(
    faults: list[FaultPlan], plan: BalancerPlan | None = None, **system: Any
) -> list[tuple[int, Any]]:
    """When (ns) the data plane is told of which nodes in service."""
    told = changes(faults, "set_targets", balancers=[plan or balancer()], **system)
    return [(round(at * SECOND), given[2]) for at, given in told]


@pytest.mark.parametrize(("mode", "takes_ns"), [("refused", 0), ("black_hole", 4 * SECOND)])
def test_a_node_leaves_after_two_failures_and_returns_after_three_successes(mode: str, takes_ns: int) -> None:
    down_ns, up_ns = 100 * SECOND, 300 * SECOND
    out = sorted((first_check_ns(node, down_ns) + INTERVAL_NS + takes_ns, node) for node in (1, 4))
    back = sorted((first_check_ns(node, up_ns) + 2 * INTERVAL_NS, node) for node in (1, 4))
    left = tuple(node for node in ALL if node not in (1, 4))
    assert targets([zone(1, 100, 300, mode=mode)]) == [
        (out[0][0], tuple(node for node in ALL if node != out[0][1])),
        (out[1][0], left),
        (back[0][0], tuple(sorted((*left, back[0][1])))),
        (back[1][0], ALL),
    ]
    assert log(
        [zone(1, 100, 300, mode=mode)], "target_unhealthy", "target_healthy", balancers=[balancer()]
    ) == [
        (at_ns / SECOND, f"target_{what}", f"api@eu-south-1 node {node}")
        for what, turns in (("unhealthy", out), ("healthy", back))
        for at_ns, node in turns
    ]


def mean_s(instants_ns: list[int], since_s: float) -> float:
    return sum(instants_ns) / len(instants_ns) / SECOND - since_s


@pytest.mark.parametrize(("mode", "takes_s"), [("refused", 0), ("black_hole", 4)])
@pytest.mark.parametrize(("out_after", "back_after"), [(2, 5), (3, 2)])
def test_the_mean_time_is_the_interval_times_the_threshold_less_a_half(
    mode: str, takes_s: int, out_after: int, back_after: int
) -> None:
    """A fault meets uniform phases: the first check comes after half an interval on average.

    Tolerance: four standard errors of the mean of 500 times, uniform over an interval of 10 s:
    4 · 10 s / sqrt(12 · 500) = 0.52 s.
    """
    plan = balancer(unhealthy_threshold=out_after, healthy_threshold=back_after)
    system = plan_of([zone(0, 103.3, 507.7, mode=mode)], per_zone=500, balancers=[plan])
    outcome = simulate(system, RecordingPlane())
    out = [event.at_ns for event in outcome.events if event.kind == "target_unhealthy"]
    back = [event.at_ns for event in outcome.events if event.kind == "target_healthy"]
    assert len(out) == len(back) == 500
    assert mean_s(out, 103.3) == pytest.approx(10 * (out_after - 0.5) + takes_s, abs=0.52)
    assert mean_s(back, 507.7) == pytest.approx(10 * (back_after - 0.5), abs=0.52)


def test_phases_differ_between_sites() -> None:
    plans = [balancer(), balancer(region=FRANKFURT)]
    faults = [zone(0, 100, mode="refused", region=region) for region in (MILAN, FRANKFURT)]
    found = {target: at for at, _, target in log(faults, "target_unhealthy", balancers=plans)}
    assert found == {
        f"api@{name} node {node}": (first_check_ns(node, 100 * SECOND, region) + INTERVAL_NS) / SECOND
        for name, region in (("eu-south-1", MILAN), ("eu-central-1", FRANKFURT))
        for node in (0, 3)
    }


# ties and short faults


@pytest.mark.parametrize(
    ("shift_ns", "checks"),
    [
        (0, 2),  # the check at the instant at which the zone goes down meets it down
        (1, 3),  # one nanosecond later it has met it up
    ],
)
def test_a_check_meets_the_world_as_the_faults_of_its_instant_leave_it(shift_ns: int, checks: int) -> None:
    check_ns = first_check_ns(0, 100 * SECOND)
    down = fault_plan("zone", "refused", check_ns + shift_ns, region=MILAN, zone=0)
    found = log([down], "target_unhealthy", balancers=[balancer()])
    [at_s] = [at for at, _, target in found if target.endswith("node 0")]
    assert at_s == (check_ns + (checks - 1) * INTERVAL_NS) / SECOND


@pytest.mark.parametrize(("ends_after_ns", "expected"), [(0, []), (1, [0])])
def test_the_fault_must_last_to_the_decisive_check(ends_after_ns: int, expected: list[int]) -> None:
    check_ns = first_check_ns(0, 100 * SECOND)
    end_ns = check_ns + INTERVAL_NS + ends_after_ns
    blink = fault_plan("zone", "refused", check_ns, end_ns, region=MILAN, zone=0)
    found = log([blink], "target_unhealthy", balancers=[balancer()])
    assert [int(target.split()[-1]) for _, _, target in found if target.endswith("node 0")] == expected


def test_a_silent_check_under_way_fails_even_if_the_zone_has_returned() -> None:
    check_ns = first_check_ns(0, 100 * SECOND)
    blink = fault_plan("zone", "black_hole", check_ns, check_ns + INTERVAL_NS + 1, region=MILAN, zone=0)
    turns = [at for at, _, of in log([blink], "target_unhealthy", "target_healthy", balancers=[balancer()])
             if of.endswith("node 0")]  # fmt: skip
    out_ns = check_ns + INTERVAL_NS + 4 * SECOND
    assert turns == [out_ns / SECOND, (check_ns + 4 * INTERVAL_NS) / SECOND]


def test_a_success_in_between_starts_the_count_anew() -> None:
    """On for one check, off for the next: never two failures in a row."""
    faults = [zone(0, 100, period_ns=20 * SECOND, on_ns=10 * SECOND, mode="refused")]
    assert targets(faults) == []


# whole regions


@pytest.mark.parametrize("mode", ["refused", "black_hole"])
def test_a_balancer_learns_nothing_while_its_region_is_down(mode: str) -> None:
    assert targets([fault("region", mode, 100, 400, region=MILAN), zone(0, 100, 400)]) == []
    assert targets([zone(number, 100, 400) for number in range(3)]) == []


def test_after_an_outage_of_the_region_nodes_are_checked_anew() -> None:
    """The zone is down throughout: one failure before the outage does not count after it."""
    faults = [zone(0, 100, mode="refused"), fault("region", "black_hole", 109, 405, region=MILAN)]
    found = log(faults, "target_unhealthy", balancers=[balancer()])
    after = {node: first_check_ns(node, 405 * SECOND) + INTERVAL_NS for node in (0, 3)}
    assert {int(target.split()[-1]): round(at * SECOND) for at, _, target in found} == after


def test_what_was_out_of_service_stays_so_until_it_is_checked() -> None:
    faults = [zone(0, 100, 300, mode="refused"), fault("region", "black_hole", 200, 405, region=MILAN)]
    found = log(faults, "target_healthy", balancers=[balancer()])
    back = {node: first_check_ns(node, 405 * SECOND) + 2 * INTERVAL_NS for node in (0, 3)}
    assert {int(target.split()[-1]): round(at * SECOND) for at, _, target in found} == back


def test_a_region_that_only_takes_longer_has_its_balancer() -> None:
    """A page within the check's 4 s is well; two nodes are in the zone."""
    faults = [fault("region", "slow", 100, region=MILAN, factor=2.0, add_ns=4 * SECOND)]
    assert len(targets([*faults, zone(0, 200)])) == 2


# the application


@pytest.mark.parametrize(
    ("mode", "given", "takes_ns"),
    [
        ("refused", {}, 0),
        ("error", {}, 0),
        ("black_hole", {}, 4 * SECOND),
        ("capacity", {"share": 0.0}, 4 * SECOND),  # nobody answers
        ("capacity", {"share": 0.1}, 4 * SECOND),  # int(4 workers * 0.1 + 0.5) = 0
        ("slow", {"add_ns": 4 * SECOND + 1}, 4 * SECOND),
    ],
)
def test_targets_whose_application_is_broken_are_taken_out(
    mode: str, given: dict[str, Any], takes_ns: int
) -> None:
    broken = fault("service", mode, 100, 300, service=API, regions=(MILAN,), **given)
    told = targets([broken])
    out = sorted(first_check_ns(node, 100 * SECOND) + INTERVAL_NS + takes_ns for node in ALL)
    back = sorted(first_check_ns(node, 300 * SECOND) + 2 * INTERVAL_NS for node in ALL)
    assert [at for at, _ in told] == [*out, *back]
    assert [len(nodes) for _, nodes in told] == [5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(("mode", "given"), [("capacity", {"share": 0.2}), ("slow", {"factor": 1000.0})])
def test_a_page_that_takes_no_work_is_answered_by_a_weakened_application(
    mode: str, given: dict[str, Any]
) -> None:
    assert targets([fault("service", mode, 100, service=API, regions=(MILAN,), **given)]) == []


def test_an_application_that_errs_sometimes_is_taken_out_by_chance() -> None:
    """Of checks in a row that each fail with 0.3, the second failure in a row is the n-th by a known law.

    Mean number of checks until two failures in a row: (1 + 0.3) / 0.3^2 = 14.4; variance by the
    recursion of runs (Feller I, XIII.7): 1 / (q p^2)^2 - 5 / (q p^2) - p / q^2 = 172.0 with p = 0.3,
    q = 0.7. Tolerance: four standard errors of the mean of 500 nodes, 4 · 13.1 / sqrt(500) = 2.35 checks.
    """
    errs = fault("service", "error", 0, service=API, regions=(MILAN,), share=0.3)
    system = plan_of([errs], duration_s=5000, per_zone=500 // 3 + 1, balancers=[balancer()])
    outcome = simulate(system, RecordingPlane())
    first: dict[str, int] = {}
    for event in outcome.events:
        if event.kind == "target_unhealthy":
            first.setdefault(event.target, event.at_ns)
    assert len(first) >= 500
    assert sum(first.values()) / len(first) / INTERVAL_NS == pytest.approx(14.4 - 0.5, abs=2.35)


def test_all_nodes_may_be_out() -> None:
    """Virginia's nodes are all in its first zone here; the region lives on in its second."""
    zones = np.concatenate([np.arange(12) % 3, np.zeros(4, np.int64)])
    plan = balancer(region=VIRGINIA)
    told = targets([zone(0, 100, region=VIRGINIA)], plan, instance_zone=zones)
    assert [len(nodes) for _, nodes in told] == [3, 2, 1, 0]


def test_a_node_in_no_zone_is_never_down() -> None:
    zones = np.full(16, -1)
    assert targets([zone(number, 100) for number in (0, 1)], instance_zone=zones) == []


# cost


class CountingWorld(World):
    waits = 0

    def after(self, delay_ns: int) -> simpy.Event:
        self.waits += 1
        return super().after(delay_ns)


def test_an_idle_day_costs_nothing_and_a_failure_costs_one_wait_per_node() -> None:
    for faults, waits in (([], 0), ([zone(0, 50_000)], 500)):
        plan = plan_of(faults, duration_s=86_400, per_zone=500, balancers=[balancer()])
        world = CountingWorld(simpy.Environment(initial_time=0), plan, RecordingPlane())
        world.env.process(Faults(world).run())
        world.env.process(LoadBalancer(world, plan.control.of(BalancerPlan)[0]).run())
        world.env.run(until=plan.data.duration_ns)
        assert world.waits == waits


# against a balancer that never sleeps


def compared(plan: Plan) -> tuple[list[tuple[int, int, bool]], list[tuple[int, int, bool]]]:
    """What the engine's balancer found, and what the eager one finds."""
    outcome = simulate(plan, RecordingPlane())
    found = [
        (event.at_ns, int(event.target.split()[-1]), event.kind == "target_healthy")
        for event in outcome.events
        if event.kind.startswith("target_")
    ]
    return found, EagerBalancer(plan, plan.control.of(BalancerPlan)[0]).run()


@st.composite
def timelines(draw: st.DrawFn) -> list[FaultPlan]:
    """Zones and the region going down and up, often at the very instants of a node's checks."""
    ticks = [first_check_ns(node, at * SECOND) for node in ALL for at in range(0, 200, 10)]
    instants = st.one_of(st.integers(0, 200 * SECOND), st.sampled_from(ticks))
    faults = []
    for _ in range(draw(st.integers(1, 5))):
        start_ns, end_ns = sorted((draw(instants), draw(instants)))
        mode = draw(st.sampled_from(["refused", "black_hole"]))
        where: dict[str, Any] = {"kind": "region", "region": MILAN}
        kind = draw(st.integers(0, 4))
        if kind:
            mode = draw(st.sampled_from(["refused", "black_hole", "error", "slow"]))
            where = {"kind": "service", "service": API, "regions": (MILAN,)}
            if kind == 2:
                where = {"kind": "node", "service": API, "region": MILAN, "node": draw(st.integers(0, 5))}
            elif kind > 2:
                where = {"kind": "zone", "region": MILAN, "zone": draw(st.integers(0, 2))}
            elif draw(st.booleans()):
                mode = "capacity"
            where |= {"share": draw(st.sampled_from([0.0, 0.3, 0.6, 1.0])), "factor": 1.0}
            where |= {"add_ns": draw(st.sampled_from([SECOND, 4 * SECOND, 5 * SECOND]))}
        if draw(st.booleans()):
            where |= draw(st.sampled_from([{"period_ns": 7 * SECOND, "on_ns": 3 * SECOND},
                                           {"period_ns": 55 * SECOND, "on_ns": 30 * SECOND}]))  # fmt: skip
        faults.append(fault_plan(mode=mode, start_ns=start_ns, end_ns=end_ns, **where))
    return faults


def agree(faults: list[FaultPlan], unhealthy: int, healthy: int) -> None:
    """Neither finds anything at another time."""
    plan = balancer(unhealthy_threshold=unhealthy, healthy_threshold=healthy)
    found, expected = compared(plan_of(faults, duration_s=300, balancers=[plan]))
    assert found == expected


@settings(max_examples=15, deadline=None, derandomize=True)
@given(timelines(), st.integers(2, 4), st.integers(2, 4))
def test_lazy_and_eager_balancers_agree_event_for_event(
    faults: list[FaultPlan], unhealthy: int, healthy: int
) -> None:
    agree(faults, unhealthy, healthy)


@pytest.mark.middle
@settings(max_examples=150, deadline=None, derandomize=True)
@given(timelines(), st.integers(2, 4), st.integers(2, 4))
def test_lazy_and_eager_balancers_agree_on_more_timelines(
    faults: list[FaultPlan], unhealthy: int, healthy: int
) -> None:
    agree(faults, unhealthy, healthy)
