"""Settings that defeat their own purpose, found without a run; and assumptions, where they matter."""

from typing import Any

import pytest

from simulator.language.models.topology import Topology
from simulator.lowering import checks
from tests.small import HERE, THERE, Written, experiment, plan_of, read, topology

FAILOVER = {"service": "api", "policy": "failover", "health_check": "deep"}
DEEP: Written = {"deep": {}}


def system(**changes: Any) -> Topology:
    return read(topology(dns={"api.example": FAILOVER}, health_checks=DEEP, **changes), experiment()).topology


def notes(of: Topology) -> list[str]:
    """What is said of a topology."""
    return [note.said for note in checks.notes(of)]


def test_two_of_everything_is_worth_no_note() -> None:
    both = [HERE, THERE]
    assert notes(system(tables={"items": {"replicas": both}}, identity={"issuer": both})) == []


def test_a_name_that_prefers_a_standby_is_noted() -> None:
    regions = {HERE: {"role": "standby"}, THERE: {}}
    assert notes(system(regions=regions)) == [f"api.example prefers {HERE}, which is a standby"]


@pytest.mark.parametrize(
    ("takes", "longest"),
    [
        ("61 min", "1 h 1 min"),
        ({"from": "10 min", "to": "2 h"}, "2 h"),
        ({"median": "20 min", "p99": "90 min"}, "1 h 30 min"),
        ({"mean": "20 min"}, "1 h 32 min 6 s"),  # 20 min · ln 100
    ],
)
def test_a_step_that_may_outlast_its_timeout_is_noted(takes: Any, longest: str) -> None:
    """The catalog gives a step 60 min."""
    step = {"custom": "drive there", "takes": takes}
    (note,) = notes(system(plans={"move": {"steps": [step]}}))
    assert note.startswith(f"step 'drive there' of plan move may take {longest}")
    assert "is given up after 1 h, which strands the plan; write a longer 'timeout'" in note
    assert notes(system(plans={"move": {"steps": [step | {"timeout": "3 h"}]}})) == []


@pytest.mark.parametrize(
    ("record", "note"),
    [
        ({"policy": "simple"}, "has policy simple: its answers never leave out an unhealthy region"),
        ({"policy": "latency"}, "has no health check: every region counts as healthy for ever"),
    ],
)
def test_notes_on_names(record: Written, note: str) -> None:
    found = read(topology(dns={"api.example": {"service": "api"} | record}), experiment()).topology
    assert notes(found) == [f"api.example {note}"]


@pytest.mark.parametrize(
    ("front", "follows"),
    [
        ({}, True),
        ({"compute": {"nodes": {}}}, True),
        ({"compute": {"lambda": {}}}, False),
        ({"gateway": {}}, False),
        ({"compute": {"nodes": {}}, "gateway": {}}, False),
        ({"compute": {"nodes": {}}, "compute_in": {THERE: {"lambda": {"reserved": 24}}}}, False),
    ],
)
def test_an_alias_that_cannot_see_the_application_is_noted(front: Written, follows: bool) -> None:
    api = {"regions": [HERE, THERE], "operations": {"view": [{"compute": "1 ms"}]}} | front
    record = {"service": "api", "policy": "latency", "evaluate_target_health": True}
    found = notes(read(topology(services={"api": api}, dns={"api.example": record}), experiment()).topology)
    note = "looks at targets alone: what is wrong behind a gateway or in a function goes unnoticed"
    assert found == ([] if follows else [f"api.example {note}"])


# assumptions


def assumed(system: Written, run: Written) -> set[str]:
    found = plan_of(system, run).assumptions
    assert [one.name for one in found] == sorted(one.name for one in found)
    assert {one.label for one in found} <= {"assumed"}
    assert all(one.value and one.source for one in found)
    return {one.name for one in found}


BROWSER = {
    f"client.browser.{key}"
    for key in (
        "timeout",
        "attempts",
        "backoff_base",
        "backoff_cap",
        "keep_alive",
        "next_address",
        "repeat_reset",
    )
}
USERS = {
    "dns.resolver_count",
    "dns.resolver_extends_ttl",
    "dns.resolver_extension",
    "dns.resolver_round_trip",
    "dns.resolver_tries",
    "dns.resolver_try_timeout",
    "network.last_mile.wired",
    "network.round_trip_sigma",
}


def test_a_plain_run_rests_on_what_its_users_are() -> None:
    assert assumed(topology(), experiment()) == BROWSER | USERS


def test_without_users_or_faults_nothing_is_assumed() -> None:
    assert assumed(topology(), experiment(users={})) == set()


def user(**written: Any) -> Written:
    return {"people": {"near": HERE, "sessions": 1, "think_time": "1 s", "actions": {"view": 1}} | written}


WRITTEN_OUT = {
    "profile": "browser",
    "timeout": "5 s",
    "attempts": 2,
    "backoff": {"base": "1 ms", "cap": "1 s"},
    "keep_alive": "1 s",
    "next_address": "none",
    "repeat_reset": "none",
}


