"""Failover plans: triggers, decisions, steps in order and side by side, and what strands them."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from simulator.boundary.subjects import OfPlanStep
from simulator.control_plane.chance import uniform
from simulator.outcome import Event, Outcome
from simulator.plan.failover_plans import PlanRun
from simulator.plan.waits import AwaitPlan
from simulator.randomness.draws import PLAN
from tests.control_plane.building import (
    FRANKFURT,
    MILAN,
    NAME,
    REGIONS,
    SECOND,
    VIRGINIA,
    Written,
    events,
    plan_of,
    record,
    replay,
)
from tests.control_plane.recording import arguments

MINUTE = 60 * SECOND
TO_FRANKFURT: Written = {"change": NAME, "order": [REGIONS[FRANKFURT], REGIONS[MILAN]]}
UNCHECKED = record(policy="failover")
READERS = [REGIONS[FRANKFURT]]
BASE = {"engine": "aurora_global", "writer": REGIONS[MILAN], "readers": READERS, "promotion": "50 s"}
DATABASE: Written = {"databases": {"base": BASE}}
DARK: Written = {"at": "100 s", "region": REGIONS[MILAN], "mode": "black_hole"}


def custom(name: str, takes: str, **more: Any) -> Written:
    return {"custom": name, "takes": takes} | more


def carried_out(
    plan: Written, faults: list[Written] | tuple[Written, ...] = (), **changes: Any
) -> tuple[Outcome, dict[str, tuple[float, float | None]]]:
    """A plan `move` that begins at 100 s without a decision; begin and end of each step, in seconds."""
    plan = {"trigger": {"at": "100 s"}, "decision": "none"} | plan
    children = changes.pop("children", {})
    whole = {"duration": "4 h", "plans": {"move": plan} | children} | UNCHECKED | changes
    _, outcome = replay(plan_of(faults, **whole))
    return outcome, steps(outcome)


def steps(outcome: Outcome) -> dict[str, tuple[float, float | None]]:
    found: dict[str, tuple[float, float | None]] = {}
    for event in outcome.events:
        if isinstance(event.subject, OfPlanStep):
            name, at = event.subject.step, event.at_ns / SECOND
            if event.kind == "plan_step_began":
                found[name] = at, None
            elif event.kind == "plan_step_done":
                found[name] = found[name][0], at
    return found


def of(outcome: Outcome, kind: str) -> list[Event]:
    return [event for event in outcome.events if event.kind == kind]


# order


def test_steps_follow_each_other() -> None:
    _, found = carried_out(
        {"steps": [custom("call", "5 min"), custom("look", "30 s"), custom("act", "2 min")]}
    )
    assert found == {"call": (100, 400), "look": (400, 430), "act": (430, 550)}


def test_what_is_done_together_begins_at_once_and_ends_with_its_longest_branch() -> None:
    branches = [custom("a", "1 min"), [custom("b", "40 s"), custom("c", "50 s")], custom("d", "10 s")]
    outcome, found = carried_out({"steps": [{"together": branches}, custom("e", "1 s")]})
    assert found == {"a": (100, 160), "b": (100, 140), "c": (140, 190), "d": (100, 110), "e": (190, 191)}
    assert events(outcome, "plan_done") == [(191 * SECOND, "plan_done", "move")]


def test_a_step_beside_others_waits_for_those_that_it_needs() -> None:
    branches = [custom("switch", "10 s", needs={"step": ["copy", "approve"]}), custom("copy", "90 s"),
                custom("approve", "30 s")]  # fmt: skip
    _, found = carried_out({"steps": [{"together": branches}]})
    assert found == {"copy": (100, 190), "approve": (100, 130), "switch": (190, 200)}


def test_the_steps_of_a_child_plan_are_done_without_its_trigger_and_decision() -> None:
    child = {"trigger": {"at": "2 h"}, "steps": [custom("one", "1 min"), custom("two", "2 min")]}
    plan = {"steps": [{"plan": "data"}, custom("tell", "5 s")]}
    _, found = carried_out(plan, children={"data": child})
    assert {name: found[name] for name in ("plan data", "plan data › one", "plan data › two", "tell")} == {
        "plan data": (100, 280),
        "plan data › one": (100, 160),
        "plan data › two": (160, 280),
        "tell": (280, 285),
    }
    assert len(of(carried_out(plan, children={"data": child})[0], "plan_decided")) == 1  # the child's own run


Step = int | list[Any]  # how many seconds it takes, or a child plan
Tree = list[Any]  # stages, each a list of branches, each a list of steps


def drawn(random: Random, has_children: bool = True) -> Tree:
    """Stages of one branch or of several; some steps are child plans, which have none themselves."""

    def step() -> Step:
        return drawn(random, False) if has_children and random.random() < 0.2 else random.randint(1, 900)

    def branch() -> list[Step]:
        return [step() for _ in range(random.randint(1, 3))]

    return [[branch() for _ in range(random.choice((1, 1, 2, 3)))] for _ in range(random.randint(1, 5))]


def took(tree: Tree) -> int:
    """By hand: one stage after the other; of branches the longest; of a branch the sum of its steps."""
    return sum(
        max(sum(step if isinstance(step, int) else took(step) for step in branch) for branch in branches)
        for branches in tree
    )


class Writing:
    """A drawn plan as it is written, and its child plans."""

    def __init__(self, tree: Tree) -> None:
        self.children: Written = {}
        self.steps = [*self._stages(tree)]

    def _stages(self, tree: Tree, within: str = "") -> Iterator[Written]:
        for stage, branches in enumerate(tree):
            named = [
                [self._step(step, f"{within}{stage} {number} {at}") for at, step in enumerate(branch)]
                for number, branch in enumerate(branches)
            ]
            if len(named) > 1:
                yield {"together": named}
            else:
                yield from named[0]

    def _step(self, step: Step, name: str) -> Written:
        if isinstance(step, int):
            return custom(name, f"{step} s")
        self.children[f"child {name}"] = {"steps": [*self._stages(step, f"{name} ")]}
        return {"plan": f"child {name}"}


@pytest.mark.parametrize("seed", range(10))
def test_a_plan_takes_the_sum_of_its_steps_and_of_several_branches_the_longest(seed: int) -> None:
    tree = drawn(Random(seed))
    plan = Writing(tree)
    outcome, _ = carried_out({"steps": plan.steps}, children=plan.children, duration="48 h")
    assert [event.at_ns for event in of(outcome, "plan_done")] == [(100 + took(tree)) * SECOND]


def test_the_drawn_plans_have_child_plans_and_branches() -> None:
    plans = [Writing(drawn(Random(seed))) for seed in range(10)]
    assert sum(bool(one.children) for one in plans) > 5
    assert sum(any("together" in step for step in one.steps) for one in plans) > 5


# modes


def test_steps_of_the_other_mode_are_left_out_and_count_as_done() -> None:
    branches = [custom("switch", "10 s", needs={"step": "drain"}), custom("drain", "90 s", only="graceful")]
    last = custom("page", "1 s", only="ungraceful")
    for mode, expected in (
        ("graceful", {"drain": (100, 190), "switch": (190, 200)}),
        ("ungraceful", {"switch": (100, 110), "page": (110, 111)}),
    ):
        _, found = carried_out({"mode": mode, "steps": [{"together": branches}, last]})
        assert found == expected


def test_a_run_may_say_its_mode_which_a_child_plan_follows() -> None:
    child = {"mode": "ungraceful", "steps": [custom("a", "1 s", only="graceful"), custom("b", "1 s")]}
    plans = {"move": {"decision": "none", "steps": [{"plan": "data"}]}, "data": child}
    operator = [{"run": "move", "at": "1 min", "mode": "graceful"}, {"run": "move", "at": "2 min"}]
    _, outcome = replay(plan_of(operator=operator, plans=plans, duration="1 h", **UNCHECKED))
    begun = [event.subject.step for event in of(outcome, "plan_step_began")]
    assert begun == ["plan data", "plan data › a", "plan data › b", "plan data", "plan data › b"]


@pytest.mark.parametrize(("mode", "planned"), [("graceful", True), ("ungraceful", False)])
def test_a_promotion_without_a_mode_follows_the_run(mode: str, planned: bool) -> None:
    plan = {"mode": mode, "steps": [{"promote": "base", "to": REGIONS[FRANKFURT]}]}
    outcome, _ = carried_out(plan, **DATABASE)
    assert [event.detail["planned"] for event in of(outcome, "promotion_began")] == [planned]


def test_the_draws_of_a_step_are_those_of_either_mode() -> None:
    spread = {"from": "0 s", "to": "100 s"}
    steps_of_both = [custom("a", "1 s", only="graceful"), custom("b", "1 s") | {"takes": spread}]
    took = []
    for mode in ("graceful", "ungraceful"):
        _, found = carried_out({"mode": mode, "steps": steps_of_both})
        begun, ended = found["b"]
        assert ended is not None
        took.append(ended - begun)
    assert took[0] == pytest.approx(took[1], abs=1e-6)


# fences


def fences(*faults: Written, **step: Any) -> tuple[list[tuple[float, bool]], list[str]]:
    """When writes to a table in Milan are fenced and no longer so, and why a step was refused."""
    plan = {"steps": [{"fence": REGIONS[MILAN], **step}, {"unfence": REGIONS[MILAN], **step}]}
    plans = {"move": {"trigger": {"at": "100 s"}, "decision": "none"} | plan}
    plane, outcome = replay(plan_of([*faults], plans=plans, duration="1 h", **UNCHECKED))
    looks = [(at, look) for at, _, (store, region, look) in plane.of("set_endpoint")
             if (store, region) == (0, MILAN)]  # fmt: skip
    changes = [(at / SECOND, look.fenced) for (at, look), (_, before) in zip(looks[1:], looks, strict=False)
               if look.fenced != before.fenced]  # fmt: skip
    first = [(at / SECOND, True) for at, look in looks[:1] if look.fenced]
    return [*first, *changes], [event.detail["why"] for event in of(outcome, "plan_step_refused")]


def test_a_fence_by_the_application_is_there_once_the_last_instance_has_asked() -> None:
    assert fences() == ([(145, True), (190, False)], [])


def test_the_application_of_a_region_that_is_down_cannot_be_told() -> None:
    dark = DARK | {"at": "50 s", "for": "5 min"}
    found, why = fences(dark, settles="1 s")
    assert found == [(401, True), (402, False)]  # tried at 160, 220, 280, 340 and 400 s
    assert set(why) == {f"{REGIONS[MILAN]} is down"}


def test_a_policy_fences_a_region_that_is_down_unless_iam_refuses_changes() -> None:
    dark = DARK | {"at": "50 s"}
    assert fences(dark, by="policy", settles="2 s") == ([(102, True), (104, False)], [])
    virginia = DARK | {"at": "50 s", "region": REGIONS[VIRGINIA], "for": "5 min"}
    found, why = fences(dark, virginia, by="policy", settles="2 s")
    assert found == [(402, True), (404, False)]
    assert set(why) == {f"IAM's control plane is down with {REGIONS[VIRGINIA]}"}


# what starts it


def test_a_plan_waits_until_a_check_has_been_unhealthy_for_long_enough_without_a_break() -> None:
    """Milan is dark for four minutes, well for twenty, and dark again for good."""
    dark = [DARK | {"for": "4 min"}, DARK | {"at": "25 min"}]
    trigger = {"unhealthy": "deep", "region": REGIONS[MILAN], "for": "10 min"}
    plan = {"trigger": trigger, "steps": [custom("act", "1 min")]}
    outcome, _ = carried_out(plan, dark, **record(policy="failover", health_check="deep"))
    last = [event.at_ns for event in of(outcome, "health_unhealthy")][-1]
    assert last > 25 * MINUTE
    (triggered,) = of(outcome, "plan_triggered")
    assert triggered.at_ns == last + 10 * MINUTE
    assert triggered.detail["by"] == f"health check deep unhealthy in {REGIONS[MILAN]} for 10 min"


def test_a_check_of_another_region_starts_nothing() -> None:
    trigger = {"unhealthy": "deep", "region": REGIONS[FRANKFURT]}
    plan = {"trigger": trigger, "steps": [custom("act", "1 min")]}
    outcome, _ = carried_out(plan, [DARK], **record(policy="failover", health_check="deep"))
    assert of(outcome, "health_unhealthy") != []
    assert of(outcome, "plan_triggered") == []


def test_a_plan_may_start_some_time_after_detection() -> None:
    plan = {"trigger": {"after_detection": "3 min"}, "steps": [custom("act", "1 min")]}
    outcome, _ = carried_out(plan, [DARK], **record(policy="failover", health_check="deep"))
    detected = of(outcome, "health_unhealthy")[0].at_ns
    assert of(outcome, "plan_triggered")[0].at_ns == detected + 3 * MINUTE


def test_an_operator_starts_a_plan_which_is_not_begun_again_while_it_is_under_way() -> None:
    operator = [{"run": "move", "at": at} for at in ("200 s", "210 s", "20 min")]
    plan = {"trigger": None, "steps": [custom("act", "5 min")]}
    plan = {key: value for key, value in ({"decision": "none"} | plan).items() if value is not None}
    _, outcome = replay(plan_of(operator=operator, plans={"move": plan}, duration="1 h", **UNCHECKED))
    assert events(outcome, "plan_not_begun", "plan_done") == [
        (210 * SECOND, "plan_not_begun", "move"),
        (500 * SECOND, "plan_done", "move"),
        (1500 * SECOND, "plan_done", "move"),
    ]


def test_a_plan_that_nobody_starts_leaves_no_trace() -> None:
    _, outcome = replay(plan_of(plans={"move": {"steps": [custom("act", "5 min")]}}, **UNCHECKED))
    assert outcome.events == ()
    assert outcome.plan.assumptions == plan_of(**UNCHECKED).assumptions


# the decision


def decided_after(seed: int = 1, time_of_day: str = "00:00", **decision: Any) -> list[float]:
    """Seconds from the trigger until whoever decides has been reached, and has decided."""
    plan = {"trigger": {"at": "100 s"}, "steps": [custom("act", "1 s")], "decision": decision}
    times = {"duration": "48 h", "time_of_day": time_of_day}
    _, outcome = replay(plan_of(plans={"move": plan}, seed=seed, **times, **UNCHECKED))
    kinds = ("plan_acknowledged", "plan_decided")
    return [at_ns / SECOND - 100 for at_ns, _, _ in events(outcome, *kinds)]


def test_a_decision_takes_its_two_draws() -> None:
    spread = {"acknowledge": {"from": "0 s", "to": "100 s"}, "takes": {"from": "0 s", "to": "1000 s"}}
    reached = 100 * uniform(7, PLAN, 0, 0, 0, 0)
    decided = reached + 1000 * uniform(7, PLAN, 0, 0, 0, 1)
    assert decided_after(7, **spread) == pytest.approx([reached, decided], abs=1e-6)


def test_a_decision_is_never_instant_by_default_and_says_that_this_is_assumed() -> None:
    taken = [decided_after(seed)[1] for seed in range(1, 41)]
    assert min(taken) > 60
    assert 15 * 60 < sorted(taken)[20] < 40 * 60  # medians of 5 and 15 min
    plan = {"trigger": {"at": "100 s"}, "steps": [custom("act", "1 s")]}
    names = {one.name for one in plan_of(plans={"move": plan}, **UNCHECKED).assumptions}
    assert {"people.acknowledge", "people.decide"} <= names


@pytest.mark.parametrize(
    ("time_of_day", "outside", "expected"),
    [
        ("08:00", "slower", [60, 360]),
        ("17:58", "slower", [60, 360]),  # 17:59:40
        ("17:59", "slower", [120, 720]),  # 18:00:40
        ("07:00", "slower", [120, 720]),
        ("07:00", "waits", [3500 + 60, 3500 + 360]),  # until 08:00
        ("20:00", "waits", [12 * 3600 - 100 + 60, 12 * 3600 - 100 + 360]),
    ],
)
def test_outside_office_hours_people_are_slower_or_wait(
    time_of_day: str, outside: str, expected: list[float]
) -> None:
    hours = {"from": "08:00", "to": "18:00", "outside": outside}
    found = decided_after(time_of_day=time_of_day, acknowledge="1 min", takes="5 min", office_hours=hours)
    assert found == expected


def test_an_office_may_be_open_overnight() -> None:
    hours = {"from": "22:00", "to": "06:00"}
    slow = decided_after(time_of_day="12:00", acknowledge="1 min", takes="5 min", office_hours=hours)
    quick = decided_after(time_of_day="02:00", acknowledge="1 min", takes="5 min", office_hours=hours)
    assert (slow, quick) == ([120, 720], [60, 360])


# what steps do


def test_a_change_is_done_when_it_is_in_effect() -> None:
    plan = {"steps": [TO_FRANKFURT | {"takes": "20 s"}, custom("tell", "1 s")]}
    begun = {"move": {"trigger": {"at": "100 s"}, "decision": "none"} | plan}
    plane, outcome = replay(plan_of(plans=begun, duration="10 min", **UNCHECKED))
    assert arguments(plane.of("set_answer"))[1:] == [(150 * SECOND, (0, MILAN, (0, 1, 0), False))]
    assert steps(outcome) == {f"change {NAME}": (100, 150), "tell": (150, 151)}
    assert [event.at_ns / SECOND for event in of(outcome, "change_requested")] == [120]


def test_the_propagation_of_a_step_is_its_own_draw() -> None:
    spread = {"defaults": {"change_propagation": {"from": "0 s", "to": "60 s"}}}
    outcome, _ = carried_out({"steps": [custom("first", "1 s"), TO_FRANKFURT]}, seed=5, **spread)
    (at,) = (event.at_ns / SECOND for event in of(outcome, "change_in_effect"))
    assert at == pytest.approx(101 + 60 * uniform(5, PLAN, 0, 2, 0, 1), abs=1e-6)


def test_a_region_that_only_a_step_brings_in_is_checked_from_the_start() -> None:
    brings_in = {"change": NAME, "order": [REGIONS[VIRGINIA]]}
    fault = {"at": "10 s", "region": REGIONS[VIRGINIA], "mode": "black_hole"}
    checked = record(policy="failover", order=[REGIONS[MILAN]], health_check="deep")
    outcome, _ = carried_out({"trigger": {"at": "1 h"}, "steps": [brings_in]}, [fault], **checked)
    assert of(outcome, "health_unhealthy")[0].target == f"deep@{REGIONS[VIRGINIA]}"


def test_a_database_is_promoted() -> None:
    promote = {"promote": "base", "to": REGIONS[FRANKFURT], "takes": "10 s"}
    outcome, found = carried_out({"steps": [promote]}, [DARK], **DATABASE)
    assert found == {f"promote base to {REGIONS[FRANKFURT]}": (100, 160)}
    assert events(outcome, "promotion_began", "promotion_done") == [
        (110 * SECOND, "promotion_began", "base"),
        (160 * SECOND, "promotion_done", "base"),
    ]


def test_an_approval_takes_until_somebody_has_been_reached() -> None:
    _, found = carried_out({"steps": [{"approve": "the costs", "takes": "7 min"}, {"approve": "the risk"}]})
    assert found["approve the costs"] == (100, 520)
    end = found["approve the risk"][1]
    assert end is not None
    assert end > 520


# what cannot be done


def frozen(start: str, end: str) -> Written:
    return {"at": start, "until": end, "control_plane": "route53"}


def test_a_step_that_is_refused_is_tried_again_without_its_preparation() -> None:
    change = TO_FRANKFURT | {"takes": "20 s", "retry_every": "50 s"}
    outcome, found = carried_out({"steps": [change]}, [frozen("90 s", "220 s")])
    assert [event.at_ns / SECOND for event in of(outcome, "plan_step_refused")] == [120, 170]
    assert found == {f"change {NAME}": (100, 250)}  # accepted at 220 s
    assert [event.at_ns / SECOND for event in of(outcome, "change_requested")] == [120]


def test_a_step_that_cannot_be_done_strands_the_plan_by_name() -> None:
    change = TO_FRANKFURT | {"timeout": "10 min", "retry_every": "3 min"}
    beside = [change, custom("call", "15 min")]
    plan = {"steps": [custom("look", "10 s"), {"together": beside}, custom("tell", "1 s")]}
    outcome, found = carried_out(plan, [frozen("90 s", "4 h")])
    (stranded,) = of(outcome, "plan_step_stranded")
    assert (stranded.at_ns / SECOND, stranded.target) == (110 + 600, f"move: change {NAME}")
    assert stranded.detail["why"] == "Route 53's control plane refuses changes"
    assert stranded.detail["since_s"] == 110
    (ended,) = of(outcome, "plan_stranded")
    assert ended.at_ns / SECOND == 110 + 900  # the other branch is carried out
    assert ended.detail["undone"] == [f"change {NAME}", "tell"]
    assert "tell" not in found
    assert of(outcome, "plan_done") == []
    assert of(outcome, "change_accepted") == []


def test_retries_may_run_out_before_the_timeout() -> None:
    change = TO_FRANKFURT | {"retries": 2, "retry_every": "1 min"}
    outcome, _ = carried_out({"steps": [change]}, [frozen("90 s", "4 h")])
    assert [event.at_ns / SECOND for event in of(outcome, "plan_step_refused")] == [100, 160, 220]
    assert of(outcome, "plan_stranded")[0].at_ns == 220 * SECOND


def test_what_takes_longer_than_its_timeout_is_given_up_and_what_takes_as_long_is_not() -> None:
    steps = [custom("a", "5 min", timeout="5 min"), custom("b", "301 s", timeout="5 min")]
    outcome, found = carried_out({"steps": steps})
    assert found == {"a": (100, 400), "b": (400, None)}
    (stranded,) = of(outcome, "plan_step_stranded")
    assert (stranded.at_ns / SECOND, stranded.detail["why"]) == (700, "it took longer than its timeout")


def test_what_waits_for_a_step_that_strands_is_never_begun() -> None:
    beside = [custom("late", "2 min", timeout="1 min"), custom("then", "1 s", needs={"step": "late"})]
    outcome, found = carried_out({"steps": [{"together": beside}]})
    assert "then" not in found
    assert of(outcome, "plan_stranded")[0].detail["undone"] == ["late", "then"]


def test_a_promotion_that_is_refused_strands_by_its_reason() -> None:
    dark = [DARK | {"at": "50 s", "region": REGIONS[FRANKFURT]}]
    promote = {"promote": "base", "to": REGIONS[FRANKFURT], "timeout": "5 min"}
    own = {"databases": {"base": BASE | {"engine": "self_managed"}}}
    outcome, _ = carried_out({"steps": [promote]}, dark, **own)
    assert of(outcome, "plan_step_stranded")[0].detail["why"] == f"{REGIONS[FRANKFURT]} is down"


def test_a_child_plan_that_strands_strands_its_parent() -> None:
    child = {"steps": [custom("one", "2 min", timeout="1 min"), custom("two", "2 min")]}
    plan = {"steps": [{"plan": "data"}, custom("tell", "5 s")]}
    outcome, _ = carried_out(plan, children={"data": child})
    assert of(outcome, "plan_step_stranded")[0].target == "move: plan data › one"
    undone = ["plan data", "plan data › one", "plan data › two", "tell"]
    assert of(outcome, "plan_stranded")[0].detail["undone"] == undone


def test_what_a_stranded_step_has_begun_goes_on() -> None:
    """Nobody calls a promotion back."""
    promote = {"promote": "base", "to": REGIONS[FRANKFURT], "timeout": "30 s"}
    outcome, _ = carried_out({"steps": [promote]}, [DARK], **DATABASE)
    assert of(outcome, "plan_stranded")[0].at_ns == 130 * SECOND
    assert events(outcome, "promotion_done") == [(150 * SECOND, "promotion_done", "base")]


# what must be there


@pytest.mark.parametrize(
    ("plane", "fault", "why"),
    [
        ("iam", {"control_plane": "iam"}, "IAM's control plane refuses changes"),
        (
            "routing_control",
            {"control_plane": "routing_control"},
            "the control plane of routing controls refuses changes",
        ),
        (
            "lambda@eu-central-1",
            {"control_plane": "lambda"},
            "Lambda's control plane in eu-central-1 refuses changes",
        ),
        (
            "lambda@eu-central-1",
            {"control_plane": "lambda", "region": "eu-central-1"},
            "Lambda's control plane in eu-central-1 refuses changes",
        ),
        ("lambda@eu-central-1", {"control_plane": "lambda", "region": "eu-south-1"}, ""),
        ("iam", {"control_plane": "route53"}, ""),
        ("iam", {"region": "us-east-1", "mode": "black_hole"}, "IAM's control plane is down with us-east-1"),
        (
            "cloudfront",
            {"region": "us-east-1", "mode": "refused"},
            "CloudFront's control plane is down with us-east-1",
        ),
        ("global_accelerator", {"region": "us-east-1", "mode": "refused"}, ""),
        (
            "dynamodb@eu-south-1",
            {"region": "eu-south-1", "mode": "black_hole"},
            "DynamoDB's control plane is down with eu-south-1",
        ),
        ("dynamodb@eu-central-1", {"region": "eu-south-1", "mode": "black_hole"}, ""),
    ],
)  # fmt: skip
def test_a_step_whose_control_plane_is_away_strands_by_name(plane: str, fault: Written, why: str) -> None:
    step = custom("act", "1 min", needs={"control_plane": plane}, timeout="10 min")
    outcome, found = carried_out({"steps": [step]}, [{"at": "50 s"} | fault])
    stranded = of(outcome, "plan_step_stranded")
    assert [event.detail["why"] for event in stranded] == ([why] if why else [])
    assert found == {"act": (100, None if why else 160)}
    assert len(of(outcome, "control_plane_refused")) == (11 if why else 0)  # once a minute, at once on


def test_losing_the_home_region_of_route_53_freezes_record_changes() -> None:
    """Nobody has to say so: Virginia is one of the system's regions, and is down for 15 minutes."""
    dark = {"at": "50 s", "for": "15 min", "region": REGIONS[VIRGINIA], "mode": "black_hole"}
    outcome, found = carried_out({"steps": [TO_FRANKFURT | {"retry_every": "5 min"}]}, [dark])
    refused = [event.detail["why"] for event in of(outcome, "plan_step_refused")]
    assert refused == ["Route 53's control plane is down with us-east-1"] * 3  # at 100, 400, 700 s
    assert found == {f"change {NAME}": (100, 1030)}  # accepted at 1,000 s


