"""The waterfall of a recovery: what held those who were not served, and what ended it (docs/measures.md)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.causes import CAUSES, PLAN_MARKS, STAGES, WELL_BETWEEN, Ending
from simulator.boundary.events import ANSWER_CHANGED, CHANGE_REQUESTED, HEALTH_UNHEALTHY, EventKind
from simulator.boundary.phases import KINDS, PHASES, phase_of
from simulator.measure.calls import callees
from simulator.measure.endings import Held, ending_of
from simulator.measure.holding import Holding
from simulator.measure.plans import Stage, stages_before_answer, stages_before_change, stages_of_promotion
from simulator.measure.restores import stages
from simulator.measure.stretches import stretches
from simulator.measure.windows import Windows
from simulator.outcome import Event, Outcome
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass

_QUIET = 3  # windows without anybody: fewer are luck

_TO_KIND = np.array([[phase_of(cause) == kind for kind in KINDS] for cause in CAUSES], np.int64)


@dataclass(frozen=True)
class Phase:
    """One bar of the waterfall."""

    phase: str
    start_ns: int
    end_ns: int
    ended_by: Ending
    held_by: Mapping[str, int]  # those not served in it, by cause, most first
    step: str = ""  # of a failover plan
    externals: tuple[str, ...] = ()  # those whose failed calls held people in it, the most failures first
    callees: Mapping[str, int] = field(default_factory=dict)  # those held by called services, by service


def phases(
    outcome: Outcome, windows: Windows, start_ns: int, end_ns: int, *, is_over: bool = True
) -> list[Phase]:
    """The phases from a fault's start to the recovery: consecutive, so that they sum to the recovery time.

    `is_over`: whether the service was seen to be OK afterwards; if not, the last phase has not ended.
    """
    holding, at_ns, found = Holding.of(outcome.tallies), start_ns, list[Phase]()
    for phase, until_ns, ended_by, *step in _ends(outcome, windows, holding, start_ns, end_ns):
        ended_by = ended_by if is_over or until_ns < end_ns else "not_ended"
        until_ns = min(max(until_ns, at_ns), end_ns)
        if until_ns > at_ns:
            held = _causes(windows, holding, at_ns, until_ns)
            found.append(Phase(phase, at_ns, until_ns, ended_by, held, step[0] if step else ""))
        at_ns = until_ns
    restoring = [Stage(*one) for one in stages(outcome)]
    promoting = stages_of_promotion(outcome)
    promoting = [replace(one, begun_ns=max(one.begun_ns, start_ns)) for one in promoting]
    cut = [
        part
        for phase in found
        for part in _by_stage(windows, holding, phase, _stages(phase, restoring, promoting))
    ]
    return [_with_names(outcome, windows, one) for one in _joined(windows, holding, cut)]


def _with_names(outcome: Outcome, windows: Windows, phase: Phase) -> Phase:
    """The same with the externals that failed in it, and the services that others called, by name."""
    return _with_callees(outcome, windows, _with_externals(outcome, windows, phase))


def _with_callees(outcome: Outcome, windows: Windows, phase: Phase) -> Phase:
    """The same with whom each called service held, if any did."""
    if "called_services" not in phase.held_by:
        return phase
    counts = _held_in(windows, Holding.by_callee(outcome.tallies), phase.start_ns, phase.end_ns)
    return replace(phase, callees=_ranked(counts, callees(outcome.plan)))


def _with_externals(outcome: Outcome, windows: Windows, phase: Phase) -> Phase:
    """The same with the externals that failed in it, if calls to externals held anybody."""
    if "externals" not in phase.held_by:
        return phase
    numbers = windows.numbers_between(phase.start_ns, phase.end_ns)
    failures = outcome.tallies.window_external_failures[numbers].sum(axis=0)
    names = outcome.plan.stores[len(outcome.plan.stores) - len(failures) :]
    ranked = np.argsort(-failures, kind="stable").tolist()
    return replace(phase, externals=tuple(names[number] for number in ranked if failures[number]))


def _joined(windows: Windows, holding: Holding, cut: list[Phase]) -> list[Phase]:
    """The same with what a plan did as one phase, though first one thing held people and then another."""
    found: list[Phase] = []
    for part in cut:
        if (
            found
            and part.phase in PLAN_MARKS
            and (part.phase, part.step) == (found[-1].phase, found[-1].step)
        ):
            start_ns = found.pop().start_ns
            part = replace(part, start_ns=start_ns, held_by=_causes(windows, holding, start_ns, part.end_ns))
        found.append(part)
    return found


def _stages(phase: Phase, restoring: list[Stage], promoting: list[Stage]) -> list[Stage]:
    """What a phase is told by: the steps of a restore, or of a plan that promotes."""
    row = PHASES[phase.phase]
    return restoring if row.is_restored else promoting if row.is_promoted else []


def _by_stage(windows: Windows, holding: Holding, phase: Phase, stages: list[Stage]) -> Iterator[Phase]:
    """A phase cut by what a restore or a failover plan did meanwhile."""
    at_ns = phase.start_ns
    for stage in stages:
        begun_ns, ended_ns = max(stage.begun_ns, at_ns), min(stage.ended_ns, phase.end_ns)
        if begun_ns < ended_ns:
            of_plan = stage.phase in PLAN_MARKS
            before: Ending = "operator" if of_plan else "restore"
            if at_ns < begun_ns:
                held = _causes(windows, holding, at_ns, begun_ns)
                yield replace(phase, start_ns=at_ns, end_ns=begun_ns, ended_by=before, held_by=held)
            by: Ending = "operator" if of_plan or stage.phase == STAGES[0] else "restore"
            by = phase.ended_by if ended_ns == phase.end_ns else by
            held = _causes(windows, holding, begun_ns, ended_ns)
            yield Phase(stage.phase, begun_ns, ended_ns, by, held, stage.step)
            at_ns = ended_ns
    if at_ns < phase.end_ns:
        rest = phase.held_by if at_ns == phase.start_ns else _causes(windows, holding, at_ns, phase.end_ns)
        yield replace(phase, start_ns=at_ns, held_by=rest)


_End = tuple[str, int, Ending] | tuple[str, int, Ending, str]
"""A phase, when it ends, what ends it, and the step of a failover plan that it is."""


def _ends(outcome: Outcome, windows: Windows, holding: Holding, start_ns: int, end_ns: int) -> Iterator[_End]:
    """The end of each phase, in order."""
    held = holding.held @ _TO_KIND
    from_ns = start_ns
    changed = _change(outcome, start_ns, end_ns)
    if changed is not None and PHASES[_mostly(held, windows, start_ns, changed.at_ns)].is_led_there:
        yield from _until_change(outcome, changed, start_ns)
        from_ns = changed.at_ns
    yield from _held_ends(outcome, windows, holding, held, from_ns, end_ns)


def _held_ends(
    outcome: Outcome, windows: Windows, holding: Holding, held: NDArray[np.int64], from_ns: int, end_ns: int
) -> Iterator[_End]:
    """The end of each phase that is named by what held people, from an instant on, and of those between."""
    numbers, at = _whole_windows(windows, from_ns, end_ns), 0
    for quiet, begun in _quiet_before_faults(outcome, windows, numbers, held[numbers].sum(axis=1)):
        if at < quiet:
            until_ns = windows.start_of(int(numbers[quiet]))
            yield from _stretch_ends(outcome, windows, holding, held, numbers[at:quiet], from_ns, until_ns)
        from_ns, at = windows.start_of(int(numbers[begun])), begun
        yield WELL_BETWEEN, from_ns, "fault"
    yield from _stretch_ends(outcome, windows, holding, held, numbers[at:], from_ns, end_ns)


def _quiet_before_faults(
    outcome: Outcome, windows: Windows, numbers: NDArray[np.int64], held: NDArray[np.int64]
) -> list[tuple[int, int]]:
    """Where nobody is held until a further fault begins: first of those windows, and that of the fault."""
    found: dict[int, int] = {}
    for number in sorted({windows.number_at(fault.start_ns) for fault in outcome.plan.control.faults}):
        begun = int(np.searchsorted(numbers, number))
        if 0 < begun < len(numbers):
            begun -= int(held[begun - 1] > 0)  # what was under way when it began
            before = np.flatnonzero(held[:begun])
            quiet = int(before[-1]) + 1 if len(before) else 0
            if begun - quiet >= _QUIET:
                found[quiet] = begun
    return [*found.items()]


def _stretch_ends(
    outcome: Outcome,
    windows: Windows,
    holding: Holding,
    held: NDArray[np.int64],
    numbers: NDArray[np.int64],
    from_ns: int,
    end_ns: int,
) -> Iterator[_End]:
    """The end of each stretch of some windows in which people are held."""
    found = stretches(held[numbers])
    if not found:
        yield "slow", end_ns, "itself"
    for one in found:
        first, last = int(numbers[one.first]), int(numbers[one.last - 1]) + 1
        until_ns = end_ns if one is found[-1] else windows.end_of(last - 1)
        kind, cause = KINDS[one.kind], CAUSES[int(holding.between(first, last).argmax())]
        begun_ns = max(from_ns, windows.start_of(first))
        mine = Held(kind, cause, begun_ns, until_ns, held[first:last, one.kind])
        yield kind, until_ns, ending_of(outcome, windows, mine)


def _whole_windows(windows: Windows, from_ns: int, end_ns: int) -> NDArray[np.int64]:
    """The windows from an instant on, without that in which it lies, which tells of what was before, too."""
    numbers = windows.numbers_between(from_ns, end_ns)
    is_partial = len(numbers) > 1 and windows.start_of(int(numbers[0])) < from_ns
    return numbers[1:] if is_partial else numbers


def _mostly(held: NDArray[np.int64], windows: Windows, from_ns: int, to_ns: int) -> str:
    """What holds most of those who are not served in a while."""
    return KINDS[int(held[windows.numbers_between(from_ns, max(to_ns, from_ns + 1))].sum(axis=0).argmax())]


def _causes(windows: Windows, holding: Holding, from_ns: int, to_ns: int) -> dict[str, int]:
    """Those who are not served in a while, by cause: who waits as it begins, and whose action begins in it.

    Of a window that lies in it in part, that part.
    """
    return _ranked(_held_in(windows, holding, from_ns, to_ns), CAUSES)


def _held_in(windows: Windows, holding: Holding, from_ns: int, to_ns: int) -> NDArray[np.float64]:
    numbers = windows.numbers_between(from_ns, to_ns)
    parts = np.array([windows.part_of(int(number), from_ns, to_ns) for number in numbers])
    counts: NDArray[np.float64] = holding.carried[numbers[0]] + (parts[:, None] * holding.begun[numbers]).sum(
        axis=0
    )
    return counts


def _ranked(counts: NDArray[np.float64], names: Sequence[str]) -> dict[str, int]:
    """What counts anything, by name, most first."""
    ranked = np.argsort(-counts, kind="stable")
    return {names[one]: round(counts[one]) for one in ranked.tolist() if round(counts[one])}


# the answers of Route 53


def _change(outcome: Outcome, start_ns: int, end_ns: int) -> Event | None:
    """The first change of the answers, unless the faults of the episode had ended before."""
    repaired_ns = _repaired_ns(outcome, start_ns, end_ns)
    until_ns = end_ns if repaired_ns is None else repaired_ns
    events = [event for event in outcome.events if start_ns <= event.at_ns <= until_ns]
    return _first(events, ANSWER_CHANGED)


def _until_change(outcome: Outcome, changed: Event, start_ns: int) -> Iterator[_End]:
    """Detection, an operator's decision, the change of the answers, as far as they happened in this order."""
    events = [event for event in outcome.events if start_ns <= event.at_ns <= changed.at_ns]
    detected, requested = _first(events, HEALTH_UNHEALTHY), None
    if changed.detail["cause"] == "operator":
        requested = _first([event for event in events if event.subject == changed.subject], CHANGE_REQUESTED)
    followed_by = requested or changed
    if detected is not None and detected.at_ns <= followed_by.at_ns:
        yield "detect", detected.at_ns, "detection"
    if requested is not None:
        yield from _until_requested(outcome, requested)
    elif changed.detail["cause"] == "health":
        yield from _by_plan(stages_before_answer(outcome, changed))
    yield "change_dns", changed.at_ns, "answer"


