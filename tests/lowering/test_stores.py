"""Tables, buckets and caches lowered: order, kinds, lag, capacity; and the steps that call them."""

import math
from typing import Any

import numpy as np
import pytest

from simulator import catalog
from simulator.boundary.kinds import (
    CACHE,
    COMPUTE,
    GET,
    INCREMENT,
    NEVER_NS,
    OBJECTS,
    READ,
    SHARED_CACHE,
    TABLE,
    WRITE,
)
from simulator.plan.cache_primaries import CacheFailoverPlan
from simulator.plan.lowered import Plan
from simulator.units import Z99
from tests.small import HERE, THERE, Written, experiment, plan_of, topology

SECOND = 10**9
BOTH = [HERE, THERE]


def plan_with(steps: list[Written] | None = None, **stores: Any) -> Plan:
    services = {"api": {"regions": BOTH, "operations": {"view": steps or [{"compute": "1 ms"}]}}}
    return plan_of(topology(services=services, **stores), experiment())


EVERYTHING: Written = {
    "caches": {
        "near": {"regions": BOTH, "items": 5, "time_to_live": "2 min"},
        "wide": {"regions": [THERE, HERE], "items": 6, "multi_region": True},
    },
    "tables": {"items": {"replicas": BOTH, "items": 7}},
    "buckets": {"files": {"replicas": [HERE], "items": 8}},
}


def test_tables_come_first_then_buckets_then_caches() -> None:
    plan = plan_with(**EVERYTHING)
    assert plan.stores == ("items", "files", "near", "wide")
    assert plan.data.store_kind.tolist() == [TABLE, OBJECTS, CACHE, SHARED_CACHE]
    assert plan.data.store_items.tolist() == [7, 8, 5, 6]
    assert plan.data.store_item_first.tolist() == [0, 7, 15, 20]
    assert plan.data.store_replica.tolist() == [[1, 1], [1, 0], [1, 1], [1, 1]]
    assert plan.data.cache_ttl_ns.tolist() == [NEVER_NS, NEVER_NS, 120 * SECOND, NEVER_NS]


def test_steps_name_their_store() -> None:
    steps = [
        {"compute": "1 ms"},
        {"read": "items", "takes": "2 ms"},
        {"write": "items", "takes": "2 ms", "idempotent": True},
        {"get": "files", "takes": "2 ms"},
        {"put": "files", "takes": "2 ms", "key": "user"},
        {"cache": "near", "takes": "2 ms", "miss": "items"},
        {"cache": "wide", "takes": "2 ms"},
        {"increment": "wide", "takes": "2 ms", "key": "user", "idempotent": True},
    ]
    stores = EVERYTHING | {"buckets": {"files": {"replicas": BOTH}}}
    data = plan_with(steps, **stores).data
    kinds = [COMPUTE, READ, WRITE, READ, WRITE, GET, GET, INCREMENT]
    assert data.step_kind[:8].tolist() == kinds
    assert data.step_store[:8].tolist() == [-1, 0, 0, 1, 1, 2, 3, 3]
    assert data.step_own[:8].tolist() == [0, 0, 0, 0, 1, 0, 0, 1]
    assert data.step_idempotent[:8].tolist() == [0, 0, 1, 0, 0, 0, 0, 1]
    assert data.step_writes[:8].tolist() == [0, 0, 1, 0, 1, 0, 0, 1]
    assert data.step_miss[:8].tolist() == [-1, -1, -1, -1, -1, 0, -1, -1]
    (behind,) = {int(data.step_miss_dist[5])}
    assert math.exp(data.dist_a[behind]) == pytest.approx(4e6)  # the catalog's dynamodb.read
    assert data.op_writes.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ({"read": "items"}, "dynamodb.read"),
        ({"write": "items"}, "dynamodb.write"),
        ({"get": "files"}, "s3.get"),
        ({"put": "files"}, "s3.put"),
        ({"cache": "wide"}, "memorydb.get"),
        ({"increment": "wide"}, "memorydb.increment"),
    ],
)
def test_how_long_a_call_takes_is_the_catalogs_unless_written(step: Written, name: str) -> None:
    stores = EVERYTHING | {"buckets": {"files": {"replicas": BOTH}}}
    plan = plan_with([step], **stores)
    value = catalog.entry(name).value
    row = plan.data.step_dist[0]
    assert math.exp(plan.data.dist_a[row]) == pytest.approx(catalog.units.parse_duration(value["median"]))
    assert name in {one.name for one in plan.assumptions}


