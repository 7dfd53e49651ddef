"""What damages stores, lowered: steps that delete, and faults that corrupt."""

from simulator.boundary.kinds import DELETE
from tests.plan.test_stores import BOTH, plan_with
from tests.small import HERE, experiment, plan_of, topology


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
