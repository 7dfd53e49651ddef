"""A small system that can be drilled: two regions, one table in both, one user mix, two functions."""

from typing import Any

from tests import small
from tests.small import HERE, THERE, Written

PEOPLE = {
    "people": {"near": HERE, "sessions": 20, "think_time": "10 s", "actions": {"view": 3, "order": 1}},
}
OBJECTIVES: Written = {
    "viewing": {"operations": "view", "recovery_time": "1 h"},
    "ordering": {"operations": ["order"], "recovery_time": "1 h", "recovery_point": "1 h", "origin": "board"},
}


def system(**changes: Any) -> Written:
    """The topology; changes as those of `small.topology`."""
    operations = {"view": [{"compute": "1 ms"}], "order": [{"write": "orders", "key": "user"}]}
    return small.topology(
        **{
            "services": {"api": {"regions": [HERE, THERE], "operations": operations}},
            "tables": {"orders": {"replicas": [HERE, THERE], "items": 100}},
            "dns": {
                small.NAME: {"service": "api", "policy": "failover", "ttl": "10 s", "health_check": "api"}
            },
            "health_checks": {"api": {"interval": "10 s", "failure_threshold": 1}},
            "users": PEOPLE,
            "objectives": OBJECTIVES,
        }
        | changes
    )