def test_an_operators_change_is_refused_with_the_home_region_too() -> None:
    dark = {"at": "50 s", "for": "15 min", "region": REGIONS[VIRGINIA], "mode": "refused"}
    operator = [TO_FRANKFURT | {"at": "100 s", "retry_every": "5 min"}]
    _, outcome = replay(plan_of([dark], operator=operator, duration="1 h", **UNCHECKED))
    assert len(of(outcome, "change_refused")) == 3
    assert of(outcome, "change_accepted")[0].at_ns == 1000 * SECOND


@pytest.mark.parametrize(
    ("engine", "fault", "why"),
    [
        ("aurora_global", "rds", "RDS's control plane in eu-central-1 refuses changes"),
        ("global_datastore", "elasticache", "ElastiCache's control plane in eu-central-1 refuses changes"),
        ("aurora_global", "elasticache", ""),
        ("self_managed", "rds", ""),
    ],
)
def test_a_promotion_needs_the_control_plane_of_its_engine_where_it_promotes(
    engine: str, fault: str, why: str
) -> None:
    promote = {"promote": "base", "to": REGIONS[FRANKFURT], "timeout": "5 min"}
    frozen = {"at": "50 s", "control_plane": fault, "region": REGIONS[FRANKFURT]}
    database = {"databases": {"base": BASE | {"engine": engine}}}
    outcome, _ = carried_out({"steps": [promote]}, [DARK, frozen], **database)
    assert [event.detail["why"] for event in of(outcome, "plan_step_stranded")] == ([why] if why else [])


