"""The waterfall of a recovery that a failover plan brings about: a bar for each thing that was waited for."""

from simulator.data_plane.plane import CompiledPlane
from simulator.lowering.whole import lower
from simulator.measure.recovery import section
from simulator.pipeline import objective_of
from simulator.report.words import phase_word
from simulator.result.recovery import Recovery
from simulator.simulation import simulate
from tests import small
from tests.small import HERE, NAME, THERE, Written

USERS = {"people": {"near": HERE, "sessions": 20, "think_time": "5 s", "actions": {"view": 1}}}
DARK: Written = {"at": "2 min", "region": HERE, "mode": "refused"}
DECISION: Written = {"acknowledge": "1 min", "takes": "2 min"}
FIXED = {"change_propagation": "30 s", "status_to_answer": "2 s", "resolver_extends_ttl": "0 %"}


def recovery(steps: list[Written], **changes: object) -> Recovery:
    """A region refuses from 120 s on; a plan begins a minute later and is decided on at 360 s."""
    plan = {"trigger": {"at": "3 min"}, "decision": DECISION, "steps": steps}
    record = {"service": "api", "policy": "failover", "ttl": "10 s"}
    whole = {"dns": {NAME: record}, "plans": {"move": plan}, "defaults": FIXED} | changes
    run = small.experiment(duration="20 min", users=USERS, faults=[DARK], objective={"hold": "2 min"})
    loaded = small.read(small.topology(**whole), run)
    lowered = lower(loaded.experiment, loaded.topology, 1)
    return section(simulate(lowered, CompiledPlane(lowered.data)), objective_of(loaded.experiment))


def bars(found: Recovery) -> list[tuple[str, float, float]]:
    return [(phase_word(phase), phase.start_s, phase.end_s) for phase in found.phases]  # type: ignore[arg-type]


def test_the_decision_the_approval_and_each_step_before_the_change_are_phases() -> None:
    """Of what is done together, the longer branch is what was waited for."""
    beside = [
        {"custom": "call", "takes": "20 s"},
        [{"approve": "it", "takes": "30 s"}, {"custom": "look", "takes": "10 s"}],
    ]
    change = {"change": NAME, "order": [THERE], "takes": "15 s"}
    found = recovery([{"together": beside}, change])
    assert bars(found)[:7] == [
        ("wait for the trigger", 120, 180),
        ("reach people", 180, 240),
        ("decide", 240, 360),
        ("approve it", 360, 390),
        ("look", 390, 400),
        (f"change {NAME}", 400, 415),
        ("change DNS", 415, 445),
    ]
    assert {phase.ended_by for phase in found.phases[:6]} == {"operator"}
    assert found.recovery_time_s == found.phases[-1].end_s - 120


def test_a_database_without_a_writer_waits_for_the_steps_of_the_plan_that_promotes() -> None:
    base = {"engine": "aurora_global", "writer": HERE, "readers": [THERE], "promotion": "40 s"}
    api = {"regions": [THERE], "operations": {"view": [{"write": "base"}]}}
    steps = [{"custom": "look", "takes": "25 s"}, {"promote": "base", "to": THERE}]
    name = {NAME: {"service": "api", "policy": "simple", "ttl": "10 s"}}
    found = recovery(steps, databases={"base": base}, services={"api": api}, dns=name)
    assert [(phase.phase, phase.step, phase.start_s, phase.end_s) for phase in found.phases] == [
        ("await_trigger", "", 120, 180),
        ("reach_people", "", 180, 240),
        ("decide", "", 240, 360),
        ("plan_step", "look", 360, 385),
        ("plan_step", f"promote base to {THERE}", 385, 425),
        ("promotion", "", 425, 430),  # ends are good to a window of 10 s
    ]


def test_answers_that_follow_by_health_from_what_a_plan_switched_on_tell_its_steps() -> None:
    """A standby that is switched off: a check finds it well some seconds after the plan's last step."""
    api = {
        "regions": [HERE, THERE],
        "dormant_in": [THERE],
        "operations": {"view": [{"compute": "1 ms"}]},
    }
    record = {"service": "api", "policy": "failover", "ttl": "10 s", "health_check": "check"}
    check = {"check": {"interval": "10 s", "failure_threshold": 1}}
    steps = [{"custom": "look", "takes": "25 s"}, {"enable": "api", "in": THERE, "takes": "15 s"}]
    found = recovery(steps, services={"api": api}, dns={NAME: record}, health_checks=check)
    told = [(phase_word(phase), phase.end_s) for phase in found.phases]  # type: ignore[arg-type]
    assert told[0][0] == "detect"
    assert told[1:6] == [
        ("wait for the trigger", 180),
        ("reach people", 240),
        ("decide", 360),
        ("look", 385),
        (f"enable api in {THERE}", 400),
    ]
    word, end_s = told[6]
    assert word == "change DNS"
    assert 400 < end_s < 430
