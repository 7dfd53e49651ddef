"""The weeks before a run: simulated once, kept, and what alarms learn from them."""

from typing import Any

import numpy as np
import pytest

from simulator.history import planned as room
from simulator.history.stretches import quiet
from simulator.lowering.whole import lower
from simulator.measure.alarms import section
from simulator.outcome import Outcome
from simulator.plan.digests import digest_of
from simulator.plan.histories import HistoryPlan
from simulator.result.alarms import Alarm
from tests.small import HERE, experiment, plan_of, played, read, topology

API = {"api": {"regions": [HERE], "compute": {"lambda": {}}, "operations": {"view": [{"compute": "20 ms"}]}}}
SYSTEM: dict[str, Any] = {
    "services": API,
    "dns": {"api.example": {"service": "api", "policy": "simple", "ttl": "60 s"}},
}
USERS = {"people": {"near": HERE, "sessions": 12, "think_time": "4 s", "actions": {"view": 1}}}
BUSY = {"metric": "lambda.invocations", "of": f"api@{HERE}", "band": 3, "datapoints": "2 of 2"}
FAULT = {"at": "5 min", "service": "api", "region": HERE, "mode": "refused", "for": "4 min"}


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What was simulated for a test, by its key: nothing at first."""
    found: dict[str, Any] = {}
    monkeypatch.setattr(room, "keep", found.__setitem__)
    monkeypatch.setattr(room, "read", found.get)
    return found


def system(**alarms: Any) -> dict[str, Any]:
    return topology(**SYSTEM, alarms=alarms)


def run(**changes: Any) -> dict[str, Any]:
    return experiment(**{"duration": "16 min", "users": USERS} | changes)


def alarm(outcome: Outcome, name: str) -> Alarm:
    (found,) = [one for one in section(outcome) if one.alarm == name]
    return found


def test_a_plan_without_bands_is_as_it_was() -> None:
    plain_alarm = {key: BUSY[key] for key in ("metric", "of")} | {"threshold": "> 9"}
    loaded = read(system(busy=plain_alarm), run())
    plain = lower(loaded.experiment, loaded.topology, 1)
    assert digest_of(room.planned(loaded.experiment, loaded.topology, 1)) == digest_of(plain)


def test_two_weeks_of_the_usual_number_of_requests() -> None:
    """12 sessions that think for 4 s ask 180 times a minute, less the time that answers take."""
    (history,) = plan_of(system(busy=BUSY), run()).control.of(HistoryPlan)
    assert (history.alarm, history.first, len(history.values)) == (0, -20_160, 20_160)
    assert 170 < np.mean(history.values) < 181


def test_seeds_share_what_was_simulated_and_each_draws_its_own_weeks(kept: dict[str, Any]) -> None:
    (one,) = plan_of(system(busy=BUSY), run(), seed=1).control.of(HistoryPlan)
    assert len(kept) == 1
    (other,) = plan_of(system(busy=BUSY), run(faults=[FAULT]), seed=2).control.of(HistoryPlan)
    assert len(kept) == 1
    assert (one.values != other.values).any()
    assert set(one.values) == set(other.values)


def test_the_history_is_quiet_and_begins_where_the_run_does() -> None:
    """Tuesday 09:30, after a warm-up: the history ends with the first minute that counts."""
    written = run(faults=[FAULT], day="tuesday", time_of_day="09:30", warm_up="2 min")
    (history,) = plan_of(system(busy=BUSY), written).control.of(HistoryPlan)
    assert history.first + len(history.values) == (24 + 9) * 60 + 30
    loaded = read(system(busy=BUSY), written)
    calm, _ = quiet(loaded.experiment, loaded.topology)
    assert calm.faults == []


@pytest.mark.parametrize("seed", [1, 2])
def test_an_outage_leaves_the_band(seed: int) -> None:
    """Refused from 300 s to 540 s, for the service: minutes 5 to 8 have no data points, and break no band.

    Who takes missing minutes for breaching ones speaks when all five that it looks at are: 5 to 8, and 9,
    which is not published yet, so from 600 s to 660 s.
    """
    outcome = played(system(busy=BUSY, strict=BUSY | {"missing": "breaching"}), run(faults=[FAULT]), seed)
    found = alarm(outcome, "busy")
    assert found.band is not None
    assert len(found.band.begin_s) == 16
    inside = ~np.isnan(found.band.value)
    assert np.flatnonzero(~inside).tolist() == [5, 6, 7, 8]
    assert (found.band.lower < found.band.expected).all()
    assert (found.band.expected < found.band.upper).all()
    assert found.missed
    assert found.silent_because in ("within_the_band", "too_short")
    (interval,) = alarm(outcome, "strict").intervals_s
    assert 600 <= interval[0] <= 660


def test_a_new_alarm_has_no_band_and_says_so() -> None:
    """A band appears after a quarter of an hour at the soonest, which is one minute before the end."""
    outcome = played(system(busy=BUSY | {"history": "0 s"}), run(faults=[FAULT], duration="14 min"))
    found = alarm(outcome, "busy")
    assert (found.missed, found.silent_because, found.state) == (True, "no_band", "INSUFFICIENT_DATA")
    assert found.band is not None
    assert np.isnan(found.band.upper).all()


def test_nearest_is_what_lay_furthest_out() -> None:
    outcome = played(system(busy=BUSY | {"threshold": "below"}), run())
    found = alarm(outcome, "busy")
    assert found.band is not None
    assert found.nearest == np.nanmin(found.band.value[:-3])
