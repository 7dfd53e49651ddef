"""Many runs of the same files on the terminal: expectations judged by all, and figures with intervals."""

import re
import textwrap
from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.text import Text

from simulator.boundary.measure_terms import Unit
from simulator.report.tables import Rows
from simulator.report.verdict import COLOURS, SIGNS, asked_words
from simulator.report.words import VERDICT_WORDS, duration, plural, sentence, share, title
from simulator.result.replications import MAIN, Estimate, Expected, Replications, Spread

_KEY = re.compile(r"^(\w+(?:\.\w+)?)(?:\{(.*)\})?$")
_NOTHING = "–"
_BOUNDED_FROM = 72  # runs: 0.95^72 is at most 2.5 %


def print_replications(found: Replications, console: Console, *, verbose: bool = False) -> None:
    """Print the summary; `verbose` tells every figure of which the runs tell something."""
    console.print(Group(*_parts(found, console.width, verbose)))


def _parts(found: Replications, width: int, verbose: bool) -> Iterator[RenderableType]:
    yield _head(found)
    yield Text(title(found.recipe.experiment), style="bold")
    if found.expectations:
        yield Text()
        yield _expectations(found.expectations, _Moments.of(found))
    for one in found.expectations:
        if one.reason:
            said = sentence(f"{words_of(one)}: {one.reason}")
            yield from (Text(line, style="yellow") for line in textwrap.wrap(said, width))
    if rows := _figures(_told(found, verbose), _Moments.of(found)):
        yield Text()
        yield rows
    yield Text()
    said = f"Intervals hold for all possible runs, each with {share(found.confidence)} confidence."
    if found.played < _BOUNDED_FROM:
        said += f" What 95 % of runs are within takes {_BOUNDED_FROM} runs to tell."
    yield from map(Text, textwrap.wrap(said, width))


def _head(found: Replications) -> Text:
    seeds = [one.seed for one in found.runs]
    named = f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {min(seeds)} to {max(seeds)}"
    early = "" if found.played == found.asked else f"; decided before {found.asked:,} were played"
    undecided = any(one.verdict == "undecided" for one in found.expectations)
    is_open = undecided and found.verdict == "inconclusive"
    word = "UNDECIDED: so few runs do not tell" if is_open else VERDICT_WORDS[found.verdict]
    said = (word, f"bold {COLOURS[found.verdict]}")
    return Text.assemble(said, f"  ({plural(found.played, 'run')}, {named}{early})")


# expectations


def words_of(one: Expected) -> str:
    """An expectation for a reader."""
    return asked_words(one.expectation, one.figure.measure)


class _Moments(dict[int, str]):
    """When the faults began that a seed has drawn, in words by seed; empty if none was."""

    @staticmethod
    def of(found: Replications) -> "_Moments":
        drawn = ((run.seed, run.drawn_s) for run in found.runs if run.drawn_s)
        return _Moments({seed: ", ".join(map(duration, times.values())) for seed, times in drawn})

    def seed(self, seed: int) -> str:
        """A seed, with what it has drawn: `seed 37, fault at 14 h 3 min`."""
        return f"seed {seed}, fault at {self[seed]}" if seed in self else f"seed {seed}"


def _expectations(each: Sequence[Expected], moments: _Moments) -> Rows:
    rows = Rows("", "met in", "of all runs", "median", "worst")
    for one in each:
        sign = Text(f"{SIGNS[one.verdict]}  ", style=COLOURS[one.verdict])
        count = sum(vars(one.outcomes).values())
        rows.add(
            Text.assemble(sign, words_of(one)),
            f"{one.outcomes.met:,} of {count:,}",
            interval_words("share", one.share),
            _median(one.figure),
            _worst(one.figure, moments),
        )
    return rows


# figures


def _told(found: Replications, verbose: bool) -> list[Spread]:
    if verbose:
        return [*found.figures]
    return [one for one in found.figures if one.key in MAIN]


def _figures(each: Sequence[Spread], moments: _Moments) -> Rows:
    rows = Rows("Figure", "median", text="interval; 95 % of runs; the worst")
    for one in each:
        rows.add(_label(one.key), _median(one), text="; ".join(_about(one, moments)))
    return rows


def _about(one: Spread, moments: _Moments) -> Iterator[str]:
    """What there is to say beside a median, or a share."""
    if one.share is not None:
        yield f"yes in {interval_words('share', one.share)} of all runs"
    if one.median is not None:
        yield interval_words(one.unit, one.median)
    if (bound := _bound(one)) is not None:
        yield f"95 % {'≥' if one.better == 'higher' else '≤'} {value_words(one.unit, bound)}"
    if one.median is not None:
        said = _worst(one, moments)
        yield f"worst {said}" if one.worst_seed is not None else said


def _bound(one: Spread) -> float | None:
    """What 95 % of all possible runs are within, by the safe end of its interval; None if nobody knows."""
    if one.tail is None:
        return None
    return one.tail.low if one.better == "higher" else one.tail.high


def _label(key: str) -> str:
    """A key for a reader: `recovery time (population: shoppers)`."""
    found = _KEY.match(key)
    assert found is not None
    narrowed = f" ({found[2]})" if found[2] else ""
    return sentence(f"{found[1].replace('_', ' ').replace('.', ' ')}{narrowed}")


def _median(one: Spread) -> str:
    if one.median is not None:
        return value_words(one.unit, one.median.value)
    if one.share is None or one.share.value is None or one.least is None:
        return _NOTHING
    if one.least == one.most and not one.open:
        runs = f" in all {one.runs:,} runs" if one.runs > 1 else ""
        return value_words(one.unit, one.least) + runs
    return f"yes in {share(one.share.value)}"


def _worst(one: Spread, moments: _Moments) -> str:
    """The worst of what was measured, and its seed."""
    if one.worst_seed is None:
        spans = (one.least, one.most)
        words = dict.fromkeys(value_words(one.unit, value) for value in spans if value is not None)
        return " to ".join(words) or _NOTHING
    value = one.least if one.better == "higher" else one.most
    if one.never:
        said = "never"
    elif one.open:
        said = f"{value_words(one.unit, value)} or more" if value is not None else "open"
    else:
        said = value_words(one.unit, value)
    is_any = one.least == one.most and not (one.never or one.open)
    return said if is_any else f"{said} ({moments.seed(one.worst_seed)})"


def interval_words(unit: Unit, one: Estimate) -> str:
    """An interval for a reader; what so few runs do not bound is said."""
    low, high = (None if end is None else value_words(unit, end) for end in (one.low, one.high))
    if low is None:
        return _NOTHING if high is None else f"at most {high}"
    return f"{low} or more" if high is None else low if low == high else f"{low} to {high}"


def value_words(unit: Unit, value: float | None) -> str:
    """A figure for a reader; what has no value never happened, or is open."""
    if value is None:
        return "never or open"
    if unit == "s":
        return duration(value)
    if unit == "share":
        return share(value)
    if unit == "bool":
        return "yes" if value else "no"
    return f"{value:,.0f}" if unit == "count" or abs(value) >= 1000 else f"{value:.3g}"
