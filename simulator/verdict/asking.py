"""What an expectation asks for: its measure, what it is narrowed to, and the bounds of each figure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulator.boundary.measure_terms import Measure, Part
from simulator.boundary.measures import BY_NAME, Asked
from simulator.records import dataclass
from simulator.result.whole import Bounds
from simulator.verdict.gates import CONFIDENCE
from simulator.verdict.wording import scope_text, show

if TYPE_CHECKING:  # a run that is ready to begin has been asked, and needs no models
    from simulator.language.models.expectations import Expectation, Likely


@dataclass(frozen=True)
class Question:
    """One figure of a measure, and what is expected of it."""

    measure: Measure
    part: Part
    asked: Asked
    bounds: Bounds
    text: str
    """As a reader would say it: `recovery_time at most 5 min`."""


Asking = tuple[Question, ...]
"""What one expectation asks."""


def questions(expectation: "Expectation") -> Iterator[Question]:
    """What an expectation asks for; several figures of a measure that has several parts."""
    (name,) = expectation.model_fields_set
    measure, written = BY_NAME[name], getattr(expectation, name)
    asked = _asked(measure, written)
    for part in measure.parts:
        bound = getattr(written, part.name) if part.name else written
        if bound is not None:
            said = " ".join(filter(None, (name, scope_text(measure, asked), part.name)))
            yield _question(measure, part, asked, bound, said)


def all_questions(expectations: Iterable["Expectation"]) -> tuple[Asking, ...]:
    """What each expectation asks."""
    return tuple(tuple(questions(one)) for one in expectations)


def asked_shares(expectations: Iterable["Expectation"]) -> list[float]:
    """The shares of actions whose recovery is asked for."""
    return shares(all_questions(expectations))


def shares(asked: Iterable[Asking]) -> list[float]:
    """The same of questions."""
    found = (question.asked.share for each in asked for question in each)
    return [share for share in found if share is not None]


def _asked(measure: Measure, written: Any) -> Asked:
    values = {key.field: getattr(written, key.attribute, None) for key in measure.scope.keys}
    return Asked(**{field: value for field, value in values.items() if value is not None})


def _question(measure: Measure, part: Part, asked: Asked, bound: Any, said: str) -> Question:
    if measure.yes_no is not None:
        return _yes_or_no(measure, part, asked, bound)
    if isinstance(bound, int):  # an exact count
        return Question(measure, part, asked, Bounds(bound, bound), f"{said} {bound}")
    low, high = _in_unit(bound.at_least, part), _in_unit(bound.at_most, part)
    for word, number in (("at least", low), ("at most", high)):
        if number is not None:
            said += f" {word} {show(part.unit, number, exact=True)}"
    return _likely(Question(measure, part, asked, Bounds(low, high), said), bound)


def _yes_or_no(measure: Measure, part: Part, asked: Asked, bound: Any) -> Question:
    assert measure.yes_no is not None
    holds = bound if isinstance(bound, bool) else bound.holds
    text = " ".join(filter(None, (measure.yes_no[holds], scope_text(measure, asked))))
    question = Question(measure, part, asked, Bounds(float(holds), float(holds)), text)
    return question if isinstance(bound, bool) else _likely(question, bound)


def _likely(question: Question, bound: "Likely") -> Question:
    """The question, with the share of all runs of which it is asked, if it is."""
    if bound.in_ is None:
        return question
    confidence = CONFIDENCE if bound.confidence is None else bound.confidence
    bounds = replace(question.bounds, in_=bound.in_, confidence=confidence)
    return replace(
        question, bounds=bounds, text=f"{question.text} in {show('share', bound.in_, exact=True)} of runs"
    )


def _in_unit(bound: Any, part: Part) -> float | None:
    """Durations are written in seconds, and held in nanoseconds."""
    number: float | None = bound / 10**9 if part.unit == "s" and bound is not None else bound
    return number
