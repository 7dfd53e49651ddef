"""Faults on the request path lowered: zones, services, stores, issuers, keys."""

from dataclasses import fields
from typing import Any

import pytest

from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.looks import Look
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED
from simulator.plan.timeline import FaultPlan
from tests.small import HERE, THERE, Written, experiment, plan_of, topology

SECOND = 10**9
MINUTE = 60 * SECOND
BOTH = [HERE, THERE]
THIRD = "us-east-1"
CITY = {HERE: "Frankfurt", THERE: "Dublin"}

SYSTEM = topology(
    regions={HERE: {}, THERE: {}, THIRD: {}},
    tables={"a": {"replicas": BOTH}, "b": {"replicas": BOTH}},
    buckets={"files": {"replicas": [THERE]}},
    caches={"near": {"regions": BOTH}, "wide": {"regions": BOTH, "multi_region": True}},
    services={
        "other": {"regions": [THIRD], "operations": {"sync": [{"compute": "1 ms"}]}},
        "api": {
            "regions": [THERE, HERE],
            "compute": {"nodes": {}},
            "operations": {"view": [{"compute": "1 ms"}]},
        },
    },
    identity={"issuer": [THERE, HERE]},
)


def lowered(fault: Written) -> FaultPlan:
    (plan,) = plan_of(SYSTEM, experiment(faults=[{"at": "1 min"} | fault])).control.faults
    return plan


def differs(plan: FaultPlan) -> dict[str, Any]:
    """What a fault says beyond the defaults, but for kind and times."""
    left_out = ("label", "mode", "start_ns", "end_ns")
    return {
        field.name: getattr(plan, field.name)
        for field in fields(plan)
        if field.name not in left_out and getattr(plan, field.name) != field.default
    }


@pytest.mark.parametrize(
    ("written", "kind", "label", "expected"),
    [
        (
            {"zone": f"{THERE}c", "mode": "black_hole"},
            "zone",
            f"zone {THERE}c does not answer ({CITY[THERE]})",
            {"region": 1, "zone": 2, "look": Look(mode=BLACK_HOLE)},
        ),
        (
            {"zone": f"{HERE}a", "mode": "error", "share": "30 %"},
            "zone",
            f"zone {HERE}a answers 30 % with errors ({CITY[HERE]})",
            {"region": 0, "zone": 0, "look": Look(error_share=0.3)},
        ),
        (
            {"service": "api", "region": HERE, "mode": "error", "share": "30 %"},
            "service",
            f"api in {HERE} answers 30 % with errors ({CITY[HERE]})",
            {"service": 1, "regions": (0,), "look": Look(error_share=0.3)},
        ),
        (
            {"service": "api", "mode": "capacity", "share": "50 %"},
            "service",
            "api has 50 % of its capacity left",
            {"service": 1, "regions": (1, 0), "look": Look(capacity=0.5)},
        ),
        (
            {"service": "other", "mode": "slow", "factor": 2, "add": "1 s"},
            "service",
            "other takes 2 × as long and 1 s longer",
            {"service": 0, "regions": (2,), "look": Look(factor=2.0, add_ns=SECOND)},
        ),
        (
            {"table": "b", "region": THERE, "mode": "empty_answer"},
            "store",
            f"table b in {THERE} has no address ({CITY[THERE]})",
            {"store": 1, "regions": (1,), "look": Look(empty=True)},
        ),
        (
            {"bucket": "files", "mode": "refused"},
            "store",
            "bucket files refuses connections",
            {"store": 2, "regions": (1,), "look": Look(mode=REFUSED)},
        ),
        (
            {"cache": "near", "mode": "error"},
            "store",
            "cache near answers errors",
            {"store": 3, "regions": (0, 1), "look": Look(error_share=1.0)},
        ),
        (
            {"issuer": HERE, "mode": "error", "share": "10 %"},
            "issuer",
            f"issuer in {HERE} answers 10 % with errors ({CITY[HERE]})",
            {"service": 2, "regions": (0,), "look": Look(error_share=0.1)},
        ),
        (
            {"keys": HERE},
            "keys",
            f"signing key of {HERE} is missing from the published set ({CITY[HERE]})",
            {"regions": (0,)},
        ),
        (
            {"keys": "everywhere"},
            "keys",
            "signing key of every issuer is missing from the published set",
            {"regions": (1, 0)},
        ),
    ],
)
def test_faults(written: Written, kind: str, label: str, expected: Written) -> None:
    plan = lowered(written)
    assert (plan.kind, plan.label, plan.mode) == (kind, label, written.get("mode", "removed"))
    assert (plan.start_ns, plan.end_ns) == (MINUTE, NEVER_NS)
    assert differs(plan) == expected


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ({"region": HERE, "mode": "lost"}, f"{HERE} is lost for good ({CITY[HERE]})"),
        ({"region": HERE, "mode": "slow", "add": "2 s"}, f"{HERE} takes 2 s longer ({CITY[HERE]})"),
        ({"clock": HERE, "skew": "-30 s"}, f"clock of {HERE} is 30 s behind ({CITY[HERE]})"),
        ({"clock": HERE, "skew": "200 ms"}, f"clock of {HERE} is 200 ms ahead ({CITY[HERE]})"),
        (
            {"link": {"between": [HERE, THERE]}, "mode": "lossy", "share": "12.5 %"},
            f"link {HERE} ↔ {THERE} loses 12.5 % of messages ({CITY[HERE]}, {CITY[THERE]})",
        ),
        (
            {"link": {"from": HERE, "to": "everywhere"}, "mode": "cut"},
            f"link {HERE} → everywhere is cut ({CITY[HERE]})",
        ),
        ({"table": "b", "mode": "throttled"}, "table b throttles every call"),
        ({"table": "b", "mode": "throttled", "share": "5 %"}, "table b throttles 5 % of calls"),
        ({"dns": "api.example", "mode": "black_hole"}, "DNS of api.example does not answer"),
        (
            {"dns": "api.example", "mode": "black_hole", "share": "40 %"},
            "DNS of api.example loses 40 % of queries",
        ),
        (
            {"replication": {"region": HERE}},
            f"replication of every store from and to {HERE} stands still ({CITY[HERE]})",
        ),
        ({"replication": {"table": "b"}}, "replication of b stands still"),
        ({"control_plane": "route53"}, "Route 53's control plane refuses changes"),
    ],
)
def test_a_fault_is_said_in_words_with_its_amounts_and_cities(written: Written, label: str) -> None:
    assert lowered(written).label == label


def test_flushing_a_cache_takes_an_instant() -> None:
    run = experiment(faults=[{"at": "1 min", "cache": "wide", "mode": "flushed"}])
    plan = plan_of(SYSTEM, run)
    (fault,) = plan.control.faults
    assert (fault.label, fault.store, fault.regions) == ("cache wide forgets everything", 4, (0, 1))
    assert (fault.start_ns, fault.end_ns) == (MINUTE, MINUTE + 1)
    assert plan.data.fault_windows_ns.tolist() == [[MINUTE, MINUTE + 1]]


def test_faults_come_and_go_as_written() -> None:
    flapping = {"period": "10 s", "duty": "40 %"}
    plan = lowered({"zone": f"{HERE}a", "mode": "refused", "for": "20 s", "flapping": flapping})
    assert plan.intervals(5 * MINUTE) == [(start * SECOND, (start + 4) * SECOND) for start in (60, 70)]


def test_pausing_replication_pauses_every_store_unless_a_table_is_named() -> None:
    every = lowered({"replication": {}})
    assert every.stores == (0, 1, 2, 3, 4)
    assert lowered({"replication": {"table": "b"}}).stores == (1,)
