"""From which entry of the event log each one follows: the chains, by hand."""

from pathlib import Path
from typing import Any

import simpy

import simulator
from simulator.boundary.events import FAULT_OFF, FAULT_ON
from simulator.boundary.subjects import OfFault, OfNode
from simulator.control_plane.world import World
from simulator.outcome import Event, Outcome
from simulator.simulation import simulate
from tests.control_plane import handmade
from tests.control_plane.building import (
    API,
    FRANKFURT,
    MILAN,
    NAME,
    REGIONS,
    VIRGINIA,
    Written,
    plan_of,
    record,
    replay,
)
from tests.control_plane.recording import RecordingPlane

DARK: Written = {"at": "100 s", "for": "10 min", "region": REGIONS[MILAN], "mode": "black_hole"}
MILAN_IS_DARK = "eu-south-1 does not answer (Milan)"
CUT: Written = {"link": {"between": [REGIONS[MILAN], REGIONS[FRANKFURT]]}, "mode": "cut"}
SLOW: Written = {"at": "105 s", "service": "api", "region": REGIONS[VIRGINIA], "mode": "slow", "add": "1 ms"}
UNCHECKED = record(policy="failover")
TO_FRANKFURT: Written = {"change": NAME, "order": [REGIONS[FRANKFURT], REGIONS[MILAN]]}


def played(*faults: Written, **changes: Any) -> Outcome:
    _, outcome = replay(plan_of([*faults], **{"duration": "1 h"} | changes))
    return outcome


def chain(outcome: Outcome, last: Event) -> list[str]:
    """The kinds of the entries that lead to one, oldest first."""
    found = [last]
    while found[-1].cause is not None:
        assert found[-1].cause < found[-1].number
        found.append(outcome.events[found[-1].cause])
    return [event.kind for event in reversed(found)]


def chains(outcome: Outcome, kind: str) -> list[list[str]]:
    return [chain(outcome, event) for event in outcome.events if event.kind == kind]


def causes(outcome: Outcome, kind: str) -> list[str]:
    """What the entries of a kind follow from, as kind and target."""
    found = [event.cause for event in outcome.events if event.kind == kind]
    return [
        "" if one is None else f"{outcome.events[one].kind} {outcome.events[one].target}" for one in found
    ]


def test_entries_are_numbered_in_order() -> None:
    outcome = played(DARK)
    assert [event.number for event in outcome.events] == [*range(len(outcome.events))]
    assert len(outcome.events) > 4


def test_answers_change_because_a_check_turned_because_of_a_fault() -> None:
    outcome = played(DARK, SLOW)
    assert chains(outcome, "answer_changed") == [
        ["fault_on", "health_unhealthy", "answer_changed"],
        ["fault_off", "health_healthy", "answer_changed"],
    ]
    assert causes(outcome, "health_unhealthy") == [f"fault_on {MILAN_IS_DARK}"]


def test_a_name_without_checks_follows_its_target() -> None:
    outcome = played(DARK, **record(policy="failover", evaluate_target_health=True))
    assert chains(outcome, "answer_changed")[0] == ["fault_on", "health_unhealthy", "answer_changed"]


def test_a_record_whose_nodes_are_lost_follows_from_the_last_of_them() -> None:
    """Behind a load balancer the application breaks: each node is found out, then the record turns."""
    broken = handmade.fault("service", "refused", 100, 300, service=API, regions=(MILAN,))
    names, balancers = [handmade.name(target_health=True)], [handmade.balancer()]
    plan = handmade.plan_of([broken], names=names, balancers=balancers)
    outcome = simulate(plan, RecordingPlane())
    down, up = chains(outcome, "answer_changed")
    assert down == ["fault_on", "target_unhealthy", "health_unhealthy", "answer_changed"]
    assert up == ["fault_off", "target_healthy", "health_healthy", "answer_changed"]
    assert len(chains(outcome, "target_unhealthy")) == 6
    assert {tuple(one) for one in chains(outcome, "target_unhealthy")} == {("fault_on", "target_unhealthy")}


def test_each_zone_is_why_its_own_nodes_are_lost() -> None:
    faults = [handmade.zone(0, 100), handmade.zone(1, 400, number=1)]
    outcome = simulate(handmade.plan_of(faults, balancers=[handmade.balancer()]), RecordingPlane())
    first, second = (event.number for event in outcome.events if event.kind == "fault_on")
    lost = {event.subject: event.cause for event in outcome.events if event.kind == "target_unhealthy"}
    api, milan = handmade.SERVICES[API], REGIONS[MILAN]
    assert lost == {OfNode(api, milan, node): (first, second)[node % 3] for node in (0, 1, 3, 4)}


def test_processes_are_begun_with_what_they_act_upon() -> None:
    """`World.begin` hands it on; SimPy's own `process` does not."""
    room = Path(simulator.__file__).parent / "control_plane"
    found = [path.name for path in sorted(room.rglob("*.py")) if "env.process(" in path.read_text("utf-8")]
    assert found == ["world.py"]