def test_a_counter_alone_makes_an_operation_one_that_writes() -> None:
    assert plan_with([{"increment": "wide"}], **EVERYTHING).data.op_writes.tolist() == [1, 0]
    assert plan_with([{"cache": "wide"}], **EVERYTHING).data.op_writes.tolist() == [0, 0]


# copies


def lag(plan: Plan, store: int) -> tuple[float, float]:
    """Median and 99th percentile from HERE to THERE in seconds, without the one-way delay."""
    one_way_ns = catalog.round_trips_ms()[HERE][THERE] * 10**6 / 2
    mu, sigma = plan.data.lag_mu[store, 0, 1], plan.data.lag_sigma[store, 0, 1]
    return tuple((math.exp(mu + z * sigma) - one_way_ns) / SECOND for z in (0, Z99))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("stores", "expected"),
    [
        ({"tables": {"x": {"replicas": BOTH}}}, (0.4, 2.5)),
        ({"buckets": {"x": {"replicas": BOTH}}}, (30, 7200)),
        ({"buckets": {"x": {"replicas": BOTH, "time_control": True}}}, (15, 327)),
        ({"caches": {"x": {"regions": BOTH, "multi_region": True}}}, (0.3, 1)),
        (
            {"buckets": {"x": {"replicas": BOTH, "replication_lag": {"median": "1 s", "p99": "4 s"}}}},
            (1, 4),
        ),
    ],
)
def test_copies_lag_as_their_product_does(stores: Written, expected: tuple[float, float]) -> None:
    assert lag(plan_with(**stores), 0) == pytest.approx(expected, rel=1e-9)


def test_healed_replicators_catch_up() -> None:
    stores = EVERYTHING | {"buckets": {"files": {"replicas": BOTH, "catch_up": 3}}}
    assert plan_with(**stores).data.catch_up_num.tolist() == [2000, 300, 2000, 2000]


def test_caches_that_share_nothing_rest_on_no_lag() -> None:
    alone = plan_with(caches={"x": {"regions": BOTH}})
    shared = plan_with(caches={"x": {"regions": BOTH, "multi_region": True}})
    names = [{one.name for one in plan.assumptions if "memorydb" in one.name} for plan in (alone, shared)]
    lags = {f"memorydb.replication_lag.{key}" for key in ("median", "p99")}
    assert names == [set(), lags | {"memorydb.catch_up"}]


# failover


def test_each_cache_has_a_primary_in_each_of_its_regions() -> None:
    failover = {"replicas": 2, "takes": "9 s"}
    caches = {"a": {"regions": [THERE], "failover": failover}, "b": {"regions": BOTH, "multi_region": True}}
    plans = plan_with([{"compute": "1 ms"}], caches=caches).control.of(CacheFailoverPlan)
    assert [(one.store, one.region, one.zone, one.replicas) for one in plans] == [
        (0, 1, 0, 2),
        (1, 0, 0, 1),
        (1, 1, 0, 1),
    ]
    # 5 s to 30 s: the two statements of the MemoryDB guide
    assert [one.takes for one in plans] == [(0, 9e9, 0), (3, 5e9, 30e9), (3, 5e9, 30e9)]


# capacity


def capacity(**table: Any) -> Any:
    return plan_with(tables={"x": {"replicas": BOTH, "items": 5000} | table}).data


def test_a_table_on_demand_takes_what_a_new_one_does() -> None:
    data = capacity()
    assert (data.store_limited.tolist(), data.store_provisioned.tolist()) == ([1], [0])
    assert data.store_rate.tolist() == [[[4000, 12_000], [4000, 12_000]]]
    assert data.store_slack_ns.tolist() == [SECOND]
    assert data.store_partitions.tolist() == [4096]
    assert data.partition_rate.tolist() == [1000, 3000]
    assert data.partition_slack_ns == 300 * SECOND


def test_a_table_may_be_warmed_in_one_region() -> None:
    warm = {"on_demand": {"warm_write": "9000/s"}}
    data = capacity(capacity_in={THERE: warm})
    assert data.store_rate.tolist() == [[[4000, 12_000], [9000, 12_000]]]


