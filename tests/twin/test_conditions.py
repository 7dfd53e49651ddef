"""Engine and twin on conditional writes: few items, many writers, slow answers that make calls try again."""

from typing import Any

import pytest

from tests.small import plan_of
from tests.twin.drawn import Spec
from tests.twin.test_equality import assert_equal, attempts

REGIONS = ["eu-central-1", "eu-north-1"]
LAG = {"median": "1 s", "p99": "4 s"}
EVENTUAL: Spec = {"replicas": REGIONS, "items": 2, "initially": "empty", "replication_lag": LAG}
TABLES: dict[str, Spec] = {
    "eventual": EVENTUAL,
    "strong": EVENTUAL | {"consistency": "strong", "witness": "eu-west-1"},
    "expiring": EVENTUAL | {"initially": "full", "time_to_live": "500 ms", "expired_within": "1 s"},
    "limited": EVENTUAL | {"capacity": {"provisioned": {"write": "6/min", "read": "5/s"}}},
}


def system(table: Spec, is_idempotent: bool = False, retries: bool = False) -> Spec:
    """Two services, one in each region, that take names, give them back and count."""
    token: dict[str, Any] = {"idempotent": True} if is_idempotent else {}
    slow = {"takes": {"from": "1 ms", "to": "60 ms"}}
    operations = {
        "claim": [{"write": "t", "if": "absent", **slow, **token}],
        "release": [{"read": "t"}, {"delete": "t", "if": "unchanged", **slow}],
        "count": [{"read": "t"}, {"compute": "200 ms"}, {"write": "t", "if": "unchanged", **slow, **token}],
        "set": [{"write": "t"}],
    }
    calls = {
        "profile": "script",
        "timeout": "50 ms",
        "attempts": 3,
        "backoff": {"base": "1 ms", "cap": "1 ms"},
    }
    calls |= {"retry_refused_conditions": True, "quota": {"tokens": 9, "cost": 2}} if retries else {}
    names = {"south": REGIONS[0], "north": REGIONS[1]}
    services = {
        name: {
            "regions": [region],
            "calls": calls,
            "operations": {f"{operation}_{name}": steps for operation, steps in operations.items()},
        }
        for name, region in names.items()
    }
    dns = {f"{name}.example": {"service": name, "policy": "simple"} for name in names}
    regions = {region: {} for region in REGIONS}
    return {"topology": "t", "regions": regions, "tables": {"t": table}, "services": services, "dns": dns}


def people(near: str, name: str) -> Spec:
    actions = {f"claim_{name}": 3, f"release_{name}": 1, f"count_{name}": 4, f"set_{name}": 1}
    return {"near": near, "sessions": 4, "think_time": "2 s", "actions": actions, "client": "script"}


EXPERIMENT: Spec = {
    "experiment": "conditions",
    "topology": "topology.yaml",
    "duration": "60 s",
    "users": {"s": people(REGIONS[0], "south"), "n": people(REGIONS[1], "north")},
    "faults": [
        {"at": "20 s", "for": "10 s", "link": {"between": REGIONS}, "mode": "cut"},
        {"at": "40 s", "for": "5 s", "table": "t", "mode": "error", "share": "50 %"},
    ],
}


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("is_idempotent", [False, True])
@pytest.mark.parametrize("retries", [False, True])
def test_they_agree_on_conditions(kind: str, is_idempotent: bool, retries: bool) -> None:
    if kind == "strong" and is_idempotent:
        pytest.skip("strong tables know no transactions")
    assert attempts(assert_equal(plan_of(system(TABLES[kind], is_idempotent, retries), EXPERIMENT))) > 150
