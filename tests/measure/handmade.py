"""Outcomes made by hand: a string of windows, faults, events, and whatever else a test is about.

Neither a file is read nor an engine run: the measures are tested alone.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.causes import CAUSES, Cause
from simulator.boundary.fields import zeros as all_zero
from simulator.boundary.kinds import CACHE, LAMBDA, NODES, OBJECTS, SHARED_CACHE, TABLE, UNLIMITED
from simulator.boundary.outcomes import OUTCOMES
from simulator.boundary.subjects import (
    OfName,
    Subject,
)
from simulator.boundary.tallies import AtRisk, Tallies
from simulator.measure.sections import measure
from simulator.outcome import Event, Outcome
from simulator.plan.lowered import ControlPlan, DataPlan, Plan
from simulator.plan.timeline import FaultPlan
from simulator.result.recovery import Objective
from simulator.result.whole import Judgement, Recipe, Result
from tests.faults import fault_plan

HERE, THERE = "eu-central-1", "eu-west-1"
NAME = OfName("api.example")
SECOND = 10**9
WINDOW_S = 10
OBJECTIVE = Objective(success=0.99, within_s=10.0, window_s=float(WINDOW_S), hold_s=float(WINDOW_S))
"""Of a hold of one window, each of which decides by itself."""

_SUCCEEDED = {".": 1000, "x": 500, "-": 0}
_FAILED = {".": 0, "x": 500, "-": 0}


@cache
def small(windows: int) -> Plan:
    """Two regions, one service without limits and one table in both."""
    return _plan(
        windows,
        ("items",),
        store_kind=np.array([TABLE]),
        store_replica=np.ones((1, 2), np.int64),
        site_compute=np.array([[UNLIMITED, UNLIMITED], [0, 0]]),
    )


@cache
def rich(windows: int) -> Plan:
    """One of everything: Lambda here and two nodes of four workers there, and every kind of store.

    Users here look and note, users there only note, bots only look.
    """
    plan = _plan(
        windows,
        ("items", "files", "looks", "scores"),
        store_kind=np.array([TABLE, OBJECTS, CACHE, SHARED_CACHE]),
        store_replica=np.ones((4, 2), np.int64),
        store_limited=np.array([1, 0, 0, 0]),
        site_compute=np.array([[LAMBDA, NODES], [UNLIMITED, 0]]),
        site_gateway=np.array([[1, 0], [0, 0]]),
        site_count=np.array([[100, 2], [1, 0]]),
        site_there=np.array([[100, 2], [1, 0]]),
        node_workers=np.array([[0, 4], [0, 0]]),
        issuer_region=np.array([0]),
        service_verifies=np.array([1, 0]),
        op_service=np.array([0, 0, 1]),
        pop_near=np.array([0, 1, 0]),
        pop_bots=np.array([0, 0, 1]),
        pop_mix_first=np.array([0, 2, 3]),
        pop_mix_count=np.array([2, 1, 1]),
        mix_operation=np.array([0, 1, 1, 0]),
    )
    memory = {(0, 0): (LAMBDA, 512 * 2**20, 0), (0, 1): (NODES, 2**30, 2**23)}
    operations = ("api.look", "api.note", "token")
    return replace(plan, memory=memory, populations=("here", "there", "bots"), operations=operations)


def _plan(windows: int, stores: tuple[str, ...], **data: Any) -> Plan:
    count = len(stores)
    chosen = {
        "duration_ns": windows * WINDOW_S * SECOND,
        "window_ns": WINDOW_S * SECOND,
        "lag_step_ns": 10 * SECOND,
        "region_count": 2,
        "store_items": np.full(count, 10),
        "fault_windows_ns": np.zeros((0, 2), np.int64),
        "lag_mu": np.full((count, 2, 2), np.log(0.4 * SECOND)),
        "store_limited": np.zeros(count, np.int64),
        "store_strong": np.zeros(count, np.int64),
        "service_verifies": np.zeros(2, np.int64),
        **{name: np.zeros((2, 2), np.int64) for name in ("site_gateway", "site_count", "node_workers")},
        "site_there": np.zeros((2, 2), np.int64),
    }
    empty = {field.name: _empty(field.type) for field in fields(DataPlan)}
    lowered = DataPlan(**(empty | chosen | data))
    control = ControlPlan(())
    return Plan(lowered, control, (HERE, THERE), (), stores, ("api", "identity"), (), ())


def _empty(kind: object) -> Any:
    return 0 if kind in (int, float) else np.zeros(0, np.int64)


def zeros(plan: Plan) -> Tallies:
    """Tallies of a run in which nothing happened."""
    return all_zero(Tallies, plan.data)


def fault(
    start_s: float, end_s: float, *, region: int = 0, mode: str = "black_hole", **more: Any
) -> FaultPlan:
    """A fault of the first region."""
    return of_kind("region", start_s, end_s, region=region, mode=mode, **more)


def of_kind(kind: str, start_s: float = 0, end_s: float = 1, *, mode: str, **more: Any) -> FaultPlan:
    """A fault of any kind."""
    start_ns, end_ns = int(start_s * SECOND), int(end_s * SECOND)
    return fault_plan(kind, mode, start_ns, end_ns, label="a fault", **more)


def event(at_s: float, kind: str, subject: Subject = NAME, **detail: Any) -> Event:
    """An entry of the log."""
    return Event(int(at_s * SECOND), kind, subject, detail)


def outcome(
    windows: str,
    *faults: FaultPlan,
    plan: Plan | None = None,
    events: tuple[Event, ...] = (),
    at_risk: tuple[AtRisk, ...] = (),
    held: Mapping[Cause, str] | None = None,
    **tallies: Any,
) -> Outcome:
    """A run of 10 s windows: `.` all of 1,000 actions succeeded, `x` half of them, `-` there were none.

    `held`: in which windows each cause held those that failed, by a `x`; else no other answer did.
    """
    plan = small(len(windows)) if plan is None else plan
    spans = np.array([[f.start_ns, min(f.end_ns, plan.data.duration_ns)] for f in faults], np.int64).reshape(
        -1, 2
    )
    faults = tuple(replace(one, number=number) for number, one in enumerate(faults))
    data = replace(plan.data, fault_windows_ns=spans, fault_count=len(faults))
    plan = replace(plan, data=data, control=replace(plan.control, faults=faults))
    counted = {
        "window_succeeded": np.array([_SUCCEEDED[w] for w in windows]),
        "window_failed": np.array([_FAILED[w] for w in windows]),
    }
    counted |= {name: tallies[name] for name in counted if name in tallies}
    counted |= {
        "window_begun": counted["window_succeeded"] + counted["window_failed"],
        "window_bad": counted["window_failed"],
    }
    counted |= _held(
        counted["window_failed"], {"no_other_answer": "x" * len(windows)} if held is None else held
    )
    return Outcome(plan, replace(zeros(plan), **(counted | tallies)), events, at_risk, None)


def _held(failed: Any, held: Mapping[Cause, str]) -> dict[str, Any]:
    """Failed actions by cause, in equal parts of those that a window names; each ends in its window."""
    begun = np.zeros((len(failed), len(CAUSES)), np.int64)
    for cause, windows in held.items():
        begun[:, CAUSES.index(cause)] = [window == "x" for window in windows]
    begun *= (failed // np.maximum(begun.sum(axis=1), 1))[:, None]
    until = np.zeros_like(begun)
    until[1:] = begun[:-1]
    return {"window_held_from": begun, "window_held_until": until}


def at(shape: tuple[int, ...], **values: int) -> Any:
    """An array of zeros but for some entries: `at((2, 2), _0_1=5)` has a 5 in row 0 and column 1."""
    made = np.zeros(shape, np.int64)
    for place, value in values.items():
        made[tuple(int(number) for number in place.strip("_").split("_"))] = value
    return made


def by_outcome(**counts: int) -> NDArray[np.int64]:
    """Counts by outcome, as tallies have them, of which those that are not named are 0."""
    assert counts.keys() <= {*OUTCOMES}
    return np.array([counts.get(name, 0) for name in OUTCOMES])


def times(total_ns: Any) -> Any:
    """Times of nanoseconds as they are counted: in seconds and nanoseconds."""
    return np.stack(np.divmod(total_ns, SECOND), axis=-1)


def result(
    run: Outcome, verdict: str = "no_expectations", expectations: tuple[Judgement, ...] = ()
) -> Result:
    """What is measured of a run, as the result of an experiment with seed 1."""
    duration_s = run.plan.data.duration_ns / SECOND
    recipe = Recipe("by hand", "one of everything", "by-hand.yaml", {}, 1, duration_s, 0.0, {})
    sections = vars(measure(run, OBJECTIVE))
    return Result(recipe=recipe, verdict=verdict, expectations=expectations, **sections)