def test_a_provisioned_table_takes_what_is_provisioned() -> None:
    few = {"provisioned": {"write": "5/s", "read": "7/s"}}
    more = {"provisioned": {"write": "50/s", "read": "70/s"}}
    data = capacity(capacity=more, capacity_in={THERE: few})
    assert (data.store_limited.tolist(), data.store_provisioned.tolist()) == ([1], [1])
    assert data.store_rate.tolist() == [[[50, 70], [5, 7]]]
    assert data.store_slack_ns.tolist() == [300 * SECOND]


def test_tables_begin_in_some_part_of_a_half_hour_of_growth() -> None:
    """Evenly spread over seeds and regions: the mean of 400 is 15 min, its standard error 26 s."""
    system, half_hour = topology(tables={"x": {"replicas": BOTH, "items": 5}}), 1800 * SECOND
    found = [phase for seed in range(200) for phase in plan_of(system, seed=seed).data.growth_phase_ns[0]]
    assert min(found) >= 0
    assert max(found) < half_hour
    assert len(set(found)) == 400
    assert np.mean(found) == pytest.approx(half_hour / 2, abs=4 * 26 * SECOND)


def test_a_table_has_rates_where_it_is() -> None:
    assert capacity(replicas=[THERE]).store_rate.tolist() == [[[0, 0], [4000, 12_000]]]


@pytest.mark.parametrize(
    ("size", "write_milli", "read_milli"),
    [  # a write unit is 1 KB, a read unit reads 4 KB twice
        ("1 B", 1000, 500),
        ("1 KB", 1000, 500),
        ("1025 B", 2000, 500),
        ("4 KB", 4000, 500),
        ("9 KB", 9000, 1500),
    ],
)
def test_units_follow_the_size_of_an_item(size: str, write_milli: int, read_milli: int) -> None:
    data = capacity(item_size=size)
    assert (data.store_write_milli.tolist(), data.store_read_milli.tolist()) == ([write_milli], [read_milli])


def test_what_has_no_limits_has_no_partitions() -> None:
    stores = EVERYTHING | {
        "tables": {"a": {"replicas": BOTH, "capacity": "unlimited"}, "b": {"replicas": BOTH}}
    }
    data = plan_with(**stores).data
    assert data.store_limited.tolist() == [0, 1, 0, 0, 0]
    assert data.store_partitions.tolist() == [0, 4096, 0, 0, 0]
    assert data.store_partition_first.tolist() == [0, 0, 4096, 4096, 4096]
    assert data.store_rate[0].tolist() == [[0, 0], [0, 0]]
    assert data.store_slack_ns.tolist() == [0, SECOND, 0, 0, 0]


# what calls rest on

STORED: Written = {"tables": {"items": {"replicas": BOTH}}}
ERROR = {"at": "1 min", "table": "items", "mode": "error"}
ZONE = {"at": "1 min", "zone": f"{HERE}a", "mode": "black_hole"}
EMPTY = {"at": "1 min", "table": "items", "mode": "empty_answer"}


@pytest.mark.parametrize(
    ("steps", "fault", "come"),
    [
        ([{"read": "items"}], None, set()),
        ([{"read": "items"}], EMPTY, {"call.endpoint_ttl"}),
        ([{"read": "items"}], ERROR, set()),  # nothing is written
        ([{"write": "items"}], ERROR, {"call.applied_share"}),
        ([{"write": "items"}], ZONE, {"call.applied_share"}),
    ],
)
def test_calls_rest_on_what_a_fault_brings_out(
    steps: list[Written], fault: Written | None, come: set[str]
) -> None:
    services = {"api": {"regions": BOTH, "operations": {"view": steps}}}
    run = experiment(faults=[] if fault is None else [fault])
    plan = plan_of(topology(services=services, **STORED), run)
    assert {one.name for one in plan.assumptions if one.name.startswith("call.")} == come


def test_numbers_of_calls_may_be_overridden() -> None:
    system = topology(defaults={"endpoint_ttl": "1 min", "applied_share": "10 %"})
    data = plan_of(system, experiment()).data
    assert (data.endpoint_ttl_ns, data.applied_share) == (60 * SECOND, 0.1)
    assert data.in_region_rtt_ns == 10**6
