"""A system with a standby, who asks it for how much, and a run in which it serves everybody."""

from typing import Any

from simulator.outcome import Outcome
from simulator.readiness.whole import readiness_of
from simulator.result.readiness import Standby
from tests.small import HERE, NAME, THERE, Written, experiment, played, read, topology


def failing_over(**changes: Any) -> Written:
    """The small topology whose name turns to the other region, a standby, by a check."""
    return topology(
        **{
            "regions": {HERE: {}, THERE: {"role": "standby"}},
            "dns": {NAME: {"service": "api", "policy": "failover", "health_check": "check"}},
            "health_checks": {"check": {}},
        }
        | changes
    )


def people(**written: Any) -> Written:
    """A hundred people, but for what is said of them."""
    return {"near": HERE, "sessions": 100, "think_time": "10 s", "actions": {"view": 1}} | written


def standby(written: Written, **users: Any) -> Standby:
    """What is said of the only standby of a system that so many people use."""
    loaded = read(written, experiment(users={"people": people(**users)}))
    (found,) = readiness_of(loaded.topology, loaded.experiment).standbys
    return found


def arriving(requests_a_second: float) -> Written:
    """So many people a second, each of whom asks once and does not try again."""
    return {
        "near": HERE,
        "arrivals": f"{requests_a_second:.6f}/s",
        "session_length": "1 ms",
        "think_time": "1 h",
        "actions": {"view": 1},
        "client": {"attempts": 1, "timeout": "30 s"},
        "resolvers": {"extend_ttl": "0 %"},
    }


def all_there(written: Written, requests_a_second: float, minutes: float) -> Outcome:
    """A run in which everybody is served by the standby."""
    record = written["dns"][NAME] | {"order": [THERE, HERE]}
    return played(
        written | {"dns": {NAME: record}},
        experiment(
            users={"people": arriving(requests_a_second)},
            duration=f"{minutes} min",
            objective={"window": "10 s"},
        ),
    )
