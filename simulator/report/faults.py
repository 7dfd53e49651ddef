"""The faults: what was wrong and when, in a sentence and in a table."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from simulator.report.tables import Rows
from simulator.report.words import duration, fault_name
from simulator.result.recovery import Fault
from simulator.result.whole import Result

_FAULTS_MOST = 2  # where they are more, the first stands for all
_TOGETHER_MOST = 3  # of those that act at the same times
_AN_INSTANT_S = 1e-6


def gist(result: Result) -> Iterator[str]:
    """What was wrong and when, in one sentence: of many faults, those with which the worst episode began."""
    found: dict[str, list[Fault]] = {}
    for fault in sorted(result.recovery.faults, key=lambda fault: fault.start_s):
        found.setdefault(fault.fault, []).append(fault)
    worst = max(result.recovery.episodes, key=lambda one: one.recovery_time_s, default=None)
    first = [*found]
    if worst is not None and len(found) > _FAULTS_MOST:
        first.sort(key=lambda label: all(one.start_s != worst.start_s for one in found[label]))
    are_together = len({_times(faults, result.recipe.duration_s) for faults in found.values()}) == 1
    shown = first if len(found) <= (_TOGETHER_MOST if are_together else _FAULTS_MOST) else first[:1]
    by_time: dict[str, list[str]] = {}
    for label in shown:
        by_time.setdefault(_times(found[label], result.recipe.duration_s), []).append(fault_name(label))
    said = [f"{_listed(labels)}, {times}" for times, labels in by_time.items()]
    left = [f"and {len(found) - len(shown)} more"] if len(found) > len(shown) else []
    if said:
        yield "; ".join([*said, *left])


def _listed(labels: Sequence[str]) -> str:
    return " and ".join([*filter(None, [", ".join(labels[:-1])]), labels[-1]])


def _times(faults: Sequence[Fault], end_s: float) -> str:
    """When faults of one label act; two that act at the same times are said once."""
    first, last = faults[0], max(faults, key=lambda fault: fault.end_s)
    said = Counter(_time(fault, end_s) for fault in faults)
    if len(said) > _FAULTS_MOST:
        return f"{len(faults)} times from {duration(first.start_s)} to {duration(last.end_s)}"
    return " and ".join(time + _declared(often) for time, often in said.items())


def _declared(often: int) -> str:
    return "" if often == 1 else " (declared twice)" if often == 2 else f" (declared {often} times)"


def _time(fault: Fault, end_s: float) -> str:
    return _span(fault, end_s) + _flapping(fault)


def _span(fault: Fault, end_s: float) -> str:
    begin = duration(fault.start_s)
    if fault.end_s >= end_s:
        return f"from {begin} on"
    at_once = fault.end_s - fault.start_s < _AN_INSTANT_S
    return f"at {begin}" if at_once else f"{begin} to {duration(fault.end_s)}"


def _flapping(fault: Fault) -> str:
    """How it comes and goes, if it does."""
    if fault.is_random:
        return f", at random, for {duration(sum(end - start for start, end in fault.intervals_s))} of it"
    if len(fault.intervals_s) < 2:
        return ""
    (start, end), (again, _), *_ = fault.intervals_s
    return f", for {duration(end - start)} of every {duration(again - start)}"


def table(result: Result) -> RenderableType | None:
    """All faults in the order in which they began, and how many requests met each, if they are several."""
    if len(found := sorted(result.recovery.faults, key=lambda fault: fault.start_s)) < 2:
        return None
    rows = Rows("", "requests", text="when")
    for fault in found:
        when = _time(fault, result.recipe.duration_s)
        rows.add(fault_name(fault.fault), f"{fault.requests:,}", text=when)
    return rows
