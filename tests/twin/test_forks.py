"""Engine and twin agree on replicas that leave their tables, and on samples of what is gone."""

import pytest

from simulator.boundary.events import REPLICA_FORKED
from simulator.boundary.outcomes import ERROR, UNKNOWN
from tests.small import plan_of
from tests.tiers import seeds
from tests.twin.strategies import Spec
from tests.twin.test_equality import assert_equal

A, B, C = "eu-south-1", "eu-central-1", "us-east-1"


def system(regions: list[str], consistency: Spec) -> Spec:
    table = {"replicas": regions, "items": 6, "capacity": {"provisioned": {"write": "40/s", "read": "80/s"}}}
    steps = [
        {"read": "orders", **consistency},
        {"write": "orders", "if": "unchanged"},
        {"write": "notes", "idempotent": True},
    ]
    return {
        "topology": "small",
        "regions": {region: {} for region in regions},
        "tables": {"orders": table, "notes": {"replicas": regions, "items": 5}},
        "services": {
            "api": {"regions": regions, "operations": {"act": steps, "drop": [{"delete": "notes"}]}},
        },
        "dns": {"api.example": {"service": "api", "policy": "latency"}},
        "defaults": {"fork_after": "10 s"},
    }


def run(regions: list[str], faults: list[Spec]) -> Spec:
    users = {
        f"of {region}": {"near": region, "sessions": 4, "think_time": "2 s", "actions": {"act": 4, "drop": 1}}
        for region in regions
    }
    return {
        "experiment": "small",
        "topology": "t.yaml",
        "duration": "60 s",
        "users": users,
        "faults": faults,
    }


FAULTS: list[list[Spec]] = [
    [{"at": "10 s", "for": "15 s", "table": "orders", "region": A, "mode": "role_unusable"}],
    [{"at": "10 s", "for": "15 s", "table": "notes", "region": B, "mode": "key_unusable"}],
    [{"at": "10 s", "for": "12 s", "region": A, "mode": "disabled"}],
    [
        {"at": "10 s", "region": A, "mode": "disabled", "for": "30 s"},
        {"at": "12 s", "table": "orders", "region": B, "mode": "role_unusable"},
    ],
    [
        {"at": "10 s", "table": "orders", "region": A, "mode": "role_unusable"},
        {"at": "30 s", "region": B, "mode": "lost"},
    ],
    [
        {"at": "5 s", "region": B, "mode": "lost"},
        {"at": "10 s", "table": "orders", "region": A, "mode": "role_unusable"},
    ],
]


@pytest.mark.parametrize("faults", FAULTS, ids=range(len(FAULTS)))
@pytest.mark.parametrize("regions", [[A, B], [A, B, C]], ids=["two", "three"])
@seeds(quick=1, middle=2, every=3)
def test_engine_and_twin_agree_on_replicas_that_are_forked(
    regions: list[str], faults: list[Spec], seed: int
) -> None:
    """Every second reads strongly. The last replica that is left is the table, and is not forked."""
    consistency = {"consistency": "strong"} if (seed + len(regions)) % 2 == 0 else {}
    outcome = assert_equal(plan_of(system(regions, consistency), run(regions, faults), seed))
    is_alone = faults[0]["mode"] == "lost" and len(regions) == 2
    assert bool(outcome.events_of(REPLICA_FORKED)) != is_alone


def test_an_error_after_a_write_into_a_fork_is_unknown() -> None:
    """By hand: the role fails from 10 s on, and after 10 s of it the replica is a table of its own.

    Until then nothing is written in it, and tries end with an error; later the write is acknowledged there,
    and the service that is asked behind it does not run: a write may have been applied (model.md §4).
    """
    topology = system([A, B], {})
    steps = {"act": [{"write": "notes"}, {"call": "inner"}], "drop": [{"compute": "1 ms"}]}
    topology["services"]["api"]["operations"] = steps
    other = {"regions": [A, B], "operations": {"inner": [{"compute": "1 ms"}]}, "dormant_in": [A]}
    topology["services"]["other"] = other
    topology["plans"] = {"never": {"steps": [{"enable": "other", "in": A}]}}
    fault = {"at": "10 s", "for": "30 s", "table": "notes", "region": A, "mode": "key_unusable"}
    outcome = assert_equal(plan_of(topology, run([A], [fault])))
    assert outcome.tallies.fork_writes.sum() > 0
    assert outcome.tallies.attempts[ERROR] > 0
    assert outcome.tallies.attempts[UNKNOWN] >= outcome.tallies.fork_writes.sum() > 0


@pytest.mark.parametrize(("again", "since_s"), [(False, 6), (True, 120)], ids=["for good", "until made anew"])
def test_a_backup_of_a_forked_replica_holds_what_it_held_at_the_fork(again: bool, since_s: int) -> None:
    """A replica is shut out at 7 s, forked at 17 s, backed up at 120 s, and the backup is restored elsewhere.

    Copies take a second, so it holds what was written until 6 s: of four users who write every two seconds
    all that comes later is lost. Where the replica has been made anew by then, what was written since 120 s.
    """
    backup = {
        "region": A,
        "every": "2 h",
        "at": "00:02",
        "takes": "1 s",
        "copied_to": [B],
        "copy_takes": "0 s",
    }
    table = {"replicas": [A, B], "items": 40, "replication_lag": {"median": "1 s", "p99": "1 s"}}
    step = {"replica": "notes", "in": A, "takes": "1 s", "retry_every": "1 s"}
    plan = {"trigger": {"at": "20 s"}, "decision": "none", "steps": [step]}
    spec = system([A, B], {}) | ({"plans": {"anew": plan}} if again else {})
    spec["tables"] |= {"notes": table | {"backups": {"hourly": backup}}}
    spec["services"]["api"]["operations"] = {"note": [{"write": "notes"}]}
    times = dict.fromkeys(["takes", "settings_take", "replica_takes", "swap_takes"], "1 s")
    restore = {"table": "notes", "region": B, "from": "hourly", "point": "latest", "written_since": "drop"}
    written = run(
        [A, B], [{"at": "7 s", "for": "12 s", "table": "notes", "region": A, "mode": "role_unusable"}]
    )
    written |= {"duration": "440 s", "time_of_day": "00:00", "restores": [restore | times | {"at": "425 s"}]}
    written["users"] = {"all": {"near": B, "sessions": 4, "think_time": "2 s", "actions": {"note": 1}}}
    (restored,) = assert_equal(plan_of(spec, written)).restored
    assert restored.lost == pytest.approx(2 * (restored.at_ns / 1e9 - since_s), rel=0.03)


def test_they_agree_on_a_sample_of_objects_that_were_under_way_when_the_run_began() -> None:
    """The first that are gone with their region were put before: objects that have no number."""
    written = system([A, B], {})
    lag = {"median": "10 min", "p99": "60 min"}
    files = {"replicas": [A, B], "items": 7, "replication_lag": lag}
    operations = written["services"]["api"]["operations"] | {"put": [{"put": "files"}]}
    written |= {"buckets": {"files": files}}
    written["services"]["api"] |= {"operations": operations}
    users = {"putting": {"near": A, "sessions": 20, "think_time": "2 s", "actions": {"put": 1}}}
    lost = {"at": "20 s", "region": A, "mode": "lost"}
    plan = plan_of(written, run([A, B], [lost]) | {"users": users, "duration": "40 s"})
    t = assert_equal(plan).tallies
    assert (t.gone_item[2] == -1).all()
    assert (t.gone_ns[2] < 0).all()
