"""What is told of failover plans: the section of the result, the terminal's sentences and timeline."""

from typing import Any

from rich.console import Console

from simulator.measure.plans import section
from simulator.report import plans as report
from simulator.result.plans import PlanRun
from tests import small
from tests.control_plane.building import FRANKFURT, MILAN, NAME, REGIONS, Written, plan_of, record, replay
from tests.small import HERE, THERE

TO_FRANKFURT: Written = {"change": NAME, "order": [REGIONS[FRANKFURT], REGIONS[MILAN]], "owner": "the script"}
DECISION: Written = {"owner": "on call", "acknowledge": "5 min", "takes": "15 min"}


def runs(
    steps: list[Written], faults: list[Written], duration: str = "4 h", **plan: Any
) -> tuple[PlanRun, ...]:
    """A plan `move` that is triggered at 10 min."""
    whole = {"trigger": {"at": "10 min"}, "decision": DECISION, "steps": steps} | plan
    _, outcome = replay(
        plan_of(faults, duration=duration, plans={"move": whole}, **record(policy="failover"))
    )
    return section(outcome)


class Told:
    """A result of which only the plans are looked at."""

    def __init__(self, plans: tuple[PlanRun, ...]) -> None:
        self.plans = plans


def sentences(plans: tuple[PlanRun, ...]) -> list[str]:
    return [*report.gist(Told(plans))]  # type: ignore[arg-type]


def timeline(plans: tuple[PlanRun, ...]) -> list[str]:
    console = Console(width=80, record=True, force_terminal=False)
    with console.capture() as captured:
        console.print(report.table(Told(plans)))  # type: ignore[arg-type]
    return [" ".join(line.split()) for line in captured.get().splitlines() if line.strip()]


def frozen(until: str) -> list[Written]:
    return [{"at": "0 s", "until": until, "control_plane": "route53"}]


def test_a_plan_that_is_done_says_how_long_each_part_took() -> None:
    """Triggered at 600 s, decided 1,200 s later; a change in 30 s, then two minutes."""
    (run,) = runs([TO_FRANKFURT, {"custom": "tell", "takes": "2 min"}], [])
    assert (run.triggered_s, run.acknowledged_s, run.decided_s, run.ended_s) == (600, 900, 1800, 1950)
    assert (run.took_s, run.state, run.stranded_at, run.undone) == (1350, "done", (), ())
    assert (run.by, run.owner) == ("its time", "on call")
    assert [(step.step, step.kind, step.owner, step.begun_s, step.ended_s) for step in run.steps] == [
        (f"change {NAME}", "change", "the script", 1800, 1830),
        ("tell", "custom", "", 1830, 1950),
    ]
    assert sentences((run,)) == [
        "move was done 22 min 30 s after its trigger, of which the decision took 20 min"
    ]
    assert timeline((run,)) == [
        "move",
        "at took",
        "10 min triggered by its time",
        "10 min 5 min whoever decides is reached (on call)",
        "15 min 15 min decision",
        f"30 min 30 s change {NAME} (the script)",
        "30 min 30 s 2 min tell",
    ]


def test_a_plan_that_strands_says_where_and_why() -> None:
    """The change is first asked for at 1,800 s, and given up an hour later."""
    (run,) = runs([TO_FRANKFURT, {"custom": "tell", "takes": "2 min"}], frozen("4 h"))
    assert (run.ended_s, run.took_s, run.state) == (5400, None, "stranded")
    assert (run.stranded_at, run.undone) == ((f"change {NAME}",), (f"change {NAME}", "tell"))
    change, tell = run.steps
    assert (change.state, change.refused, change.lacked_since_s) == ("stranded", 61, 1800)
    assert (tell.state, tell.begun_s, tell.ended_s) == ("not_begun", None, None)
    assert sentences((run,)) == [
        f"move stranded at 'change {NAME}', given up after 1 h: Route 53's control plane refuses changes",
        f"left undone: 'change {NAME}', 'tell'",
    ]
    assert f"1 h 30 min left undone: 'change {NAME}', 'tell'" in timeline((run,))


def test_a_plan_that_the_run_does_not_show_to_the_end_says_what_it_was_doing() -> None:
    steps = [TO_FRANKFURT, {"custom": "tell", "takes": "2 min"}]
    (run,) = runs(steps, frozen("40 min"), "41 min")
    assert (run.state, run.ended_s, run.steps[0].state, run.steps[0].lacked_since_s) == (
        "open",
        None,
        "done",
        1800,
    )
    assert sentences((run,)) == ["move is not done when the run ends, which is during 'tell'"]
    (early,) = runs(steps, [], "20 min")
    assert early.decided_s is None
    assert sentences((early,)) == ["move was not decided on before the run ends"]


def test_a_plan_that_nobody_triggers_is_not_told_of() -> None:
    assert runs([TO_FRANKFURT], [], "9 min") == ()


def test_a_wait_for_replication_lasts_until_what_is_under_way_has_arrived() -> None:
    """The replicator stands still from 60 to 150 s, and then catches up ten times as fast.

    So 90 s of backlog take 10 s, until about 160 s. Nobody waits where nothing stands still.
    """
    api = {"regions": [HERE, THERE], "operations": {"act": [{"write": "notes"}]}}
    lag = {"median": "100 ms", "p99": "200 ms"}
    table = {"replicas": [HERE, THERE], "replication_lag": lag, "catch_up": 10}
    wait = {"wait_for": {"replication": "notes", "region": THERE, "within": "2 s"}}
    plan = {"trigger": {"at": "100 s"}, "decision": "none", "steps": [wait]}
    system = small.topology(tables={"notes": table}, services={"api": api}, plans={"move": plan})
    users = {"people": {"near": HERE, "sessions": 20, "think_time": "1 s", "actions": {"act": 1}}}
    paused = {"at": "60 s", "until": "150 s", "replication": {"table": "notes"}, "mode": "paused"}
    ends = []
    for faults in ([paused], []):
        (run,) = section(small.played(system, small.experiment(users=users, faults=faults)))
        ends.append(run.ended_s)
    assert ends[1] == 100
    assert ends[0] is not None
    assert 150 < ends[0] <= 161
