"""Failover plans checked: what starts them, that their steps can be done, and that none waits for itself."""

from collections.abc import Iterable

from simulator.boundary.control_planes import CONTROL_PLANES
from simulator.language.checks.data_steps import check_fence
from simulator.language.checks.operator import check_detection
from simulator.language.checks.plan_modes import check_modes
from simulator.language.checks.promotions import check_promotion
from simulator.language.checks.records import check_change, check_fail_back, served_by
from simulator.language.checks.restores import check_restore_step
from simulator.language.checks.standbys import check_standby_step
from simulator.language.checks.values import check_longer_than_0
from simulator.language.checks.waits import check_drain, check_is_asked, check_wait
from simulator.language.models.data_steps import FenceStep, RestoreStep, UnfenceStep
from simulator.language.models.plan_steps import TriedStep
from simulator.language.models.plans import (
    AnyStep,
    ChangeStep,
    ChildPlanStep,
    Decision,
    FailBackStep,
    FailoverPlan,
    OfficeHours,
    Place,
    PromoteStep,
    RoutingControlStep,
    Trigger,
    names_of,
    placed_steps,
)
from simulator.language.models.scaling import StepOfStandby
from simulator.language.models.topology import Topology
from simulator.language.models.waits import DrainStep, WaitStep
from simulator.language.reading.messages import known
from simulator.language.reading.positions import Document, Path


def check_plans(topology: Topology, document: Document) -> None:
    """Report every plan that could never be carried out, but for unknown names."""
    for name, plan in topology.plans.items():
        path: Path = ("plans", name)
        if plan.trigger is not None:
            check_trigger(plan.trigger, topology, document, (*path, "trigger"))
        if isinstance(plan.decision, Decision) and plan.decision.office_hours is not None:
            _check_hours(plan.decision.office_hours, document, (*path, "decision", "office_hours"))
        for place, step in placed_steps(plan):
            _check_step(step, topology, document, (*path, *place))
        _check_children(name, plan, topology, document, path)
        _check_order(plan, document, path)
    check_modes(topology, document)


def check_trigger(trigger: Trigger, topology: Topology, document: Document, path: Path) -> None:
    """Report a trigger that names none of the ways, or several, or what belongs to another."""
    ways = ("unhealthy", "healthy", "alarm", "at", "after_detection")
    if sum(getattr(trigger, way) is not None for way in ways) != 1:
        document.problem(f"a trigger names one of {', '.join(ways)}", path, at_key=True)
    if trigger.after_detection is not None:
        check_detection(topology, document, (*path, "after_detection"))
    state, check = trigger.looks_for
    if check is None:
        if trigger.region is not None:
            complaint = "'region' belongs to 'unhealthy' and 'healthy'"
            document.problem(complaint, (*path, "region"), at_key=True)
        if trigger.for_ is not None and trigger.alarm is None:
            complaint = "'for' belongs to 'unhealthy', 'healthy' and 'alarm'"
            document.problem(complaint, (*path, "for"), at_key=True)
    elif trigger.region is None:
        document.problem(f"say in which 'region' the check must be {state}", path, at_key=True)
    elif check in topology.health_checks:
        check_is_asked(check, trigger.region, topology, document, path, state)


def _check_hours(hours: OfficeHours, document: Document, path: Path) -> None:
    if hours.from_ == hours.to:
        document.problem("office hours end when they begin; leave them out if they are always", (*path, "to"))


def _check_step(step: AnyStep, topology: Topology, document: Document, path: Path) -> None:
    if isinstance(step, ChangeStep):
        check_change(step, topology, document, path)
    elif isinstance(step, PromoteStep):
        check_promotion(step, _may_move(step, topology), topology, document, path)
    elif isinstance(step, FailBackStep):
        check_fail_back(step, topology, document, path)
    elif isinstance(step, RoutingControlStep):
        _check_controls(step, topology, document, path)
    elif isinstance(step, FenceStep | UnfenceStep):
        check_fence(step, topology, document, path)
    elif isinstance(step, RestoreStep):
        check_restore_step(step, topology, document, path)
    elif isinstance(step, StepOfStandby):
        check_standby_step(step, topology, document, path)
    elif isinstance(step, WaitStep):
        check_longer_than_0(step.timeout, "'timeout'", document, (*path, "timeout"))
        check_wait(step.wait_for, topology, document, (*path, "wait_for"))
    elif isinstance(step, DrainStep):
        check_drain(step, topology, document, path)
    if step.needs is not None:
        _check_control_planes(step.needs.control_plane or [], topology, document, (*path, "needs"))
    if isinstance(step, TriedStep):
        for key in ("timeout", "retry_every"):
            check_longer_than_0(getattr(step, key), f"'{key}'", document, (*path, key))


def _may_move(step: PromoteStep, topology: Topology) -> bool:
    """Whether some plan makes another region the writer, so that this one brings it back."""
    steps = (one for plan in topology.plans.values() for _, one in placed_steps(plan))
    moves = (one for one in steps if isinstance(one, PromoteStep) and one.promote == step.promote)
    return any(
        one.to != topology.databases[step.promote].writer
        for one in moves
        if one.promote in topology.databases
    )