def test_a_plan_follows_from_the_check_that_triggers_it_and_its_change_from_its_step() -> None:
    trigger = {"unhealthy": "deep", "region": REGIONS[MILAN]}
    plan: Written = {
        "trigger": trigger,
        "decision": {"owner": "on call", "acknowledge": "1 min", "takes": "2 min"},
        "steps": [{"custom": "look", "takes": "10 s"}, TO_FRANKFURT | {"takes": "10 s"}],
    }
    outcome = played(DARK, plans={"move": plan}, **record(policy="failover", health_check="deep"))
    decided = [
        "fault_on", "health_unhealthy", "plan_triggered", "plan_acknowledged", "plan_decided",
    ]  # fmt: skip
    began = [*decided, "plan_step_began"]
    assert chains(outcome, "plan_step_began") == [began, began]
    change = ["change_requested", "change_accepted", "change_in_effect"]
    assert chains(outcome, "change_in_effect") == [[*began, *change]]
    assert chains(outcome, "plan_step_done") == [[*began, "plan_step_done"]] * 2
    assert chains(outcome, "plan_done") == [[*decided, "plan_done"]]


def test_what_a_plan_changes_changes_answers() -> None:
    plan: Written = {"trigger": {"at": "200 s"}, "decision": "none", "steps": [TO_FRANKFURT]}
    outcome = played(plans={"move": plan}, **UNCHECKED)
    assert chains(outcome, "answer_changed") == [
        ["plan_triggered", "plan_step_began", "change_requested", "change_accepted", "change_in_effect",
         "answer_changed"],
    ]  # fmt: skip


def test_a_refused_change_is_accepted_because_it_was_requested() -> None:
    frozen: Written = {"at": "0 s", "for": "5 min", "control_plane": "route53", "mode": "frozen"}
    change = TO_FRANKFURT | {"at": "10 s", "retry_every": "1 min"}
    outcome = played(frozen, operator=[change], **UNCHECKED)
    assert len(chains(outcome, "change_refused")) > 1
    assert chains(outcome, "change_accepted") == [["change_requested", "change_accepted"]]


def test_an_operator_who_waits_for_detection_acts_upon_the_check() -> None:
    change = TO_FRANKFURT | {"after_detection": "1 min"}
    outcome = played(DARK, operator=[change], **record(policy="failover", health_check="deep"))
    assert causes(outcome, "change_requested") == [f"health_unhealthy deep@{REGIONS[MILAN]}"]


def test_of_faults_that_begin_together_each_stops_its_own_replicators() -> None:
    """Milan goes dark as a link between two others is cut; then the link alone heals."""
    link = {"link": {"between": [REGIONS[FRANKFURT], REGIONS[VIRGINIA]]}, "mode": "cut"}
    outcome = played(link | {"at": "100 s", "for": "5 min"}, DARK)
    stopped = {
        event.target: outcome.events[event.cause].target
        for event in outcome.events
        if event.kind == "replication_stopped" and event.cause is not None
    }
    assert len(stopped) == 8  # of orders all six pairs, of carts Milan's two
    for target, cause in stopped.items():
        assert (cause == MILAN_IS_DARK) == (REGIONS[MILAN] in target), target
    assert {one.split()[0] for one in causes(outcome, "replication_resumed")} == {"fault_off"}


def test_a_pause_stops_the_replicators_that_it_names() -> None:
    pause = {"at": "50 s", "replication": {"table": "carts"}, "mode": "paused"}
    outcome = played(pause, SLOW)
    assert {one.split()[0] for one in causes(outcome, "replication_stopped")} == {"fault_on"}
    assert len(causes(outcome, "replication_stopped")) == 2


def test_what_an_orchestrator_does_follows_from_the_cut() -> None:
    base = {
        "engine": "self_managed", "writer": REGIONS[MILAN], "readers": [REGIONS[FRANKFURT]],
        "promotion": "10 s", "rebuild": "20 s", "switchover": "5 s",
        "self_promotion": {"hold_down": "30 s"}, "write_fencing": "none",
    }  # fmt: skip
    outcome = played(CUT | {"at": "60 s", "for": "5 min"}, databases={"base": base})
    assert chains(outcome, "promotion_done") == [["fault_on", "promotion_began", "promotion_done"]]
    assert chains(outcome, "split_brain_began") == [
        ["fault_on", "promotion_began", "promotion_done", "split_brain_began"]
    ]
    assert chains(outcome, "old_writer_stepped_down") == [["fault_off", "old_writer_stepped_down"]]
    assert chains(outcome, "reader_rebuilt") == [["fault_off", "old_writer_stepped_down", "reader_rebuilt"]]


def test_what_has_been_forgotten_is_no_cause() -> None:
    """After the warm-up, numbers begin anew."""
    world = World(simpy.Environment(initial_time=0), plan_of(), RecordingPlane())
    early = world.record(FAULT_ON, OfFault("early"))
    world.forget()
    world.record(FAULT_OFF, OfFault("early"), early)
    late = world.record(FAULT_ON, OfFault("late"), None)
    world.record(FAULT_OFF, OfFault("late"), late)
    assert [(event.number, event.cause) for event in world.events] == [(0, None), (1, None), (2, 1)]
