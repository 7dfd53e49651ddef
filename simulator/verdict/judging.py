"""Expectations against measures: met, missed, not shown, not exercised, or undecided.

No gate passes because nothing happened, and none because the run ended too early to tell.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.measure.findings import findings
from simulator.result.whole import Judgement, Sections
from simulator.verdict.asking import Asking, Question, all_questions
from simulator.verdict.gates import Gate
from simulator.verdict.wording import scope_values, show, show_apart

if TYPE_CHECKING:  # a run that is ready to begin has been asked, and needs no models
    from simulator.language.models.expectations import Expectation

MET, MISSED, NOT_SHOWN, NOT_EXERCISED = "met", "missed", "not_shown", "not_exercised"
UNDECIDED = "undecided"

_BAD = (MET, NOT_EXERCISED, NOT_SHOWN, UNDECIDED, MISSED)
"""From the best to the worst."""

_Verdict = Callable[[str, float | None, str, str], Judgement]
"""From a verdict, what was measured, the reason, and what is shown."""


def judge(
    expectations: Sequence["Expectation"], run: Sections, file: str = "", lines: Sequence[int | None] = ()
) -> tuple[Judgement, ...]:
    """Judge each expectation; one with several parts (peaks) gives several judgements.

    `lines` are those of the expectations in `file`, None for one that was set from outside; none if they
    were not read from a file.
    """
    return judge_questions(all_questions(expectations), run, file, lines)


def judge_questions(
    asked: Sequence[Asking], run: Sections, file: str = "", lines: Sequence[int | None] = ()
) -> tuple[Judgement, ...]:
    """The same of what each expectation asks."""
    return tuple(of_one_run(one) for each in _judge_each(asked, run, file, lines) for one in each)


def judge_each(
    expectations: Sequence["Expectation"], run: Sections, file: str = "", lines: Sequence[int | None] = ()
) -> tuple[tuple[Judgement, ...], ...]:
    """Whether the run met each expectation, even one of a share of all runs, of which it is only one.

    The judgements of each question stand together: how many these are may differ from run to run.
    """
    return _judge_each(all_questions(expectations), run, file, lines)


def _judge_each(
    asked: Sequence[Asking], run: Sections, file: str, lines: Sequence[int | None]
) -> tuple[tuple[Judgement, ...], ...]:
    places: Sequence[int | None] = lines or [None] * len(asked)
    return tuple(
        tuple(_judge(question, run, _of(question, file, line)))
        for each, line in zip(asked, places, strict=True)
        for question in each
    )


def of_one_run(judgement: Judgement) -> Judgement:
    """What a single run tells of an expectation, also if that is one of a share of all possible runs."""
    asked = judgement.bounds
    if asked.in_ is None or asked.confidence is None or judgement.verdict not in (MET, MISSED):
        return judgement
    met, missed = int(judgement.verdict == MET), int(judgement.verdict == MISSED)
    gate = Gate(asked.in_, asked.confidence)
    verdict = gate.decides(met, missed)
    runs = gate.runs_to_decide(met, missed)
    why = f": {judgement.reason}" if judgement.reason else ""
    would = f"; about {runs:,} would (--seeds {runs})" if runs and verdict == UNDECIDED else ""
    reason = f"{judgement.verdict} in this run{why}; one run does not tell{would}"
    return replace(judgement, verdict=verdict, reason=reason if verdict == UNDECIDED else judgement.reason)


def worst(judgements: Sequence[Judgement]) -> Judgement:
    """Of several judgements of a question the worst, the first of its kind."""
    return max(judgements, key=lambda one: _BAD.index(one.verdict))


def overall(judgements: Sequence[Judgement]) -> str:
    """`missed` if any is; else `inconclusive` if any was not shown, not exercised or undecided; else `met`.

    `no_expectations` if there are none.
    """
    return overall_of(judgement.verdict for judgement in judgements)


def overall_of(each: Iterable[str]) -> str:
    """The same of verdicts."""
    verdicts = {*each}
    if MISSED in verdicts:
        return MISSED
    if verdicts & {NOT_SHOWN, NOT_EXERCISED, UNDECIDED}:
        return "inconclusive"
    return MET if verdicts else "no_expectations"


def _of(question: Question, file: str, line: int | None) -> _Verdict:
    return lambda verdict, measured, reason, shown: Judgement(
        expectation=question.text,
        verdict=verdict,
        measured=measured,
        reason=reason,
        measure=question.measure.name,
        scope=scope_values(question.measure, question.asked),
        bounds=question.bounds,
        unit=question.part.unit,
        file=file,
        line=line,
        shown=shown,
    )


def _judge(question: Question, run: Sections, judged: _Verdict) -> Iterator[Judgement]:
    part = question.part
    for found in findings(question.measure, part, run, question.asked):
        measured, unsure = found.value, found.why if found.state == "not_shown" else ""
        if found.state == "no_data":
            yield judged(NOT_EXERCISED, None, found.why, "no data")
        elif measured is None and unsure:
            yield judged(NOT_SHOWN, None, unsure, "no data")
        else:
            shown = part.never if measured is None else show(part.unit, measured)
            yield judged(*_verdict(question, measured, unsure), shown)


def _verdict(question: Question, measured: float | None, unsure: str) -> tuple[str, float | None, str]:
    """The verdict, what was measured, and why. What is not shown yet can only become longer."""
    complaint, most = _complaint(question, measured), question.bounds.at_most
    exceeds = measured is None or (most is not None and measured > most)
    if unsure and not exceeds and (complaint or most is not None):
        return NOT_SHOWN, measured, unsure
    return (MISSED if complaint else MET), measured, complaint


def _complaint(question: Question, measured: float | None) -> str:
    """Why the value is outside its bounds; empty if it is not."""
    bounds, unit = question.bounds, question.part.unit
    if measured is None:
        return question.part.never
    if question.measure.yes_no is not None:
        return "" if measured == bounds.at_least else question.measure.yes_no[bool(measured)]
    if bounds.at_most is not None and measured > bounds.at_most:
        return "{} is more than {}".format(*show_apart(unit, measured, bounds.at_most))
    if bounds.at_least is not None and measured < bounds.at_least:
        return "{} is less than {}".format(*show_apart(unit, measured, bounds.at_least))
    return ""
