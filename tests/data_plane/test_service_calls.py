"""Calls of services by others, to the nanosecond and to the write, on systems that are counted by hand."""

from typing import Any

import pytest

from simulator.boundary.outcomes import SUCCEEDED, THROTTLED, UNKNOWN
from simulator.boundary.tallies import Tallies, TracedAttempt
from simulator.catalog import round_trips_ms
from simulator.data_plane.plane import TRACE_ALL, CompiledPlane
from simulator.measure import laws
from simulator.simulation import simulate
from tests.small import HERE, THERE, experiment, plan_of, topology

MS = 10**6
HASTY = {"profile": "script", "attempts": 2, "timeout": "100 ms", "backoff": {"base": "1 ms", "cap": "1 ms"}}
USERS = {
    "near": HERE,
    "sessions": 1,
    "think_time": "1 s",
    "last_mile": "0 ms",
    "client": {"profile": "script", "attempts": 1, "timeout": "10 s", "keep_alive": "60 s"},
}


def run(
    order: list[Any], charge: list[Any], duration: str = "20 s", **of_shop: Any
) -> tuple[Tallies, list[TracedAttempt]]:
    """A session that looks and orders in turn, once a second, with paths that do not jitter."""
    shop = {"regions": [HERE], "operations": {"look": [{"compute": "0 ms"}], "order": order}} | of_shop
    bank = {"regions": [HERE, THERE], "operations": {"charge": charge}}
    system = topology(
        tables={"t": {"replicas": [HERE, THERE]}},
        services={"shop": shop, "bank": bank},
        dns={"shop.example": {"service": "shop", "policy": "simple"}},
        defaults={"round_trip_sigma": 0},
    )
    users = {"one": USERS | {"actions": {"order": 1}}, "other": USERS | {"actions": {"look": 1}}}
    plan = plan_of(system, experiment(users=users, duration="20 s"))
    plane = CompiledPlane(plan.data, trace=TRACE_ALL)
    outcome = simulate(plan, plane)
    laws.check(outcome)
    return outcome.tallies, plane.traced()


def took_ms(traced: list[TracedAttempt], operation: int) -> list[float]:
    """How long the attempts for an operation took."""
    return [(one.end_ns - one.begin_ns) / MS for one in traced if one.operation == operation][1:]


def test_a_call_takes_a_round_trip_within_the_region_and_the_work_of_what_is_called() -> None:
    _, traced = run([{"call": "charge"}], [{"compute": "30 ms"}])
    look = took_ms(traced, 0)[0]
    assert took_ms(traced, 1) == [pytest.approx(look + 1 + 30)] * len(took_ms(traced, 1))


def test_a_call_to_another_region_goes_there_and_back() -> None:
    _, traced = run([{"call": "charge", "to": THERE}], [{"compute": "30 ms"}])
    look, between = took_ms(traced, 0)[0], round_trips_ms()[HERE][THERE]
    assert took_ms(traced, 1) == [pytest.approx(look + between + 30)] * len(took_ms(traced, 1))


def test_a_new_connection_costs_two_more_round_trips() -> None:
    calls = {"profile": "script", "keep_alive": "0 s"}
    tallies, traced = run([{"call": "charge"}], [{"compute": "30 ms"}], calls=calls)
    assert took_ms(traced, 1)[0] == pytest.approx(took_ms(traced, 0)[0] + 3 * 1 + 30)
    assert tallies.connections_opened.sum() == tallies.asked.sum() > 10


def test_what_a_caller_has_given_up_is_done_all_the_same_and_done_again_by_its_retry() -> None:
    """Each call is given up after 100 ms, twice; the service writes after 300 ms, each second is double."""
    tallies, _ = run([{"call": "charge"}], [{"compute": "300 ms"}, {"write": "t"}], calls=HASTY)
    orders = int(tallies.actions_by_mix[0].sum())
    assert tallies.actions_by_mix[0, UNKNOWN] == orders > 10
    assert orders - 1 <= tallies.double_applied <= orders  # the last may be under way as the run ends
    assert tallies.writes[0] == 2 * tallies.double_applied


def test_the_token_of_an_idempotent_step_is_that_of_the_users_action() -> None:
    steps = [{"compute": "300 ms"}, {"write": "t", "idempotent": True}]
    tallies, _ = run([{"call": "charge"}], steps, calls=HASTY)
    orders = int(tallies.actions_by_mix[0].sum())
    assert orders - 1 <= tallies.writes[0] <= orders
    assert (tallies.deduplicated, tallies.double_applied) == (tallies.writes[0], 0)


def test_two_calls_of_one_operation_in_an_action_are_two_different_things() -> None:
    tallies, _ = run([{"call": "charge"}, {"call": "charge"}], [{"write": "t", "idempotent": True}])
    orders = int(tallies.actions_by_mix[0].sum())
    assert (tallies.writes[0], tallies.deduplicated, tallies.double_applied) == (2 * orders, 0, 0)


def test_nested_requests_are_nobodys_attempts_and_work_of_the_called_service() -> None:
    tallies, traced = run([{"call": "charge"}], [{"compute": "30 ms"}])
    assert tallies.attempts_started == pytest.approx(len(traced), abs=2)
    assert {one.operation for one in traced} == {0, 1}
    assert tallies.started[1, 0] == tallies.asked[2] == tallies.answered[2, SUCCEEDED]


def test_a_throttled_call_fails_the_users_request_as_throttled() -> None:
    """Half of the ten orders in 10 s find no token in a bucket of one that is refilled every 2 s."""
    shop = {"profile": "script", "attempts": 1}
    bank = {"limit": {"rate": "0.5/s", "burst": 1}}
    system = topology(
        services={
            "shop": {"regions": [HERE], "operations": {"order": [{"call": "charge"}]}, "calls": shop},
            "bank": {"regions": [HERE], "gateway": bank, "operations": {"charge": [{"compute": "1 ms"}]}},
        },
        dns={"shop.example": {"service": "shop", "policy": "simple"}},
    )
    users = {"one": USERS | {"actions": {"order": 1}}}
    plan = plan_of(system, experiment(users=users, duration="100 s"))
    outcome = simulate(plan, CompiledPlane(plan.data))
    laws.check(outcome)
    tallies = outcome.tallies
    assert tallies.gateway_throttled.sum() == tallies.actions[THROTTLED]
    assert tallies.actions[SUCCEEDED] == pytest.approx(tallies.actions.sum() / 2, abs=2)
