"""How a bound or a measured value is said."""

from simulator.units import format_duration


def show(unit: str, number: float, *, exact: bool = False) -> str:
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


def show_apart(unit: str, number: float, other: float) -> tuple[str, str]:
    """Two different numbers for a reader, exact if they would look alike rounded."""
    rounded = show(unit, number), show(unit, other)
    if rounded[0] != rounded[1]:
        return rounded
    return show(unit, number, exact=True), show(unit, other, exact=True)
