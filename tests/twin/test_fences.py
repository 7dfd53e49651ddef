"""Engine and twin on fenced writes: in tables of both kinds and in a database, over links that are cut."""

from typing import Any

import pytest

from simulator.boundary.outcomes import FENCED_CALL, TIMEOUT_CALL
from tests.small import plan_of, played
from tests.twin.drawn import Spec
from tests.twin.test_conditions import EXPERIMENT, REGIONS, system
from tests.twin.test_equality import assert_equal, attempts

SOUTH, NORTH = REGIONS
LAG = {"median": "1 s", "p99": "4 s"}
TABLE: Spec = {"replicas": REGIONS, "items": 3, "initially": "empty", "replication_lag": LAG}
CAPACITY = {"provisioned": {"write": "6/min", "read": "5/s"}}
BASE: Spec = {"engine": "aurora_global", "writer": SOUTH, "readers": [NORTH], "items": 3}
STORES: dict[str, tuple[str, Spec]] = {
    "eventual": ("tables", TABLE),
    "strong": ("tables", TABLE | {"consistency": "strong", "witness": "eu-west-1"}),
    "limited": ("tables", TABLE | {"capacity": CAPACITY}),
    "database": ("databases", BASE | {"initially": "empty"}),
}


def fenced(kind: str, by: str = "application", **client: Any) -> Spec:
    """Writes in the first region are fenced from 15 s to 45 s."""
    section, store = STORES[kind]
    found = system(TABLE, retries=True) | {"tables": {}} | {section: {"t": store}}
    for service in found["services"].values():
        service["calls"] = service["calls"] | client
    fence = {"by": by, "settles": "0 s"}
    steps = [{"fence": SOUTH} | fence, {"wait_for": {"time": "30 s"}}, {"unfence": SOUTH} | fence]
    return found | {"plans": {"stop": {"trigger": {"at": "15 s"}, "decision": "none", "steps": steps}}}


def struck(kind: str) -> Spec:
    """A link between the regions is cut one way and both, and the store errs."""
    store = {"database" if kind == "database" else "table": "t"}
    faults = [
        {"at": "20 s", "for": "5 s", "link": {"from": SOUTH, "to": NORTH}, "mode": "cut"},
        {"at": "30 s", "for": "5 s", "link": {"between": REGIONS}, "mode": "cut"},
        {"at": "40 s", "for": "8 s", **store, "mode": "error", "share": "50 %"},
    ]
    return EXPERIMENT | {"faults": faults}


@pytest.mark.parametrize("kind", STORES)
def test_they_agree_on_fenced_writes(kind: str) -> None:
    assert attempts(assert_equal(plan_of(fenced(kind), struck(kind)))) > 150


BREAKER = {"circuit_breaker": {"threshold": "20 %", "window": 5, "least": 2, "open": "2 s", "probes": 1}}


@pytest.mark.parametrize("client", [BREAKER, {"timeout": "20 ms"}], ids=["breaker", "late"])
def test_they_agree_on_what_clients_make_of_fenced_writes(client: dict[str, Any]) -> None:
    plan = plan_of(fenced("eventual", "policy", **client), struck("eventual"))
    assert attempts(assert_equal(plan)) > 150


def test_nobody_writes_where_writes_are_fenced_and_reads_go_on() -> None:
    """Half of the minute the south writes nothing: a quarter of all writes. Nothing else fails."""
    outcome = played(fenced("eventual"), EXPERIMENT | {"faults": []})
    fates = outcome.tallies.call_failures[FENCED_CALL, 0]
    assert fates[0] > 20
    assert fates[1] == 0
    free = played(system(TABLE, retries=True), EXPERIMENT | {"faults": []})
    late = outcome.tallies.call_failures[TIMEOUT_CALL, 0].sum()  # steps may outlast their timeout
    assert outcome.tallies.call_failures[:, 0].sum() == fates[0] + late
    assert 0.65 < outcome.tallies.writes[0] / free.tallies.writes[0] < 0.85  # some hundred writes


def test_writes_to_a_fenced_writer_are_refused_wherever_they_come_from() -> None:
    outcome = played(fenced("database"), EXPERIMENT | {"faults": []})
    assert outcome.tallies.call_failures[FENCED_CALL, 0].min() > 20