def test_what_a_step_needs_must_be_there_when_it_begins_and_when_it_takes_effect() -> None:
    """Away from 200 to 350 s: found when three minutes' work is done, at 280 s, and not done anew."""
    step = custom("act", "3 min", needs={"region": REGIONS[FRANKFURT]}, retry_every="40 s")
    dark = {"at": "200 s", "until": "350 s", "region": REGIONS[FRANKFURT], "mode": "refused"}
    outcome, found = carried_out({"steps": [step]}, [dark])
    refused = [(event.at_ns / SECOND, event.detail["why"]) for event in of(outcome, "plan_step_refused")]
    assert refused == [(280, f"{REGIONS[FRANKFURT]} is down"), (320, f"{REGIONS[FRANKFURT]} is down")]
    assert found == {"act": (100, 360)}


def test_tools_behind_what_is_broken_strand_what_would_repair_it() -> None:
    tools = {"regions": [REGIONS[MILAN]], "operations": {"repair": [{"compute": "1 ms"}]}}
    api = {"regions": [*REGIONS], "operations": {"view": [{"compute": "1 ms"}]}}
    step = custom("repair", "3 min", needs={"service": ["tools"]}, timeout="10 min")
    outcome, _ = carried_out({"steps": [step]}, [DARK], services={"api": api, "tools": tools})
    assert of(outcome, "plan_step_stranded")[0].detail["why"] == "service tools does not answer"
    elsewhere = tools | {"regions": [REGIONS[MILAN], REGIONS[FRANKFURT]]}
    outcome, found = carried_out({"steps": [step]}, [DARK], services={"api": api, "tools": elsewhere})
    assert found == {"repair": (100, 280)}


