"""A system in which much is under way when something breaks: at a door, an authorizer, in queues, at work.

Drawn experiments seldom catch a request in such a place.
"""

from typing import Any

from tests.twin.drawn import Spec

COMPUTE: dict[str, Any] = {
    "nodes": {"nodes": {"per_zone": 1, "workers": 1, "queue": 5}},
    "functions": {"lambda": {"init": "200 ms", "reserved": 6, "idle": "10 s"}},
    "unlimited": "unlimited",
}

_REGIONS = ("eu-south-1", "eu-north-1")
_FLAPPING = {"for": "110 s", "flapping": {"period": "7 s", "duty": "30 %"}}


def _service(compute: Any) -> Spec:
    steps = [{"write": "table"}, {"compute": {"mean": "300 ms"}}, {"put": "bucket"}, {"read": "table"}]
    return {
        "regions": [*_REGIONS],
        "gateway": {"timeout": "2 s"},
        "compute": compute,
        "verifies_tokens": "gateway",
        "operations": {"work": steps},
    }


def topology(compute: Any) -> Spec:
    """Two regions, a service that is hard pressed, keys from far away that are soon forgotten, a website."""
    origins = {"origins": [*_REGIONS], "ttl": "1 s", "error_ttl": "1 s", "connect_timeout": "1 s"}
    website = {"regions": [*_REGIONS], "cdn": origins, "operations": {"look": [{"get": "bucket"}]}}
    return {
        "topology": "crowded",
        "regions": {region: {} for region in (*_REGIONS, "us-east-1")},
        "tables": {"table": {"replicas": [*_REGIONS], "items": 5}},
        "buckets": {"bucket": {"replicas": [*_REGIONS], "items": 2}},
        "services": {"api": _service(compute), "web": website},
        "dns": {
            "api.example": {"service": "api", "policy": "weighted", "weights": dict.fromkeys(_REGIONS, 1)},
            "web.example": {"service": "web", "policy": "simple"},
        },
        "identity": {"issuer": ["us-east-1"], "keys_cache": "1 s", "verifiers": 2},
    }


FAULTS: dict[str, Spec] = {
    "region refuses": {"region": "eu-south-1", "mode": "refused"},
    "region is dark": {"region": "eu-south-1", "mode": "black_hole"},
    "service refuses": {"service": "api", "mode": "refused"},
    "zone refuses": {"zone": "eu-south-1a", "mode": "refused"},
    "zone is dark": {"zone": "eu-south-1b", "mode": "black_hole"},
    "zone errs": {"zone": "eu-south-1a", "mode": "error", "share": "60 %"},
    "zone is slow": {"zone": "eu-south-1b", "mode": "slow", "factor": 4, "add": "200 ms"},
    "node dies": {"node": "1 of api@eu-south-1", "mode": "refused"},
    "node is silent": {"node": "0 of api@eu-south-1", "mode": "black_hole"},
    "node errs": {"node": "2 of api@eu-south-1", "mode": "error", "share": "60 %"},
    "no way back": {"link": {"from": "eu-south-1", "to": "everywhere"}, "mode": "cut"},
    "no way there": {"link": {"from": "everywhere", "to": "eu-south-1"}, "mode": "cut"},
    "service is dark to some": {"service": "api", "mode": "black_hole", "populations": ["north"]},
    "region errs for some": {
        "region": "eu-south-1",
        "mode": "error",
        "share": "60 %",
        "operations": ["work"],
    },
    "service is slow to some": {"service": "api", "mode": "slow", "add": "700 ms", "populations": ["south"]},
    "little capacity": {"service": "api", "mode": "capacity", "share": "20 %"},
}


def experiment(fault: str) -> Spec:
    """A dozen users, and something that breaks every seven seconds."""
    users = {
        "think_time": {"mean": "500 ms"},
        "actions": {"work": 3, "look": 1},
        "client": "aws-standard-2026",
    }
    return {
        "experiment": f"crowded: {fault}",
        "topology": "topology.yaml",
        "duration": "130 s",
        "users": {
            "north": users | {"near": "eu-central-1", "sessions": 6, "client": "aws-standard-2026"},
            "south": users | {"near": "eu-south-1", "sessions": 6, "client": "browser"},
        },
        "faults": [{"at": "10 s", **FAULTS[fault], **_FLAPPING}],
    }
