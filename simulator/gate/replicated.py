"""A file that was judged by many runs, as every format of a gate tells it."""

from collections.abc import Sequence

from simulator.gate.line import WORDS
from simulator.gate.played import Played
from simulator.report.replications import words_of
from simulator.report.words import name, plural, sentence
from simulator.result.replications import Expected, Replications, Spread
from simulator.result.whole import Judgement


def played_by_all(file: str, found: Replications) -> Played:
    """What many runs tell of a file: medians, and each expectation judged by all of them."""
    seeds = [one.seed for one in found.runs]
    recovery, lost = found.figure("recovery_time"), found.figure("lost_writes")
    gone = round(_median(lost) or 0.0)
    return Played(
        file=file,
        seed=seeds[0],
        seeds=named(seeds),
        verdict=found.verdict,
        settings=found.recipe.settings or (),
        experiment=found.recipe.experiment,
        expectations=tuple(map(judgement_of, found.expectations)),
        recovery_time_s=_median(recovery),
        recovery_shown=recovery is not None and not (recovery.open or recovery.never),
        recovery_point_s=_median(found.figure("recovery_point")),
        lost_writes=gone,
        overwritten_writes=max(round(_median(found.figure("missing_writes")) or 0.0) - gone, 0),
    )


def named(seeds: Sequence[int]) -> str:
    """Seeds as `--seeds` takes them."""
    return f"{min(seeds)}..{max(seeds)}"


def _median(one: Spread | None) -> float | None:
    return None if one is None or one.median is None else one.median.value


def judgement_of(one: Expected) -> Judgement:
    """An expectation as many runs judge it: its median, and in how many of them it was met."""
    count = sum(vars(one.outcomes).values())
    return Judgement(
        expectation=one.expectation,
        verdict=one.verdict,
        measured=_median(one.figure),
        reason=one.reason,
        measure=one.figure.measure,
        scope=one.figure.scope,
        bounds=one.bounds,
        unit=one.figure.unit,
        file=one.file,
        line=one.line,
        shown=f"met in {one.outcomes.met:,} of {count:,} runs",
    )


def line_of_all(file: str, found: Replications) -> str:
    """All of it in a line: in how many runs what is not met was met."""
    failing = [one for one in found.expectations if one.verdict != "met"]
    counts = [f"{words_of(one)} in {one.outcomes.met:,} of {found.played:,}" for one in failing]
    met = f"{len(found.expectations) - len(failing)} of {plural(len(found.expectations), 'expectation')} met"
    head = f"{WORDS[found.verdict]} {name(file)}  {plural(found.played, 'run')}"
    return sentence("  ".join([head, "; ".join([met, *counts] if found.expectations else [])]).rstrip())
