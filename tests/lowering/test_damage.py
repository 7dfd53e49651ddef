"""What damages stores, lowered: steps that delete, and faults that corrupt."""

from simulator.boundary.kinds import DELETE, NEVER_NS
from simulator.boundary.looks import WELL
from tests.lowering.test_stores import BOTH, plan_with
from tests.small import HERE, experiment, plan_of, topology

S = 10**9


def test_a_delete_writes_and_stands_alone() -> None:
    data = plan_with([{"delete": "t", "key": "user"}], tables={"t": {"replicas": BOTH}}).data
    assert data.step_kind[0] == DELETE
    assert (data.step_writes[0], data.step_stands_alone[0], data.step_own[0]) == (1, 1, 1)
    assert data.op_writes[0] == 1


def test_a_fault_corrupts_a_share_of_writes_or_all() -> None:
    faults = [
        {"at": "10 s", "table": "t", "mode": "corrupted", "share": "5 %"},
        {"at": "20 s", "table": "t", "mode": "corrupted", "region": HERE},
    ]
    plan = plan_of(topology(tables={"t": {"replicas": [HERE]}}), experiment(faults=faults))
    some, every = plan.control.faults
    assert (some.look.corrupt_share, every.look.corrupt_share) == (0.05, 1.0)  # type: ignore[attr-defined]
    assert some.label.startswith("table t corrupts 5 % of writes")
    assert every.label.startswith(f"table t in {HERE} corrupts every write")


def test_items_expire_by_the_table_and_are_deleted_within_what_the_catalog_says() -> None:
    tables = {
        "kept": {"replicas": BOTH},
        "some": {"replicas": BOTH, "time_to_live": "1 h"},
        "soon": {"replicas": BOTH, "time_to_live": "1 h", "expired_within": "5 min"},
    }
    steps = [{"read": "some", "filters_expired": True}, {"read": "soon"}]
    data = plan_with(steps, tables=tables).data
    assert data.store_live_ns.tolist() == [NEVER_NS, 3600 * S, 3600 * S]
    assert data.store_expired_ns.tolist() == [0, 48 * 3600 * S, 300 * S]
    assert data.step_filters_expired[:2].tolist() == [1, 0]


def test_a_table_that_is_deleted_is_absent_and_what_strikes_items_takes_an_instant() -> None:
    faults = [
        {"at": "10 s", "table": "t", "mode": "deleted"},
        {"at": "20 s", "table": "t", "mode": "deleted", "items": "5 %"},
    ]
    plan = plan_of(topology(tables={"t": {"replicas": [HERE]}}), experiment(faults=faults))
    whole, items = plan.control.faults
    assert (whole.look.absent, whole.items) == (True, None)  # type: ignore[attr-defined]
    assert (items.look, items.items, items.end_ns) == (WELL, 0.05, 20 * S + 1)  # type: ignore[attr-defined]
    assert items.label == "table t has 5 % of its items deleted"
