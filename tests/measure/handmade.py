"""Outcomes made by hand: a string of windows, faults, events, and whatever else a test is about.

Neither a file is read nor an engine run: the measures are tested alone.
"""

from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np

from simulator.boundary.kinds import CACHE, LAMBDA, NODES, OBJECTS, SHARED_CACHE, TABLE, UNLIMITED
from simulator.boundary.outcomes import CALL_FAILURES, HISTOGRAM_BINS, OUTCOMES, SESSION_CLASSES, TOKEN_KINDS
from simulator.boundary.tallies import AtRisk, Tallies
from simulator.outcome import Event, Outcome
from simulator.plan.lowered import ControlPlan, DataPlan, Plan
from simulator.plan.timeline import FaultPlan

HERE, THERE = "eu-central-1", "eu-west-1"
SECOND = 10**9
WINDOW_S = 10
OBJECTIVE = 0.99

_SUCCEEDED = {".": 100, "x": 50, "-": 0}
_FAILED = {".": 0, "x": 50, "-": 0}


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
    """One of everything: Lambda here and two nodes of four workers there, and every kind of store."""
    plan = _plan(
        windows,
        ("items", "files", "looks", "scores"),
        store_kind=np.array([TABLE, OBJECTS, CACHE, SHARED_CACHE]),
        store_replica=np.ones((4, 2), np.int64),
        store_limited=np.array([1, 0, 0, 0]),
        site_compute=np.array([[LAMBDA, NODES], [UNLIMITED, 0]]),
        site_gateway=np.array([[1, 0], [0, 0]]),
        site_count=np.array([[100, 2], [1, 0]]),
        node_workers=np.array([[0, 4], [0, 0]]),
        issuer_region=np.array([0]),
        service_verifies=np.array([1, 0]),
    )
    memory = {(0, 0): (LAMBDA, 512 * 2**20, 0), (0, 1): (NODES, 2**30, 2**23)}
    return replace(plan, memory=memory)


def _plan(windows: int, stores: tuple[str, ...], **data: Any) -> Plan:
    count = len(stores)
    chosen = {
        "duration_ns": windows * WINDOW_S * SECOND,
        "window_ns": WINDOW_S * SECOND,
        "lag_step_ns": 10 * SECOND,
        "region_count": 2,
        "fault_windows_ns": np.zeros((0, 2), np.int64),
        "lag_mu": np.full((count, 2, 2), np.log(0.4 * SECOND)),
        "store_limited": np.zeros(count, np.int64),
        "service_verifies": np.zeros(2, np.int64),
        **{name: np.zeros((2, 2), np.int64) for name in ("site_gateway", "site_count", "node_workers")},
    }
    empty = {field.name: _empty(field.type) for field in fields(DataPlan)}
    lowered = DataPlan(**(empty | chosen | data))
    control = ControlPlan((), {}, (0, 0.0, 0.0), (0, 0.0, 0.0), (), (), (), (), (), ())
    return Plan(lowered, control, (HERE, THERE), (), stores, ("api", "identity"), (), ())


def _empty(kind: object) -> Any:
    return 0 if kind in (int, float) else np.zeros(0, np.int64)


def zeros(plan: Plan) -> Tallies:
    """Tallies of a run in which nothing happened."""
    made = {field.name: np.zeros(_shape(field.name, plan), np.int64) for field in fields(Tallies)}
    numbers = {field.name for field in fields(Tallies) if field.type is int}
    return Tallies(**{name: 0 if name in numbers else value for name, value in made.items()})


def _shape(name: str, plan: Plan) -> tuple[int, ...]:
    """The shape that the comments in `simulator.boundary.tallies.Tallies` give."""
    data, outcomes, classes = plan.data, len(OUTCOMES), len(SESSION_CLASSES)
    regions, stores = data.region_count, len(plan.stores)
    windows, buckets = -(-data.duration_ns // data.window_ns), -(-data.duration_ns // data.lag_step_ns)
    sites, places = (len(plan.services), regions), (stores, regions)
    shapes = {
        "attempts": (outcomes,),
        "token_attempts": (outcomes,),
        "actions": (outcomes,),
        "bot_actions": (outcomes,),
        "attempts_by_region": (regions, outcomes),
        "sessions_by_cause": (classes, outcomes),
        "sessions_ended": (classes,),
        "sessions_alive": (classes,),
        "sessions_during_fault": (classes,),
        "window_succeeded": (windows,),
        "window_failed": (windows,),
        "action_latency": (HISTOGRAM_BINS,),
        "attempt_latency": (HISTOGRAM_BINS,),
        "queue_wait": (HISTOGRAM_BINS,),
        "lookups": (3,),
        "gateway_throttled": (3, *sites),
        "call_failures": (len(CALL_FAILURES), *places),
        "store_throttled": (2, *places),
        "token_kinds": (len(TOKEN_KINDS),),
        "lag": (stores, regions, regions, HISTOGRAM_BINS),
    }
    of_sites = "lambda_throttled cold_starts overloaded unreachable started busy_ns compute_ns peak_in_use"
    of_sites += " queued queue_wait_ns queue_integral_ns peak_queue"
    of_places = "calls call_tries calls_failed connections_opened copies_delayed cache_hits cache_misses"
    shapes |= dict.fromkeys(of_sites.split(), sites) | dict.fromkeys(of_places.split(), places)
    shapes |= dict.fromkeys(("key_fetches", "key_fetches_failed", "tokens_rejected"), (regions,))
    if name.startswith("window_"):
        return shapes.get(name, (windows, regions))
    return shapes.get(name, (stores, regions, regions, buckets) if name.startswith("lag_") else (stores,))


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
    plan: Plan | None = None,
    events: tuple[Event, ...] = (),
    at_risk: tuple[AtRisk, ...] = (),
    **tallies: Any,
) -> Outcome:
    """A run of 10 s windows: `.` all of 100 actions succeeded, `x` half of them, `-` there were none."""
    plan = small(len(windows)) if plan is None else plan
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


def at(shape: tuple[int, ...], **values: int) -> Any:
    """An array of zeros but for some entries: `at((2, 2), _0_1=5)` has a 5 in row 0 and column 1."""
    made = np.zeros(shape, np.int64)
    for place, value in values.items():
        made[tuple(int(number) for number in place.strip("_").split("_"))] = value
    return made
