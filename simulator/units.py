"""Quantities as users write them: text with a unit, and integers or floats inside.

Every parser raises ValueError with a sentence for the user: what was found, what is allowed, what to write.
"""

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

BYTES_PER_UNIT = {"B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30}
LARGEST_BYTES = 2**50

_LONGEST_QUANTITY = 100  # characters

LONGEST_NS = 36_525 * NS_PER_UNIT["d"]
"""The longest duration, a hundred years: sums of a few still fit into 64 bits."""

Z99 = 2.3263478740408408
"""Quantile of the standard normal at 99 %: so many sigmas lies the p99 of a log-normal above its median."""

_UNITS = "ns us ms s min h d"
_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_NUMBER = rf"{_DIGITS}(?:\.[0-9]+)?"
_PART = re.compile(rf"\s*({_NUMBER})\s*([^\W\d_]+)")
_UNIT = f"(?:{'|'.join(NS_PER_UNIT)})"
_DURATION = rf"(?:{_NUMBER}\s*{_UNIT}\s*)+"

DURATION_PATTERN = rf"^\s*{_DURATION}$"
"""Durations as a regular expression for editors; exact but for the range."""
SIGNED_DURATION_PATTERN = rf"^\s*[-+]?\s*{_DURATION}$"
SHARE_PATTERN = rf"^\s*{_NUMBER}\s*%\s*$"
RATE_PATTERN = rf"^\s*{_NUMBER}\s*/\s*{_UNIT}\s*$"
SIZE_PATTERN = rf"^\s*{_NUMBER}\s*(?:B|KB|MB|GB)\s*$"
TIME_OF_DAY_PATTERN = r"^\s*([01]?[0-9]|2[0-3]):[0-5][0-9]\s*$"

_OTHER_SPELLINGS = {
    "s": "sec secs second seconds S",
    "min": "mins minute minutes Min MIN",
    "h": "hr hrs hour hours H",
    "d": "day days D",
    "ms": "msec msecs millisecond milliseconds MS",
    "us": "µs μs usec usecs microsecond microseconds",
    "ns": "nsec nsecs nanosecond nanoseconds",
}
_MEANT = {spelling: unit for unit, spellings in _OTHER_SPELLINGS.items() for spelling in spellings.split()}


def parse_duration(text: object) -> int:
    """Nanoseconds of a duration such as `30 s`, `1.5 s` or `1 h 30 min`; ValueError if it is none."""
    if not isinstance(text, str):
        raise ValueError(_without_unit(text))
    _check_length(text)
    position, total = 0, Fraction(0)
    while part := _PART.match(text, position):
        total += Fraction(part[1].replace("_", "")) * _ns_of(part[2])
        position = part.end()
    if position == 0 or text[position:].strip():
        raise ValueError(_not_a_duration(text))
    if total.denominator != 1:
        raise ValueError(f"'{text}' is finer than a nanosecond")
    if total > LONGEST_NS:
        raise ValueError(f"'{text}' is longer than {format_duration(LONGEST_NS)}, a hundred years")
    return int(total)


def _check_length(text: object) -> None:
    """Refuse what no quantity is as long as: Python reads some thousands of digits at most."""
    if isinstance(text, str) and len(text) > _LONGEST_QUANTITY:
        raise ValueError(f"{shown(text)} has {len(text):,} characters; a quantity has at most 100")


def _ns_of(unit: str) -> int:
    if unit in ("m", "M"):
        raise ValueError(f"the unit '{unit}' is ambiguous; write 'min' for minutes")
    if unit not in NS_PER_UNIT:
        hint = f"; did you mean '{_MEANT[unit]}'?" if unit in _MEANT else f"; use one of {_UNITS}"
        raise ValueError(f"unknown unit of time '{unit}'{hint}")
    return NS_PER_UNIT[unit]


def _without_unit(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value} has no unit; write '{value} s' or another of {_UNITS}"
    return f"a duration is text such as '30 s', not {shown(value)}"


def _not_a_duration(text: str) -> str:
    if re.fullmatch(rf"\s*{_NUMBER}\s*", text):
        number = text.strip()
        return f"'{number}' has no unit; write '{number} s' or another of {_UNITS}"
    if text.strip().startswith("-"):
        return f"'{text}' is negative; a duration is 0 s or more"
    return f"'{text}' is not a duration; write a number and a unit ({_UNITS}), such as '30 s' or '1 h 30 min'"


def parse_signed_duration(text: object) -> int:
    """Nanoseconds of a duration that may start with a sign, such as `-200 ms`."""
    if isinstance(text, str) and text.strip()[:1] in ("-", "+"):
        stripped = text.strip()
        return (-1 if stripped[0] == "-" else 1) * parse_duration(stripped[1:])
    return parse_duration(text)


def parse_share(text: object) -> float:
    """A share from 0 to 1, written as a percentage such as `5 %`."""
    _check_length(text)
    match = re.fullmatch(rf"\s*(-?{_NUMBER})\s*%\s*", text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"{shown(text)} is not a share; write a percentage such as '5 %'")
    percent = Fraction(match[1].replace("_", ""))
    if not 0 <= percent <= 100:
        raise ValueError(f"{shown(text)} is not between 0 % and 100 %")
    return float(percent / 100)


def parse_rate(text: object) -> float:
    """Events per second, written with a unit of time such as `5/s` or `300/min`."""
    _check_length(text)
    match = re.fullmatch(rf"\s*({_NUMBER})\s*/\s*([^\W\d_]+)\s*", text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(
            f"{shown(text)} is not a rate; write a number per unit of time such as '5/s' or '300/min'"
        )
    return float(Fraction(match[1].replace("_", "")) * 10**9 / _ns_of(match[2]))


def parse_size(text: object) -> int:
    """Bytes, written with a unit such as `512 MB`; a KB is 1,024 B."""
    _check_length(text)
    match = re.fullmatch(rf"\s*({_NUMBER})\s*([^\W\d_]+)\s*", text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(
            f"{shown(text)} is not a size; write a number and a unit (B KB MB GB) such as '512 MB'"
        )
    if match[2] not in BYTES_PER_UNIT:
        raise ValueError(f"unknown unit of size '{match[2]}'; use one of B KB MB GB")
    size = Fraction(match[1].replace("_", "")) * BYTES_PER_UNIT[match[2]]
    if size.denominator != 1 or not 1 <= size <= LARGEST_BYTES:
        raise ValueError(f"{shown(text)} is not a whole number of bytes from 1 B to 1,048,576 GB")
    return int(size)


def parse_time_of_day(text: object) -> int:
    """Nanoseconds after midnight of a time such as `08:30`."""
    match = re.fullmatch(r"\s*([0-9]{1,2}):([0-9]{2})\s*", text) if isinstance(text, str) else None
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(f"{shown(text)} is not a time of day; write hours and minutes such as '08:30'")
    return (int(match[1]) * 60 + int(match[2])) * NS_PER_UNIT["min"]


_MOST_SHOWN = 80
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """A text in which nothing steers a terminal: control characters are shown as escapes such as `\\x1b`."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def shortened(text: str) -> str:
    """A text for a message: the beginning, where it is longer than some 80 characters."""
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"


def shown(value: object) -> str:
    """What a user wrote, for a message: text in quotes, numbers bare, and collections by their kind."""
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, str):
        return f"'{shortened(value)}'"
    return "nothing" if value is None else shortened(str(value))


def format_duration(ns: int) -> str:
    """A duration in a person's units, exact: `1 min 37 s`, `412 ms`, `2.35 s`.

    `parse_signed_duration` reads it back.
    """
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


def format_size(size_bytes: int) -> str:
    """A size in the largest unit of which it is a whole number: `512 MB`. `parse_size` reads it back."""
    unit, count = next(
        (name, size_bytes // unit)
        for name, unit in reversed(BYTES_PER_UNIT.items())
        if size_bytes % unit == 0
    )
    return f"{count} {unit}"


def seconds(ns: int) -> float:
    """Nanoseconds as seconds."""
    return ns / 10**9


SEEDS_MOST = 1_000_000
"""Seeds that one call plays at most."""


def parse_seeds(text: str) -> range:
    """Seeds such as `100` (1 to 100) or `5..8`; ValueError if there are none."""
    first, dots, last = text.strip().partition("..")
    if not all(part.strip().isdecimal() for part in (first, *([last] if dots else []))):
        raise ValueError("say how many, as 100, or which, as 1..100")
    start, end = (int(first), int(last)) if dots else (1, int(first))
    if not start <= end < 2**63:
        raise ValueError(f"there are none from {start} to {end}; say 100, or 1..100")
    if end - start >= SEEDS_MOST:
        raise ValueError(f"at most {SEEDS_MOST:,}")
    return range(start, end + 1)
