"""Systems, faults and changes lowered to numbers."""

import math
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from simulator import catalog
from simulator.boundary.kinds import COMPUTE, NEVER_NS, READ, WRITE
from simulator.boundary.looks import Look
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED
from simulator.lowering.whole import lag_step_ns_of
from simulator.plan.health_checks import CheckPlan
from simulator.plan.names import NamePlan
from simulator.plan.record_changes import ChangePlan
from simulator.plan.timeline import FaultPlan
from simulator.units import Z99
from tests.small import HERE, THERE, Written, check_named, experiment, plan_of, topology

SECOND = 10**9
MINUTE = 60 * SECOND
THIRD = "us-east-1"


def rtt_ns(a: str, b: str) -> int:
    return catalog.round_trips_ms()[a][b] * 1_000_000


# places and services


def test_regions_come_first_then_users_then_checkers() -> None:
    user = {"near": "sa-east-1", "sessions": 1, "think_time": "1 s", "actions": {"view": 1}}
    record = {"service": "api", "policy": "failover", "health_check": "deep"}
    checks = {"deep": {"checker_regions": ["us-east-1", "eu-west-1", "sa-east-1"]}}
    system = topology(dns={"api.example": record}, health_checks=checks)
    plan = plan_of(system, experiment(users={"people": user}))
    assert plan.locations == (HERE, THERE, "sa-east-1", "us-east-1")
    assert plan.regions == (HERE, THERE)
    assert plan.data.rtt_ns[2].tolist() == [rtt_ns("sa-east-1", place) for place in plan.locations]
    check = check_named(plan, "deep")
    assert check.checker_locations == (3, 3, 1, 1, 2, 2)
    assert (check.interval_ns, check.threshold, check.healthy_share) == (30 * SECOND, 3, 0.18)
    assert (check.connect_timeout_ns, check.answer_timeout_ns) == (4 * SECOND, 2 * SECOND)


def test_sixteen_checkers_in_eight_regions_are_the_default() -> None:
    record = {"service": "api", "policy": "failover", "health_check": "tcp"}
    checks = {"tcp": {"protocol": "tcp", "interval": "10 s", "failure_threshold": 1}}
    plan = plan_of(topology(dns={"api.example": record}, health_checks=checks), experiment())
    check = check_named(plan, "tcp")
    where = [plan.locations[place] for place in check.checker_locations]
    assert where == [region for region in catalog.checker_regions() for _ in range(2)]
    assert (check.interval_ns, check.threshold, check.connect_timeout_ns) == (10 * SECOND, 1, 10 * SECOND)


def test_check_that_no_name_uses_is_not_made() -> None:
    plan = plan_of(topology(health_checks={"unused": {}}), experiment())
    assert plan.control.of(CheckPlan) == ()
    assert plan.locations == (HERE, THERE)


def test_operations_are_rows_of_steps_and_the_last_is_the_token_request() -> None:
    steps = [
        {"compute": "2 ms"},
        {"read": "b", "key": "user", "takes": "3 ms"},
        {"write": "a", "takes": "2 ms"},
    ]
    system = topology(
        tables={name: {"replicas": [HERE, THERE]} for name in "ab"},
        services={
            "api": {"regions": [HERE, THERE], "operations": {"view": [{"compute": "2 ms"}], "act": steps}},
            "back": {"regions": [HERE], "operations": {"sync": [{"read": "a", "takes": "3 ms"}]}},
        },
        identity={"issuer": [THERE, HERE], "access_token": "15 min", "takes": "3 ms"},
    )
    plan = plan_of(system, experiment())
    data = plan.data
    assert plan.operations == ("api.view", "api.act", "back.sync", "token")
    assert data.op_name.tolist() == [0, 0, -1, -1]
    assert data.op_step_first.tolist() == [0, 1, 4, 5]
    assert data.op_step_count.tolist() == [1, 3, 1, 1]
    assert data.op_writes.tolist() == [0, 1, 0, 0]
    assert data.step_kind.tolist() == [COMPUTE, COMPUTE, READ, WRITE, READ, COMPUTE]
    assert data.step_store.tolist() == [-1, -1, 1, 0, 0, -1]
    assert data.step_own.tolist() == [0, 0, 1, 0, 0, 0]
    assert [float(data.dist_a[row]) / 1e6 for row in data.step_dist] == [2, 2, 3, 2, 3, 3]
    assert data.issuer_region.tolist() == [1, 0]
    assert data.token_lifetime_ns == 15 * MINUTE


