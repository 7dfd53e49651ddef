"""Sentences about failover plans: how long each took, what took longest, and where it stranded."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from simulator.report.tables import Rows
from simulator.report.words import duration, name, sentence
from simulator.result.plans import PlanRun, PlanStep
from simulator.result.whole import Result

_MOST_NAMED = 3


def gist(result: Result) -> Iterator[str]:
    """The first layer's: plans that were not carried out first."""
    for run in sorted(result.plans, key=lambda one: one.state == "done"):
        if run.state != "not_begun":
            yield from _sentences(run)


def _sentences(run: PlanRun) -> Iterator[str]:
    mode = " (graceful)" if run.mode == "graceful" else ""
    yield f"{name(run.plan)}{mode} {_outcome(run)}"
    if run.state == "stranded":
        yield f"left undone: {_named(run.undone)}"


def _outcome(run: PlanRun) -> str:
    if run.took_s is not None:
        return f"was done {duration(run.took_s)} after its trigger{_parts(run)}"
    if run.state == "stranded":
        stranded = [_why(step) for step in run.steps if step.state == "stranded"]
        return f"stranded at {'; at '.join(stranded)}"
    doing = [step.step for step in run.steps if step.state == "open"]
    if not doing:
        return "was not decided on before the run ends"
    return f"is not done when the run ends, which is during {_named(doing)}"


def _parts(run: PlanRun) -> str:
    """What the time mostly went to: the decision, or the longest step."""
    parts = [(step.step, _took_s(step)) for step in run.steps if step.kind != "plan"]
    if run.decided_s is not None:
        parts.append(("the decision", run.decided_s - run.triggered_s))
    what, took_s = max(parts, key=lambda part: part[1], default=("", 0.0))
    return f", of which {name(what)} took {duration(took_s)}" if took_s and len(parts) > 1 else ""


def _took_s(step: PlanStep) -> float:
    return 0.0 if step.begun_s is None or step.ended_s is None else step.ended_s - step.begun_s


def _why(step: PlanStep) -> str:
    assert step.ended_s is not None
    assert step.lacked_since_s is not None
    for_s = step.ended_s - step.lacked_since_s
    return f"'{name(step.step)}', given up after {duration(for_s)}: {sentence(step.lacked)}"


def _named(steps: Sequence[str]) -> str:
    more = f" and {len(steps) - _MOST_NAMED} more" if len(steps) > _MOST_NAMED else ""
    return ", ".join(f"'{name(step)}'" for step in steps[:_MOST_NAMED]) + more


def table(result: Result) -> RenderableType | None:
    """Each plan with its trigger, decision and steps over time."""
    parts: list[RenderableType] = []
    for run in result.plans:
        rows = Rows("at", "took", text="")
        for at_s, took_s, told in _timeline(run):
            rows.add(duration(at_s), "" if took_s is None else duration(took_s), text=told)
        parts += [Text(name(run.plan), style="bold"), rows]
    return Group(*parts) if parts else None


def _timeline(run: PlanRun) -> Iterator[tuple[float, float | None, str]]:
    """What happened, when, for how long."""
    yield run.triggered_s, None, f"triggered by {sentence(run.by)}"
    if run.state == "not_begun":
        yield run.triggered_s, None, "not begun, since it was under way already"
    who = f" ({name(run.owner)})" if run.owner else ""
    if run.acknowledged_s is not None:
        yield run.triggered_s, run.acknowledged_s - run.triggered_s, f"whoever decides is reached{who}"
    if run.acknowledged_s is not None and run.decided_s is not None:
        yield run.acknowledged_s, run.decided_s - run.acknowledged_s, "decision"
    for step in run.steps:
        if step.begun_s is not None:
            yield step.begun_s, _took_s(step) if step.ended_s is not None else None, _told(step)
    if run.undone and run.state != "not_begun":
        yield run.ended_s or run.triggered_s, None, f"left undone: {_named(run.undone)}"


def _told(step: PlanStep) -> str:
    """A step, who does it, and what held it up."""
    who = f" ({name(step.owner)})" if step.owner else ""
    tries = (
        f", refused {step.refused} times" if step.refused > 1 else ", refused once" if step.refused else ""
    )
    lacked = f": {sentence(step.lacked)}" if step.lacked else ""
    state = {"done": "", "stranded": " – given up", "open": " – not done when the run ends"}[step.state]
    return f"{name(step.step)}{who}{state}{tries}{lacked}"
