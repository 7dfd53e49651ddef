"""Outcomes made by hand: a string of windows, faults, events, and whatever else a test is about."""

from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np

from simulator.data_plane.plane import CompiledPlane
from simulator.outcome import Event, Outcome
from simulator.plan.lowered import Plan
from simulator.plan.timeline import FaultPlan
from simulator.seam import AtRisk, Tallies
from tests.plan.building import HERE, THERE, experiment, plan_of, topology

SECOND = 10**9
WINDOW_S = 10
OBJECTIVE = 0.99

_SUCCEEDED = {".": 100, "x": 50, "-": 0}
_FAILED = {".": 0, "x": 50, "-": 0}


@cache
def _plan(windows: int) -> Plan:
    table = {"replicas": [HERE, THERE], "items": 10}
    return plan_of(topology(tables={"items": table}), experiment(duration=f"{windows * WINDOW_S} s"))


def zeros(plan: Plan) -> Tallies:
    """Tallies of a run in which nothing happened."""
    ran = CompiledPlane(plan.data).finish()
    empty: dict[str, Any] = {field.name: getattr(ran, field.name) for field in fields(ran)}
    nothing: dict[str, Any] = {
        name: np.zeros_like(value) if isinstance(value, np.ndarray) else 0 for name, value in empty.items()
    }
    return Tallies(**nothing)


def fault(
    start_s: float, end_s: float, *, region: int = 0, mode: str = "black_hole", **more: Any
) -> FaultPlan:
    """A fault of the first region."""
    return FaultPlan(
        "a fault", "region", mode, int(start_s * SECOND), int(end_s * SECOND), region=region, **more
    )


def event(at_s: float, kind: str, target: str = "api.example", **detail: Any) -> Event:
    """An entry of the log."""
    return Event(int(at_s * SECOND), kind, target, detail)


def outcome(
    windows: str,
    *faults: FaultPlan,
    events: tuple[Event, ...] = (),
    at_risk: tuple[AtRisk, ...] = (),
    **tallies: Any,
) -> Outcome:
    """A run of 10 s windows: `.` all of 100 actions succeeded, `x` half of them, `-` there were none."""
    plan = _plan(len(windows))
    spans = np.array([[f.start_ns, min(f.end_ns, plan.data.duration_ns)] for f in faults], np.int64).reshape(
        -1, 2
    )
    plan = replace(
        plan, data=replace(plan.data, fault_windows_ns=spans), control=replace(plan.control, faults=faults)
    )
    counted = {
        "window_succeeded": np.array([_SUCCEEDED[w] for w in windows]),
        "window_failed": np.array([_FAILED[w] for w in windows]),
    }
    return Outcome(plan, replace(zeros(plan), **(counted | tallies)), events, at_risk, None)
