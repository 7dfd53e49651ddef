"""Sentences about auto-scaling: what it took away in an outage, what it added, and what kept it from that."""

from collections.abc import Iterator
from itertools import dropwhile, takewhile

from rich.console import RenderableType

from simulator.report.tables import Rows
from simulator.report.words import duration, name, plural
from simulator.result.scaling import Scaler, ScalingAction
from simulator.result.whole import Result

_CLOCK = "schedule"


def gist(result: Result) -> Iterator[str]:
    """The first layer's: first what was taken away while a fault acted, which is seldom meant."""
    found = result.scaling or ()
    for one in found:
        if one.scaled_in_during_fault:
            yield _trapped(one)
    for one in found:
        if one.scaled_out and one.launches_failed:
            failed = plural(one.launches_failed, "launch", "launches")
            yield (
                f"'{name(one.scaler)}' asked for up to {_asked(one):,g} {one.unit}: {failed} failed, and "
                f"there were {one.most:,g} at most"
            )
        elif one.actions and one.least != one.most:
            yield f"'{name(one.scaler)}' had {one.least:,g} to {one.most:,g} {one.unit}"
    for one in found:
        if one.refused:
            yield f"'{name(one.scaler)}' could not do all that it wanted: {one.refused[0].why}"


def _asked(scaler: Scaler) -> float:
    return max(one.to for one in scaler.actions)


def _trapped(scaler: Scaler) -> str:
    """Its metric fell with the outage, and so did its capacity."""
    first, *more = dropwhile(lambda one: not _is_trap(one), scaler.actions)
    *_, last = (first, *takewhile(_is_trap, more))
    amounts = f"from {first.before:,g} to {last.to:,g} {scaler.unit}"
    since = duration(first.at_s)
    return f"'{name(scaler.scaler)}' went {amounts} in the outage, from {since} on, as its metric fell"


def _is_trap(action: ScalingAction) -> bool:
    return action.during_fault and action.to < action.before and action.policy != _CLOCK


def table(result: Result) -> RenderableType | None:
    """Each scaler's actions, then what it could not do."""
    if not result.scaling:
        return None
    rows = Rows("scaler", "at", "from", "to", text="")
    for one in result.scaling:
        for action in one.actions:
            amounts = f"{action.before:,g}", f"{action.to:,g}"
            rows.add(name(one.scaler), duration(action.at_s), *amounts, text=_why(action, one))
        for refused in one.refused:
            rows.add(name(one.scaler), duration(refused.at_s), "–", f"{refused.to:,g}", text=refused.why)
    return rows if any(one.actions or one.refused for one in result.scaling) else None


def _why(action: ScalingAction, scaler: Scaler) -> str:
    fault = ", while a fault acted" if _is_trap(action) else ""
    return f"{scaler.unit} by {action.policy}{fault}"
