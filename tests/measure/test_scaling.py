"""What a result tells of scalers, and what expectations and sentences make of it."""

from dataclasses import replace
from typing import Any

from simulator.boundary.measures import Asked
from simulator.measure.scaling import READERS, REASONS, section
from simulator.report import scaling as report
from simulator.result.scaling import Scaler
from simulator.result.whole import Result
from tests.control_plane.building import REGIONS, Written
from tests.control_plane.scaling.busy import HALF, HERE, fleet, from_20
from tests.measure import handmade

FAULT: Written = {"at": "15 min", "until": "80 min", "region": REGIONS[0], "mode": "slow", "add": "1 s"}
"""Anything that acts; the load is scripted."""


def scalers(*faults: Written, before: float = 179, after: float = 59, **more: Any) -> tuple[Scaler, ...]:
    found = section(fleet(from_20(before, after), *faults, **HALF | more))
    assert found is not None
    return found


def result(found: tuple[Scaler, ...] | None) -> Result:
    return replace(handmade.result(handmade.outcome(".")), scaling=found)


def asked_for(name: str, found: tuple[Scaler, ...], scaler: str | None = None) -> float | None:
    return READERS[name](result(found), Asked(scaler=scaler))


def test_what_is_taken_away_in_an_outage_is_counted_and_said() -> None:
    """Six nodes, then five, four and three, all while a fault acts."""
    (one,) = found = scalers(FAULT)
    assert (one.at_first, one.least, one.most, one.at_end) == (6, 3, 6, 3)
    assert (one.scaled_out, one.scaled_in, one.scaled_in_during_fault) == (0, 3, 3)
    assert [there.capacity for there in one.capacity] == [6, 5, 4, 3]
    (first, *_) = report.gist(result(found))
    assert first.startswith("'web' went from 6 to 3 nodes in the outage, from 3")
    assert first.endswith("on, as its metric fell")


def test_without_a_fault_or_by_the_clock_it_is_no_trap() -> None:
    (quiet,) = scalers()
    assert (quiet.scaled_in, quiet.scaled_in_during_fault) == (3, 0)
    (timed,) = scalers(FAULT, after=179, schedule=[{"at": "00:30", "desired": 4, "max": 4}])
    assert (timed.scaled_in, timed.scaled_in_during_fault) == (1, 0)


def test_what_cannot_be_done_has_its_reason() -> None:
    """Frozen until the end: one wish, never done, which is said once."""
    (one,) = found = scalers({"at": "1 min", "control_plane": "auto_scaling"}, after=269)
    assert (one.actions, one.least, one.most) == ((), 6, 6)
    (refused,) = one.refused
    assert (refused.to, refused.why) == (9, f"Auto Scaling's control plane in {HERE} refuses changes")
    assert [*report.gist(result(found))] == [
        f"'web' could not do all that it wanted: Auto Scaling's control plane in {HERE} refuses changes"
    ]


def test_launches_that_fail_are_counted_and_tried_again() -> None:
    """Three are missing, and each of their launches fails, a minute after the other."""
    fault = {"at": "1 min", "until": "60 min", "control_plane": "ec2", "mode": "launches_fail"}
    (one,) = found = scalers(fault, after=269)
    assert (one.scaled_out, one.most, one.at_end) == (1, 9, 9)
    assert 90 <= one.launches_failed <= 110  # three a minute from 25 to 28 min on
    assert all(there.from_s >= 3600 for there in one.capacity[1:])
    (said,) = report.gist(result(found))
    assert said.startswith(f"'web' asked for up to 9 nodes: {one.launches_failed} launches failed")


def test_expectations_read_one_scaler_or_all() -> None:
    found = scalers(FAULT)
    assert asked_for("scaling_actions", found) == 3
    assert asked_for("scaled_in_during_fault", found, "web") == 3
    assert asked_for("least_capacity", found) == 3
    assert asked_for("most_capacity", found, "web") == 6
    assert asked_for("scaling_actions", found, "another") == 0
    (reason,) = REASONS
    assert not REASONS[reason](result(found), Asked())
    assert REASONS[reason](result(None), Asked())