def test_an_operation_may_take_its_own_time_else_its_populations_else_that_of_all() -> None:
    steps = {"regions": [HERE], "operations": {"view": [{"compute": "1 ms"}], "order": [{"compute": "1 ms"}]}}
    within = {
        "default": "5 s",
        "operations": {"web.shop.view": "1 s", "order": "2 s"},
        "populations": {"two": "3 s"},
    }
    services = {"web.shop": steps, "help": steps}
    records = {f"{name}.example": {"service": name, "policy": "simple", "ttl": "60 s"} for name in services}
    system = topology(services=services, dns=records)
    users = {
        name: {"near": HERE, "sessions": 1, "think_time": "1 s", "actions": {"help.view": 1}}
        for name in ("one", "two")
    }
    plan = plan_of(system, experiment(users=users, objective={"within": within}))
    assert plan.operations[:4] == ("web.shop.view", "web.shop.order", "help.view", "help.order")
    assert (plan.data.within_ns[:, :4] // SECOND).tolist() == [[1, 2, 5, 2], [1, 2, 3, 2]]


def test_without_identity_there_are_no_tokens() -> None:
    data = plan_of(topology(), experiment()).data
    assert (data.issuer_region.tolist(), data.token_lifetime_ns) == ([], 0)


# tables


def test_tables() -> None:
    tables = {
        "plain": {
            "replicas": [THERE, HERE],
            "items": 7,
            "replication_lag": {"median": "1 s", "p99": "4 s"},
            "catch_up": 2.5,
        },
        "hot": {"replicas": [HERE], "items": 3, "popularity": {"zipf": 1}},
    }
    data = plan_of(topology(tables=tables), experiment()).data
    assert data.store_items.tolist() == [7, 3]
    assert data.store_item_first.tolist() == [0, 7]
    assert data.store_replica.tolist() == [[1, 1], [1, 0]]
    assert data.store_zipf.tolist() == [0, 1]
    assert data.catch_up_num.tolist() == [250, 2000]
    median_ns = SECOND + rtt_ns(HERE, THERE) / 2
    assert data.lag_mu[0, 0, 1] == pytest.approx(math.log(median_ns), rel=1e-15)
    assert data.lag_mu[0, 0, 1] + Z99 * data.lag_sigma[0, 0, 1] == pytest.approx(
        math.log(4 * SECOND + rtt_ns(HERE, THERE) / 2), rel=1e-12
    )


def test_popularity_is_kept_by_global_item_number() -> None:
    tables = {
        "plain": {"replicas": [HERE], "items": 2},
        "hot": {"replicas": [HERE], "items": 3, "popularity": {"zipf": 1}},
    }
    data = plan_of(topology(tables=tables), experiment()).data
    assert data.alias_probability[:2].tolist() == [1.0, 1.0]
    share = np.array(data.alias_probability[2:])  # of each cell of a third
    np.add.at(share, data.alias_item[2:], 1 - data.alias_probability[2:])
    assert share / 3 == pytest.approx([6 / 11, 3 / 11, 2 / 11])


def test_uniform_tables_need_no_popularity() -> None:
    data = plan_of(topology(tables={"plain": {"replicas": [HERE], "items": 100_000_000}}), experiment()).data
    assert len(data.alias_probability) == len(data.alias_item) == 0


def test_lag_never_has_a_negative_spread() -> None:
    lag = {"median": "2 s", "p99": "2 s"}
    tables = {"plain": {"replicas": [HERE, THERE], "replication_lag": lag}}
    assert plan_of(topology(tables=tables), experiment()).data.lag_sigma.tolist() == [[[0, 0], [0, 0]]]


# names


def name_plan(**record: Any) -> Any:
    regions = {HERE: {}, THERE: {}, THIRD: {"role": "standby"}}
    operations = {"view": [{"compute": "1 ms"}]}
    service = {"regions": [HERE, THERE, THIRD], "operations": operations}
    record = {"service": "api", "policy": "simple"} | record
    system = topology(regions=regions, services={"api": service}, dns={"api.example": record})
    plan = plan_of(system, experiment())
    return plan.control.of(NamePlan)[0], plan.data


@pytest.mark.parametrize(
    ("record", "regions"),
    [
        ({}, (0, 1, 2)),
        ({"policy": "failover"}, (0, 1, 2)),
        ({"policy": "failover", "order": [THIRD, HERE]}, (0, 2)),
        ({"policy": "weighted", "weights": {THERE: 0, THIRD: 5}}, (1, 2)),
        ({"policy": "geolocation", "geography": {"DE": THERE, "default": THERE}}, (1,)),
        ({"policy": "latency"}, (0, 1, 2)),
    ],
)
def test_regions_with_a_record(record: Written, regions: tuple[int, ...]) -> None:
    assert name_plan(**record)[0].regions == regions


def test_record() -> None:
    name, data = name_plan(policy="failover", order=[THIRD, HERE], ttl="5 min")
    assert (name.name, name.routing, name.order, name.standby) == ("api.example", "failover", (2, 0), {2})
    assert data.name_ttl_ns.tolist() == [5 * MINUTE]
    assert data.negative_ttl_ns == 15 * MINUTE
    weighted, _ = name_plan(policy="weighted", weights={THERE: 0, THIRD: 5})
    assert weighted.weights == {1: 0, 2: 5}
    placed, _ = name_plan(policy="geolocation", geography={"DE": THERE, "default": HERE})
    assert placed.geography == {"DE": 1, "default": 0}


# faults and changes


def lowered(fault: Written) -> FaultPlan:
    system = topology(tables={name: {"replicas": [HERE, THERE]} for name in "ab"})
    (plan,) = plan_of(system, experiment(faults=[{"at": "1 min"} | fault])).control.faults
    return plan


def differs(plan: FaultPlan) -> Written:
    """What a fault says beyond the defaults."""
    return {"kind": plan.kind} | {
        field.name: getattr(plan, field.name)
        for field in fields(plan)
        if getattr(plan, field.name) != field.default and field.name not in ("label", "start_ns")
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            {"region": THERE, "mode": "black_hole", "for": "30 s"},
            {
                "kind": "region",
                "mode": "black_hole",
                "region": 1,
                "look": Look(mode=BLACK_HOLE),
                "end_ns": 90 * SECOND,
            },
        ),
        (
            {"region": HERE, "mode": "error", "share": "25 %", "until": "2 min"},
            {
                "kind": "region",
                "mode": "error",
                "region": 0,
                "look": Look(error_share=0.25),
                "end_ns": 120 * SECOND,
            },
        ),
        (
            {"region": HERE, "mode": "slow", "factor": 3, "add": "1 s"},
            {
                "kind": "region",
                "mode": "slow",
                "region": 0,
                "look": Look(factor=3.0, add_ns=SECOND),
                "end_ns": NEVER_NS,
            },
        ),
        (
            {"link": {"between": [HERE, THERE]}, "mode": "cut"},
            {
                "kind": "link",
                "mode": "cut",
                "pairs": ((0, 1), (1, 0)),
                "look": Look(mode=BLACK_HOLE),
                "end_ns": NEVER_NS,
            },
        ),
        (
            {"link": {"from": THERE, "to": HERE}, "mode": "lossy", "share": "5 %"},
            {
                "kind": "link",
                "mode": "lossy",
                "pairs": ((1, 0),),
                "look": Look(loss=0.05),
                "end_ns": NEVER_NS,
            },
        ),
        (
            {"replication": {"table": "b", "from": HERE, "to": THERE}},
            {"kind": "replication", "mode": "paused", "stores": (1,), "pairs": ((0, 1),), "end_ns": NEVER_NS},
        ),
        (
            {"replication": {"region": HERE}},
            {
                "kind": "replication",
                "mode": "paused",
                "stores": (0, 1),
                "pairs": ((0, 1), (1, 0)),
                "end_ns": NEVER_NS,
            },
        ),
        (
            {"clock": THERE, "skew": "-200 ms"},
            {"kind": "clock", "mode": "skew", "region": 1, "skew_ns": -200_000_000, "end_ns": NEVER_NS},
        ),
        (
            {"control_plane": "route53", "for": "1 s"},
            {"kind": "control_plane", "mode": "frozen", "end_ns": 61 * SECOND},
        ),
        (
            {"dns": "api.example", "mode": "black_hole", "share": "50 %"},
            {"kind": "dns", "mode": "black_hole", "name": 0, "look": Look(loss=0.5), "end_ns": NEVER_NS},
        ),
        (
            {
                "region": HERE,
                "mode": "refused",
                "for": "1 min",
                "flapping": {"period": "10 s", "duty": "25 %"},
            },
            {
                "kind": "region",
                "mode": "refused",
                "region": 0,
                "look": Look(mode=REFUSED),
                "end_ns": 120 * SECOND,
                "period_ns": 10 * SECOND,
                "on_ns": 2_500_000_000,
            },
        ),
    ],
)
def test_faults(written: Written, expected: Written) -> None:
    plan = lowered(written)
    assert plan.start_ns == MINUTE
    assert differs(plan) == expected


