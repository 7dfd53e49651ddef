"""When a fault acts, checked."""

from simulator.language.checks.faults.surges import end_ns
from simulator.language.models.faults import AnyFault
from simulator.language.reading.positions import Document, Path
from simulator.units import format_duration

_SHORTEST_PERIOD_NS = 10**6
_MOST_TIMES = 1_000_000


def check_times(fault: AnyFault, duration_ns: int, document: Document, path: Path) -> None:
    """Report times that contradict each other or the length of the run."""
    if fault.at >= duration_ns > 0:
        start, end = format_duration(fault.at), format_duration(duration_ns)
        document.problem(f"starts at {start}, but the run ends at {end}", (*path, "at"))
    if fault.for_ is not None and fault.until is not None:
        document.problem("give either 'for' or 'until'", (*path, "until"), at_key=True)
    if fault.for_ == 0:
        document.problem(
            "lasts 0 s; write a longer time, or leave 'for' out: to the end of the run", (*path, "for")
        )
    if fault.until is not None and fault.until <= fault.at:
        until, start = format_duration(fault.until), format_duration(fault.at)
        document.problem(f"ends at {until}, but starts only at {start}", (*path, "until"))
    if fault.flapping is not None:
        _check_flapping(fault, duration_ns, document, (*path, "flapping"))


def _check_flapping(fault: AnyFault, duration_ns: int, document: Document, path: Path) -> None:
    assert fault.flapping is not None
    if fault.flapping.period < _SHORTEST_PERIOD_NS:
        document.problem("a period is at least 1 ms", (*path, "period"))
    elif (times := (min(end_ns(fault), duration_ns) - fault.at) // fault.flapping.period) > _MOST_TIMES:
        complaint = f"comes and goes {times:,} times, and may {_MOST_TIMES:,} times; make the period longer"
        document.problem(complaint, (*path, "period"))
    if not 0 < fault.flapping.duty < 1:
        document.problem("a duty is above 0 % and below 100 %", (*path, "duty"))
