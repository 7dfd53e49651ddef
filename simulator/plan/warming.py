"""Warm-up: the clock of a run begins with it, and so every instant lies later by it (docs/model.md §1).

A file and its result count from zero, when the warm-up is over. A plan that is run counts from the begin of
the warm-up, so that no clock is negative; `later` goes from the one to the other and back.
"""

from dataclasses import replace
from typing import Any

from simulator.boundary.kinds import NEVER_NS
from simulator.plan.failover_plans import PlanRun
from simulator.plan.lowered import DataPlan, Plan
from simulator.plan.promotions import PromotionPlan
from simulator.plan.reactions import ReactionPlan
from simulator.plan.record_changes import ChangePlan
from simulator.plan.restores import RestorePlan

_WEEK_NS = 7 * 86_400 * 10**9


def later(plan: Plan, by_ns: int) -> Plan:
    """The plan with all its instants later by so much; the time before them counts for nothing."""
    if by_ns == 0:
        return plan
    control = plan.control
    faults = (
        replace(fault, start_ns=fault.start_ns + by_ns, end_ns=_later(fault.end_ns, by_ns))
        for fault in control.faults
    )
    plans = (_later_plan(one, by_ns) for one in control.plans)
    return replace(
        plan,
        data=_later_data(plan.data, by_ns),
        control=replace(control, faults=tuple(faults), plans=tuple(plans)),
    )


def _later(at_ns: int, by_ns: int) -> int:
    return at_ns if at_ns == NEVER_NS else at_ns + by_ns


def _later_plan(plan: Any, by_ns: int) -> Any:
    if isinstance(plan, RestorePlan | PlanRun | ReactionPlan):
        return plan.later(by_ns)
    has_time = isinstance(plan, ChangePlan | PromotionPlan)
    return replace(plan, at_ns=_later(plan.at_ns, by_ns)) if has_time else plan


def _later_data(data: DataPlan, by_ns: int) -> DataPlan:
    windows_ns = data.fault_windows_ns + by_ns
    windows_ns.setflags(write=False)
    return replace(
        data,
        counts_from_ns=data.counts_from_ns + by_ns,
        duration_ns=data.duration_ns + by_ns,
        window_first_ns=data.window_first_ns + by_ns,
        fault_windows_ns=windows_ns,
        day_offset_ns=(data.day_offset_ns - by_ns) % _WEEK_NS,
    )
