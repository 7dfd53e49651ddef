"""Values of settings as numbers, where they are: for axes of pictures."""

from collections.abc import Callable, Sequence

from simulator.records import dataclass
from simulator.units import parse_duration, parse_rate, parse_share


@dataclass(frozen=True)
class Numbers:
    """Values of one kind."""

    values: tuple[float, ...]
    is_time: bool
    """Whether they are durations, in seconds."""
    unit: str
    """Their unit, if they are no durations; empty for plain numbers."""


_KINDS: tuple[tuple[Callable[[str], float], bool, str], ...] = (
    (float, False, ""),
    (lambda text: parse_duration(text) / 10**9, True, ""),
    (lambda text: 100 * parse_share(text), False, "%"),
    (parse_rate, False, "/s"),
)


def numbers_of(texts: Sequence[str]) -> Numbers | None:
    """Values as numbers; None if one is none, or if they are of several kinds."""
    for read, is_time, unit in _KINDS:
        try:
            return Numbers(tuple(map(read, texts)), is_time, unit)
        except ValueError:
            continue
    return None