@pytest.mark.parametrize(
    ("users", "gone", "come"),
    [
        (user(client=WRITTEN_OUT), BROWSER, set()),
        (
            user(client={"attempts": 1}),
            {f"client.browser.{key}" for key in ("attempts", "backoff_base", "backoff_cap")},
            set(),
        ),
        (user(last_mile="9 ms"), {"network.last_mile.wired"}, set()),
        (user(last_mile="mobile"), {"network.last_mile.wired"}, {"network.last_mile.mobile"}),
        (user(resolvers={"count": 3}), {"dns.resolver_count"}, set()),
        (
            user(resolvers={"extend_ttl": "0 %"}),
            {"dns.resolver_extends_ttl", "dns.resolver_extension"},
            set(),
        ),
    ],
)
def test_what_is_written_is_not_assumed(users: Written, gone: set[str], come: set[str]) -> None:
    assert assumed(topology(), experiment(users=users)) == (BROWSER | USERS) - gone | come


LAG = {"dynamodb.replication_lag.median", "dynamodb.replication_lag.p99"}
CAPACITY = {"dynamodb.on_demand.burst", "dynamodb.partitions"}


def running(**written: Any) -> Written:
    both = {"regions": [HERE, THERE], "operations": {"view": [{"compute": "1 ms"}]}}
    return {"services": {"api": both | written}}


PROVISIONED = {"provisioned": {"write": "5/s", "read": "5/s"}}


def table(*replicas: str, **written: Any) -> Written:
    return {"tables": {"items": {"replicas": [*replicas]} | written}}


@pytest.mark.parametrize(
    ("changes", "come"),
    [
        (table(HERE, THERE), LAG | CAPACITY),
        (table(HERE), CAPACITY),  # no copies, no lag
        (table(HERE, capacity="unlimited"), set()),
        (table(HERE, capacity=PROVISIONED), {"dynamodb.partitions"}),
        (table(HERE, THERE, replication_lag={"median": "1 s", "p99": "2 s"}), CAPACITY),
        (table(HERE, THERE, replication_lag={"median": "1 s"}), CAPACITY | {"dynamodb.replication_lag.p99"}),
        ({"identity": {"issuer": [HERE]}}, {"identity.takes"}),
        ({"identity": {"issuer": [HERE], "takes": "1 ms"}}, set()),
        ({"defaults": {"round_trip_sigma": 0}}, {"-network.round_trip_sigma"}),
        (running(gateway={}), {"gateway.overhead"}),
        (running(gateway={"overhead": "1 ms"}), set()),
        (running(compute={"lambda": {}}), {"lambda.idle", "lambda.init_factor.scripted"}),
        (running(compute={"lambda": {"idle": "1 min", "init": "1 s"}}), set()),
        (running(compute={"nodes": {}}), set()),  # a load balancer's figures are all documented
    ],
)
def test_what_a_system_has_adds_what_it_rests_on(changes: Written, come: set[str]) -> None:
    taken = {name.removeprefix("-") for name in come if name.startswith("-")}
    found = assumed(topology(**changes), experiment())
    assert found == (BROWSER | USERS) - taken | {name for name in come if not name.startswith("-")}


CALLS = {"client.aws-standard-2026.keep_alive", "network.in_region_round_trip"}


def test_steps_rest_on_table_times_unless_written() -> None:
    steps = [{"read": "items"}, {"write": "items", "takes": "1 ms"}]
    services = {"api": {"regions": [HERE, THERE], "operations": {"view": steps}}}
    found = assumed(topology(services=services, **table(HERE, THERE)), experiment())
    assert found == BROWSER | USERS | LAG | CAPACITY | CALLS | {"dynamodb.read"}


def test_delay_from_status_to_answer_matters_with_faults_only() -> None:
    fault = {"at": "1 min", "region": HERE, "mode": "refused"}
    checked = topology(dns={"api.example": FAILOVER}, health_checks=DEEP)
    assert "route53.status_to_answer" not in assumed(checked, experiment())
    assert "route53.status_to_answer" in assumed(checked, experiment(faults=[fault]))


def test_operators_repeat_only_what_is_refused() -> None:
    record = {"service": "api", "policy": "weighted", "weights": {HERE: 1, THERE: 1}}
    system = topology(dns={"api.example": record})
    change = {"change": "api.example", "at": "1 min", "weights": {HERE: 0, THERE: 1}}
    frozen = [{"at": "30 s", "for": "1 min", "control_plane": "route53"}]
    found = {
        key: "operator.retry_every" in assumed(system, experiment(operator=[one], faults=faults))
        for key, one, faults in [
            ("accepted", change, []),
            ("refused", change, frozen),
            ("written", change | {"retry_every": "5 s"}, frozen),
        ]
    }
    assert found == {"accepted": False, "refused": True, "written": False}


def test_replicas_with_different_write_capacity_are_noted() -> None:
    """DynamoDB keeps the write capacity of all replicas the same; read capacity may differ."""

    def found(in_frankfurt: dict[str, str]) -> list[str]:
        here = {"provisioned": {"write": "200/s", "read": "200/s"}}
        table = {
            "replicas": [HERE, THERE],
            "capacity": here,
            "capacity_in": {HERE: {"provisioned": in_frankfurt}},
        }
        return [note for note in notes(system(tables={"orders": table})) if note.startswith("table orders")]

    assert found({"write": "200/s", "read": "50/s"}) == []
    assert found({"write": "50/s", "read": "200/s"}) == [
        f"table orders has different write capacity in its replicas (50/s in {HERE}, 200/s in {THERE}): "
        "DynamoDB keeps that of all replicas the same, and only read capacity may differ"
    ]
