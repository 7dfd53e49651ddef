"""What ended a phase of a recovery (docs/measures.md, "Waterfall")."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.causes import Ending
from simulator.boundary.events import ANSWER_CHANGED
from simulator.boundary.events_of_data import (
    PROMOTION_CALLED_OFF,
    PROMOTION_DONE,
    REPLICA_ADDED,
    REPLICA_CREATED,
    SWAPPED,
)
from simulator.boundary.events_of_reactions import SHEDDING_BEGAN, SHEDDING_ENDED, ZONAL_SHIFT_BEGAN
from simulator.boundary.phases import HOLDS, PHASES
from simulator.boundary.subjects import OfName
from simulator.measure.windows import Windows
from simulator.outcome import Outcome
from simulator.plan.faults.control_planes import ControlPlaneFaultPlan
from simulator.plan.names import NamePlan
from simulator.records import dataclass

_AT_ONCE = 3  # windows within which an event ends what it ends at once
_LESS = 0.75  # of those held before: an event after which no fewer are held ends nothing


@dataclass(frozen=True)
class Held:
    """Those whom a phase held."""

    kind: str  # of the phase
    cause: str  # of most of them
    start_ns: int
    end_ns: int
    levels: NDArray[np.int64]  # how many, by window, from that of its start on


def ending_of(outcome: Outcome, windows: Windows, held: Held) -> Ending:
    """What ended a phase: the last event that can have, or else its own course."""
    if held.end_ns == outcome.plan.data.duration_ns and held.levels[-1]:
        return "not_ended"
    expires = PHASES[held.kind].expires
    for at_ns, ending in sorted(_events(outcome, held.start_ns, held.end_ns), reverse=True):
        may_end = not expires or ending in ("repair", "fault")  # other answers leave what is kept as it is
        if may_end and _ends(windows, held, at_ns, at_once=expires or ending == "fault"):
            return ending
    if expires:
        return "expiry"
    return "growth" if HOLDS[held.cause].grows else "itself"


def _events(outcome: Outcome, start_ns: int, end_ns: int) -> Iterator[tuple[int, Ending]]:
    """Whatever may have ended it: begins and ends of faults, and changes of the answers before and after."""
    duration_ns = outcome.plan.data.duration_ns
    ends = [one.end_ns for one in outcome.plan.control.faults if one.end_ns < duration_ns]
    yield from ((at_ns, "repair") for at_ns in ends if start_ns < at_ns <= end_ns)
    begins = {one.start_ns for one in outcome.plan.control.faults}
    yield from ((at_ns, "fault") for at_ns in begins if start_ns < at_ns <= end_ns)
    for event in outcome.events_of(SWAPPED, REPLICA_CREATED):
        if start_ns < event.at_ns <= end_ns:
            yield event.at_ns, "restore"
    for event in outcome.events_of(REPLICA_ADDED):
        if start_ns < event.at_ns <= end_ns:
            yield event.at_ns, "operator"
    for event in outcome.events_of(PROMOTION_DONE, PROMOTION_CALLED_OFF):
        if start_ns < event.at_ns <= end_ns:
            yield event.at_ns, "promotion"
    for event in outcome.events_of(ZONAL_SHIFT_BEGAN):
        if start_ns < event.at_ns <= end_ns:
            yield event.at_ns, "zonal_shift"
    for event in outcome.events_of(SHEDDING_BEGAN, SHEDDING_ENDED):
        if start_ns < event.at_ns <= end_ns:
            yield event.at_ns, "shedding"
    struck = [one for one in outcome.plan.control.faults if not isinstance(one, ControlPlaneFaultPlan)]
    unasked = {*_names_unasked(outcome)}
    for event in outcome.events_of(ANSWER_CHANGED):
        if start_ns < event.at_ns <= end_ns and event.subject not in unasked:
            by_operator = event.detail["cause"] == "operator"
            led_back = any(one.end_ns <= event.at_ns for one in struck)
            yield event.at_ns, "failback" if led_back else "operator" if by_operator else "answer"


def _names_unasked(outcome: Outcome) -> Iterator[OfName]:
    """The names that no user asks for: other answers for them lead nobody anywhere."""
    data = outcome.plan.data
    for number, one in enumerate(outcome.plan.control.of(NamePlan)):
        if number not in data.op_name[data.mix_operation]:
            yield OfName(one.name)


def _ends(windows: Windows, held: Held, at_ns: int, *, at_once: bool) -> bool:
    """Whether an event ended it: soon afterwards it is over, or from then on it holds fewer."""
    if held.end_ns - at_ns <= _AT_ONCE * windows.width_ns:
        return True
    if at_once:
        return False
    number = windows.number_at(at_ns) - windows.number_at(held.start_ns)
    before, after = held.levels[max(number - _AT_ONCE, 0) : number], held.levels[number + 1 :]
    return len(before) > 0 and len(after) > 0 and bool(np.mean(after) < _LESS * np.mean(before))
