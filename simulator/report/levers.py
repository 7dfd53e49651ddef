"""What would have shortened the recovery: levers side by side, and the sentence that names one."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from simulator.report.tables import Rows
from simulator.report.words import duration
from simulator.result.levers import Lever
from simulator.result.whole import Result

_WORTH = 0.95  # of the recovery time: a lever that leaves more of it is not worth a sentence
_NONE = "none of the levers tried shortens it by 5 %"


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
    """Which single thing would have shortened the recovery most; if none, which would have spared users.

    What is not shown to have recovered, where the run itself is, has shortened nothing.
    """
    whole_s, minutes = result.recovery.recovery_time_s or 0.0, result.recovery.user_minutes_lost
    pulled: Sequence[Lever] = result.levers or ()
    telling = [one for one in pulled if one.shown or not result.recovery.shown]
    best = min(telling, key=lambda one: (one.recovery_time_s, one.user_minutes_lost), default=None)
    if best is not None and best.recovery_time_s < _WORTH * whole_s:
        took = f"{duration(whole_s)} to {duration(best.recovery_time_s)}"
        return f"one thing would have shortened it most: {best.change} (from {took})"
    spares = min(pulled, key=lambda one: one.user_minutes_lost)
    if spares.user_minutes_lost < _WORTH * minutes:
        lost = f"{spares.user_minutes_lost:,.0f} instead of {minutes:,.0f} user-minutes"
        return f"{_NONE}; least is lost with {spares.change} ({lost})"
    return _NONE
