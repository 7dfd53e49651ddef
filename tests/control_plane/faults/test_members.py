"""What the log says of the members of a strong table: who leaves and returns, and whether there is a quorum.

On a plane that only records, on which a member needs so long to catch up as it is told; once on the real one.
"""

from typing import Any

import pytest

from simulator.data_plane.plane import CompiledPlane
from simulator.outcome import Outcome
from simulator.simulation import simulate
from tests import small
from tests.control_plane.building import SECOND
from tests.control_plane.recording import RecordingPlane

FRANKFURT, IRELAND, LONDON = REGIONS = ("eu-central-1", "eu-west-1", "eu-west-2")
KINDS = {"member_left", "member_returned", "member_caught_up", "quorum_lost", "quorum_regained"}
WITNESSED = {"replicas": [FRANKFURT, IRELAND], "witness": LONDON}

Log = list[tuple[float, str, str]]


def plan_of(*faults: dict[str, Any], **table: Any) -> Any:
    """A strong table with a replica in each of three regions, which a service writes in Frankfurt."""
    orders = {"replicas": [*REGIONS], "consistency": "strong", **table}
    api = {"regions": [FRANKFURT], "operations": {"view": [{"write": "orders"}]}}
    system = small.topology(
        regions={region: {} for region in REGIONS}, tables={"orders": orders}, services={"api": api}
    )
    return small.plan_of(system, small.experiment(faults=[*faults]))


def log_of(outcome: Outcome) -> Log:
    """When, in seconds, what happened, and to whom."""
    events = [one for one in outcome.events if one.kind in KINDS]
    return [(one.at_ns / SECOND, one.kind, one.target.removeprefix("orders@")) for one in events]


def log(*faults: dict[str, Any], catching_up_s: float = 0.0, **table: Any) -> Log:
    """What is logged where members take so long to catch up."""
    plane = RecordingPlane()
    plane.catching_up_ns = int(catching_up_s * SECOND)
    return log_of(simulate(plan_of(*faults, **table), plane))


def cut(one: str, other: str, at: str, until: str) -> dict[str, Any]:
    return {"link": {"from": one, "to": other}, "mode": "cut", "at": at, "until": until}


def dark(region: str, at: str, until: str | None = None) -> dict[str, Any]:
    ends = {"mode": "lost"} if until is None else {"mode": "black_hole", "until": until}
    return {"region": region, "at": at, **ends}


def test_a_member_that_is_down_has_left_and_is_back_when_it_has_caught_up() -> None:
    """It is looked at every tenth of a second: 3.25 s after its return are 33 looks behind the first."""
    assert log(dark(LONDON, "60 s", "90 s"), catching_up_s=3.25) == [
        (60, "member_left", LONDON),
        (90, "member_returned", LONDON),
        (93.3, "member_caught_up", LONDON),
    ]


def test_a_member_that_reaches_one_other_has_not_left() -> None:
    assert log(cut(LONDON, IRELAND, "60 s", "90 s")) == []


def test_a_member_that_lacks_both_others_has_left_one_way_is_enough() -> None:
    """Of two links the second ends what is left of it; the first that is whole again brings it back."""
    assert log(cut(LONDON, IRELAND, "60 s", "90 s"), cut(FRANKFURT, LONDON, "70 s", "95 s")) == [
        (70, "member_left", LONDON),
        (90, "member_returned", LONDON),
        (90, "member_caught_up", LONDON),
    ]


def test_with_two_of_three_down_the_table_has_no_quorum_and_the_third_is_alone() -> None:
    """One that returns finds the third, which has waited; both are behind, if only by nothing."""
    assert log(dark(IRELAND, "60 s", "100 s"), dark(LONDON, "70 s")) == [
        (60, "member_left", IRELAND),
        (70, "member_left", FRANKFURT),
        (70, "member_left", LONDON),
        (70, "quorum_lost", "orders"),
        (100, "quorum_regained", "orders"),
        (100, "member_returned", FRANKFURT),
        (100, "member_returned", IRELAND),
        (100, "member_caught_up", FRANKFURT),
        (100, "member_caught_up", IRELAND),
    ]


def test_a_witness_keeps_the_quorum_of_a_replica_and_is_no_member_that_is_told_of() -> None:
    assert log(dark(IRELAND, "60 s", "90 s"), **WITNESSED) == [
        (60, "member_left", IRELAND),
        (90, "member_returned", IRELAND),
        (90, "member_caught_up", IRELAND),
    ]
    assert log(dark(LONDON, "60 s", "90 s"), **WITNESSED) == []
    both = log(dark(LONDON, "60 s", "90 s"), dark(IRELAND, "60 s"), **WITNESSED)
    assert both[:3] == [
        (60, "member_left", FRANKFURT),
        (60, "member_left", IRELAND),
        (60, "quorum_lost", "orders"),
    ]
    assert both[3:] == [
        (90, "quorum_regained", "orders"),
        (90, "member_returned", FRANKFURT),
        (90, "member_caught_up", FRANKFURT),
    ]


def test_who_leaves_again_before_it_has_caught_up_has_not_caught_up() -> None:
    """It needs 40 s from its first return on, by this plane: it is seen to be there at 130 s."""
    found = log(dark(LONDON, "60 s", "90 s"), dark(LONDON, "100 s", "120 s"), catching_up_s=40)
    assert [(at_s, kind) for at_s, kind, _ in found] == [
        (60, "member_left"),
        (90, "member_returned"),
        (100, "member_left"),
        (120, "member_returned"),
        (130, "member_caught_up"),
    ]


def test_an_eventual_table_has_no_members() -> None:
    assert log(dark(LONDON, "60 s", "90 s"), consistency="eventual") == []


@pytest.mark.parametrize("catch_up", [2, 4])
def test_a_member_catches_up_as_fast_as_its_replicator(catch_up: int) -> None:
    """Apart for 30 s it lacks what was written then, which goes by at so many times the rate of writing.

    So it has it all after 30 s / rate; a look may come 0.1 s later, and the last write, of 2/s, 3 s sooner.
    """
    table = {"catch_up": catch_up, "replication_lag": {"median": "10 ms", "p99": "10 ms"}}
    plan = plan_of({"replication": {"region": LONDON}, "at": "60 s", "for": "30 s"}, **table)
    found = log_of(simulate(plan, CompiledPlane(plan.data)))
    assert [kind for _, kind, _ in found] == ["member_left", "member_returned", "member_caught_up"]
    assert (30 - 3) / catch_up <= found[-1][0] - 90 <= 30 / catch_up + 0.1