def test_everywhere_is_every_other_place() -> None:
    plan = lowered({"link": {"between": [HERE, "everywhere"]}, "mode": "cut"})
    assert {*plan.pairs} == {(0, 1), (1, 0)}
    user = {"near": THIRD, "sessions": 1, "think_time": "1 s", "actions": {"view": 1}}
    fault = {"at": "1 min", "link": {"from": "everywhere", "to": HERE}, "mode": "cut"}
    (one,) = plan_of(topology(), experiment(users={"far": user}, faults=[fault])).control.faults
    assert {*one.pairs} == {(1, 0), (2, 0)}


@pytest.mark.parametrize(
    ("flapping", "until_s", "intervals"),
    [
        (None, 200, [(60, 90)]),
        (None, 70, [(60, 70)]),
        ({"period": "10 s", "duty": "40 %"}, 200, [(60, 64), (70, 74), (80, 84)]),
        ({"period": "20 s", "duty": "75 %"}, 200, [(60, 75), (80, 90)]),
        ({"period": "20 s", "duty": "75 %"}, 85, [(60, 75), (80, 85)]),
    ],
)
def test_intervals_of_a_fault(flapping: Any, until_s: int, intervals: list[tuple[int, int]]) -> None:
    written = {"region": HERE, "mode": "refused", "for": "30 s"} | (
        {"flapping": flapping} if flapping else {}
    )
    found = lowered(written).intervals(until_s * SECOND)
    assert found == [(start * SECOND, end * SECOND) for start, end in intervals]


