"""What services run on: sites, instances, zones, gateways, load balancers."""

import math
from typing import Any

import numpy as np
import pytest

from simulator.boundary.kinds import (
    ENDLESS,
    GATEWAY,
    INSTANCE,
    LAMBDA,
    NEVER_NS,
    NOBODY,
    NODES,
    NOWHERE,
    UNLIMITED,
)
from simulator.lowering.gateways import lag_step_ns
from simulator.plan.balancers import BalancerPlan
from simulator.plan.lowered import Plan
from simulator.plan.names import NamePlan
from simulator.plan.node_memory import NodeMemoryPlan
from simulator.randomness.distributions import CONSTANT
from tests.small import HERE, THERE, Written, experiment, plan_of, topology

SECOND = 10**9
MILAN = "eu-south-1"
VIEW = {"view": [{"compute": "1 ms"}]}


def plan_with(service: Written, **changes: Any) -> Plan:
    services = {"api": {"regions": [HERE, THERE], "operations": VIEW} | service}
    return plan_of(topology(services=services) | changes, experiment())


def distribution(plan: Plan, row: int) -> tuple[int, float, float]:
    return int(plan.data.dist_kind[row]), float(plan.data.dist_a[row]), float(plan.data.dist_b[row])


# where services run


def test_a_service_runs_in_its_regions_and_identity_where_issuers_are() -> None:
    plan = plan_with({"regions": [THERE]}, identity={"issuer": [HERE]})
    assert plan.services == ("api", "identity")
    assert plan.data.site_compute.tolist() == [[NOWHERE, UNLIMITED], [UNLIMITED, NOWHERE]]
    assert plan.data.site_count.tolist() == [[0, 1], [1, 0]]
    assert plan.data.instance_service.tolist() == [0, 1]
    assert plan.data.instance_region.tolist() == [1, 0]
    assert plan.data.instance_zone.tolist() == [-1, -1]
    assert plan.data.op_service.tolist() == [0, 1]


def test_without_identity_its_service_runs_nowhere() -> None:
    assert plan_with({}).data.site_compute[-1].tolist() == [NOWHERE, NOWHERE]


def test_a_region_may_differ() -> None:
    small = {"nodes": {"per_zone": 1, "workers": 2}}
    plan = plan_with({"compute": {"nodes": {"per_zone": 4}}, "compute_in": {THERE: small}})
    assert plan.data.site_count[0].tolist() == [12, 3]
    assert plan.data.node_workers[0].tolist() == [8, 2]


# nodes


@pytest.mark.parametrize(
    ("written", "room"),
    [
        ({}, None),
        ({"memory": "108 MB"}, None),  # 8 workers and 100 that wait hold 108 times 1 MB
        ({"memory": "108 MB", "idle_memory": "1 MB"}, 107),
        ({"memory": "50.5 MB"}, 50),
        ({"memory": "50.5 MB", "queue": 42}, None),
        ({"memory": "50.5 MB", "workers": 500, "queue": 0}, 50),
        ({"memory": "1 MB"}, 1),
    ],
)
def test_a_node_has_room_for_the_requests_that_fit_beside_what_it_holds_at_rest(
    written: Written, room: int | None
) -> None:
    plan = plan_with({"compute": {"nodes": {"request_memory": "1 MB"} | written}, "regions": [THERE]})
    assert plan.data.node_room[0, 1] == (ENDLESS if room is None else room)
    found = plan.control.of(NodeMemoryPlan)
    assert [(one.service, one.region, one.room) for one in found] == ([] if room is None else [(0, 1, room)])


def test_nodes_that_may_run_out_of_memory_take_a_while_to_start_anew() -> None:
    nodes = {"memory": "1 MB", "request_memory": "1 MB"}
    plan = plan_with(
        {"compute": {"nodes": nodes}, "compute_in": {THERE: {"nodes": nodes | {"restart": "2 s"}}}}
    )
    assert [one.restart for one in plan.control.of(NodeMemoryPlan)] == [
        (CONSTANT, 30.0 * SECOND, 0.0), (CONSTANT, 2.0 * SECOND, 0.0),
    ]  # fmt: skip
    assert "node.restart" in [one.name for one in plan.assumptions]


def test_nodes_are_spread_over_zones_in_turn() -> None:
    nodes = {"per_zone": 2, "workers": 5, "queue": 7}
    plan = plan_with({"compute": {"nodes": nodes}}, regions={HERE: {"zones": 2}, THERE: {}})
    data = plan.data
    assert data.site_compute[0].tolist() == [NODES, NODES]
    assert data.zone_count.tolist() == [2, 3]
    assert data.site_first[0].tolist() == [0, 4]
    assert data.site_count[0].tolist() == [4, 6]
    assert data.instance_zone.tolist() == [0, 1, 0, 1, 0, 1, 2, 0, 1, 2]
    assert data.node_workers[0].tolist() == [5, 5]
    assert data.node_queue[0].tolist() == [7, 7]
    assert data.balancer_timeout_ns == 10 * SECOND


