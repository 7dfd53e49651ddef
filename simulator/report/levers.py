"""What would have shortened the recovery: levers side by side, and the sentence that names one."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from simulator.boundary.phases import ENDS, HOLDS
from simulator.report.plateau import held_most
from simulator.report.tables import Rows
from simulator.report.words import duration
from simulator.result.levers import Lever
from simulator.result.whole import Result

_WORTH = 0.95  # of the recovery time: a lever that leaves more of it is not worth a sentence
_NONE = "no lever tried shortens it by 5 %"


def levers(result: Result) -> RenderableType | None:
    """The levers that were pulled, and which one would have shortened the recovery most."""
    if not result.levers:
        return None
    recovery = result.recovery
    rows = Rows("with the same users", "recovery time", "user-minutes lost")
    whole = _took(recovery.recovery_time_s or 0.0, bool(recovery.shown))
    rows.add("as it is", whole, f"{recovery.user_minutes_lost:,.0f}")
    for one in result.levers:
        rows.add(one.change, _took(one.recovery_time_s, one.shown), f"{one.user_minutes_lost:,.0f}")
    said = closing_sentence(result)
    return Group(rows, Text(f"{said[0].upper()}{said[1:]}.", style="bold"))


def _took(seconds: float, shown: bool) -> str:
    took = duration(seconds) if seconds else "stayed OK"
    return took if shown else f"{took} (not shown)"


def closing_sentence(result: Result) -> str:
    """Which single thing would have shortened the recovery most; if none was found, what was not tried."""
    return "; ".join(closing(result))


def closing(result: Result) -> Iterator[str]:
    """The same, the weightiest first, and which lever would have spared users most.

    What is not shown to have recovered, where the run itself is, has shortened nothing.
    """
    recovery, pulled = result.recovery, result.levers or ()
    telling = [one for one in pulled if one.shown or not recovery.shown]
    best = min(telling, key=lambda one: (one.recovery_time_s, one.user_minutes_lost), default=None)
    whole_s = recovery.recovery_time_s or 0.0
    if best is not None and best.recovery_time_s < _WORTH * whole_s:
        took = f"{duration(whole_s)} to {duration(best.recovery_time_s)}"
        yield f"one thing would have shortened it most: {best.change} (from {took})"
        return
    yield "; ".join([*([_NONE] if pulled else []), *_untried(result)])
    if result.levers is None:
        yield "`--levers` tries other things"
    yield from _sparing(pulled, recovery.user_minutes_lost)


def _untried(result: Result) -> Iterator[str]:
    """What takes away that which held most of those who were not served."""
    held = held_most(result.recovery)
    cause = next(iter(held.held_by), None)
    if cause is not None:
        yield f"not tried: {ENDS[held.ended_by].sooner or HOLDS[cause].remedy}"


def _sparing(pulled: Sequence[Lever], minutes: float) -> Iterator[str]:
    """Which lever would have spared users most, if it spares enough."""
    spares = min(pulled, key=lambda one: one.user_minutes_lost, default=None)
    if spares is not None and spares.user_minutes_lost < _WORTH * minutes:
        lost = f"{spares.user_minutes_lost:,.0f} instead of {minutes:,.0f} user-minutes"
        yield f"least is lost with {spares.change} ({lost})"
