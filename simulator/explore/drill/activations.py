"""Scenarios in which a standby is activated, and those in which the system is led back."""

from collections.abc import Iterator
from typing import Any

from simulator.explore.drill.damages import lost_with
from simulator.explore.drill.moment import BEGINS, MIN_NS, place
from simulator.language.models.plans import (
    AnyStep,
    ChangeStep,
    ChildPlanStep,
    FailBackStep,
    FailoverPlan,
    PromoteStep,
    RoutingControlStep,
    placed_steps,
)
from simulator.language.models.topology import DnsRecord, Topology
from simulator.result.drill import NOT_APPLICABLE, UNTESTED, NotPlayed, Scenario

_STARTED_AFTER, _STARTED = "5 min", "15 min"  # assumed: until somebody starts a plan
_DARK_FOR = "2 h"  # so long that whoever leads the system over is done, and the new order has settled
_BACK_AFTER, _BACK = "15 min", "145 min"  # assumed: how long a region is back before it is given its users
_BACK_NS = 240 * MIN_NS

Written = dict[str, Any]


def activations(topology: Topology) -> Iterator[Scenario | NotPlayed]:
    """What people start by a plan, also while no record can be changed; and standbys that need nobody."""
    out = _by_hand(topology, leads_back=False)
    for name in out:
        yield _activated(name, topology)
    for name in out:
        if any(isinstance(step, ChangeStep) for step in _steps(topology.plans[name], topology)):
            yield _frozen(name, topology)
    if not out:
        yield _unaided(topology)


def _by_hand(topology: Topology, *, leads_back: bool) -> list[str]:
    """The plans that somebody starts. One with a trigger begins by itself wherever that is met."""
    children = {
        step.plan
        for plan in topology.plans.values()
        for _, step in placed_steps(plan)
        if isinstance(step, ChildPlanStep)
    }
    return [
        name
        for name, plan in topology.plans.items()
        if plan.trigger is None and name not in children and _leads_back(plan, topology) == leads_back
    ]


def _steps(plan: FailoverPlan, topology: Topology) -> Iterator[AnyStep]:
    """The steps of a plan and of its child plans."""
    for _, step in placed_steps(plan):
        yield step
        if isinstance(step, ChildPlanStep):
            yield from (one for _, one in placed_steps(topology.plans[step.plan]))


def _leads_back(plan: FailoverPlan, topology: Topology) -> bool:
    """Whether a plan makes things as the topology has them: it fails back."""
    if plan.trigger is not None and plan.trigger.healthy is not None:
        return True
    return any(_is_back(step, topology) for step in _steps(plan, topology))


def _is_back(step: AnyStep, topology: Topology) -> bool:
    if isinstance(step, PromoteStep):
        return step.to == topology.databases[step.promote].writer
    if isinstance(step, ChangeStep):
        return _is_as_declared(step, topology.dns[step.change], topology)
    if isinstance(step, RoutingControlStep):
        record = topology.dns[step.routing_control]
        return _first(record, topology) in step.on
    return isinstance(step, FailBackStep)


def _is_as_declared(step: ChangeStep, record: DnsRecord, topology: Topology) -> bool:
    if step.order is not None:
        return step.order[:1] == [_first(record, topology)]
    if step.weights is not None:
        return step.weights == record.weights
    return step.geography == record.geography


def _first(record: DnsRecord, topology: Topology) -> str:
    return (record.order or topology.services[record.service].regions)[0]


def _active(topology: Topology) -> list[str]:
    return [region for region, one in topology.regions.items() if one.role == "active"]


# activation


def _activated(name: str, topology: Topology) -> Scenario:
    """The first active region is lost for good, and somebody starts a plan."""
    region = _active(topology)[0]
    lost = {"at": BEGINS, "region": region, "mode": "lost"}
    title = f"Region {place(region)} is lost for good, and plan {name} is started after {_STARTED_AFTER}"
    return Scenario(
        f"standby-activation:{name}",
        "standby activated",
        title,
        "Region",
        (lost,),
        operator=({"run": name, "at": _STARTED},),
        gone=dict(lost_with({region}, topology)),
    )


