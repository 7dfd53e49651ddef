"""A replica with less write capacity than its sender.

- Replicated writes draw write capacity in each replica, and one that has too little delays replication
  without an error (Amazon DynamoDB developer guide, *V2globaltables_reqs_bestpractices*). Local writers go
  first, so the users of the small region hardly notice; their data grow old.
- A partition gives 1,000 write units a second, to local writes and copies together (the same guide,
  *burst-adaptive-capacity*).
"""

import pytest

from simulator.measure.histogram import percentile_s
from simulator.measure.replication import Pair
from simulator.outcome import Outcome
from tests.small import HERE, THERE, Written, experiment, played, topology

SMALL, LARGE = 0, 1  # the regions by number: eu-central-1, eu-west-1


def _writers(near: str, rate: str, operation: str) -> Written:
    return {
        "near": near,
        "arrivals": rate,
        "session_length": "1 ms",
        "think_time": "1 h",
        "actions": {operation: 1},
        "client": "script",
    }


def _play(table: Written, from_large: str, in_small: str, duration: str, *faults: Written) -> Outcome:
    """One table with writers in two regions."""
    services = {
        "large": {"regions": [THERE], "operations": {"put_there": [{"write": "orders"}]}},
        "small": {"regions": [HERE], "operations": {"put_here": [{"write": "orders"}]}},
    }
    names = {f"{name}.example": {"service": name, "policy": "simple"} for name in services}
    users = {
        "many": _writers(THERE, from_large, "put_there"),
        "few": _writers(HERE, in_small, "put_here"),
    }
    tables = {"orders": {"replicas": [THERE, HERE], "items": 100_000} | table}
    return played(
        topology(tables=tables, services=services, dns=names),
        experiment(users=users, duration=duration, faults=list(faults)),
    )


def _provisioned(write: str, in_small: str) -> Written:
    return {
        "capacity": {"provisioned": {"write": write, "read": "10/s"}},
        "capacity_in": {HERE: {"provisioned": {"write": in_small, "read": "10/s"}}},
    }


def _units(outcome: Outcome, region: int) -> float:
    return float(outcome.tallies.units_milli[0, 0, region]) / 1000


def _arrived(outcome: Outcome) -> int:
    """Copies that the small region has taken."""
    return int(outcome.tallies.lag[0, LARGE, SMALL].sum())


def _done(outcome: Outcome, operation: str) -> int:
    """Actions of an operation that have ended, whatever became of them."""
    plan = outcome.plan
    names = [plan.operations[row] for row in plan.data.mix_operation]
    return int(outcome.tallies.latency_by_mix[names.index(operation)].sum())


def _longest_lag_s(outcome: Outcome) -> float:
    return Pair(outcome, 0, LARGE, SMALL).highest_s() or 0.0


def test_its_users_hardly_notice_and_its_data_grow_old() -> None:
    """20 copies and 1 local write a second into 10 units a second, for 600 s.

    With a burst of 300 s there are 10 · 600 + 3,000 = 9,000 units. 600 go to local writes, so 8,400 copies
    arrive, and the last of them was written at 8,400 / 20 = 420 s: the lag is 180 s.
    """
    outcome = _play(_provisioned("40/s", "10/s"), "20/s", "1/s", "10 min")
    assert outcome.tallies.actions[0] == outcome.tallies.actions.sum()
    assert outcome.tallies.store_throttled[0, 0, SMALL] < 0.1 * _done(outcome, "small.put_here")
    assert _units(outcome, SMALL) == pytest.approx(9000, rel=0.002)
    assert _arrived(outcome) == _units(outcome, SMALL) - _done(outcome, "small.put_here")
    assert _longest_lag_s(outcome) == pytest.approx(180, abs=12)


@pytest.mark.middle
def test_half_an_hour_of_it() -> None:
    """100 and 5 a second into 50: 50 · 1,800 + 15,000 - 9,000 = 96,000 copies arrive, 840 s of lag."""
    outcome = _play({"items": 1_000_000} | _provisioned("200/s", "50/s"), "100/s", "5/s", "30 min")
    assert outcome.tallies.actions[0] == outcome.tallies.actions.sum()
    assert outcome.tallies.store_throttled[0, 0, SMALL] < 0.08 * 9000
    assert _longest_lag_s(outcome) == pytest.approx(840, abs=15)


