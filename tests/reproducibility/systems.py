"""A small system with something of everything, and a fault in it."""

from typing import Any

from tests.plan.building import Written

FIRST, SECOND, STANDBY = "eu-south-1", "eu-central-1", "eu-north-1"
NAME = "api.example"


def everything(**changes: Any) -> Written:
    """Three regions, two tables, failover by health checks, tokens. A change to None leaves a key out."""
    regions = [FIRST, SECOND, STANDBY]
    operations = {
        "act": [
            {"compute": {"median": "20 ms", "p99": "90 ms"}},
            {"read": "state", "key": "user"},
            {"write": "state"},
        ],
        "view": [{"compute": "8 ms"}, {"read": "board"}],
    }
    system = {
        "topology": "everything",
        "regions": {FIRST: {}, SECOND: {}, STANDBY: {"role": "standby"}},
        "tables": {
            "state": {"replicas": regions, "items": 500},
            "board": {"replicas": regions, "items": 50, "popularity": {"zipf": 0.9}},
        },
        "services": {"api": {"regions": regions, "operations": operations}},
        "dns": {NAME: {"service": "api", "policy": "failover", "ttl": "60 s", "health_check": "deep"}},
        "health_checks": {"deep": {"interval": "10 s"}},
        "identity": {"issuer": [FIRST, SECOND], "access_token": "10 min"},
    }
    return {key: value for key, value in (system | changes).items() if value is not None}


def outage(**changes: Any) -> Written:
    """Closed and open users for twelve minutes; the first region goes dark for five of them."""
    actions = {"act": 3, "view": 7}
    closed = {"near": FIRST, "sessions": 60, "session_length": {"median": "4 min", "p99": "20 min"}}
    opened = {"near": SECOND, "arrivals": "20/min", "session_length": {"mean": "3 min"}}
    habits = {"think_time": {"median": "6 s", "p99": "40 s"}, "actions": actions, "patience": "60 s"}
    return {
        "experiment": "outage",
        "topology": "topology.yaml",
        "duration": "12 min",
        "users": {"south": closed | habits, "centre": opened | habits},
        "faults": [{"at": "3 min", "for": "5 min", "region": FIRST, "mode": "black_hole"}],
        "expect": [{"recovery_time": {"at_most": "5 min"}}],
    } | changes