def test_overlapping_faults_are_one_window() -> None:
    faults = [
        {"at": at, "region": region, "mode": "refused"} | ({"for": lasts} if lasts else {})
        for at, lasts, region in [("1 min", "30 s", HERE), ("80 s", "20 s", THERE), ("3 min", None, HERE)]
    ]
    data = plan_of(topology(), experiment(faults=faults)).data
    assert (data.fault_windows_ns / SECOND).tolist() == [[60, 100], [180, 300]]


def test_record_changes() -> None:
    record = {"service": "api", "policy": "weighted", "weights": {HERE: 1, THERE: 1}, "health_check": "deep"}
    changes = [
        {"change": "api.example", "at": "2 min", "weights": {HERE: 0, THERE: 9}},
        {
            "change": "api.example",
            "after_detection": "5 min",
            "weights": {HERE: 3, THERE: 0},
            "retry_every": "10 s",
        },
    ]
    system = topology(dns={"api.example": record}, health_checks={"deep": {}})
    fault = {"at": "1 min", "region": HERE, "mode": "refused"}
    first, second = plan_of(system, experiment(operator=changes, faults=[fault])).control.of(ChangePlan)
    assert (first.at_ns, first.after_detection_ns, first.retry_ns) == (2 * MINUTE, NEVER_NS, MINUTE)
    assert (second.at_ns, second.after_detection_ns, second.retry_ns) == (NEVER_NS, 5 * MINUTE, 10 * SECOND)
    assert (first.weights, second.weights) == ({0: 0, 1: 9}, {0: 3, 1: 0})
    assert first.order is None
    assert first.geography is None


# the rest


@pytest.mark.parametrize(
    ("hours", "seconds"), [(1, 10), (10_000 / 360, 10), (28, 60), (166, 60), (167, 300), (24 * 366, 300)]
)
def test_long_runs_have_wide_lag_buckets(hours: float, seconds: int) -> None:
    assert lag_step_ns_of(int(hours * 3600 * SECOND)) == seconds * SECOND


def test_lag_buckets_divide_the_metrics_period() -> None:
    assert all(300 * SECOND % lag_step_ns_of(hours * 3600 * SECOND) == 0 for hours in (1, 100, 1000))


def test_lag_of_many_pairs_is_counted_in_longer_steps() -> None:
    """51 tables in 32 regions are 52,224 pairs: of 20 million steps each has 382, and a day 288 of 5 min."""
    assert lag_step_ns_of(86_400 * SECOND, 51 * 32 * 32) == 300 * SECOND
    assert lag_step_ns_of(86_400 * SECOND, 4 * 3 * 3) == 10 * SECOND


def test_arrays_cannot_be_changed() -> None:
    data = plan_of(topology(), experiment()).data
    with pytest.raises(ValueError, match="read-only"):
        data.pop_near[0] = 1
    arrays = [getattr(data, field.name) for field in fields(data)]
    assert not any(array.flags.writeable for array in arrays if isinstance(array, np.ndarray))


def test_seed_and_times() -> None:
    run = experiment(duration="10 min", time_of_day="08:30", objective={"success": "95 %", "window": "30 s"})
    data = plan_of(topology(), run, seed=77).data
    assert (data.seed, data.duration_ns, data.window_ns) == (77, 10 * MINUTE, 30 * SECOND)
    assert data.day_offset_ns == 510 * MINUTE
