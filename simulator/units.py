"""Quantities as users write them: text with a unit, and integers or floats inside."""

import re
from fractions import Fraction

NS_PER_UNIT = {
    "ns": 1,
    "us": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "min": 60 * 10**9,
    "h": 3600 * 10**9,
    "d": 86_400 * 10**9,
}

_NUMBER = r"(?:\d[\d_]*)(?:\.\d+)?"
_PART = re.compile(rf"\s*({_NUMBER})\s*([a-zA-Zµ]+)")
_UNITS = "ns us ms s min h d"


def parse_duration(text: object) -> int:
    """Nanoseconds of a duration such as `30 s`, `1.5 s` or `1 h 30 min`; ValueError if it is none."""
    if not isinstance(text, str):
        raise ValueError(_without_unit(text))
    position, total = 0, Fraction(0)
    while part := _PART.match(text, position):
        total += Fraction(part[1].replace("_", "")) * _ns_of(part[2])
        position = part.end()
    if position == 0 or text[position:].strip():
        raise ValueError(_not_a_duration(text))
    if total.denominator != 1:
        raise ValueError(f"'{text}' is finer than a nanosecond")
    return int(total)


def _ns_of(unit: str) -> int:
    if unit == "m":
        raise ValueError("the unit 'm' is ambiguous; write 'min' for minutes")
    if unit not in NS_PER_UNIT:
        raise ValueError(f"unknown unit '{unit}'; a duration has one of {_UNITS}")
    return NS_PER_UNIT[unit]


def _without_unit(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value} has no unit; write '{value} s' or another of {_UNITS}"
    return f"a duration is text such as '30 s', not {value!r}"


def _not_a_duration(text: str) -> str:
    if re.fullmatch(rf"\s*{_NUMBER}\s*", text):
        return _without_unit(float(text) if "." in text else int(text))
    return f"'{text}' is not a duration; write a number and a unit ({_UNITS}), such as '30 s' or '1 h 30 min'"


def parse_signed_duration(text: object) -> int:
    """Nanoseconds of a duration that may start with a sign, such as `-200 ms`."""
    if isinstance(text, str) and text.strip()[:1] in ("-", "+"):
        stripped = text.strip()
        return (-1 if stripped[0] == "-" else 1) * parse_duration(stripped[1:])
    return parse_duration(text)


def parse_share(text: object) -> float:
    """A share from 0 to 1, written as a percentage such as `5 %`."""
    match = re.fullmatch(rf"\s*(-?{_NUMBER})\s*%\s*", text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"{text!r} is not a share; write a percentage such as '5 %'")
    percent = Fraction(match[1].replace("_", ""))
    if not 0 <= percent <= 100:
        raise ValueError(f"{text!r} is not between 0 % and 100 %")
    return float(percent / 100)


def parse_rate(text: object) -> float:
    """Events per second, written with a unit of time such as `5/s` or `300/min`."""
    match = re.fullmatch(rf"\s*({_NUMBER})\s*/\s*([a-zA-Z]+)\s*", text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(
            f"{text!r} is not a rate; write a number per unit of time such as '5/s' or '300/min'"
        )
    return float(Fraction(match[1].replace("_", "")) * 10**9 / _ns_of(match[2]))


def parse_time_of_day(text: object) -> int:
    """Nanoseconds after midnight of a time such as `08:30`."""
    match = re.fullmatch(r"\s*(\d{1,2}):(\d{2})\s*", text) if isinstance(text, str) else None
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(f"{text!r} is not a time of day; write hours and minutes such as '08:30'")
    return (int(match[1]) * 60 + int(match[2])) * NS_PER_UNIT["min"]


def format_duration(ns: int) -> str:
    """A duration in a person's units, exact: `1 min 37 s`, `412 ms`, `2.35 s`; `parse_duration` reads it back."""
    if ns < 0:
        return "-" + format_duration(-ns)
    parts = []
    for unit in ("d", "h", "min"):
        count, ns = divmod(ns, NS_PER_UNIT[unit])
        if count:
            parts.append(f"{count} {unit}")
    if ns or not parts:
        parts.append(_format_below_a_minute(ns))
    return " ".join(parts)


def _format_below_a_minute(ns: int) -> str:
    unit = next((unit for unit in ("s", "ms", "us") if ns >= NS_PER_UNIT[unit]), "s" if ns == 0 else "ns")
    whole, rest = divmod(ns, NS_PER_UNIT[unit])
    if not rest:
        return f"{whole} {unit}"
    digits = len(str(NS_PER_UNIT[unit])) - 1
    return f"{whole}.{rest:0{digits}d}".rstrip("0") + f" {unit}"


def seconds(ns: int) -> float:
    """Nanoseconds as seconds."""
    return ns / 10**9