@pytest.mark.parametrize(
    ("fault", "stands"),
    [
        ({"mode": "error"}, False),
        ({"mode": "empty_answer"}, False),
        ({"mode": "black_hole"}, False),
        ({"mode": "black_hole", "share": "90 %"}, True),  # one query in ten is answered
        ({"mode": "error", "until": "8 min"}, True),  # found when it is tried again
    ],
)
def test_tools_that_nobody_finds_are_of_no_use(fault: Written, stands: bool) -> None:
    step = custom("repair", "3 min", needs={"name": NAME}, timeout="10 min")
    outcome, found = carried_out({"steps": [step]}, [{"at": "50 s", "dns": NAME} | fault])
    whys = [event.detail["why"] for event in of(outcome, "plan_step_stranded")]
    assert whys == ([] if stands else [f"nobody answers for the name {NAME}"])
    assert (found["repair"][1] is not None) == stands


@pytest.mark.parametrize(
    ("where", "fault", "stands"),
    [
        ({"home": REGIONS[MILAN]}, DARK, False),  # it is gone with its region
        ({"home": REGIONS[FRANKFURT]}, DARK, True),
        ({"latency": "40 ms"}, DARK, True),
        ({"latency": "40 ms"}, {"at": "50 s", "external": "vault", "mode": "error"}, False),
        ({"latency": "40 ms"}, {"at": "50 s", "external": "vault", "mode": "error", "share": "90 %"}, True),
        ({"home": "us-east-1"}, {"at": "50 s", "external": "vault", "mode": "black_hole"}, False),
    ],
)
def test_a_step_that_needs_secrets_waits_for_whoever_keeps_them(
    where: Written, fault: Written, stands: bool
) -> None:
    step = custom("start", "3 min", needs={"external": "vault"}, timeout="10 min")
    outcome, found = carried_out({"steps": [step]}, [fault], external={"vault": where})
    whys = [event.detail["why"] for event in of(outcome, "plan_step_stranded")]
    assert whys == ([] if stands else ["external vault does not answer"])
    assert (found["start"][1] is not None) == stands


