"""Pauses that take hold later than they begin: when replicators stop and go on."""

from typing import Any

from simulator.outcome import Outcome
from tests.small import HERE, THERE, experiment, played, topology
from tests.traps.figures import moments_s

SYSTEM: dict[str, Any] = {"tables": {"orders": {"replicas": [HERE, THERE]}}}


def stops(fault: dict[str, Any]) -> Outcome:
    pause = {"replication": {"from": HERE, "to": THERE}, "at": "1 min"}
    return played(topology(**SYSTEM), experiment(duration="20 min", faults=[pause | fault]))


def test_replication_stops_so_much_later_and_goes_on_at_the_end() -> None:
    outcome = stops({"for": "5 min", "takes_hold": "2 min"})
    assert moments_s(outcome, "fault_on") == [60]
    assert moments_s(outcome, "replication_stopped") == [180]
    assert moments_s(outcome, "replication_resumed") == [360]


def test_what_ends_first_never_holds() -> None:
    assert moments_s(stops({"for": "2 min", "takes_hold": "2 min"}), "replication_stopped") == []


def test_each_flap_takes_as_long_anew() -> None:
    flapping = {"period": "4 min", "duty": "50 %"}
    outcome = stops({"for": "8 min", "takes_hold": "1 min", "flapping": flapping})
    assert moments_s(outcome, "replication_stopped") == [120, 360]
    assert moments_s(outcome, "replication_resumed") == [180, 420]


def test_flaps_that_are_too_short_never_hold() -> None:
    """Two minutes on, two off: what begins anew does not go on waiting for an earlier beginning."""
    flapping = {"period": "4 min", "duty": "50 %"}
    outcome = stops({"for": "12 min", "takes_hold": "3 min", "flapping": flapping})
    assert moments_s(outcome, "replication_stopped") == []


def test_the_pause_is_its_cause() -> None:
    outcome = stops({"for": "5 min", "takes_hold": "2 min"})
    (stopped,) = [event for event in outcome.events if event.kind == "replication_stopped"]
    assert stopped.cause is not None
    assert outcome.events[stopped.cause].kind == "fault_on"
