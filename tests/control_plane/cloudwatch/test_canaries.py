"""Canaries: what a program that asks once a minute sees, and how it fails by itself."""

from typing import Any

import numpy as np
import pytest

from simulator.measure.monitoring import section
from simulator.outcome import Outcome
from simulator.result.monitoring import KeptMetric
from tests.small import HERE, THERE, experiment, played, topology

SYSTEM: dict[str, Any] = {
    "services": {"api": {"regions": [HERE], "operations": {"view": [{"compute": "200 ms"}]}}},
    "metrics": ["canary.*"],
}


def watched(duration: str, *faults: dict[str, Any], **canary: Any) -> Outcome:
    """Nobody but a canary in the other region."""
    canaries = {"outside": {"near": THERE, "operation": "view"} | canary}
    return played(
        topology(**SYSTEM, canaries=canaries), experiment(duration=duration, users={}, faults=[*faults])
    )


def kept(outcome: Outcome, metric: str) -> KeptMetric:
    monitoring = section(outcome)
    assert monitoring is not None
    (found,) = [one for one in monitoring.metrics if one.metric == metric]
    return found


def test_a_canary_asks_once_a_minute_and_is_no_user() -> None:
    """Sixty runs in an hour, one in each minute; between regions 25 ms apart it takes some 300 ms."""
    outcome = watched("1 h", fails="0 %")
    success = kept(outcome, "canary.success_percent").series
    assert success.sum.tolist() == [100.0] * 60
    assert success.sample_count.tolist() == [1.0] * 60
    assert outcome.tallies.bot_actions.sum() == 60
    assert outcome.tallies.actions.sum() == 0
    assert kept(outcome, "canary.duration").series.average == pytest.approx(300, abs=100)
    assert kept(outcome, "canary.failed").points == 0


def test_a_canary_sees_an_outage_and_goes_dark_with_its_own_region() -> None:
    """The service is dark from 10 to 20 min, the canary's own region from 30 to 40: then it asks nothing."""
    faults = [
        {"at": f"{at} min", "region": region, "mode": "refused", "for": "10 min"}
        for at, region in ((10, HERE), (30, THERE))
    ]
    outcome = watched("50 min", *faults, fails="0 %")
    success = kept(outcome, "canary.success_percent").series
    minutes = [round(begin / 60) for begin in success.begin_s]
    assert minutes == [*range(30), *range(40, 50)]
    assert success.average.tolist() == [100.0] * 10 + [0.0] * 10 + [100.0] * 20
    assert outcome.tallies.bot_actions.sum() == 40


def test_some_runs_fail_by_themselves() -> None:
    """A fifth of 600 runs: 120, with a standard deviation of 10. Those fail that are counted as failed."""
    outcome = watched("10 h", fails="20 %")
    failed = kept(outcome, "canary.failed").series
    assert failed.sum.sum() == pytest.approx(120, abs=40)
    success = kept(outcome, "canary.success_percent").series
    assert np.array_equal(success.begin_s[success.average == 0.0], failed.begin_s)
