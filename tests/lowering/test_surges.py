"""Surges and bots lowered."""

from typing import Any

import pytest

from simulator.boundary.kinds import NEVER_NS
from simulator.plan.lowered import Plan
from simulator.randomness.distributions import CONSTANT
from tests.small import HERE, THERE, Written, experiment, plan_of, topology

SECOND = 10**9


def plan_with(*faults: Written, **run: Any) -> Plan:
    return plan_of(topology(), experiment(faults=[*faults], **run))


def surge(at: str, lasts: str | None, factor: float) -> Written:
    return {"at": at, "surge": "people", "factor": factor} | ({"for": lasts} if lasts else {})


@pytest.mark.parametrize(
    ("surges", "most"),
    [
        ([], 1.0),
        ([surge("1 min", "1 min", 3)], 3.0),
        ([surge("1 min", "1 min", 0.5)], 1.0),  # before and after it the load is the usual
        ([surge("1 min", "1 min", 3), surge("2 min", "1 min", 4)], 4.0),  # one ends as the other begins
        ([surge("1 min", "90 s", 3), surge("2 min", "1 min", 4)], 12.0),
        ([surge("1 min", None, 3), surge("2 min", "1 min", 4), surge("4 min", None, 2)], 12.0),
        ([surge("1 min", None, 3), surge("2 min", None, 0.1)], 3.0),
    ],
)
def test_the_highest_factor_is_that_of_surges_at_the_same_time(surges: list[Written], most: float) -> None:
    data = plan_with(*surges).data
    assert data.pop_surge_most.tolist() == [most]
    assert data.pop_surge_base.tolist() == [1.0]


def test_a_surge_is_of_one_population() -> None:
    user = {"near": HERE, "sessions": 1, "think_time": "1 s", "actions": {"view": 1}}
    fault = {"at": "1 min", "surge": "b", "factor": 2.5}
    plan = plan_with(fault, users={"a": user, "b": user})
    assert plan.data.pop_surge_most.tolist() == [1.0, 2.5]
    (one,) = plan.control.faults
    assert (one.kind, one.mode, one.population, one.factor) == ("surge", "surge", 1, 2.5)
    assert one.label == "surge of b ×2.5"


BOTS = {"at": "1 min", "for": "30 s", "bots": {"near": "us-east-1", "rate": "50/s", "actions": {"view": 1}}}


def test_bots_are_a_population_behind_the_users() -> None:
    plan = plan_with(BOTS, surge("1 min", None, 2), BOTS | {"at": "2 min"})
    data = plan.data
    assert plan.populations == ("people", "bots 1", "bots 2")
    assert [plan.locations[place] for place in data.pop_near] == [HERE, "us-east-1", "us-east-1"]
    assert data.pop_bots.tolist() == [0, 1, 1]
    assert data.pop_surge_base.tolist() == [1, 0, 0]
    assert data.pop_surge_most.tolist() == [2, 1, 1]
    assert data.pop_gap_ns.tolist() == [0, SECOND / 50, SECOND / 50]
    assert data.pop_lead_ns.tolist() == [0, 0, 0]
    assert [(one.kind, one.mode, one.population) for one in plan.control.faults] == [
        ("surge", "bots", 1),
        ("surge", "surge", 0),
        ("surge", "bots", 2),
    ]
    assert plan.control.faults[0].label == "bots 1 from us-east-1 (Northern Virginia)"


def test_a_bot_comes_for_one_request() -> None:
    data = plan_with(BOTS).data
    length, think = data.pop_length[1], data.pop_think[1]
    assert [(data.dist_kind[row], data.dist_a[row]) for row in (length, think)] == [(CONSTANT, 1.0)] * 2
    assert data.policy_attempts[data.pop_policy[1]] == 1
    assert data.pop_patience_ns[1] == NEVER_NS
    assert data.pop_sign_up[1] == 0
    assert data.mix_operation.tolist() == [0, 0]
    assert data.mix_row[:, 0].tolist() == [0, 1]
    assert (data.mix_row[:, 1:] == -1).all()


def test_bots_alone_are_users_of_names_and_networks() -> None:
    plan = plan_with(BOTS, users={})
    assert plan.populations == ("bots 1",)
    assert "dns.resolver_tries" in {one.name for one in plan.assumptions}
    assert THERE in plan.regions
