"""How a bound or a measured value is said, and what an expectation is narrowed to."""

from collections.abc import Iterator
from typing import Any

from simulator.boundary.measure_terms import Key, Measure, Unit
from simulator.boundary.measures import Asked
from simulator.units import format_duration


def scope_text(measure: Measure, asked: Asked) -> str:
    """What an expectation is narrowed to, in brackets; nothing if it is about all."""
    text = ""
    for key, value in _narrowed(measure, asked):
        text += (key.joint if text else "") + key.as_said.format(_said(key, value))
    return f"({text})" if text else ""


def scope_values(measure: Measure, asked: Asked) -> dict[str, str | float]:
    """The same for machines, by the keys that the user wrote; times in seconds, as `from_s`."""
    return {
        f"{key.name}_s" if key.what == "time" else key.name: value / 10**9 if key.what == "time" else value
        for key, value in _narrowed(measure, asked)
    }


def scope_words(measure: Measure, asked: Asked) -> dict[str, str]:
    """The same as a user writes it: `{population: shoppers, percentile: 99}`."""
    return {key.name: _written(key, value) for key, value in _narrowed(measure, asked)}


def _narrowed(measure: Measure, asked: Asked) -> Iterator[tuple[Key, Any]]:
    """The keys with which an expectation narrows its measure, and what stands under them."""
    for key in measure.scope.keys:
        if (value := getattr(asked, key.field)) is not None:
            yield key, value


def _written(key: Key, value: Any) -> str:
    if key.what in ("time", "share"):
        return show(
            "s" if key.what == "time" else "share", value / 10**9 if key.what == "time" else value, exact=True
        )
    return f"{value:g}" if key.what == "percentile" else str(value)


def _said(key: Key, value: Any) -> str:
    if key.what == "time":
        return show("s", value / 10**9, exact=True)
    if key.what == "presence":
        return str(value).replace("_", " ")
    if key.what == "share":
        return f"of {show('share', value, exact=True)}"
    return f"p{value:g}" if key.what == "percentile" else str(value)


def show(unit: Unit, number: float, *, exact: bool = False) -> str:
    """A number of a unit (`s`, `share`, `ratio`, `count`, `bool`) for a reader.

    About three figures unless exact.
    """
    if unit == "s":
        ns = round(number * 10**9)
        return format_duration(ns if exact else round(ns, _digits(ns)))
    if unit == "share":
        return f"{100 * number:.{15 if exact else 3}g} %"
    if unit == "ratio":
        return f"{number:,.0f}" if abs(number) >= 1000 and not exact else f"{number:.{15 if exact else 3}g}"
    return ("yes" if number else "no") if unit == "bool" else f"{int(number):,}"


def _digits(ns: int) -> int:
    """Decimal places to round nanoseconds to: three figures below 10 s, tenths of a second above."""
    return next((digits for limit, digits in ((10**10, -8), (10**9, -7), (10**8, -6)) if ns >= limit), 0)


def show_apart(unit: Unit, number: float, other: float) -> tuple[str, str]:
    """Two different numbers for a reader, exact if they would look alike rounded."""
    rounded = show(unit, number), show(unit, other)
    if rounded[0] != rounded[1]:
        return rounded
    return show(unit, number, exact=True), show(unit, other, exact=True)
