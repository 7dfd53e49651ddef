"""What others run: how far it is, that it goes down with a region, and that a retry pays twice.

A second region does not help if both call a provider whose home is the first (AWS Well-Architected,
Reliability, REL13-BP02: recovery covers what a workload depends on). Stripe API reference, "Idempotent
requests": a retry of a payment that timed out may charge twice unless it carries the same key.
"""

from typing import Any

import numpy as np
import pytest

from simulator.boundary.causes import CAUSES
from simulator.boundary.outcomes import OUTCOMES
from simulator.data_plane.plane import TRACE_ALL, CompiledPlane
from simulator.outcome import Outcome
from simulator.simulation import simulate
from tests.small import HERE, THERE, experiment, plan_of, played, topology

PAY = {"call": "cards", "writes": True}
CALLS = {
    "profile": "script",
    "timeout": "1 s",
    "connect_timeout": "300 ms",
    "attempts": 3,
    "keep_alive": "60 s",
}
USERS = {"near": HERE, "sessions": 5, "think_time": "5 s", "actions": {"pay": 1}, "last_mile": "0 ms"}
CLIENT = {"profile": "script", "attempts": 1, "timeout": "20 s", "keep_alive": "60 s"}


def system(where: dict[str, Any], step: dict[str, Any] = PAY, **calls: Any) -> dict[str, Any]:
    """A service in both regions that calls one external, which works for 100 ms on a call."""
    return topology(
        external={"cards": {"takes": "100 ms", "kind": "payment"} | where},
        services={
            "shop": {"regions": [HERE, THERE], "operations": {"pay": [step]}, "calls": CALLS | calls},
        },
        dns={"shop.example": {"service": "shop", "policy": "latency"}},
        defaults={"round_trip_sigma": 0.0},
    )


def run(*faults: dict[str, Any], near: str = HERE) -> dict[str, Any]:
    """Five people who pay for three minutes, each once an action whatever becomes of it."""
    return experiment(
        users={"people": USERS | {"near": near, "client": CLIENT}}, faults=[*faults], duration="3 min"
    )


def shortest_ms(where: dict[str, Any], **calls: Any) -> float:
    """The shortest request on a kept connection."""
    plan = plan_of(system(where, **calls), run())
    plane = CompiledPlane(plan.data, trace=TRACE_ALL)
    simulate(plan, plane)
    return min(one.end_ns - one.begin_ns for one in plane.traced()) / 1e6


@pytest.mark.parametrize(
    ("where", "way_ms"),
    [({"home": HERE}, 0), ({"home": THERE}, 27), ({"home": "us-east-1"}, 93), ({"latency": "40 ms"}, 40)],
)
def test_a_call_takes_the_way_to_its_home_and_back(where: dict[str, Any], way_ms: int) -> None:
    """4 ms within Frankfurt, 100 ms of work; from there 27 ms to Dublin and back, 93 ms to Virginia."""
    assert shortest_ms(where) == 4 + 100 + way_ms


@pytest.mark.parametrize(("where", "way_ms"), [({"home": HERE}, 1), ({"home": THERE}, 27)])
def test_a_new_connection_takes_two_round_trips_more(where: dict[str, Any], way_ms: int) -> None:
    """With no connection kept: in the region 1 ms each, to Dublin 27 ms each, before the call itself."""
    kept = shortest_ms(where)
    assert shortest_ms(where, keep_alive="0 s") == kept + 2 * way_ms


def failed_by(outcome: Outcome) -> set[str]:
    """What held those who were not served."""
    held = outcome.tallies.window_held_from.sum(axis=0)
    return {CAUSES[number] for number in np.flatnonzero(held)}


@pytest.mark.parametrize(
    "fault",
    [
        {"at": "1 min", "region": HERE, "mode": "black_hole"},
        {"at": "1 min", "region": HERE, "mode": "refused"},
        {"at": "1 min", "link": {"between": [HERE, THERE]}, "mode": "cut"},
        {"at": "1 min", "external": "cards", "mode": "black_hole"},
        {"at": "1 min", "external": "cards", "region": THERE, "mode": "refused"},
    ],
)
def test_trap_the_surviving_region_calls_a_provider_at_home_in_the_lost_one(fault: dict[str, Any]) -> None:
    """Users in Dublin are served in Dublin, which is well; from the first minute on nobody can pay."""
    outcome = played(system({"home": HERE}), run(fault, near=THERE))
    assert failed_by(outcome) == {"externals"}
    t = outcome.tallies
    begun, bad = t.window_begun[t.window_begun > 0], t.window_bad[t.window_begun > 0]
    assert bad[:6].sum() <= 5  # those under way
    assert (bad[6:] == begun[6:]).all()


def test_remedy_a_provider_whose_home_no_region_of_the_system_shares() -> None:
    outcome = played(
        system({"home": "us-east-1"}), run({"at": "1 min", "region": HERE, "mode": "lost"}, near=THERE)
    )
    assert outcome.tallies.window_bad.sum() == 0


SLOW = {"at": "0 s", "external": "cards", "mode": "slow", "add": "30 s"}


def test_trap_a_retry_of_a_call_that_timed_out_pays_again() -> None:
    """Every answer is later than 1 s, so each of three tries has its effect, and nobody hears of any."""
    t = played(system({"home": HERE}), run(SLOW)).tallies
    paid = int(t.effects[0] - t.effects_again[0])  # actions with an effect at all
    assert paid > 50
    assert 2 * (paid - 5) <= t.effects_again[0] == t.double_applied <= 2 * paid  # 5 may be under way
    assert t.actions[OUTCOMES.index("unknown")] == t.actions.sum() > 50


def test_remedy_a_call_with_a_token_pays_once() -> None:
    """The same tries as without it, of which two of three are left out."""
    again = played(system({"home": HERE}), run(SLOW)).tallies
    once = played(system({"home": HERE}, PAY | {"idempotent": True}), run(SLOW)).tallies
    assert (once.effects_again[0], once.double_applied) == (0, 0)
    assert once.effects[0] == again.effects[0] - again.effects_again[0]
    assert once.effects_left_out[0] == once.deduplicated == again.effects_again[0]


def test_a_call_whose_answer_is_lost_has_had_its_effect() -> None:
    """The link back from home is cut: kept connections carry one more call, whose caller waits in vain.

    Then no connection comes about any more, so nothing further is paid: at most one for each person.
    """
    cut = {"at": "1 min", "link": {"from": THERE, "to": HERE}, "mode": "cut"}
    whole, t = (
        played(system({"home": THERE}), run()).tallies,
        played(system({"home": THERE}), run(cut)).tallies,
    )
    answered = int(t.actions[OUTCOMES.index("succeeded")])
    assert answered < t.effects[0] <= answered + 5
    assert t.effects[0] < whole.effects[0] / 2
