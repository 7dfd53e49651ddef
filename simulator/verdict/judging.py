"""Expectations against measures: met, missed, or not exercised. No gate passes because nothing happened."""

from dataclasses import dataclass
from typing import Any

from simulator.errors import EXIT_INCONCLUSIVE, EXIT_MET, EXIT_MISSED
from simulator.language.models.expectations import Expectation
from simulator.measure.windows import Windows
from simulator.verdict.measured import Value
from simulator.verdict.values import values_of
from simulator.verdict.wording import show, show_apart

MET, MISSED, NOT_EXERCISED = "met", "missed", "not_exercised"

EXIT_CODES = {
    MET: EXIT_MET,
    MISSED: EXIT_MISSED,
    "inconclusive": EXIT_INCONCLUSIVE,
    "no_expectations": EXIT_MET,
}


@dataclass(frozen=True)
class Judgement:
    """One expectation, judged."""

    expectation: str  # as a reader would say it: "recovery_time at most 5 min"
    verdict: str
    measured: Any  # seconds, a count, a share; None where there is no data
    shown: str  # the same for a reader
    reason: str  # why it is missed or not exercised; empty if met


def judge(expectations: list[Expectation], sections: dict[str, Any], windows: Windows) -> list[Judgement]:
    """Judge each expectation; one with several parts (peaks) gives several judgements.

    `windows` are those of the run, which the sections do not hold.
    """
    measured = sections | {"windows": windows}
    return [_judge(value) for one in expectations for value in values_of(one, measured)]


def overall(judgements: list[Judgement]) -> str:
    """`missed` if any is; else `inconclusive` if any was not exercised; else `met`, or `no_expectations`."""
    verdicts = {judgement.verdict for judgement in judgements}
    if MISSED in verdicts:
        return MISSED
    if NOT_EXERCISED in verdicts:
        return "inconclusive"
    return MET if verdicts else "no_expectations"


def _judge(value: Value) -> Judgement:
    if value.not_exercised:
        return Judgement(value.text, NOT_EXERCISED, None, "no data", value.not_exercised)
    reason = _complaint(value)
    return Judgement(value.text, MISSED if reason else MET, value.measured, _shown(value), reason)


def _complaint(value: Value) -> str:
    """Why the value is outside its bounds; empty if it is not."""
    if value.measured is None:
        return value.missing
    if value.at_most is not None and value.measured > value.at_most:
        return "{} is more than {}".format(*show_apart(value.unit, value.measured, value.at_most))
    if value.at_least is not None and value.measured < value.at_least:
        return "{} is less than {}".format(*show_apart(value.unit, value.measured, value.at_least))
    return ""


def _shown(value: Value) -> str:
    return value.missing if value.measured is None else show(value.unit, value.measured)