def _until_requested(outcome: Outcome, requested: Event) -> Iterator[_End]:
    """What an operator took to decide, or a failover plan to come to its change."""
    planned = stages_before_change(outcome, requested.target, requested.at_ns)
    yield from _by_plan(planned)
    if not planned:
        yield "decide", requested.at_ns, "operator"


def _by_plan(planned: list[Stage]) -> Iterator[_End]:
    """What a failover plan did, stage by stage."""
    for stage in planned:
        yield stage.phase, stage.ended_ns, "operator", stage.step


def _first(events: list[Event], kind: EventKind[Any]) -> Event | None:
    return next((event for event in events if event.kind == kind.name), None)


def _repaired_ns(outcome: Outcome, start_ns: int, end_ns: int) -> int | None:
    """When the last of the faults that began in the episode ended, if that was before the recovery."""
    ends = [fault.end_ns for fault in outcome.plan.control.faults if start_ns <= fault.start_ns < end_ns]
    return max(ends) if ends and max(ends) <= end_ns else None


# what other measures of where requests went need


def faulted_regions(faults: Iterable[FaultPlan], region_count: int) -> list[int]:
    """The regions that faults strike, so that users may be led elsewhere."""
    return sorted(set[int]().union(*(fault.shunned(region_count) for fault in faults)))


def begun(outcome: Outcome) -> NDArray[np.int64]:
    """Attempts begun by window and region, however their address was found."""
    t = outcome.tallies
    return t.window_fresh + t.window_cached + t.window_pinned
