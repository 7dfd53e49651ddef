"""Clients of single callees lowered: what is written over what, and who has a client object of its own."""

from typing import Any

from simulator.language.models.clients import Client
from simulator.lowering.retry_policies import DYNAMODB, Policy, lower_policy
from simulator.lowering.sources import Sources
from simulator.plan.lowered import Plan
from tests.small import HERE, THERE, Written, experiment, plan_of, topology

BOTH = [HERE, THERE]
SECOND = 10**9
CHARGE, REFUND = [{"call": "pay.charge"}], [{"call": "pay.refund"}]
PAY: Written = {
    "regions": BOTH,
    "operations": {"charge": [{"compute": "1 ms"}], "refund": [{"compute": "1 ms"}]},
}


def lowered(calls_to: Written, calls: Any = "script", **more: Written) -> Plan:
    """A shop that charges, refunds, reads a table and calls an external; and another one that charges."""
    steps = [*CHARGE, *REFUND, {"read": "items"}, {"call": "cards"}]
    shop = {"regions": BOTH, "calls": calls, "calls_to": calls_to, "operations": {"order": steps}}
    other = {"regions": BOTH, "calls": "jvm", "operations": {"view": CHARGE}}
    services = {"shop": shop, "api": other, "pay": PAY} | more
    stores = {"tables": {"items": {"replicas": BOTH}}, "external": {"cards": {"latency": "20 ms"}}}
    return plan_of(topology(services=services, **stores), experiment())


def policies(plan: Plan, service: str) -> dict[str, Policy]:
    """With which policy a service calls each of the stores."""
    rows, number = plan.data.call_policy, plan.services.index(service)
    types = {name: type_ for name, type_ in Policy.__annotations__.items()}
    return {
        store: Policy(**{name: types[name](getattr(plan.data, f"policy_{name}")[row]) for name in types})
        for store, row in zip(plan.stores, rows[number].tolist(), strict=True)
    }


def policy(**written: Any) -> Policy:
    return lower_policy(Client.model_validate(written), Sources())


def test_what_is_written_for_one_differs_from_what_is_written_for_all() -> None:
    general = {"profile": "script", "attempts": 3, "timeout": "2 s"}
    found = policies(lowered({"pay": {"timeout": "1 s"}, "cards": {"attempts": 1}}, general), "shop")
    assert found["pay"] == policy(profile="script", attempts=3, timeout="1 s")
    assert found["cards"] == policy(profile="script", attempts=1, timeout="2 s")
    assert found["items"] == policy(profile="script", attempts=3, timeout="2 s")


def test_whoever_names_a_profile_begins_anew() -> None:
    general = {"profile": "script", "attempts": 3, "timeout": "2 s"}
    found = policies(lowered({"pay": {"profile": "jvm", "timeout": "1 s"}, "cards": "jvm"}, general), "shop")
    assert found["pay"] == policy(profile="jvm", timeout="1 s")
    assert found["cards"] == policy(profile="jvm")
    assert found["pay"].attempts == 3  # the profile's own


def test_a_table_has_the_variant_of_its_profile() -> None:
    found = policies(lowered({"items": "aws-standard-2026"}), "shop")
    assert found["items"] == lower_policy("aws-standard-2026", Sources(), DYNAMODB)


def test_an_operation_is_written_over_its_service() -> None:
    """In whichever order they stand."""
    for clients in (
        {"pay": {"timeout": "1 s"}, "charge": {"attempts": 1}},
        {"pay.charge": {"attempts": 1}, "pay": {"timeout": "1 s"}},
    ):
        found = policies(lowered(clients), "shop")
        assert found["pay.charge"] == policy(profile="script", attempts=1, timeout="1 s")
        assert found["pay"] == policy(profile="script", timeout="1 s")


def test_an_operation_with_a_client_of_its_own_is_a_callee_of_its_own_for_that_caller_alone() -> None:
    plan = lowered({"pay.charge": {"attempts": 2}})
    assert plan.stores == ("items", "pay.charge", "pay", "cards")
    charge, refund, other = (
        int(plan.data.step_store[plan.data.op_step_first[operation] + step])
        for operation, step in ((0, 0), (0, 1), (1, 0))
    )
    assert [plan.stores[one] for one in (charge, refund, other)] == ["pay.charge", "pay", "pay"]
    assert (plan.data.callees, plan.data.externals) == (2, 1)
    assert policies(plan, "api")["pay"] == policy(profile="jvm")


def test_without_one_nothing_changes() -> None:
    plan, whole = lowered({}), lowered({"pay": {"attempts": 4}})
    assert plan.stores == whole.stores == ("items", "pay", "cards")
    assert (plan.data.step_store == whole.data.step_store).all()
    assert policies(plan, "shop")["pay"] == policy(profile="script")


def test_assumed_figures_are_noted_only_of_profiles_that_are_used() -> None:
    """A mapping over a profile uses its other figures; whoever calls all by another does not."""

    def assumed(plan: Plan) -> set[str]:
        return {one.name.split(".")[1] for one in plan.assumptions if one.name.startswith("client.jvm")}

    every: Written = {key: {"profile": "script"} for key in ("pay", "items", "cards")}
    services: Written = {"api": {"regions": BOTH, "operations": {"view": [{"compute": "1 ms"}]}}}
    assert assumed(lowered(every, "jvm", **services)) == set()
    assert assumed(lowered(every | {"pay": {"timeout": "9 s"}}, "jvm", **services)) == {"jvm"}
