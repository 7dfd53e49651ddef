"""Each conservation law fails the run when it is broken."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simulator.boundary.outcomes import (
    CALL_FAILURES,
    ERROR,
    HISTOGRAM_BINS,
    OUTCOMES,
    OVERLOADED,
    SUCCEEDED,
    THROTTLED,
    THROTTLED_CALL,
    UNAUTHORIZED,
)
from simulator.boundary.tallies import AtRisk
from simulator.errors import DefectError
from simulator.measure import laws
from simulator.outcome import Outcome
from tests.measure.handmade import at, outcome, rich, times


@pytest.fixture
def sound() -> Outcome:
    """A run in which twelve attempts met every limit that there is.

    Six succeeded; two were throttled (by the stage, and by a table's capacity), one found a full queue, one
    token was rejected, and two, to an edge, got a cached error.
    """
    ended = [SUCCEEDED] * 6 + [THROTTLED] * 2 + [OVERLOADED, UNAUTHORIZED] + [ERROR] * 2
    attempts = np.bincount(ended, minlength=len(OUTCOMES))
    by_region = np.stack([attempts, np.zeros(len(OUTCOMES), np.int64)])
    by_region[0, ERROR] = 0
    return outcome(
        "--",
        plan=rich(2),
        attempts_started=12,
        attempts=attempts,
        attempt_latency=at((HISTOGRAM_BINS,), _9=12),
        attempts_by_region=by_region,
        window_pinned=at((2, 2), _0_0=10),
        window_sent=at((2, 3, 2), _0_0_0=7, _0_2_0=3),
        window_served=at((2, 2), _0_0=6),
        window_failed_region=at((2, 2), _0_0=1, _1_0=3),
        window_rejected=at((2, 2), _1_0=3),
        gateway_throttled=at((3, 2, 2), _1_0_0=1),
        overloaded=at((2, 2), _0_1=1),
        tokens_rejected=at((2,), _0=1),
        edge_errors=2,
        forced_logins=1,
        token_started=1,
        token_attempts=at((len(OUTCOMES),), _0=1),
        token_kinds=at((4,), _3=1),
        sessions_started=5,
        sessions_ended=at((5,), _0=2, _2=1),
        sessions_alive=at((5,), _1=2),
        sessions_by_cause=at((5, len(OUTCOMES)), **{f"_2_{ERROR}": 1, f"_1_{THROTTLED}": 2}),
        started=at((2, 2), _0_0=5, _0_1=3),
        cold_starts=at((2, 2), _0_0=5),
        peak_in_use=at((2, 2), _0_0=5),
        busy_time=times(at((2, 2), _0_0=900)),
        compute_time=times(at((2, 2), _0_0=900)),
        queued=at((2, 2), _0_1=3),
        queue_wait=at((HISTOGRAM_BINS,), _70=3),
        # three waits that ended, and one of a request that was lost
        queue_wait_time=times(at((2, 2), _0_1=250)),
        queue_integral_time=times(at((2, 2), _0_1=250)),
        calls=at((4, 2), _0_0=3, _2_0=2),
        call_tries=at((4, 2), _0_0=5, _2_0=2),  # at first try; at second; given up after two
        call_failures=at((len(CALL_FAILURES), 4, 2), **{f"_{THROTTLED_CALL}_0_0": 3}),
        calls_failed=at((4, 2), _0_0=1),
        store_throttled=at((2, 4, 2), _0_0_0=2, _1_0_0=1),
        cache_hits=at((4, 2), _2_0=1),
        cache_misses=at((4, 2), _2_0=1),
        increments=at((4,), _3=4),
        lost_increments=at((4,), _3=4),
    )


def raised(value: Any, *, by: int = 1) -> Any:
    """The same with one more, or several."""
    if not isinstance(value, np.ndarray):
        return value + by
    more = value.copy()
    more.flat[0] += by
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
    "latency_by_mix": "latencies of actions = of each population and operation",
    "actions_by_mix": "actions = of each population and operation",
    "bot_actions": "actions of bots = of each",
    "begun_by_mix": "actions begun = of each population and operation",
    "bad_by_mix": "actions bad = of each population and operation",
    "population_begun": "actions by window = of each population",
    "operation_begun": "actions by window = of each operation",
    "population_bad": "actions by window = of each population",
    "operation_waits_from": "actions by window = of each operation",
    "population_waits_until": "actions by window = of each population",
    "window_bad": "actions by window = of each operation",
    "window_sent": "attempts begun towards a region = of each population",
    "lost_ms_by_population": "user-minutes lost = of each population",
    "sessions_by_presence": "sessions alive during a fault = signed in + arriving",
    "attempt_latency": "finished attempts = their latencies",
    "writes": "acknowledged writes + under way at zero = visible + pending + discarded + lost",
    "under_way": "acknowledged writes + under way at zero = visible + pending + discarded + lost",
    "visible": "acknowledged writes + under way at zero = visible + pending + discarded + lost",
    "discarded": "acknowledged writes + under way at zero = visible + pending + discarded + lost",
    "lost": "acknowledged writes + under way at zero = visible + pending + discarded + lost",
    "pending": "acknowledged writes + under way at zero = visible + pending + discarded + lost",
    "risk_late": "writes at risk = late + discarded + lost + pending",
    "risk_pending": "writes at risk = late + discarded + lost + pending",
    "lag": "copies by lag = copies by time",
}


# the same where one more does not break a law that stands at its limit, but many do
BROKEN_BY_MANY = {
    "window_rejected": "no more but those that Lambda throttled",
    "window_served": "attempts served by window = by region",
    "window_failed_region": "attempts failed by window = by region",
    "attempts_by_region": "no more attempts by region than in all",
    "token_attempts": "token requests = finished by outcome + in flight",
    "edge_hits": "no more looks at edges than attempts",
    "sessions_by_cause": "sessions by class = by cause",
    "forced_logins": "no more forced logins than unauthorized attempts",
    "token_kinds": "no more token requests by kind than tries",
    "queue_wait_time": "waiting in queues = queue length over time",
    "queue_integral_time": "waiting in queues = queue length over time",
    "queue_wait": "requests that waited = their waits",
    "queued": "no more requests that waited than work",
    "started": "no more work than requests",
    "cold_starts": "no more cold starts than work",
    "peak_in_use": "no more work at once than in all",
    "compute_time": "no more time in compute steps than at work",
    "calls": "no more calls than tries",
    "calls_failed": "no more calls given up than calls",
    "call_tries": "no more tries than failures and one a call",
    "call_failures": "no more failed tries than tries",
    "store_throttled": "throttled tries = tries over a table's capacity",
    "cache_misses": "no more hits and misses than calls",
    "lost_increments": "no more increments lost than made",
    "lost_updates": "no more lost updates than discarded writes",
    "lost_updates_of_item": "lost updates = their sum over items",
    "missing": "no more writes missing than acknowledged",
}

# and where one less does
BROKEN_BY_NONE = {
    "gateway_throttled": "no more throttled attempts than limits met",
    "overloaded": "no more overloaded attempts than were turned away as such",
    "tokens_rejected": "no more unauthorized attempts than tokens rejected",
}


def assert_broken(run: Outcome, law: str, **tallies: Any) -> None:
    laws.check(run)
    with pytest.raises(DefectError, match=law.replace("+", r"\+")):
        laws.check(replace(run, tallies=replace(run.tallies, **tallies)))


@pytest.mark.parametrize(("tally", "law"), BROKEN.items(), ids=[*BROKEN])
def test_broken_law_is_a_defect(sound: Outcome, tally: str, law: str) -> None:
    assert_broken(sound, law, **{tally: raised(getattr(sound.tallies, tally))})


@pytest.mark.parametrize(("tally", "law"), BROKEN_BY_MANY.items(), ids=[*BROKEN_BY_MANY])
def test_more_than_there_can_be_is_a_defect(sound: Outcome, tally: str, law: str) -> None:
    assert_broken(sound, law, **{tally: raised(getattr(sound.tallies, tally), by=100)})


@pytest.mark.parametrize(("tally", "law"), BROKEN_BY_NONE.items(), ids=[*BROKEN_BY_NONE])
def test_effect_without_a_cause_is_a_defect(sound: Outcome, tally: str, law: str) -> None:
    assert_broken(sound, law, **{tally: np.zeros_like(getattr(sound.tallies, tally))})


def test_calls_given_up_have_failed(sound: Outcome) -> None:
    law = "no more calls given up than failed tries"
    assert_broken(sound, law, calls_failed=at((4, 2), _0_0=1, _2_0=1))


def test_attempts_by_region_are_bounded_by_those_begun(sound: Outcome) -> None:
    law, begun = "attempts begun towards a region", sound.tallies.window_pinned
    assert_broken(sound, law, window_pinned=raised(begun))
    assert_broken(sound, law, window_pinned=np.zeros_like(begun))


def test_marks_and_fates_of_writes_at_risk_agree(sound: Outcome) -> None:
    mark = AtRisk(store=0, region=0, at_ns=1, writes=1, oldest_ns=0)
    with pytest.raises(DefectError, match="writes at risk"):
        laws.check(replace(sound, at_risk=(*sound.at_risk, mark)))


def test_no_count_is_negative() -> None:
    laws.check(outcome("----"))
    with pytest.raises(DefectError, match="no count is negative: -1 is not 0"):
        laws.check(outcome("----", gave_up=-1))


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_a_defect(number: float) -> None:
    laws.check_finite({"a": [{"b": 1.5, "c": None, "d": "nan"}]})
    with pytest.raises(DefectError, match=r"not a finite number: a\.1\.b"):
        laws.check_finite({"a": [0.0, {"b": number}]})
