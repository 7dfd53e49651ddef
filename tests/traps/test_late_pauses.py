"""A pause of replication by a fault-injection service holds up to five minutes after it has been asked for.

AWS Fault Injection Service user guide, actions reference, `aws:dynamodb:global-table-pause-replication`:
replication may go on for up to five minutes after the action has begun. Who reckons from the call believes
that a region that is lost at the end of a pause of half an hour has half an hour of writes alone; it has
less, and a real partition of half an hour would cost more than the game day has shown.
"""

import pytest

from simulator.outcome import Outcome
from tests.small import played
from tests.traps.figures import first_s, moments_s

TOPOLOGY = """
    topology: a global table
    regions: {eu-central-1: {}, eu-west-1: {}}
    tables: {orders: {replicas: [eu-central-1, eu-west-1]}}
    services: {api: {regions: [eu-central-1, eu-west-1], operations: {order: [{write: orders}]}}}
    dns: {api.example: {service: api, policy: simple}}
    """

BEGIN_S, END_S = 600, 2400

EXPERIMENT = """
    experiment: a game day that ends with the loss of a region
    topology: system.yaml
    duration: 45 min
    users:
      people: {near: eu-central-1, sessions: 100, think_time: 5 s, actions: {order: 1}}
    faults:
      - {replication: {}, mode: paused, at: 10 min, for: 31 min}
      - {region: eu-central-1, mode: refused, at: 40 min}
    """


def of_game_day(seed: int) -> Outcome:
    asked = EXPERIMENT.replace("for: 31 min", "for: 31 min, takes_hold: {from: 0 s, to: 5 min}")
    return played(TOPOLOGY, asked, seed)


def alone_s(outcome: Outcome) -> float:
    """The age of the oldest write that is in the lost region alone."""
    (mark,) = [one for one in outcome.at_risk if one.writes]
    return (mark.at_ns - mark.oldest_ns) / 1e9


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_trap_the_lag_is_shorter_than_the_pause(seed: int) -> None:
    """It is as long as replication has stopped, from which to reckon is the remedy.

    Twenty requests a second: the oldest write is a moment, and a copy's lag, away.
    """
    outcome = of_game_day(seed)
    late_s = first_s(outcome, "replication_stopped") - BEGIN_S
    assert 1 < late_s < 300
    assert alone_s(outcome) == pytest.approx(END_S - BEGIN_S - late_s, abs=10)
    assert alone_s(played(TOPOLOGY, EXPERIMENT, seed)) == pytest.approx(END_S - BEGIN_S, abs=10)


def test_trap_a_short_pause_shows_nothing() -> None:
    """Three minutes, and it would hold after four. What stops copies in the end is the region's loss."""
    short = EXPERIMENT.replace("for: 31 min", "for: 3 min, takes_hold: 4 min")
    assert moments_s(played(TOPOLOGY, short), "replication_stopped") == [END_S, END_S]
