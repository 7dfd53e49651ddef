"""From the records of many runs to what they say together: figures with intervals, expectations judged."""

from collections.abc import Iterable, Sequence
from math import isfinite

from simulator.boundary.measure_terms import Sense
from simulator.explore.cells import Record
from simulator.result.replications import Estimate, Expected, Outcomes, Spread
from simulator.result.whole import Judgement
from simulator.verdict.figures import Figure
from simulator.verdict.gates import Gate
from simulator.verdict.intervals import CONFIDENCE, Interval, quantile, share
from simulator.verdict.judging import MET, MISSED, NOT_EXERCISED, NOT_SHOWN, UNDECIDED

MEDIAN = 0.5
TAIL = 0.95
"""The share of runs that a tail is not worse than."""

_SEEDS_NAMED = 10


def spreads(records: Sequence[Record], *, confidence: float = CONFIDENCE) -> tuple[Spread, ...]:
    """Every figure of which some run tells something, in the order of the documentation."""
    found: dict[str, list[tuple[int, Figure]]] = {}
    for record in records:
        for figure in record.figures:
            found.setdefault(figure.key, []).append((record.seed, figure))
    each = (spread(figures, confidence=confidence) for figures in found.values())
    return tuple(one for one in each if one.runs)


def spread(figures: Sequence[tuple[int, Figure]], *, confidence: float = CONFIDENCE) -> Spread:
    """One figure over many runs, each with its seed."""
    about = figures[0][1]
    told = [(seed, one) for seed, one in figures if one.state != "no_data"]
    known = [one.value for _, one in told if one.value is not None]
    is_so = about.unit == "bool"
    return Spread(
        key=about.key,
        measure=about.measure,
        scope=about.scope,
        unit=about.unit,
        better=about.better,
        runs=len(told),
        open=sum(one.state == "not_shown" for _, one in told),
        never=sum(one.state == "never" for _, one in told),
        least=min(known, default=None),
        most=max(known, default=None),
        worst_seed=_worst_seed(told, about.better),
        share=_share_of(told, confidence) if is_so and told else None,
        median=_quantile(told, MEDIAN, confidence) if told and not is_so else None,
        tail=_quantile(told, 1 - TAIL if about.better == "higher" else TAIL, confidence)
        if told and not is_so
        else None,
    )


def _quantile(told: Sequence[tuple[int, Figure]], which: float, confidence: float) -> Estimate:
    lows = [one.low for _, one in told if one.low is not None]
    highs = [one.high for _, one in told if one.high is not None]
    return _estimate(quantile(lows, highs, which, of_confidence=confidence))


def _share_of(told: Sequence[tuple[int, Figure]], confidence: float) -> Estimate:
    hits, unknown = sum(one.value == 1.0 for _, one in told), sum(one.value is None for _, one in told)
    return _estimate(share(hits, len(told), unknown=unknown, of_confidence=confidence))


def _estimate(found: Interval) -> Estimate:
    """An end that is not bounded is left out."""
    ends = (one if isfinite(one) else None for one in (found.value, found.low, found.high))
    return Estimate(*ends)


def _worst_seed(told: Sequence[tuple[int, Figure]], better: Sense) -> int | None:
    """The seed of the worst; what may be longer counts as if it were."""
    if not told or better == "neither":
        return None
    if better == "higher":
        return min(told, key=lambda one: one[1].low or 0.0)[0]
    return max(told, key=lambda one: (one[1].high or 0.0, one[1].low or 0.0))[0]


# expectations


def expected(records: Sequence[Record], *, confidence: float = CONFIDENCE) -> tuple[Expected, ...]:
    """Every expectation, judged by all runs."""
    numbers = range(len(records[0].judgements))
    return tuple(expected_one(records, number, confidence=confidence) for number in numbers)


def expected_one(records: Sequence[Record], number: int, *, confidence: float = CONFIDENCE) -> Expected:
    """One expectation, by its number, judged by all runs."""
    about, found = records[0].judgements[number], outcomes(records, number)
    verdict = _verdict(about, found)
    runs = _gate(about).runs_to_decide(found.met, found.missed) if verdict == UNDECIDED else None
    runs = None if found.unknown else runs
    missed = [one.seed for one in records if one.judgements[number].verdict == MISSED]
    return Expected(
        expectation=about.expectation,
        verdict=verdict,
        reason=_reason(verdict, found, runs, missed),
        bounds=about.bounds,
        file=about.file,
        line=about.line,
        outcomes=found,
        share=_estimate(share(found.met, len(records), unknown=found.unknown, of_confidence=confidence)),
        missed_seeds=tuple(missed[:_SEEDS_NAMED]),
        runs_to_decide=runs,
        figure=spread([(one.seed, one.asked[number]) for one in records], confidence=confidence),
    )


def outcomes(records: Iterable[Record], number: int) -> Outcomes:
    """How many runs met an expectation, by its number."""
    verdicts = [one.judgements[number].verdict for one in records]
    return Outcomes(*map(verdicts.count, (MET, MISSED, NOT_SHOWN, NOT_EXERCISED)))


def are_decided(records: Sequence[Record]) -> bool:
    """Whether more runs would tell nothing new: each expectation is of a share of all, and decided."""
    asked = records[0].judgements
    return bool(asked) and all(
        one.bounds.in_ is not None and _verdict(one, outcomes(records, number)) in (MET, MISSED)
        for number, one in enumerate(asked)
    )


def _gate(about: Judgement) -> Gate:
    assert about.bounds.in_ is not None
    assert about.bounds.confidence is not None
    return Gate(about.bounds.in_, about.bounds.confidence)


def _verdict(about: Judgement, found: Outcomes) -> str:
    """Of a share of all runs what the gate says, unless no run tells anything; else the worst of them."""
    known = found.met + found.missed
    if about.bounds.in_ is not None and known:
        return _gate(about).decides(found.met, found.missed, found.unknown)
    by = ((found.missed, MISSED), (found.not_shown, NOT_SHOWN), (found.not_exercised, NOT_EXERCISED))
    return next((verdict for count, verdict in by if count), MET)


def _reason(verdict: str, found: Outcomes, runs: int | None, missed: Sequence[int]) -> str:
    count = found.met + found.missed + found.unknown
    if verdict == MET:
        return ""
    if verdict == MISSED:
        seeds = ", ".join(map(str, missed[:_SEEDS_NAMED])) + (" …" if len(missed) > _SEEDS_NAMED else "")
        return f"missed in {found.missed:,} of {count:,} runs: seed{'s' if len(missed) > 1 else ''} {seeds}"
    if verdict == NOT_SHOWN:
        return f"not shown in {found.not_shown:,} of {count:,} runs, which ended too early to tell"
    if verdict == NOT_EXERCISED:
        return f"not exercised in {found.not_exercised:,} of {count:,} runs"
    return _why_undecided(found, runs, count)


def _why_undecided(found: Outcomes, runs: int | None, count: int) -> str:
    said = f"met in {found.met:,} of {count:,} runs, which does not decide"
    if found.unknown:
        return f"{said}; in {found.unknown:,} nobody can tell"
    if runs is None:
        return f"{said}; so near to what is asked for, no number of runs that anybody plays would"
    return f"{said}; about {runs:,} would, if they go on so"
