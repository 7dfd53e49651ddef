"""Why something happened: the chain of entries of the event log that leads to one of them."""

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from simulator.boundary.events import ANSWER_CHANGED, KINDS
from simulator.errors import UsageError
from simulator.report.words import name, sentence
from simulator.result.whole import Event, Result
from simulator.units import format_duration, shown

_SAYS = {kind.name: kind.says for kind in KINDS}
_TENTH_NS = 10**8
_DAY_S = 86_400
_TARGETS_MOST = 6


def chain_to(result: Result, at_ns: int, about: str | None = None) -> list[Event]:
    """The entries that lead to the last one at or before an instant, oldest first, that one included.

    `about`: a text that is in its target; None: it is a change of answers. Raises UsageError, with what else
    to ask, if there is none.
    """
    _check_instant(result, at_ns)
    asked = [one for one in result.events if _is_asked(one, about)]
    if not asked:
        raise UsageError(_nothing(result, about))
    by_then = [one for one in asked if one.at_s * 10**9 <= at_ns]
    if not by_then:
        when = format_duration(at_ns)
        raise UsageError(f"{_what(about)} had happened by {when}; the next is at {_when(asked[0])}")
    found = [by_then[-1]]
    while (cause := found[-1].cause) is not None:
        found.append(result.events[cause])
    return found[::-1]


def _is_asked(event: Event, about: str | None) -> bool:
    if about is None:
        return event.kind == ANSWER_CHANGED.name
    return about.casefold() in event.target.casefold()


def _check_instant(result: Result, at_ns: int) -> None:
    end_ns = round(result.recipe.duration_s * 10**9)
    if at_ns > end_ns:
        end = format_duration(end_ns)
        raise UsageError(
            f"--at {format_duration(at_ns)} is after the end of the run; give a time from 0 s to {end}"
        )


def _what(about: str | None) -> str:
    return "no change of answers" if about is None else f"nothing about {shown(about)}"


def _nothing(result: Result, about: str | None) -> str:
    """That nothing of the kind is in the log, and what is."""
    targets = [*dict.fromkeys(event.target for event in result.events)]
    if not targets:
        return f"{_what(about)} is in the event log of this run, which is empty"
    listed = ", ".join(f"'{name(target)}'" for target in targets[:_TARGETS_MOST])
    more = len(targets) - _TARGETS_MOST
    rest = f" and {more} more" if more > 0 else ""
    return f"{_what(about)} is in the event log of this run; ask with --about for one of: {listed}{rest}"


def _tenths_ns(at_s: float) -> int:
    """An instant in tenths of a second, rounded up, so that asking at it finds what happened then."""
    return math.ceil(at_s * 10 - 1e-6) * _TENTH_NS


def _when(event: Event) -> str:
    return format_duration(_tenths_ns(event.at_s))


def why_lines(chain: Sequence[Event], day_starts_s: float, width: int) -> Iterator[str]:
    """The chain for a reader, in lines of at most `width` columns.

    `day_starts_s`: the time of the day, in seconds, at which the run begins.
    """
    yield from textwrap.wrap(
        f"Why {chain[-1].kind} of {sentence(chain[-1].target)} at {_when(chain[-1])}:", width
    )
    yield ""
    waits = ["", *(_since(event, before) for before, event in pairwise(chain))]
    left = max(len(text) for text in [*map(_when, chain), *waits])
    for event, waited in zip(chain, waits, strict=True):
        margins = [
            f"{_when(event):<{left}}  {_clock(event.at_s + day_starts_s)}  ",
            f"{waited:<{left}}  {'':8}  ",
        ]
        for text in _told(event):
            for line in textwrap.wrap(text, max(width - left - 12, 20)):
                yield (margins.pop(0) if margins else " " * (left + 12)) + line


def _since(event: Event, before: Event) -> str:
    return f"+{format_duration(_tenths_ns(event.at_s) - _tenths_ns(before.at_s))}"


def _clock(time_s: float) -> str:
    """The time of the day, in whole seconds that have passed."""
    whole = int(time_s + 1e-9) % _DAY_S
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def _told(event: Event) -> Iterator[str]:
    """What an entry says: about what, its kind and its meaning, its details."""
    yield sentence(event.target)
    yield f"{event.kind}: {_SAYS[event.kind]}"
    details = "; ".join(f"{key}: {_written(value)}" for key, value in event.detail.items() if key != "cause")
    if details:
        yield sentence(details)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.6g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{count} of {name(str(whose))}" for whose, count in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
