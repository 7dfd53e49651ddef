"""Expectations against measures: met, missed, not shown, or not exercised.

No gate passes because nothing happened, and none because the run ended too early to tell.
"""

from collections.abc import Callable, Iterator, Sequence

from simulator.language.models.expectations import Expectation
from simulator.measure.findings import findings
from simulator.result.whole import Judgement, Sections
from simulator.verdict.asking import Question, questions
from simulator.verdict.wording import scope_values, show, show_apart

MET, MISSED, NOT_SHOWN, NOT_EXERCISED = "met", "missed", "not_shown", "not_exercised"

_BAD = (MET, NOT_EXERCISED, NOT_SHOWN, MISSED)
"""From the best to the worst."""

_Verdict = Callable[[str, float | None, str, str], Judgement]
"""From a verdict, what was measured, the reason, and what is shown."""


def judge(
    expectations: Sequence[Expectation], run: Sections, file: str = "", lines: Sequence[int | None] = ()
) -> tuple[Judgement, ...]:
    """Judge each expectation; one with several parts (peaks) gives several judgements.

    `lines` are those of the expectations in `file`, None for one that was set from outside; none if they
    were not read from a file.
    """
    return tuple(one for each in judge_each(expectations, run, file, lines) for one in each)


def judge_each(
    expectations: Sequence[Expectation], run: Sections, file: str = "", lines: Sequence[int | None] = ()
) -> tuple[tuple[Judgement, ...], ...]:
    """The same, the judgements of each question together: how many these are may differ from run to run."""
    places: Sequence[int | None] = lines or [None] * len(expectations)
    return tuple(
        tuple(_judge(question, run, _of(question, file, line)))
        for one, line in zip(expectations, places, strict=True)
        for question in questions(one)
    )


def worst(judgements: Sequence[Judgement]) -> Judgement:
    """Of several judgements of a question the worst, the first of its kind."""
    return max(judgements, key=lambda one: _BAD.index(one.verdict))


def overall(judgements: Sequence[Judgement]) -> str:
    """`missed` if any is; else `inconclusive` if any was not shown or not exercised; else `met`.

    `no_expectations` if there are none.
    """
    verdicts = {judgement.verdict for judgement in judgements}
    if MISSED in verdicts:
        return MISSED
    if verdicts & {NOT_SHOWN, NOT_EXERCISED}:
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
