"""A small system with something of everything, and a fault in it."""

from typing import Any

from tests.small import NAME, Written, experiment, topology

FIRST, SECOND, STANDBY = "eu-south-1", "eu-central-1", "eu-north-1"


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
    return topology(**system | changes)


def outage(**changes: Any) -> Written:
    """Closed and open users for twelve minutes; the first region goes dark for five of them."""
    actions = {"act": 3, "view": 7}
    closed = {"near": FIRST, "sessions": 60, "session_length": {"median": "4 min", "p99": "20 min"}}
    opened = {"near": SECOND, "arrivals": "20/min", "session_length": {"mean": "3 min"}}
    habits = {"think_time": {"median": "6 s", "p99": "40 s"}, "actions": actions, "patience": "60 s"}
    run = {
        "experiment": "outage",
        "duration": "12 min",
        "users": {"south": closed | habits, "centre": opened | habits},
        "faults": [{"at": "3 min", "for": "5 min", "region": FIRST, "mode": "black_hole"}],
        "expect": [{"recovery_time": {"at_most": "5 min"}}],
    }
    return experiment(**run | changes)


def whole_path() -> Written:
    """Every hop of the request path, with so little room that each of them turns some requests away."""
    regions = ["eu-west-1", "eu-central-1"]
    careful = {"window": 20, "least": 10, "open": "5 s", "probes": 3}
    operations = {
        "act": [
            {"compute": {"median": "20 ms", "p99": "90 ms"}},
            {"read": "state"},
            {"write": "state", "idempotent": True},
            {"increment": "counters"},
            {"put": "files"},
        ],
        "view": [{"compute": "8 ms"}, {"cache": "front", "miss": "state"}, {"cache": "counters"}],
    }
    provisioned = {"provisioned": {"write": "2/s", "read": "4/s"}}
    stores = {"replicas": regions, "items": 40}
    return {
        "topology": "the whole path",
        "regions": {region: {} for region in regions},
        "tables": {"state": stores | {"capacity": provisioned}, "log": stores},
        "caches": {
            "front": {"regions": regions, "items": 30, "time_to_live": "20 s"},
            "counters": {"regions": regions, "items": 5, "multi_region": True},
        },
        "buckets": {"files": stores},
        "services": {
            "api": {
                "regions": regions,
                "gateway": {"limit": {"rate": "12/s", "burst": 5}, "timeout": "3 s"},
                "compute": {"lambda": {"reserved": 4, "idle": "30 s"}},
                "verifies_tokens": "gateway",
                "calls": {"profile": "aws-adaptive", "circuit_breaker": careful, "connection_age": "30 s"},
                "operations": operations,
            },
            "shop": {
                "regions": regions,
                "compute": {"nodes": {"workers": 1, "queue": 2}},
                "verifies_tokens": "compute",
                "operations": {"buy": [{"compute": {"mean": "400 ms"}}, {"write": "log"}]},
            },
            "static": {
                "regions": regions,
                "cdn": {"origins": regions, "ttl": "20 s"},
                "operations": {"page": [{"get": "files"}]},
            },
        },
        "dns": {
            NAME: {"service": "api", "policy": "failover", "health_check": "deep"},
            "shop.example": {"service": "shop", "policy": "latency", "evaluate_target_health": True},
            "static.example": {"service": "static", "policy": "simple"},
        },
        "health_checks": {"deep": {"interval": "10 s"}},
        "identity": {"issuer": regions, "access_token": "3 min", "keys": "regional", "keys_cache": "1 min"},
    }


def much_trouble(**changes: Any) -> Written:
    """A region dark, a zone lost, a table erring, a name gone, a surge, bots: for twelve minutes in all."""
    actions = {"act": 3, "view": 4, "buy": 2, "page": 2}
    habits = {"think_time": {"median": "3 s", "p99": "20 s"}, "actions": actions, "patience": "60 s"}
    patient = {"profile": "aws-adaptive", "attempts": 4, "timeout": "5 s", "connect_timeout": "2 s"}
    run = {
        "experiment": "much trouble",
        "duration": "12 min",
        "users": {
            "west": {"near": "eu-west-1", "sessions": 30, "client": patient} | habits,
            "centre": {"near": "eu-central-1", "arrivals": "30/min", "session_length": "2 min"} | habits,
        },
        "faults": [
            {"at": "1 min", "for": "2 min", "region": "eu-west-1", "mode": "refused"},
            {"at": "2 min", "for": "2 min", "zone": "eu-central-1b", "mode": "black_hole"},
            {"at": "1 min", "for": "3 min", "table": "state", "mode": "error", "share": "40 %"},
            {"at": "30 s", "for": "2 min", "table": "log", "region": "eu-central-1", "mode": "empty_answer"},
            {"at": "90 s", "for": "1 min", "surge": "west", "factor": 3},
            {
                "at": "2 min",
                "for": "1 min",
                "bots": {"near": "us-east-1", "rate": "8/s", "actions": {"view": 1}},
            },
            {"at": "3 min", "cache": "front", "mode": "flushed"},
        ],
        "expect": [{"throttled": {"at_least": "1 %"}}],
    }
    return experiment(**run | changes)
