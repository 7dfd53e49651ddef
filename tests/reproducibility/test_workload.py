"""Two topologies see the same users do the same things at the same pace: their difference is the design."""

from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest

from simulator.boundary.outcomes import SUCCEEDED
from simulator.boundary.tallies import TracedAttempt
from simulator.data_plane.plane import CompiledPlane
from simulator.plan.lowered import DataPlan
from simulator.randomness.draws import ACTION, SESSION, sample, uniform_of
from simulator.simulation import simulate
from tests.reproducibility.systems import FIRST, SECOND, STANDBY, everything, outage
from tests.small import NAME, Written, plan_of

_ORDINAL_BITS = 36

Actions = dict[int, list[list[TracedAttempt]]]
"""The attempts of each action of each session."""


def alone() -> Written:
    """A quite different design: one region, far away, no checks, no tokens, one table."""
    far = "us-east-1"
    steps = {"act": [{"compute": "200 ms"}, {"write": "state"}], "view": [{"read": "state"}]}
    return {
        "topology": "alone",
        "regions": {far: {}},
        "tables": {"state": {"replicas": [far]}},
        "services": {"api": {"regions": [far], "operations": steps}},
        "dns": {NAME: {"service": "api", "policy": "simple", "ttl": "5 s"}},
    }


def trace(system: Written, run: Written) -> tuple[DataPlan, list[TracedAttempt]]:
    plan = plan_of(system, run)
    plane = CompiledPlane(plan.data, trace=-1)
    simulate(plan, plane)
    return plan.data, plane.traced()


def actions(attempts: list[TracedAttempt], token: int) -> Actions:
    """Group the attempts of an action: up to the one that succeeds (nothing fails for good here)."""
    found: Actions = defaultdict(lambda: [[]])
    for attempt in sorted(attempts, key=lambda one: (one.session, one.attempt)):
        if attempt.operation == token:
            continue
        found[attempt.session][-1].append(attempt)
        if attempt.outcome == SUCCEEDED:
            found[attempt.session].append([])
    return {session: [action for action in several if action] for session, several in found.items()}


@pytest.fixture(scope="module")
def designs() -> list[tuple[DataPlan, Actions]]:
    found = []
    for system in (everything(identity=None), alone()):
        plan, attempts = trace(system, outage(faults=[]))
        assert all(attempt.outcome == SUCCEEDED for attempt in attempts)
        found.append((plan, actions(attempts, len(plan.op_name) - 1)))
    return found


def test_sessions_are_the_same_and_start_at_the_same_times(designs: list[tuple[DataPlan, Actions]]) -> None:
    # a session in progress at time zero first acts within a think time, others at their start,
    # so the begin of the first action tells the start; one near the end may finish in one only
    (_, ours), (_, theirs) = designs
    settled = {session for session, acted in ours.items() if acted[0][0].begin_ns < 700e9}
    assert settled <= {*theirs}
    assert len(settled) > 200
    assert {s: ours[s][0][0].begin_ns for s in settled} == {s: theirs[s][0][0].begin_ns for s in settled}


def test_sessions_choose_the_same_actions(designs: list[tuple[DataPlan, Actions]]) -> None:
    (_, ours), (_, theirs) = designs
    compared = 0
    for session in ours.keys() & theirs.keys():
        mine = [action[0].operation for action in ours[session]]
        yours = [action[0].operation for action in theirs[session]]
        both = min(len(mine), len(yours))
        assert mine[:both] == yours[:both]
        compared += both
    assert compared > 3000


def test_sessions_think_for_the_same_times(designs: list[tuple[DataPlan, Actions]]) -> None:
    # the pause after each action but a session's last is the keyed draw
    for plan, acted in designs:
        compared = 0
        for session, several in acted.items():
            dist = plan.pop_think[session >> _ORDINAL_BITS]
            distribution = (int(plan.dist_kind[dist]), float(plan.dist_a[dist]), float(plan.dist_b[dist]))
            for number, (before, after) in enumerate(pairwise(several)):
                u = uniform_of(plan.seed, ACTION, session, number, 0, 1)
                assert after[0].begin_ns - before[-1].end_ns == int(sample(*distribution, u) + 0.5)
                compared += 1
        assert compared > 3000


def test_sessions_act_alike_in_an_outage() -> None:
    # where requests fail and retry, what is chosen stays: the action's number is all that counts
    plan, attempts = trace(everything(), outage())
    assert any(attempt.outcome != SUCCEEDED for attempt in attempts)
    chosen = {0: [], 1: []}  # type: dict[int, list[bool]]
    for attempt in attempts:
        if attempt.attempt == 0 and attempt.operation < 2:
            u = uniform_of(plan.seed, ACTION, attempt.session, 0, 0, 0)
            chosen[attempt.operation].append(u < 0.3)
    assert all(chosen[0])
    assert not any(chosen[1])
    assert min(map(len, chosen.values())) > 20


def test_traits_of_a_session_do_not_depend_on_the_design() -> None:
    # the words of the SESSION stream: length, last mile, resolver, own item
    run = outage(faults=[])
    first, second = (plan_of(system, run).data for system in (everything(), alone()))
    for column in ("pop_sessions", "pop_gap_ns", "pop_lead_ns", "pop_profile", "resolver_extend_ns"):
        assert vars(first)[column].tolist() == vars(second)[column].tolist()
    for plan in (first, second):
        dist = plan.pop_length[0]
        u = uniform_of(plan.seed, SESSION, 5, 0, 0, 0)
        length_ns = sample(int(plan.dist_kind[dist]), float(plan.dist_a[dist]), float(plan.dist_b[dist]), u)
        assert length_ns == pytest.approx(float(sample(1, *_length(first), u)), rel=0)


def _length(plan: DataPlan) -> tuple[float, float]:
    dist = plan.pop_length[0]
    return float(plan.dist_a[dist]), float(plan.dist_b[dist])


def test_relabelling_regions_permutes_results() -> None:
    # holds where no draw is keyed by a region's number: no copies between regions, no health checks
    ours, theirs = (_relabelled(order) for order in ([FIRST, SECOND, STANDBY], [STANDBY, FIRST, SECOND]))
    assert ours == theirs
    assert ours["by region"][SECOND][SUCCEEDED] > 1000


def _relabelled(regions: list[str]) -> dict[str, Any]:
    """A region goes dark and an operator moves its users; the regions are declared in this order."""
    record = {"service": "api", "policy": "failover", "order": [FIRST, SECOND, STANDBY]}
    system = everything(
        regions={region: {} for region in regions},
        tables=None,
        identity=None,
        health_checks=None,
        dns={NAME: record},
    )
    system["services"]["api"]["operations"] = {"act": [{"compute": "20 ms"}], "view": [{"compute": "8 ms"}]}
    change = {"change": NAME, "at": "4 min", "order": [SECOND, STANDBY, FIRST]}
    plan = plan_of(system, outage(operator=[change]))
    t = simulate(plan, CompiledPlane(plan.data)).tallies
    by_region = dict(zip(plan.regions, t.attempts_by_region.tolist(), strict=True))
    return {"by region": by_region, "actions": t.actions.tolist(), "sessions": t.sessions_ended.tolist()}
