"""When a fault acts, checked."""

from simulator.language.checks.faults.surges import end_ns
from simulator.language.models.faults import AnyFault
from simulator.language.models.faults.base import Flapping
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
    _check_share(fault.flapping, document, path)
    if fault.flapping.period < _SHORTEST_PERIOD_NS:
        document.problem("a period is at least 1 ms", (*path, "period"))
    elif (times := (min(end_ns(fault), duration_ns) - fault.at) // fault.flapping.period) > _MOST_TIMES:
        complaint = f"comes and goes {times:,} times, and may {_MOST_TIMES:,} times; make the period longer"
        document.problem(complaint, (*path, "period"))


def _check_share(flapping: Flapping, document: Document, path: Path) -> None:
    """A share of each period, or of all periods."""
    if flapping.duty is None and flapping.bad is None:
        complaint = "say for which share of each period it is on ('duty'), or in which share of them ('bad')"
        document.problem(complaint, path, at_key=True)
    elif flapping.duty is not None and flapping.bad is not None:
        document.problem("give either 'duty' or 'bad'", (*path, "bad"), at_key=True)
    for key, what in (("duty", "a duty"), ("bad", "a share of bad periods")):
        share = getattr(flapping, key)
        if share is not None and not 0 < share < 1:
            document.problem(f"{what} is above 0 % and below 100 %", (*path, key))