def test_each_site_of_nodes_has_a_load_balancer() -> None:
    check = {"interval": "10 s", "healthy_threshold": 2}
    plan = plan_with({"compute": {"nodes": {"check": check}}, "compute_in": {HERE: "unlimited"}})
    (balancer,) = plan.control.of(BalancerPlan)
    assert (balancer.service, balancer.region) == (0, 1)
    assert (balancer.interval_ns, balancer.timeout_ns) == (10 * SECOND, 5 * SECOND)
    assert (balancer.unhealthy_threshold, balancer.healthy_threshold) == (2, 2)


def test_memory_is_that_of_environments_and_nodes() -> None:
    nodes = {"nodes": {"memory": "2 GB", "request_memory": "1 MB"}}
    plan = plan_with({"compute": {"lambda": {"memory": "128 MB"}}, "compute_in": {THERE: nodes}})
    assert plan.memory == {(0, 0): (LAMBDA, 2**27, 0), (0, 1): (NODES, 2**31, 2**20)}


# Lambda


def test_lambda_has_an_environment_for_each_execution_that_can_run_at_once() -> None:
    regions = {HERE: {"quotas": {"lambda_concurrency": 50}}, THERE: {}}
    data = plan_with({"compute": {"lambda": {"provisioned": 4}}}, regions=regions).data
    assert data.site_compute[0].tolist() == [LAMBDA, LAMBDA]
    assert data.lambda_limit.tolist() == data.site_count[0].tolist() == [50, 1000]
    assert data.lambda_reserved[0].tolist() == [0, 0]
    assert data.lambda_provisioned[0].tolist() == [4, 4]
    assert data.instance_zone[:5].tolist() == [0, 1, 2, 0, 1]
    # ten requests a second for each, all of a second's at once: gaps of 2 ms and 0.1 ms
    assert data.lambda_rate_gap_ns[0].tolist() == [2_000_000, 100_000]
    assert data.lambda_rate_slack_ns[0].tolist() == [499 * 2_000_000, 9_999 * 100_000]
    # 1,000 environments at once and 100 a second
    assert (data.lambda_scale_gap_ns, data.lambda_scale_slack_ns) == (10**7, 999 * 10**7)


def test_reserved_concurrency_is_the_functions_own() -> None:
    data = plan_with({"compute": {"lambda": {"reserved": 20}}}).data
    assert data.lambda_reserved[0].tolist() == data.site_count[0].tolist() == [20, 20]
    assert data.lambda_rate_gap_ns[0].tolist() == [5_000_000, 5_000_000]
    assert data.lambda_limit.tolist() == [1000, 1000]


def test_cold_starts_follow_the_runtime_unless_written() -> None:
    plan = plan_with({"compute": {"lambda": {"runtime": "java21"}}})
    _, mu, sigma = distribution(plan, plan.data.lambda_init[0, 0])
    # maxday/lambda-perf: 234 ms for an empty function, times 10 for the JVM
    assert math.exp(mu) == pytest.approx(2.34e9, rel=1e-12)
    assert math.exp(mu + 2.3263478740408408 * sigma) == pytest.approx(2.59e9, rel=1e-12)
    assert plan.data.lambda_idle_ns[0].tolist() == [600 * SECOND] * 2
    written = plan_with({"compute": {"lambda": {"init": "3 s", "idle": "1 min"}}})
    assert distribution(written, written.data.lambda_init[0, 1]) == (0, 3e9, 0)
    assert written.data.lambda_idle_ns[0].tolist() == [60 * SECOND] * 2


# gateways


@pytest.mark.parametrize(
    ("rate", "burst", "gap_ns", "slack_ns"), [(1000.0, 1, 10**6, 0), (3.0, 4, 333_333_333, 999_999_999)]
)
def test_token_bucket(rate: float, burst: int, gap_ns: int, slack_ns: int) -> None:
    assert lag_step_ns(rate, burst) == (gap_ns, slack_ns)