def _check_control_planes(needed: list[str], topology: Topology, document: Document, path: Path) -> None:
    """Each exists; a regional service's is one of a region of the system."""
    for number, one in enumerate(needed):
        here = _place_of(document, (*path, "control_plane"), number)
        name, _, region = one.partition("@")
        if not known(document, here, name, CONTROL_PLANES, "control plane"):
            continue
        plane = CONTROL_PLANES[name]
        if plane.home is not None and region:
            document.problem(f"{plane.said} is in {plane.home} alone; write '{name}'", here)
        elif plane.home is None and not region:
            example = next(iter(topology.regions), "eu-central-1")
            document.problem(f"each region has one of its own; say which, such as '{name}@{example}'", here)
        elif plane.home is None:
            known(document, here, region, topology.regions or None, "region")


def _place_of(document: Document, path: Path, number: int) -> Path:
    """Where one of several texts stands, or the only one."""
    return (*path, number) if isinstance(_written(document, path), list) else path


def _check_controls(step: RoutingControlStep, topology: Topology, document: Document, path: Path) -> None:
    """A routing control is a health check of a record, so the record must be one that goes by health."""
    record = topology.dns.get(step.routing_control)
    if record is None:
        return
    if record.policy == "simple":
        complaint = (
            "a record of policy simple answers whatever its routing controls say; choose another policy"
        )
        document.problem(complaint, (*path, "routing_control"))
    served = served_by(record, topology)
    for number, region in enumerate(step.on):
        if region in topology.regions:
            known(document, (*path, "on", number), region, served, "region of the service")


# child plans


def _check_children(
    name: str, plan: FailoverPlan, topology: Topology, document: Document, path: Path
) -> None:
    """Child plans are one level deep, as in Region switch, and no plan is a step of itself."""
    for place, step in _child_steps(plan):
        here = (*path, *place, "plan")
        if step.plan not in topology.plans:
            continue
        if circle := _way_back(step.plan, name, topology):
            way = " → ".join([name, *circle])
            document.problem(f"plan '{name}' would be a step of itself: {way}; leave one of them out", here)
        elif grandchildren := [one.plan for _, one in _child_steps(topology.plans[step.plan])]:
            complaint = (
                f"plan '{step.plan}' has a child plan itself, '{grandchildren[0]}', and child plans are "
            )
            document.problem(complaint + "one level deep; write the steps here", here)


def _child_steps(plan: FailoverPlan) -> list[tuple[Place, ChildPlanStep]]:
    return [(place, step) for place, step in placed_steps(plan) if isinstance(step, ChildPlanStep)]


def _way_back(start: str, end: str, topology: Topology) -> list[str]:
    """The plans from one to another by child plans; nothing if there is no such way."""
    ways, met = [[start]], {start}
    for way in ways:
        if way[-1] == end:
            return way
        following = topology.plans.get(way[-1])
        for _, step in _child_steps(following) if following is not None else ():
            if step.plan not in met:
                met.add(step.plan)
                ways.append([*way, step.plan])
    return []


# the order of steps


def _check_order(plan: FailoverPlan, document: Document, path: Path) -> None:
    """A step cannot wait for itself, nor for one that waits for it."""
    names, placed = names_of(plan), [*placed_steps(plan)]
    needed = {name: _needed(step) for name, (_, step) in zip(names, placed, strict=True)}
    waits = {name: {*needed[name], *_before(number, placed, names)} for number, name in enumerate(names)}
    for name, (place, _) in zip(names, placed, strict=True):
        for number, other in enumerate(needed[name]):
            here = _place_of(document, (*path, *place, "needs", "step"), number)
            if other == name:
                document.problem(f"step '{name}' needs itself", here)
            elif known(document, here, other, names, "step of the plan") and name in _reached(other, waits):
                complaint = (
                    f"step '{name}' needs '{other}', which is done after it or needs it; they would wait"
                )
                document.problem(f"{complaint} for ever", here)


def _needed(step: AnyStep) -> list[str]:
    return [] if step.needs is None else step.needs.step or []


def _before(number: int, placed: list[tuple[Place, AnyStep]], names: list[str]) -> Iterable[str]:
    """The steps that are done before one because of where they stand."""
    place = placed[number][0]
    for other, (where, _) in enumerate(placed[:number]):
        is_beside = where[:2] == place[:2] and where[:4] != place[:4]
        if not is_beside:
            yield names[other]


def _reached(start: str, waits: dict[str, set[str]]) -> set[str]:
    """All steps for which one waits, also by way of others."""
    found, due = set[str](), [start]
    while due:
        for one in waits.get(due.pop(), set()) - found:
            found.add(one)
            due.append(one)
    return found


def _written(document: Document, path: Path) -> object:
    """What the user wrote at a place."""
    value: object = document.data
    for key in path:
        value = value[key] if isinstance(value, dict | list) else None  # type: ignore[index]
    return value
