"""What would have shortened the recovery: the same users, with one thing of the design changed at a time.

The levers, and how far each is pulled: docs/measures.md, "Levers".
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.boundary.kinds import ENDLESS, LAMBDA, NEVER_NS, NODES, UNLIMITED
from simulator.explore.packing import Packed
from simulator.explore.replays import play_packed
from simulator.explore.workers import Workers, on_workers
from simulator.measure import recovery
from simulator.measure.waterfall import faulted_regions
from simulator.outcome import Outcome
from simulator.plan.health_checks import CheckPlan
from simulator.plan.lowered import DataPlan, Plan
from simulator.plan.node_memory import NodeMemoryPlan
from simulator.plan.record_changes import ChangePlan
from simulator.ready import Ready
from simulator.records import dataclass
from simulator.result.levers import Lever
from simulator.result.recovery import Objective
from simulator.result.whole import Result
from simulator.units import format_duration

if TYPE_CHECKING:  # a run that is ready to begin needs no models
    from simulator.language.files import Loaded

SECOND_NS = 10**9
TTL_NS = 10 * SECOND_NS
CHECK_NS, CHECK_FAILURES = 10 * SECOND_NS, 1
DELAY_NS = 60 * SECOND_NS
_PLENTY = 1e12  # units a second

REQUESTS_MOST = 1_000_000
"""A run with more attempts is not replayed by itself."""
_WORTH_WORKERS = 200_000  # attempts: starting workers takes longer than to play fewer


_Found = tuple[float, bool, float]
"""Recovery time, whether it is shown, user-minutes lost."""


@dataclass(frozen=True)
class Pulled:
    """A lever that does something to a plan."""

    lever: str
    change: str
    plan: Plan


def pull_levers(loaded: "Loaded", result: Result, *, processes: int = 1) -> tuple[Lever, ...]:
    """What each lever would have made of the recovery of a run that has been made.

    Empty if there was nothing to recover from. The same for any number of processes. Raises DefectError if a
    law is broken.
    """
    from simulator.pipeline import ready_of

    if not result.recovery.recovery_time_s:
        return ()
    return _pull(ready_of(loaded, result.recipe.seed), result, processes)


def _pull(ready: Ready, result: Result, processes: int) -> tuple[Lever, ...]:
    pulled = [*levers(ready.plan)]
    workers = processes if result.requests.attempts.started >= _WORTH_WORKERS else 1
    return _levers_of(pulled, on_workers(_replay_of(ready), _tasks(pulled), workers))


def with_levers(result: Result, loaded: "Loaded", *, processes: int = 1) -> Result:
    """A result with its levers."""
    return replace(result, levers=pull_levers(loaded, result, processes=processes))


class Pulling:
    """Pulls the levers of a run, if they are asked for. Use as a context around the run and that question.

    Whether there is something to recover from is known at the run's end. But where something breaks in a
    small run, there nearly always is: so other processes begin with its levers when it begins, if they are
    copies of this one. At worst they have computed in vain as long as the run took.
    """

    def __init__(self, asked: bool | None = None, *, processes: int = 1) -> None:
        """`asked`: whether they are asked for; None: if that is no long work."""
        self._asked, self._processes = asked, processes
        self._ready: Ready | None = None
        self._begun = ExitStack()
        self._pulled: list[Pulled] | None = None
        self._rest: Callable[[], list[_Found]] = list

    def __enter__(self) -> "Pulling":
        return self

    def __exit__(self, *error: Any) -> None:
        self._begun.__exit__(*error)

    def begin(self, ready: Ready) -> None:
        """The run begins."""
        self._ready = ready
        pays, fits = _PAYS_S <= ready.seconds <= _SMALL_S, ready.bytes <= _SMALL_BYTES
        if self._asked is not False and ready.plan.control.faults and pays and fits:
            self._pulled = [*levers(ready.plan)]
            workers = self._begun.enter_context(Workers(self._processes))
            begun = workers.ahead(_replay_of(ready), _tasks(self._pulled))
            self._rest = self._begun.enter_context(begun)

    def with_levers(self, result: Result) -> Result:
        """Its result with its levers, if there are to be any."""
        if self._asked is False or not (self._asked or _is_quick(result)):
            return result
        found: tuple[Lever, ...] = ()
        if self._pulled is not None and result.recovery.recovery_time_s:
            found = _levers_of(self._pulled, self._rest())
        elif self._ready is not None and result.recovery.recovery_time_s:
            found = _pull(self._ready, result, self._processes)
        return replace(result, levers=found)


_PAYS_S = 0.2
"""By its estimate, a run takes so long that making a copy costs less than it saves."""
_SMALL_S, _SMALL_BYTES = 4.0, 2**28
"""What a run costs at most that is played beside its levers: in time, about `REQUESTS_MOST`."""


def _tasks(pulled: Sequence[Pulled]) -> list[Packed[Plan]]:
    return [Packed(one.plan) for one in pulled]


def _replay_of(ready: Ready) -> Callable[[Packed[Plan]], _Found]:
    return partial(play_packed, partial(_recovered, ready.objective))


def _levers_of(pulled: Sequence[Pulled], found: Sequence[_Found]) -> tuple[Lever, ...]:
    return tuple(Lever(one.lever, one.change, *what) for one, what in zip(pulled, found, strict=True))


def _is_quick(result: Result) -> bool:
    return result.requests.attempts.started <= REQUESTS_MOST


def _recovered(objective: Objective, outcome: Outcome) -> _Found:
    found = recovery.section(outcome, objective)
    return found.recovery_time_s or 0.0, bool(found.shown), found.user_minutes_lost


def levers(plan: Plan) -> Iterator[Pulled]:
    """The levers that do something to a plan, each with the plan that comes of it."""
    for lever, pull in _LEVERS.items():
        if (found := pull(plan)) is not None:
            change, changed = found
            yield Pulled(lever, change, changed)


Found = tuple[str, Plan] | None


def _with_data(plan: Plan, **changes: Any) -> Plan:
    return replace(plan, data=replace(plan.data, **changes))


def _ttl(plan: Plan) -> Found:
    ttl_ns = plan.data.name_ttl_ns
    if not (ttl_ns > TTL_NS).any():
        return None
    return f"TTL of {_span(ttl_ns[ttl_ns > TTL_NS])} → 10 s", _with_data(
        plan, name_ttl_ns=np.minimum(ttl_ns, TTL_NS)
    )


def _resolvers(plan: Plan) -> Found:
    extend_ns = plan.data.resolver_extend_ns
    if not (extend_ns > plan.data.name_ttl_ns.min(initial=NEVER_NS)).any():
        return None
    return "no resolver extends a TTL", _with_data(plan, resolver_extend_ns=np.zeros_like(extend_ns))


def _connections(plan: Plan) -> Found:
    """Users get policies of their own, for services may share theirs."""
    data = plan.data
    if not data.policy_keep_alive_ns[data.pop_policy].any():
        return None
    names = [field.name for field in fields(DataPlan) if field.name.startswith("policy_")]
    changes = {name: np.append(getattr(data, name), getattr(data, name)[data.pop_policy]) for name in names}
    first = len(data.policy_keep_alive_ns)
    changes["policy_keep_alive_ns"][first:] = 0
    changes["pop_policy"] = first + np.arange(len(data.pop_policy))
    return "no kept-alive connections", _with_data(plan, **changes)


def _checks(plan: Plan) -> Found:
    plans = tuple(map(_quick, plan.control.plans))
    if plans == plan.control.plans:
        return None
    return "checks every 10 s, 1 failure", replace(plan, control=replace(plan.control, plans=plans))


def _quick(part: object) -> object:
    """A health check that tells quickly; any other plan as it is."""
    if not isinstance(part, CheckPlan) or part.interval_ns * part.threshold <= CHECK_NS * CHECK_FAILURES:
        return part
    return replace(part, interval_ns=min(part.interval_ns, CHECK_NS), threshold=CHECK_FAILURES)


def _capacity(plan: Plan) -> Found:
    """Regions that no fault strikes lose their limits."""
    data = plan.data
    struck = faulted_regions(plan.control.faults, data.region_count)
    spared = np.array([region not in struck for region in range(data.region_count)])
    limited = np.isin(data.site_compute, (LAMBDA, NODES)) & spared
    has_gateway = (data.site_gateway == 1) & spared
    if not struck or not (limited.any() or has_gateway.any() or (data.store_limited.any() and spared.any())):
        return None
    return "survivors without limits", _with_data(
        plan,
        site_compute=np.where(limited, UNLIMITED, data.site_compute),
        stage_gap_ns=np.where(spared, 0, data.stage_gap_ns),
        method_gap_ns=np.where(spared, 0, data.method_gap_ns),
        account_gap_ns=np.where(spared, 0, data.account_gap_ns),
        store_rate=np.where(spared[None, :, None], _PLENTY, data.store_rate),
    )


def _memory(plan: Plan) -> Found:
    """Nodes have room for all that they may take on."""
    if not plan.control.of(NodeMemoryPlan):
        return None
    return "no node runs out of memory", _with_data(
        plan, node_room=np.full_like(plan.data.node_room, ENDLESS)
    )


def _operator(plan: Plan) -> Found:
    starts = [fault.start_ns for fault in plan.control.faults]
    plans = tuple(_prompt(part, starts) for part in plan.control.plans)
    if plans == plan.control.plans:
        return None
    return "operators act within 1 min", replace(plan, control=replace(plan.control, plans=plans))


def _prompt(part: object, starts: Sequence[int]) -> object:
    """A change that comes a minute after its fault, or its detection; any other plan as it is."""
    if not isinstance(part, ChangePlan):
        return part
    if part.at_ns == NEVER_NS:
        return replace(part, after_detection_ns=min(part.after_detection_ns, DELAY_NS))
    began_ns = max((start for start in starts if start <= part.at_ns), default=part.at_ns)
    return replace(part, at_ns=min(part.at_ns, began_ns + DELAY_NS))


_LEVERS: dict[str, Callable[[Plan], Found]] = {
    "ttl": _ttl,
    "resolvers": _resolvers,
    "connections": _connections,
    "checks": _checks,
    "capacity": _capacity,
    "memory": _memory,
    "operator": _operator,
}
"""Every lever, in the order of the table."""


def _span(times_ns: Any) -> str:
    low, high = format_duration(int(times_ns.min())), format_duration(int(times_ns.max()))
    return low if low == high else f"{low} to {high}"
