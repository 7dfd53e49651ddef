"""The same question put to faults of every kind has the same answer whoever the users are.

Three questions: a stop of five minutes, a nuisance that the objective allows, and a loss that never ends.
Each right value follows by hand. A few seeds in the quick tests, more in the other tiers.
"""

import pytest

import simulator
from tests import tiers
from tests.small import HERE, NAME, THERE, Written, experiment, read
from tests.validation.test_meeting import AWAY, PEOPLE, SYSTEM

seeds = tiers.seeds(2)

BOUNDS = [{"recovery_time": {"at_most": "6 min"}}, {"isolation": True}]


def ran(fault: Written, seed: int, **changes: object) -> simulator.Result:
    """Twenty minutes of ten sessions a second, of one sign-in and one view each."""
    users = {"people": PEOPLE | {"resolvers": {"extend_ttl": "0 %"}}}
    told = experiment(users=users, duration="20 min", faults=[fault], expect=BOUNDS)
    return simulator.run(read(SYSTEM, told | changes), seed=seed)


def verdicts(result: simulator.Result) -> list[str]:
    """In the order in which they are asked for."""
    return [one.verdict for one in result.expectations]


STOPS = [
    {"region": HERE, "mode": "refused"},
    {"region": HERE, "mode": "black_hole"},
    {"service": "api", "mode": "error"},
    {"issuer": HERE, "mode": "refused"},  # everybody signs in first
    {"link": {"between": [AWAY, HERE]}, "mode": "cut"},
    {"table": "orders", "mode": "refused"},
    {"dns": NAME, "mode": "error"},
]


@seeds
@pytest.mark.parametrize("fault", STOPS, ids=lambda fault: " ".join(map(str, fault.values())))
def test_a_stop_of_five_minutes_lasts_five_minutes(fault: Written, seed: int) -> None:
    """Failures to look up are kept for a second, and who waits in silence does so for 30 s."""
    result = ran({"at": "5 min", "for": "5 min"} | fault, seed)
    assert verdicts(result) == ["met", "missed"]
    took_s = result.recovery.recovery_time_s
    assert took_s is not None
    assert 290 <= took_s <= 330
    assert result.exit_code == 1


def test_who_was_under_way_when_it_began_does_not_speak_against_the_time_before() -> None:
    """With this seed enough of them to spoil the last block before it; none of those began 10 s earlier."""
    assert verdicts(ran({"at": "5 min", "for": "5 min"} | STOPS[0], 13)) == ["met", "missed"]


NUISANCES = [
    {"service": "api", "mode": "error", "share": "2 %"},
    {"region": HERE, "mode": "slow", "add": "100 ms"},
    {"issuer": HERE, "mode": "error", "share": "2 %"},
    {"link": {"between": [AWAY, HERE]}, "mode": "lossy", "share": "1 %"},
    {"link": {"between": [HERE, THERE]}, "mode": "cut"},
    {"table": "orders", "mode": "error", "share": "10 %"},  # the SDK tries again
    {"cache": "recent", "mode": "refused"},  # the table behind it answers
    {"dns": NAME, "mode": "black_hole", "share": "10 %"},  # resolvers try again
    {"replication": {"table": "orders"}},
    {"region": THERE, "mode": "black_hole"},
    {"clock": HERE, "skew": "1 s"},
    {"surge": "people", "factor": 2},
]


@seeds
@pytest.mark.parametrize("fault", NUISANCES, ids=lambda fault: " ".join(map(str, fault.values())))
def test_what_the_design_bears_is_met_with_0_s(fault: Written, seed: int) -> None:
    result = ran({"at": "5 min", "for": "5 min"} | fault, seed, objective={"success": "95 %"})
    assert verdicts(result) == ["met", "met"]
    assert result.recovery.recovery_time_s == 0
    (met,) = result.recovery.faults
    assert met.requests > 0
    assert result.exit_code == 0


UNUSED = [
    {"service": "idle", "mode": "refused"},
    {"table": "spare", "mode": "black_hole"},
    {"link": {"from": AWAY, "to": THERE}, "mode": "cut"},
    {"dns": "idle.example", "mode": "error"},
]


@seeds
@pytest.mark.parametrize("fault", UNUSED, ids=lambda fault: " ".join(map(str, fault.values())))
def test_what_nobody_meets_is_not_exercised(fault: Written, seed: int) -> None:
    result = ran({"at": "5 min", "for": "5 min"} | fault, seed)
    assert verdicts(result) == ["not_exercised", "not_exercised"]
    assert result.exit_code == 4


FOR_EVER = [
    {"service": "api", "mode": "error", "share": "4 %"},
    {"issuer": HERE, "mode": "error", "share": "4 %"},
    {"region": HERE, "mode": "error", "share": "2 %"},  # of sign-ins and of views
]


@seeds
@pytest.mark.parametrize("fault", FOR_EVER, ids=lambda fault: " ".join(map(str, fault.values())))
def test_what_fails_four_times_as_often_as_it_may_never_recovers(fault: Written, seed: int) -> None:
    """Of 600 actions a minute 24 fail where 6 may: fifteen minutes without recovery are missed for sure."""
    result = ran({"at": "5 min"} | fault, seed)
    assert verdicts(result) == ["missed", "missed"]
    assert result.exit_code == 1
