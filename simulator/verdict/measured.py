"""A measured value beside its bounds, and how the two are said."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from simulator.verdict.wording import show

Sections = dict[str, Any]
"""The sections of a result; and under `windows` what is not written out: the run's windows."""


@dataclass(frozen=True)
class Value:
    """A measured value against its bounds. `not_exercised` says why the run tells nothing, if it does not."""

    text: str
    unit: str  # s, count, share, ratio, bool
    measured: float | None
    at_least: float | None
    at_most: float | None
    not_exercised: str = ""
    missing: str = ""  # what a measured None means, when the run did exercise it


Reader = Callable[[str, Any, Sections], Iterator[Value]]
"""From the name of a measure, its bounds and the sections to the values that it bounds."""


def value(
    measure: str, bounds: Any, unit: str, measured: float | None, why_not: str = "", missing: str = ""
) -> Value:
    """A value with the bounds that the user wrote."""
    low, high = _number(bounds, "at_least", unit), _number(bounds, "at_most", unit)
    return Value(_said(measure, bounds, unit), unit, measured, low, high, why_not, missing)


def _said(measure: str, bounds: Any, unit: str) -> str:
    parts = [measure]
    names = (getattr(bounds, name, None) for name in ("table", "cache"))
    scope = [str(part) for part in (*names, pair_text(bounds)) if part]
    if scope:
        parts.append(f"({', '.join(scope)})")
    for name, word in (("at_least", "at least"), ("at_most", "at most")):
        if getattr(bounds, name) is not None:
            parts.append(f"{word} {show(unit, _number(bounds, name, unit), exact=True)}")
    return " ".join(parts)


def pair_text(bounds: Any) -> str:
    """The pair of regions, or of times, that bounds are about; empty if none."""
    ends = getattr(bounds, "from_", None), getattr(bounds, "to", None)
    if isinstance(ends[0], int):
        return " to ".join(show("s", end / 10**9, exact=True) for end in ends if end is not None)
    return f"{ends[0]}→{ends[1]}" if ends[0] else ""


def _number(bounds: Any, name: str, unit: str) -> Any:
    bound = getattr(bounds, name)
    return bound / 10**9 if unit == "s" and bound is not None else bound


def no_actions(sections: Sections) -> str:
    """Why a run tells nothing about actions; empty if it does."""
    return "" if sections["requests"]["success"] is not None else "no user action finished"