def test_nothing_is_drawn_while_the_replicator_stands_still() -> None:
    """Local writes alone draw units for ten minutes, and not one of them is throttled."""
    pause = {"at": "1 s", "replication": {"table": "orders"}, "mode": "paused"}
    outcome = _play(_provisioned("40/s", "10/s"), "20/s", "1/s", "10 min", pause)
    assert _arrived(outcome) < 20
    assert _units(outcome, SMALL) - _arrived(outcome) == pytest.approx(
        _done(outcome, "small.put_here"), abs=2
    )
    assert not outcome.tallies.store_throttled[0, 0, SMALL]


def test_nothing_is_drawn_once_the_source_is_gone() -> None:
    """After 300 s in which 20 a second met 10 units and a burst: 10 · 300 + 3,000 units; then no copy."""
    loss = {"at": "300 s", "region": THERE, "mode": "lost"}
    outcome = _play(_provisioned("40/s", "10/s"), "40/s", "1/s", "10 min", loss)
    local = 1 * 300
    assert _arrived(outcome) == pytest.approx(6000 - local, rel=0.01)
    late = outcome.tallies.lag_step_count[0, LARGE, SMALL, 31:]
    assert not late.any()


def test_catching_up_is_bounded_by_spare_capacity() -> None:
    """A pause of 600 s leaves 12,000 copies; at 20 times the rate of arrival they would be gone in 32 s.

    The bucket holds 9,000 units, and 30 a second come in: x seconds after the pause 9,000 + 30 x copies have
    arrived, so the lag is 150 - x / 2 seconds, and below 30 s after 240 s; a hundred writes more or less, as
    chance has it, are 10 s.
    """
    pause = {"at": "60 s", "for": "600 s", "replication": {"table": "orders"}, "mode": "paused"}
    outcome = _play(_provisioned("40/s", "30/s"), "20/s", "1/min", "17 min", pause)
    assert Pair(outcome, 0, LARGE, SMALL).catch_up_s() == pytest.approx(240, abs=25)


def test_a_hot_item_without_limits_has_the_lag_of_any_item() -> None:
    """The median of the table's distribution; the running maximum of independent draws would be seconds.

    A lag lasts for slots of 2.5 s, of which the run has 240: the standard error of the median is 1.25 · 0.78
    / sqrt(240) = 6 %.
    """
    outcome = _play({"items": 1, "capacity": "unlimited"}, "40/s", "40/s", "10 min")
    for pair in ((0, LARGE, SMALL), (0, SMALL, LARGE)):
        assert percentile_s(outcome.tallies.lag[pair], 0.5) == pytest.approx(0.41, rel=0.15)


def test_a_partition_bounds_local_writes_and_copies_of_an_item_together() -> None:
    """Items of 400 KB cost 400 units: 1,000 a second and 300,000 of burst make 300 s of 1,750 units.

    Two writers of 5 writes a second want 2 · 2,000 units in each region, which use up the burst in 100 s: 500
    writes of each. In the next 300 s each region takes 750 more, some its own and some copies. The last copy
    to arrive is as many writes after the 500th of its origin as copies have arrived since then.
    """
    capacity = {"capacity": {"provisioned": {"write": "1000000/s", "read": "10/s"}}}
    outcome = _play({"items": 1, "item_size": "400 KB"} | capacity, "5/s", "5/s", "400 s")
    copies = _arrived(outcome)
    own = _units(outcome, LARGE) / 400 - outcome.tallies.lag[0, SMALL, LARGE].sum()
    assert [_units(outcome, region) for region in (SMALL, LARGE)] == pytest.approx([700_000] * 2, abs=800)
    last_s = 100 + 300 * (copies - 500) / (own - 500)
    assert _longest_lag_s(outcome) == pytest.approx(400 - last_s, rel=0.1)
