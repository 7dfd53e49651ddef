"""Engine and twin agree where copies wait for units: full tables, hot partitions, and what befalls them."""

import pytest

from tests.small import Written, experiment, plan_of, topology
from tests.twin.test_equality import assert_equal, attempts

REGIONS = ["eu-central-1", "eu-north-1", "eu-west-1"]

TABLES: dict[str, Written] = {
    "little is provisioned": {
        "items": 5,
        "capacity": {"provisioned": {"write": "1/s", "read": "100/s"}},
        "capacity_in": {"eu-west-1": {"provisioned": {"write": "6/min", "read": "100/s"}}},
    },
    "partitions are hot": {
        "items": 2,
        "item_size": "400 KB",
        "popularity": {"zipf": 2},
        "capacity": {"provisioned": {"write": "100000/s", "read": "100/s"}},
    },
    "partitions and the table are": {
        "items": 2,
        "item_size": "400 KB",
        "popularity": {"zipf": 1.1},
        "capacity": {"provisioned": {"write": "2500/s", "read": "100/s"}},
    },
    "a second's burst is all": {
        "items": 10,
        "item_size": "5 KB",
        "capacity": {"on_demand": {"warm_write": "20/s", "warm_read": "100/s"}},
    },
}
"""A partition of 1,000 units a second begins with 300,000: 750 writes of 400 KB. Of 15 writes and
copies a second in each replica its most popular item gets ten or more.
"""

FAULTS: dict[str, Written | None] = {
    "nothing": None,
    "a pause": {"replication": {"table": "rows"}, "mode": "paused", "for": "40 s"},
    "a pair that flaps": {
        "replication": {"table": "rows", "from": "eu-west-1", "to": "eu-central-1"},
        "mode": "paused",
        "for": "100 s",
        "flapping": {"period": "7 s", "duty": "50 %"},
    },
    "a lost sender": {"region": "eu-north-1", "mode": "lost"},
    "a lost receiver": {"region": "eu-west-1", "mode": "lost"},
    "less capacity": {"table": "rows", "mode": "capacity", "share": "30 %", "for": "60 s"},
    "a wrong clock": {"clock": "eu-west-1", "skew": "-10 s", "for": "60 s"},
}


def _system(table: Written, fault: Written | None) -> tuple[Written, Written]:
    """Each region writes into its own replica; the copies of two others arrive there."""
    services = {
        f"api-{region}": {"regions": [region], "operations": {f"put-{region}": [{"write": "rows"}]}}
        for region in REGIONS
    }
    users = {
        f"users-{region}": {
            "near": region,
            "arrivals": "5/s",
            "session_length": "1 ms",
            "think_time": "1 h",
            "actions": {f"put-{region}": 1},
            "client": {"profile": "script", "attempts": 1},
        }
        for region in REGIONS
    }
    system = topology(
        regions={region: {} for region in REGIONS},
        tables={"rows": {"replicas": REGIONS, "catch_up": 3} | table},
        services=services,
        dns={f"{name}.example": {"service": name, "policy": "simple"} for name in services},
    )
    faults = [] if fault is None else [{"at": "70 s"} | fault]
    return system, experiment(users=users, duration="160 s", faults=faults)


@pytest.mark.parametrize(
    ("table", "fault"),
    [("partitions and the table are", "a pause"), ("little is provisioned", "a lost sender")],
)
def test_they_agree_on_what_waits_for_units(table: str, fault: str) -> None:
    assert attempts(assert_equal(plan_of(*_system(TABLES[table], FAULTS[fault])))) > 2000


@pytest.mark.middle
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("table", TABLES)
def test_they_agree_whatever_happens_meanwhile(table: str, fault: str) -> None:
    assert attempts(assert_equal(plan_of(*_system(TABLES[table], FAULTS[fault])))) > 2000
