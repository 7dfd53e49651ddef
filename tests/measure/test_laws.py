"""Each conservation law fails the run when it is broken."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simulator.errors import DefectError
from simulator.measure import laws
from simulator.outcome import Outcome
from simulator.seam import AtRisk
from tests.measure.handmade import outcome
from tests.plan.building import outcome_of
from tests.reproducibility.systems import everything, outage


@pytest.fixture(scope="module")
def sound() -> Outcome:
    """A run with something of everything."""
    return outcome_of(everything(), outage())


def raised(value: Any) -> Any:
    """The same with one more."""
    if not isinstance(value, np.ndarray):
        return value + 1
    more = value.copy()
    more.flat[0] += 1
    return more


BROKEN = {
    "attempts_started": "attempts = finished by outcome + in flight",
    "attempts_in_flight": "attempts = finished by outcome + in flight",
    "attempts": "finished attempts = their latencies",
    "token_started": "token requests = finished by outcome + in flight",
    "token_attempts": "token requests = finished by outcome + in flight",
    "actions_started": "actions = finished by outcome + in flight",
    "actions": "succeeded actions = their sum over windows",
    "window_succeeded": "succeeded actions = their sum over windows",
    "window_failed": "failed actions = their sum over windows",
    "sessions_started": "sessions = ended by class + alive",
    "sessions_ended": "sessions = ended by class + alive",
    "action_latency": "finished actions = their latencies",
    "attempt_latency": "finished attempts = their latencies",
    "writes": "acknowledged writes = visible + pending + suppressed + lost",
    "visible": "acknowledged writes = visible + pending + suppressed + lost",
    "suppressed": "acknowledged writes = visible + pending + suppressed + lost",
    "lost": "acknowledged writes = visible + pending + suppressed + lost",
    "pending": "acknowledged writes = visible + pending + suppressed + lost",
    "risk_late": "writes at risk = late + suppressed + lost + pending",
    "risk_pending": "writes at risk = late + suppressed + lost + pending",
    "lag": "copies by lag = copies by time",
}


@pytest.mark.parametrize(("tally", "law"), BROKEN.items(), ids=[*BROKEN])
def test_broken_law_is_a_defect(sound: Outcome, tally: str, law: str) -> None:
    laws.check(sound)
    tallies = replace(sound.tallies, **{tally: raised(getattr(sound.tallies, tally))})
    with pytest.raises(DefectError, match=law.replace("+", r"\+")):
        laws.check(replace(sound, tallies=tallies))


def test_attempts_by_region_are_bounded_by_those_begun(sound: Outcome) -> None:
    t = sound.tallies
    for wrong in (raised(t.window_fresh) + t.attempts_in_flight, np.zeros_like(t.window_fresh)):
        with pytest.raises(DefectError, match="attempts begun towards a region"):
            laws.check(replace(sound, tallies=replace(t, window_fresh=wrong)))


def test_marks_and_fates_of_writes_at_risk_agree(sound: Outcome) -> None:
    mark = AtRisk(table=0, region=0, at_ns=1, writes=1, oldest_ns=0)
    with pytest.raises(DefectError, match="writes at risk"):
        laws.check(replace(sound, at_risk=(*sound.at_risk, mark)))


def test_no_count_is_negative() -> None:
    laws.check(outcome("...."[:0] + "----"))
    with pytest.raises(DefectError, match="no count is negative: -1 is not 0"):
        laws.check(outcome("----", gave_up=-1))


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_a_defect(number: float) -> None:
    laws.check_finite({"a": [{"b": 1.5, "c": None, "d": "nan"}]})
    with pytest.raises(DefectError, match=r"not a finite number: a\.1\.b"):
        laws.check_finite({"a": [0.0, {"b": number}]})
