"""What a run says of one figure of a measure: a value, perhaps an open one, never, or nothing."""

from collections.abc import Iterator, Sequence
from typing import Literal

from simulator.boundary.measure_terms import Measure, Part
from simulator.boundary.measures import Asked
from simulator.measure.registry import NOT_SHOWN, READERS, REASONS
from simulator.records import dataclass
from simulator.result.whole import Sections

State = Literal["shown", "not_shown", "never", "no_data"]
"""Measured; measured up to the end of the run, or not at all, because the run ended too early to tell; it did
not happen within the run; the run tells nothing of it."""


@dataclass(frozen=True)
class Finding:
    """One figure, as a run found it."""

    state: State
    value: float | None
    """In the unit of the figure; None if there is none. What is not shown can only become longer."""
    why: str = ""
    """Why it is not shown, what never happened, or why the run tells nothing; empty if it is shown."""


def reader_of(measure: Measure, part: Part) -> str:
    """The name under which a figure is read: that of its measure, and of its part if that has one."""
    return f"{measure.name}.{part.name}" if part.name else measure.name


def findings(measure: Measure, part: Part, run: Sections, asked: Asked) -> Iterator[Finding]:
    """What a run says of a figure: one finding, or several where each has to be held against the bounds."""
    for reason in part.unless:
        if REASONS[reason](run, asked):
            yield Finding("no_data", None, reason.text)
            return
    name = reader_of(measure, part)
    found = READERS[name](run, asked)
    values: Sequence[float | None] = found if isinstance(found, list) else [found]
    ask = NOT_SHOWN.get(name)
    unsure = "" if ask is None else ask(run, asked)
    yield from (_finding(part, value, unsure) for value in values or [None])


def _finding(part: Part, value: float | None, unsure: str) -> Finding:
    if unsure:
        return Finding("not_shown", value, unsure)
    if value is not None:
        return Finding("shown", value)
    return Finding("never", None, part.never) if part.never else Finding("no_data", None, part.no_value)
