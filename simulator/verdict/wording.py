"""How a bound or a measured value is said."""

from simulator.units import format_duration


def show(unit: str, number: float) -> str:
    """A number of a unit (`s`, `share`, `count`, `bool`) for a reader; durations to about three figures."""
    if unit == "s":
        ns = round(number * 10**9)
        return format_duration(round(ns, -8) if ns >= 10**10 else round(ns, -7) if ns >= 10**8 else ns)
    if unit == "share":
        return f"{100 * number:.3g} %"
    return ("yes" if number else "no") if unit == "bool" else f"{int(number):,}"