# waits, and routing controls


def test_a_drain_waits_as_its_file_says() -> None:
    step = {"drain": REGIONS[MILAN], "below": "5 %", "over": "20 s", "timeout": "3 min"}
    plan = {"trigger": {"at": "100 s"}, "decision": "none", "steps": [step]}
    (run,) = plan_of(plans={"move": plan}, **record(policy="failover")).control.of(PlanRun)
    wait = run.steps[-1]
    assert isinstance(wait.does, AwaitPlan)
    assert (wait.does.below, wait.does.over_ns) == (0.05, 20 * SECOND)
    assert wait.timeout_ns == 3 * MINUTE


def test_routing_controls_settle_and_need_no_control_plane() -> None:
    """Route 53's control plane is frozen; the record's order stays, and its first region is switched off."""
    step = {"routing_control": NAME, "on": [REGIONS[FRANKFURT], REGIONS[VIRGINIA]]}
    plan = {"move": {"trigger": {"at": "100 s"}, "decision": "none", "steps": [step]}}
    frozen_planes = [frozen("50 s", "1 h"), {"at": "50 s", "control_plane": "routing_control"}]
    plane, _ = replay(plan_of(frozen_planes, plans=plan, duration="1 h", seed=3, **UNCHECKED))
    (_, (settled_ns, given)) = arguments(plane.of("set_answer"))
    assert given == (0, MILAN, (0, 1, 0), False)
    assert settled_ns / SECOND == pytest.approx(105 + 10 * uniform(3, PLAN, 0, 1, 0, 1), abs=1e-6)