def _frozen(name: str, topology: Topology) -> Scenario:
    """The same while no record can be changed."""
    region = _active(topology)[0]
    faults = (
        {"at": BEGINS, "control_plane": "route53", "mode": "frozen"},
        {"at": BEGINS, "region": region, "mode": "lost"},
    )
    title = (
        f"Route 53's control plane is frozen while {place(region)} is lost for good, and plan {name} is "
        f"started after {_STARTED_AFTER}"
    )
    return Scenario(
        f"control-plane-frozen:{name}",
        "frozen",
        title,
        "Infrastructure",
        faults,
        operator=({"run": name, "at": _STARTED},),
        gone=dict(lost_with({region}, topology)),
    )


def _unaided(topology: Topology) -> Scenario | NotPlayed:
    """All active regions are lost for good, and standbys take over by health checks or by their plans."""
    active = _active(topology)
    key, title = "standby-activation", "The standby is activated"
    if len(active) == len(topology.regions):
        return NotPlayed(key, title, NOT_APPLICABLE, "no region of the topology is a standby")
    if len(active) == 1:
        reason = f"nobody has to start a plan, so it is what 'region-lost:{active[0]}' shows"
        return NotPlayed(key, title, NOT_APPLICABLE, reason)
    faults = tuple({"at": BEGINS, "region": region, "mode": "lost"} for region in active)
    title = f"All active regions ({', '.join(active)}) are lost for good, and the standby takes over"
    gone = dict(lost_with({*active}, topology))
    return Scenario(f"{key}:{'+'.join(active)}", "standby activated", title, "Region", faults, gone=gone)


# failback


def failbacks(topology: Topology) -> Iterator[Scenario | NotPlayed]:
    """A region is away for long, comes back, and the system is led back to it."""
    plans = _by_hand(topology, leads_back=True)
    by_themselves = [
        name
        for name, plan in topology.plans.items()
        if plan.trigger is not None and _leads_back(plan, topology)
    ]
    held = {name: one for name, one in topology.dns.items() if one.failback != "automatic"}
    by_hand = [
        name for name, one in held.items() if one.failback == "manual" and not _released(name, topology)
    ]
    if not (plans or by_themselves or held):
        yield _nothing_leads_back(topology)
        return
    operator = [
        *({"run": name, "at": _STARTED} for name in _by_hand(topology, leads_back=False)[:1]),
        *({"run": name, "at": _BACK} for name in plans),
        *({"fail_back": name, "at": _BACK} for name in by_hand),
    ]
    region = _active(topology)[0]
    who = [*(f"plan {name}" for name in (*plans, *by_themselves)), *(f"the record {name}" for name in held)]
    title = f"Region {place(region)} is dark for {_DARK_FOR}, and led back to by {', '.join(who)}"
    if plans or by_hand:
        title += f" after {_BACK_AFTER}"
    dark = {"at": BEGINS, "for": _DARK_FOR, "region": region, "mode": "black_hole"}
    yield Scenario(
        f"failback:{region}",
        "failback",
        title,
        "Region",
        (dark,),
        operator=tuple(operator),
        duration_ns=_BACK_NS,
    )


def _released(name: str, topology: Topology) -> bool:
    """Whether a step of some plan releases what a name holds back."""
    steps = (step for plan in topology.plans.values() for step in _steps(plan, topology))
    return any(isinstance(step, FailBackStep) and step.fail_back == name for step in steps)


def _nothing_leads_back(topology: Topology) -> NotPlayed:
    """Either nothing has to, or the topology does not say how."""
    key, title = "failback", "The system is led back to a region that has returned"
    moves = (ChangeStep, PromoteStep, RoutingControlStep)
    for name, plan in topology.plans.items():
        if any(isinstance(step, moves) for step in _steps(plan, topology)):
            return NotPlayed(key, title, UNTESTED, f"plan {name} leads away, and no plan leads back")
    reason = "records turn back by themselves as soon as a region is healthy, which each 'region-dark' shows"
    return NotPlayed(key, title, NOT_APPLICABLE, reason)
