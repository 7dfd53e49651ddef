"""The modes of failover plans checked: something is done in each that may run, and databases can do it."""

from collections.abc import Iterator

from simulator.language.checks.promotions import check_switchover
from simulator.language.models.plan_steps import Mode
from simulator.language.models.plans import (
    AnyStep,
    ChildPlanStep,
    FailoverPlan,
    PromoteStep,
    is_planned,
    steps_in_mode,
)
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path


def check_modes(topology: Topology, document: Document) -> None:
    """Report plans that cannot be carried out in the mode that they say."""
    for name, plan in topology.plans.items():
        says = "mode" in plan.model_fields_set
        path: Path = ("plans", name, "mode") if says else ("plans", name)
        if _check_steps(name, plan, plan.mode, document, path):
            _check_promotions(name, plan, topology, document)


def check_mode(name: str, mode: Mode, topology: Topology, document: Document, path: Path) -> None:
    """Report a run in a mode in which its plan cannot be carried out."""
    plan = topology.plans.get(name)
    if plan is None or mode == plan.mode or not _check_steps(name, plan, mode, document, path):
        return
    for step in _with_children(plan, mode, topology):
        if isinstance(step, PromoteStep) and step.mode is None and is_planned(step, mode):
            check_switchover(topology.databases.get(step.promote), document, path, at_key=False)


def _with_children(plan: FailoverPlan, mode: Mode, topology: Topology) -> Iterator[AnyStep]:
    """What a run in a mode does, the steps of child plans too."""
    for _, step in steps_in_mode(plan, mode):
        yield step
        if isinstance(step, ChildPlanStep) and step.plan in topology.plans:
            yield from (one for _, one in steps_in_mode(topology.plans[step.plan], mode))


def _check_steps(name: str, plan: FailoverPlan, mode: Mode, document: Document, path: Path) -> bool:
    """Report that nothing is done in a mode."""
    if any(True for _ in steps_in_mode(plan, mode)):
        return True
    other = "ungraceful" if mode == "graceful" else "graceful"
    complaint = f"plan '{name}' has no step that is done in a run that is {mode}: all say 'only: {other}'"
    document.problem(complaint, path, at_key=path[-1] != "mode")
    return False


def _check_promotions(name: str, plan: FailoverPlan, topology: Topology, document: Document) -> None:
    """A step that says how it promotes is judged there; else the mode of the plan, or of a parent, counts."""
    parents = [
        parent.mode
        for parent in topology.plans.values()
        for _, step in steps_in_mode(parent, parent.mode)
        if isinstance(step, ChildPlanStep) and step.plan == name
    ]
    reported = set[Path]()
    for mode in dict.fromkeys([plan.mode, *parents]):
        for place, step in steps_in_mode(plan, mode):
            path: Path = ("plans", name, *place, *(["mode"] if getattr(step, "mode", None) else []))
            if isinstance(step, PromoteStep) and is_planned(step, mode) and path not in reported:
                reported.add(path)
                database = topology.databases.get(step.promote)
                check_switchover(database, document, path, at_key=step.mode is None)