FIVE = ("us-east-1", "us-west-2", "ap-northeast-1", "ap-southeast-2", "eu-west-1")


@pytest.mark.parametrize("down", range(6))
def test_three_of_the_five_endpoints_of_routing_controls_are_needed(down: int) -> None:
    regions = {region: {} for region in (*REGIONS, *FIVE)}
    dark = [{"at": "50 s", "region": region, "mode": "refused"} for region in FIVE[:down]]
    step = {"routing_control": NAME, "on": [REGIONS[FRANKFURT]], "timeout": "5 min"}
    outcome, _ = carried_out({"steps": [step]}, dark, regions=regions)
    reasons = [event.detail["why"] for event in of(outcome, "plan_step_stranded")]
    where = ", ".join(FIVE[:down])
    lacking = [f"endpoints of routing controls are down in {where}, and 3 are needed"]
    assert reasons == (lacking if down > 2 else [])


def test_a_wait_lasts_until_its_check_is_healthy() -> None:
    dark = DARK | {"at": "10 s", "until": "20 min"}
    steps = [{"wait_for": {"time": "5 min"}}, {"wait_for": {"healthy": "deep", "region": REGIONS[MILAN]}}]
    outcome, found = carried_out({"steps": steps}, [dark], **record(policy="failover", health_check="deep"))
    (well,) = of(outcome, "health_healthy")
    assert found == {
        "wait for 5 min": (100, 400),
        f"wait for health check deep in {REGIONS[MILAN]}": (400, well.at_ns / SECOND),
    }


def test_a_wait_that_is_too_long_strands_by_what_it_waited_for() -> None:
    step = {"wait_for": {"healthy": "deep", "region": REGIONS[MILAN]}, "timeout": "10 min"}
    dark = DARK | {"at": "10 s"}
    plan = {"steps": [{"wait_for": {"time": "5 min"}}, step]}
    outcome, _ = carried_out(plan, [dark], **record(policy="failover", health_check="deep"))
    (stranded,) = of(outcome, "plan_step_stranded")
    assert stranded.at_ns == 1000 * SECOND
    assert stranded.detail["why"] == f"still waiting for health check deep in {REGIONS[MILAN]}"
