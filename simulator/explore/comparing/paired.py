"""Figures of the same seeds side by side: medians, differences, and what these say.

Draws are keyed, so designs meet the same users under a seed, and what differs is the design. The interval of
a median is by order statistics, which assume nothing of how figures are distributed; that of differences is
that of the sign test.
"""

from collections.abc import Iterable, Sequence
from math import inf, isfinite

from simulator.boundary.measure_terms import Sense, Unit
from simulator.explore.cells import Record
from simulator.records import dataclass
from simulator.result.comparison import Change, Difference, Row, Span
from simulator.units import format_duration
from simulator.verdict.figures import Figure
from simulator.verdict.intervals import Interval, quantile
from simulator.verdict.wording import show

CONFIDENCE = 0.95
HEADLINES = (
    "recovery_time",
    "user_minutes_lost",
    "detection_time",
    "recovery_point",
    "lost_writes",
    "missing_writes",
    "sessions_undisturbed",
    "success",
)
"""The figures that count, besides those that an expectation names."""


ByFigure = dict[str, list[Figure | None]]
"""Figures of several seeds by key; None where a run does not have it."""


@dataclass(frozen=True)
class Level:
    """How sure intervals are."""

    together: float
    """All of those that count."""
    each: float


def level_for(count: int, confidence: float = CONFIDENCE) -> Level:
    """The level of each of so many intervals which hold together with a confidence (Bonferroni)."""
    return Level(confidence, 1.0 - (1.0 - confidence) / max(count, 1))


def rows(
    designs: Sequence[Sequence[Record]], names: Sequence[str], wanted: Iterable[str]
) -> tuple[list[Row], Level]:
    """A row for each figure that a design has; those that count first. `wanted`: keys that count, too."""
    by_key = [by_figure(records) for records in designs]
    told = told_in(by_key)
    counting = [key for key in dict.fromkeys([*HEADLINES, *wanted]) if key in told]
    level = level_for(len(counting))
    others = [key for key in told if key not in counting]
    made = [
        _row(
            key,
            [found.get(key, [None] * len(designs[0])) for found in by_key],
            names,
            level.each,
            counts=key in counting,
        )
        for key in (*counting, *others)
    ]
    return made, level


def told_in(each: Sequence[ByFigure]) -> list[str]:
    """The keys of which any of several runs tells anything, in the order of the documentation."""
    keys = dict.fromkeys(key for found in each for key in found)
    return [key for key in keys if any(_tells(found.get(key)) for found in each)]


def by_figure(records: Sequence[Record]) -> ByFigure:
    """The figures of some records, by key."""
    found: ByFigure = {}
    for number, record in enumerate(records):
        for figure in record.told:
            found.setdefault(figure.key, [None] * len(records))[number] = figure
    return found


def _tells(figures: Sequence[Figure | None] | None) -> bool:
    return any(one is not None and one.low is not None for one in figures or ())


def _row(
    key: str, each: Sequence[Sequence[Figure | None]], names: Sequence[str], level: float, *, counts: bool
) -> Row:
    first = next(one for figures in each for one in figures if one is not None)
    base, *others = each
    differences = (
        _difference(name, base, figures, first, level)
        for name, figures in zip(names[1:], others, strict=True)
    )
    return Row(
        key=key,
        measure=first.measure,
        scope=first.scope,
        unit=first.unit,
        better=first.better,
        counts=counts,
        values=tuple(span_of(figures, first.unit, level) for figures in each),
        differences=tuple(differences),
    )


def span_of(figures: Sequence[Figure | None], unit: Unit, level: float) -> Span:
    """A figure over all seeds; the seeds of which a run tells nothing are left out."""
    known = [one for one in figures if one is not None and one.low is not None and one.high is not None]
    if not known:
        return Span(None, None, None, "no data")
    found = quantile([_low(one) for one in known], [_high(one) for one in known], 0.5, of_confidence=level)
    return _span(found, said(unit, found.value), _range(unit, found))


def _range(unit: Unit, found: Interval) -> str:
    if not (isfinite(found.low) and isfinite(found.high)) or found.low == found.high:
        return ""
    return f"{said(unit, found.low)} to {said(unit, found.high)}"


def _low(figure: Figure) -> float:
    return inf if figure.low is None else figure.low


def _high(figure: Figure) -> float:
    return inf if figure.high is None else figure.high


def _span(found: Interval, words: str, range_said: str = "") -> Span:
    return Span(_finite(found.value), _finite(found.low), _finite(found.high), words, range_said)


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def said(unit: Unit, value: float) -> str:
    """A figure for a reader; never, if it is endless."""
    return show(unit, value) if isfinite(value) else "never"


def difference_of(
    name: str, base: Sequence[Figure | None], figures: Sequence[Figure | None], level: float
) -> Difference:
    """The difference of one figure between two designs, seed by seed."""
    like = next(one for one in (*base, *figures) if one is not None)
    return _difference(name, base, figures, like, level)


def _difference(
    name: str, base: Sequence[Figure | None], figures: Sequence[Figure | None], like: Figure, level: float
) -> Difference:
    lows, highs = list[float](), list[float]()
    for one, other in zip(base, figures, strict=True):
        if (ends := _ends(one, other)) is not None:
            lows.append(ends[0])
            highs.append(ends[1])
    if not lows:
        return Difference(name, "no_data", Span(None, None, None, "no data"))
    found = quantile(lows, highs, 0.5, of_confidence=level)
    same = not any(lows) and not any(highs)
    change: Change = "same" if same else _change(found, like.better)
    return Difference(name, change, _span(found, difference_said(like.unit, found)))


def _ends(one: Figure | None, other: Figure | None) -> tuple[float, float] | None:
    """Between what the difference of a seed lies; None if one of the two tells nothing."""
    if one is None or other is None or one.low is None or other.low is None:
        return None
    if (one.state, one.value) == (other.state, other.value):
        return 0.0, 0.0  # the very same, however open
    return _less(_low(other), _high(one)), _less(_high(other), _low(one))


def _less(one: float, other: float) -> float:
    return 0.0 if one == other else one - other


def _change(found: Interval, better: Sense) -> Change:
    if found.low <= 0.0 <= found.high:
        return "unclear"
    grows = found.low > 0.0
    if better == "neither":
        return "higher" if grows else "lower"
    return "worse" if grows == (better == "lower") else "better"


def difference_said(unit: Unit, found: Interval) -> str:
    """A difference with its sign, and its interval if it has one: `+3 min 29 s (+3 min 20 s to +4 min)`."""
    words = signed(unit, found.value)
    if not (isfinite(found.low) and isfinite(found.high)) or found.low == found.high:
        return words
    return f"{words} ({signed(unit, found.low)} to {signed(unit, found.high)})"


def signed(unit: Unit, value: float) -> str:
    """A difference with its sign; of shares in percentage points."""
    if not isfinite(value):
        return "never instead" if value > 0 else "no longer never"
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    size = abs(value)
    if unit == "share":
        return f"{sign}{100 * size:.3g} pp"
    if unit == "s" and not size:
        return "±0 s"
    return sign + (format_duration(round(size * 10**9)) if unit == "s" and size < 1e-3 else show(unit, size))
