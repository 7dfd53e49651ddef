"""How a bound or a measured value is said, and what an expectation is narrowed to."""

from collections.abc import Iterator

from simulator.boundary.measures import Asked, Measure, Unit
from simulator.units import format_duration


def scope_texts(asked: Asked) -> list[str]:
    """What an expectation is narrowed to, in brackets; nothing if it is about all."""
    texts = [text for text in _texts(asked) if text]
    return [f"({', '.join(texts)})"] if texts else []


def _texts(asked: Asked) -> Iterator[str | None]:
    yield None if asked.percentile is None else f"p{asked.percentile:g}"
    yield asked.operation
    yield asked.population
    yield asked.table
    yield asked.cache
    if asked.origin is not None:
        yield f"{asked.origin}→{asked.target}"
    if asked.to_ns:
        yield " to ".join(show("s", ns / 10**9, exact=True) for ns in (asked.from_ns, asked.to_ns))


def scope_values(measure: Measure, asked: Asked) -> dict[str, str | float]:
    """The same for machines, by the keys that the user wrote; times in seconds, as `from_s`."""
    found = {}
    for key, field in measure.scope.keys.items():
        value, is_time = getattr(asked, field), field.endswith("_ns")
        if value is not None:
            found[f"{key}_s" if is_time else key] = value / 10**9 if is_time else value
    return found


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
        return f"{number:.{15 if exact else 3}g}"
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
