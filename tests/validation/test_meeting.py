"""Which requests meet which fault, counted by hand, and what is said of faults that none meets.

Ten requests a second for a minute are six hundred; arrivals are Poisson, so within 15 % of that (six sigma).
"""

import pytest

import simulator
from tests.small import HERE, NAME, THERE, Written, experiment, read, topology

AWAY = "us-east-1"
SYSTEM = topology(
    tables={"orders": {"replicas": [HERE, THERE], "items": 1000}, "spare": {"replicas": [HERE]}},
    caches={"recent": {"regions": [HERE], "items": 1000}},
    services={
        "api": {
            "regions": [HERE],
            "operations": {
                "view": [
                    {"compute": "1 ms"},
                    {"cache": "recent", "miss": "orders"},
                    {"read": "orders"},
                    {"write": "orders"},
                ]
            },
        },
        "idle": {"regions": [HERE, THERE], "operations": {"look": [{"compute": "1 ms"}]}},
    },
    dns={
        NAME: {"service": "api", "policy": "simple", "ttl": "60 s"},
        "idle.example": {"service": "idle", "policy": "simple", "ttl": "60 s"},
    },
    identity={"issuer": [HERE], "access_token": "1 h"},
)
PEOPLE = {
    "near": AWAY,
    "arrivals": "10/s",
    "session_length": "1 ms",
    "think_time": "1 h",
    "actions": {"view": 1},
    "client": {"profile": "script", "attempts": 1},
}
MINUTE = {"at": "60 s", "for": "60 s"}


def run(fault: Written, system: Written = SYSTEM, seed: int = 1) -> simulator.Result:
    """Three minutes of ten requests a second, each with its sign-in, and a fault."""
    bounds = [{"recovery_time": {"at_most": "2 min"}}, {"isolation": True}]
    run = experiment(users={"people": PEOPLE}, duration="3 min", faults=[MINUTE | fault], expect=bounds)
    return simulator.run(read(system, run), seed=seed)


def met(fault: Written, system: Written = SYSTEM) -> int:
    """How many requests met a fault."""
    (one,) = run(fault, system).recovery.faults
    return one.requests


@pytest.mark.parametrize(
    ("fault", "requests"),
    [
        ({"service": "api", "mode": "error", "share": "1 %"}, 600),  # whether or not it harms them
        ({"issuer": HERE, "mode": "slow", "add": "1 ms"}, 600),  # sign-ins
        ({"region": HERE, "mode": "slow", "add": "1 ms"}, 1200),  # sign-ins and views
        ({"link": {"between": [AWAY, HERE]}, "mode": "slow", "add": "1 ms"}, 1200),
        ({"link": {"from": AWAY, "to": THERE}, "mode": "cut"}, 0),
        ({"link": {"between": [HERE, THERE]}, "mode": "cut"}, 600),  # each reads and writes a stopped pair
        ({"replication": {"table": "orders"}}, 600),
        ({"replication": {"table": "spare"}}, 0),
        ({"region": THERE, "mode": "black_hole"}, 600),
        ({"service": "idle", "mode": "refused"}, 0),
        ({"table": "orders", "mode": "throttled", "share": "1 %"}, 600),
        ({"table": "orders", "mode": "slow", "add": "1 ms", "region": THERE}, 0),
        ({"table": "spare", "mode": "refused"}, 0),
        ({"cache": "recent", "mode": "slow", "add": "1 ms"}, 600),
        ({"clock": HERE, "skew": "1 s"}, 600),
        ({"clock": THERE, "skew": "1 s"}, 0),
        ({"zone": f"{HERE}c", "mode": "refused"}, 0),  # no instances in it, and two others for the table
        ({"dns": "idle.example", "mode": "error"}, 0),
        ({"surge": "people", "factor": 2}, 2400),
        ({"bots": {"near": AWAY, "rate": "5/s", "actions": {"look": 1}}}, 300),
    ],
)
def test_a_request_meets_what_it_consults(fault: Written, requests: int) -> None:
    assert met(fault) == pytest.approx(requests, rel=0.15)


def test_resolvers_ask_a_names_servers_when_their_answers_expire() -> None:
    """About a hundred of them, each once a minute; slow to lose, so that none asks twice."""
    assert 60 < met({"dns": NAME, "mode": "black_hole", "share": "1 %"}) < 140


def test_what_a_flush_took_away_is_missed_once_an_item() -> None:
    """A thousand items, all in the cache after some minutes; each is looked for and filled again."""
    flush = {"cache": "recent", "mode": "flushed", "at": "120 s", "for": None}
    flush = {key: value for key, value in (MINUTE | flush).items() if value is not None}
    bounds = [{"recovery_time": {"at_most": "2 min"}}]
    people = PEOPLE | {"arrivals": "40/s"}
    told = experiment(users={"people": people}, duration="5 min", faults=[flush], expect=bounds)
    (fault,) = simulator.run(read(SYSTEM, told), seed=1).recovery.faults
    assert fault.requests == pytest.approx(1000, rel=0.05)


def test_requests_whose_work_is_lost_meet_what_took_it() -> None:
    """Half a second's work, ten a second: five are under way when the region flickers for a millisecond."""
    slow = SYSTEM | {"services": {"api": {"regions": [HERE], "operations": {"view": [{"compute": "2 s"}]}}}}
    slow |= {"dns": {NAME: SYSTEM["dns"][NAME]}, "identity": {"issuer": [THERE], "access_token": "1 h"}}
    flicker = {"region": HERE, "mode": "black_hole", "for": "1 ms"}
    assert 8 <= met(flicker, slow) <= 35


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"service": "api", "mode": "slow", "add": "1 ms"}, "met"),
        ({"region": THERE, "mode": "black_hole"}, "met"),
        ({"replication": {"table": "orders"}}, "met"),
        ({"service": "idle", "mode": "refused"}, "not_exercised"),
        ({"link": {"from": AWAY, "to": THERE}, "mode": "cut"}, "not_exercised"),
        ({"dns": "idle.example", "mode": "error"}, "not_exercised"),
        ({"table": "spare", "mode": "refused"}, "not_exercised"),
    ],
)
def test_only_a_fault_that_no_request_met_is_not_exercised(fault: Written, told: str) -> None:
    result = run(fault)
    assert [one.verdict for one in result.expectations] == [told, told]
    if told == "met":
        assert result.recovery.recovery_time_s == 0
    else:
        assert {one.reason for one in result.expectations} == {"no request met a fault"}


def test_a_frozen_control_plane_is_met_by_operators_whom_it_refuses() -> None:
    system = topology()
    frozen = {"control_plane": "route53", "mode": "frozen"}
    changes = [{"at": "90 s", "change": NAME, "weights": {HERE: 1, THERE: 0}}]
    system["dns"][NAME] = {"service": "api", "policy": "weighted", "weights": {HERE: 1, THERE: 1}}
    told = experiment(duration="3 min", faults=[MINUTE | frozen], operator=changes)
    (fault,) = simulator.run(read(system, told), seed=1).recovery.faults
    assert fault.requests == 1  # at 90 s; a minute later it is accepted
