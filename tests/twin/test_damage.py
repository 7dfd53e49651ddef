"""The two planes agree on damage that drawn systems rarely meet: in caches, at edges, of deleted tables."""

import pytest

from simulator.simulation import simulate
from tests.small import experiment, plan_of, topology
from tests.twin.drawn import Spec
from tests.twin.plane import TwinPlane
from tests.twin.test_equality import assert_equal, attempts

HERE, THERE = "eu-south-1", "eu-north-1"
BOTH = [HERE, THERE]

TOPOLOGY: Spec = {
    "topology": "a shop with pages",
    "regions": {HERE: {}, THERE: {}},
    "tables": {
        "carts": {"replicas": BOTH, "items": 4, "point_in_time_recovery": {}},
        "signed_in": {"replicas": BOTH, "items": 6, "time_to_live": "40 s", "expired_within": "40 s"},
    },
    "caches": {"near": {"regions": BOTH, "items": 4, "time_to_live": "30 s"}},
    "buckets": {"pages": {"replicas": BOTH, "items": 3, "replication_lag": {"median": "2 s", "p99": "9 s"}}},
    "services": {
        "api": {
            "regions": BOTH,
            "operations": {
                "look": [{"cache": "near", "miss": "carts"}],
                "add": [{"read": "carts"}, {"write": "carts"}],
                "set": [{"write": "carts", "stands_alone": True}],
                "drop": [{"delete": "carts"}],
                "visit": [{"read": "signed_in"}],
                "check": [{"read": "signed_in", "filters_expired": True}],
                "sign_in": [{"write": "signed_in"}],
            },
        },
        "web": {
            "regions": BOTH,
            "cdn": {"origins": BOTH, "ttl": "20 s"},
            "operations": {"page": [{"get": "pages"}], "edit": [{"put": "pages"}]},
        },
    },
    "dns": {
        "api.example": {"service": "api", "policy": "latency"},
        "web.example": {"service": "web", "policy": "simple"},
    },
}
ACTIONS = {
    **{"look": 6, "add": 3, "set": 1, "drop": 1, "visit": 2, "check": 2, "sign_in": 1},
    **{"page": 4, "edit": 1},
}
USERS = {
    near: {"near": near, "sessions": 8, "think_time": "2 s", "actions": ACTIONS, "client": "script"}
    for near in BOTH
}
RESTORE = {
    **{"table": "carts", "region": THERE, "from": "system_backup", "after_damage": "10 s"},
    **{"swap": "same_name", "written_since": "drop"},
    **dict.fromkeys(("takes", "settings_take", "replica_takes", "swap_takes"), "20 s"),
}
CASES: dict[str, tuple[list[Spec], list[Spec], list[str]]] = {
    "a bad deployment": (
        [
            {"at": "40 s", "for": "60 s", "table": "carts", "mode": "corrupted", "share": "30 %"},
            {"at": "60 s", "for": "60 s", "bucket": "pages", "mode": "corrupted"},
        ],
        [],
        ["corrupted_writes", "damaged_reads", "wrong_by_mix", "edge_wrong", "expired_reads", "absent_reads"],
    ),
    "a bad migration": (
        [
            {"at": "50 s", "table": "carts", "region": THERE, "mode": "corrupted", "items": "60 %"},
            {"at": "90 s", "bucket": "pages", "mode": "deleted", "items": "70 %"},
            {"at": "95 s", "table": "signed_in", "mode": "deleted", "items": "50 %"},
        ],
        [],
        ["struck_items", "damaged_reads", "damaged_copies", "edge_wrong"],
    ),
    "a deleted table": (
        [{"at": "60 s", "table": "carts", "mode": "deleted"}],
        [],
        ["lost_with_table", "call_failures"],
    ),
    "a deleted table that is restored": (
        [{"at": "60 s", "table": "carts", "mode": "deleted"}],
        [RESTORE],
        ["call_failures"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_they_agree_on(case: str) -> None:
    faults, restores, exercised = CASES[case]
    experiment = {
        "experiment": case,
        "topology": "topology.yaml",
        "duration": "4 min",
        "users": USERS,
        "faults": faults,
        "restores": restores,
    }
    plan = plan_of(TOPOLOGY, experiment)
    outcome = assert_equal(plan)
    assert attempts(outcome) > 1000
    for name in exercised:
        counted = getattr(outcome.tallies, name)
        assert (counted.sum() if hasattr(counted, "sum") else counted) > 0, name


@pytest.mark.parametrize("lost", [False, True])
def test_they_agree_on_objects_struck_at_time_zero_behind_those_under_way(lost: bool) -> None:
    """What was under way before the run is older than what a fault writes as it begins."""
    regions = [HERE, THERE, "eu-west-1"]
    put = {"regions": [HERE, THERE], "operations": {"view": [{"put": "pages"}, {"get": "pages"}]}}
    system = topology(
        regions={region: {} for region in regions},
        buckets={"pages": {"replicas": regions, "items": 5}},
        services={"api": put},
    )
    faults = [{"at": "0 s", "bucket": "pages", "mode": "corrupted", "items": "60 %"}]
    faults += [{"at": "0 s", "region": "eu-west-1", "mode": "lost"}] if lost else []
    assert attempts(assert_equal(plan_of(system, experiment(faults=faults)))) > 100


def test_writes_that_replace_what_had_replaced_others_add_up() -> None:
    """Writers of one item in three regions within one lag: some stand alone, and are replaced themselves."""
    regions = [HERE, THERE, "eu-west-1"]
    operations = {"set": [{"write": "carts", "stands_alone": True}], "add": [{"write": "carts"}]}
    lag = {"median": "10 s", "p99": "10 s"}
    system = topology(
        regions={region: {} for region in regions},
        tables={"carts": {"replicas": regions, "items": 1, "replication_lag": lag}},
        services={"api": {"regions": regions, "operations": operations}},
        dns={"api.example": {"service": "api", "policy": "latency"}},
    )
    people = {"sessions": 3, "think_time": "5 s", "actions": dict.fromkeys(operations, 1)}
    plan = plan_of(system, experiment(users={near: people | {"near": near} for near in regions}))
    assert attempts(assert_equal(plan)) > 100
    twin = TwinPlane(plan.data)
    simulate(plan, twin)
    assert twin.stores.replaced_elsewhere(0) > 0


def test_what_an_old_writer_alone_has_is_not_lost_again_by_restores() -> None:
    """Nobody fences the writer: what it writes past the promotion is lost at once, and once."""
    writes = {"regions": BOTH, "operations": {"view": [{"write": "books"}]}}
    books = {"engine": "rds", "writer": HERE, "readers": [THERE], "items": 40, "rebuild": "1 s"}
    books |= {"write_fencing": "none", "old_writer": "stays", "promotion": "5 s"}
    system = topology(
        regions={region: {} for region in BOTH},
        databases={"books": books | {"point_in_time_recovery": {"lag": "0 s"}}},
        services={"api": writes},
        dns={"api.example": {"service": "api", "policy": "latency"}},
    )
    times = dict.fromkeys(("takes", "settings_take", "replica_takes", "swap_takes"), "1 s")
    drop = {"database": "books", "region": THERE, "written_since": "drop", "point": "1 s"} | times
    people = {"sessions": 5, "think_time": "5 s", "actions": {"view": 1}}
    run = experiment(
        duration="3 min",
        users={near: people | {"near": near} for near in BOTH},
        operator=[{"promote": "books", "to": THERE, "at": "20 s"}],
        restores=[drop | {"at": "120 s"}],
    )
    outcome = assert_equal(plan_of(system, run))
    assert attempts(outcome) > 100
    assert outcome.tallies.lost_past_promotion[0] > 0
    assert outcome.tallies.lost_after_point[0] > 0
    assert outcome.tallies.discarded[0] == 0