def test_gateway() -> None:
    limits = {"limit": {"rate": "100/s", "burst": 5}, "methods": {"view": {"rate": "10/s", "burst": 2}}}
    gateway = limits | {"timeout": "3 s", "overhead": "7 ms"}
    plan = plan_with({"gateway": gateway, "regions": [HERE]})
    data = plan.data
    assert data.site_gateway.tolist() == [[1, 0], [0, 0]]
    assert data.stage_gap_ns.tolist() == [[10**7, 0], [0, 0]]
    assert data.stage_slack_ns.tolist() == [[4 * 10**7, 0], [0, 0]]
    assert data.method_gap_ns.tolist() == [[10**8, 0], [0, 0]]
    assert data.method_slack_ns.tolist() == [[10**8, 0], [0, 0]]
    assert data.service_timeout_ns.tolist() == [3 * SECOND, NEVER_NS]
    assert [distribution(plan, row)[1] for row in data.service_overhead] == [7e6, 0.0]


def test_gateway_by_default_waits_29_s_and_has_the_accounts_limit_alone() -> None:
    data = plan_with({"gateway": {}}).data
    assert data.service_timeout_ns[0] == 29 * SECOND
    assert not data.stage_gap_ns.any()
    assert not data.method_gap_ns.any()


def test_accounts_take_less_in_small_regions_or_what_is_written() -> None:
    written = {"quotas": {"gateway": {"rate": "500/s", "burst": 10}}}
    services = {"api": {"regions": [HERE], "operations": VIEW}}
    system = topology(services=services, regions={HERE: {}, MILAN: {}, THERE: written})
    data = plan_of(system, experiment()).data
    # 10,000, 2,500 and 500 a second; bursts of 5,000, 1,250 and 10
    assert data.account_gap_ns.tolist() == [100_000, 400_000, 2_000_000]
    assert data.account_slack_ns.tolist() == [4_999 * 100_000, 1_249 * 400_000, 9 * 2_000_000]


@pytest.mark.parametrize(
    ("written", "verifies"),
    [
        ({}, NOBODY),
        ({"verifies_tokens": "gateway", "gateway": {}}, GATEWAY),
        ({"verifies_tokens": "compute"}, INSTANCE),
    ],
)
def test_who_verifies(written: Written, verifies: int) -> None:
    plan = plan_with(written, identity={"issuer": [HERE]})
    assert plan.data.service_verifies.tolist() == [verifies, NOBODY]


# names and load balancers


def test_a_name_knows_its_service_and_whether_it_follows_its_targets() -> None:
    record = {"service": "api", "policy": "latency"}
    services = {name: {"regions": [HERE], "operations": VIEW} for name in ("other", "api")}
    for follows in (False, True):
        dns = {"api.example": record | {"evaluate_target_health": follows}}
        users = {"people": {"near": HERE, "sessions": 1, "think_time": "1 s", "actions": {"api.view": 1}}}
        plan = plan_of(topology(services=services, dns=dns), experiment(users=users))
        assert (plan.control.of(NamePlan)[0].service, plan.control.of(NamePlan)[0].target_health) == (
            1,
            follows,
        )


@pytest.mark.parametrize(
    ("front", "alias", "balanced"),
    [
        ({"compute": {"nodes": {}}}, False, True),
        ({"compute": {"nodes": {}}, "gateway": {}}, False, True),  # behind the gateway
        ({}, True, True),
        ({}, False, False),
        ({"gateway": {}}, True, False),
        ({"compute": {"lambda": {}}}, True, False),  # functions are not checked by default
    ],
)
def test_who_has_a_load_balancer(front: Written, alias: bool, balanced: bool) -> None:
    record = {"service": "api", "policy": "latency", "evaluate_target_health": alias}
    services = {"api": {"regions": [HERE], "operations": VIEW} | front}
    plan = plan_of(topology(services=services, dns={"api.example": record}), experiment())
    assert plan.data.site_balanced.tolist() == [[int(balanced), 0], [0, 0]]
    found = [(one.service, one.region, one.unhealthy_threshold) for one in plan.control.of(BalancerPlan)]
    assert found == ([(0, 0, 2)] if balanced else [])


def test_every_site_has_its_instances_in_a_row() -> None:
    services = {
        "a": {"regions": [THERE], "compute": {"nodes": {}}, "operations": VIEW},
        "api": {"regions": [HERE, THERE], "compute": {"lambda": {"reserved": 7}}, "operations": VIEW},
    }
    users = {"people": {"near": HERE, "sessions": 1, "think_time": "1 s", "actions": {"api.view": 1}}}
    system = topology(services=services, identity={"issuer": [THERE]})
    data = plan_of(system, experiment(users=users)).data
    for site, first in np.ndenumerate(data.site_first):
        here = (data.instance_service == site[0]) & (data.instance_region == site[1])
        assert np.flatnonzero(here).tolist() == [*range(first, first + data.site_count[site])]
