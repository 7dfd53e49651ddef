"""A small system and a short run that hold an entry of every kind that can be written."""

from typing import Any

HERE, THERE = "eu-west-1", "eu-central-1"
BOTH = [HERE, THERE]
_HOT: Any = {"zipf": 0.9}
_LAG = {"median": "500 ms", "p99": "2 s"}
_CALLS = {
    "attempts": 3,
    "timeout": "2 s",
    "connect_timeout": "1 s",
    "connection_age": "1 min",
    "backoff": {"base": "50 ms", "cap": "5 s", "throttling": "500 ms"},
    "quota": {"tokens": 500, "cost": 14, "timeout_cost": 14, "throttling_cost": 5},
    "circuit_breaker": {"threshold": "50 %", "window": 20, "least": 10, "open": "30 s", "probes": 3},
}

TOPOLOGY: dict[str, Any] = {
    "topology": "everything",
    "regions": {
        HERE: {
            "zones": 3,
            "quotas": {"gateway": {"rate": "100/s", "burst": 50}, "lambda_concurrency": 100},
        },
        THERE: {},
    },
    "tables": {
        "orders": {
            "replicas": BOTH,
            "items": 100,
            "popularity": _HOT,
            "replication_lag": _LAG,
            "capacity": {"provisioned": {"write": "50/s", "read": "50/s"}},
        },
        "log": {
            "replicas": BOTH,
            "items": 10,
            "initially": "empty",
            "capacity": {"on_demand": {"warm_write": "50/s", "warm_read": "50/s"}},
            "point_in_time_recovery": {"window": "7 d", "regions": [HERE], "lag": "10 s"},
            "backups": {
                "hourly": {
                    "region": THERE,
                    "every": "1 h",
                    "kept_for": "1 d",
                    "takes": "5 s",
                    "copied_to": [HERE],
                    "copy_takes": "5 s",
                }
            },
        },
    },
    "databases": {
        "ledger": {
            "engine": "self_managed",
            "writer": HERE,
            "readers": [THERE],
            "items": 10,
            "popularity": _HOT,
            "replication_lag": _LAG,
            "promotion": "5 s",
            "rebuild": {"mean": "10 s"},
            "write_fencing": "best_effort",
            "self_promotion": {"hold_down": "5 s"},
        },
        "book": {
            "engine": "aurora_global",
            "writer": HERE,
            "readers": [THERE],
            "items": 10,
            "replication_lag": _LAG,
            "promotion": "20 s",
            "rebuild": "30 s",
            "rpo": "20 s",
        },
    },
    "caches": {
        "front": {"regions": BOTH, "items": 10, "time_to_live": "20 s", "failover": {"takes": "20 s"}},
        "counters": {"regions": BOTH, "items": 5, "multi_region": True, "replication_lag": _LAG},
    },
    "buckets": {
        "files": {
            "replicas": BOTH,
            "items": 10,
            "popularity": _HOT,
            "replication_lag": _LAG,
            "object_size": "1 MB",
        }
    },
    "external": {
        "cards": {"home": HERE, "kind": "payment", "takes": {"median": "50 ms", "p99": "300 ms"}},
        "flags": {"latency": "20 ms", "kind": "feature_flags"},
    },
    "services": {
        "api": {
            "regions": BOTH,
            "gateway": {"methods": {"act": {"rate": "20/s", "burst": 5}}, "overhead": "2 ms"},
            "compute": {"lambda": {"reserved": 4, "idle": "30 s", "init": "200 ms", "used_memory": "90 MB"}},
            "verifies_tokens": "gateway",
            "calls": _CALLS,
            "operations": {
                "act": [
                    {"compute": {"median": "20 ms", "p99": "90 ms"}},
                    {"read": "orders", "takes": {"from": "1 ms", "to": "9 ms"}},
                    {"write": "orders", "idempotent": True, "takes": {"mean": "4 ms"}},
                    {"increment": "counters", "takes": "1 ms"},
                    {"put": "files", "takes": "20 ms"},
                    {"call": "flags"},
                    {"call": "cards", "writes": True, "idempotent": True, "takes": "80 ms"},
                ],
                "view": [{"cache": "front", "miss": "orders", "takes": "1 ms"}, {"get": "files"}],
            },
        },
        "shop": {
            "regions": BOTH,
            "compute": {
                "nodes": {
                    **{"per_zone": 1, "workers": 2, "queue": 5},
                    **{"memory": "50 MB", "idle_memory": "1 MB", "request_memory": "9 MB", "restart": "5 s"},
                }
            },
            "dormant_in": [THERE],
            "operations": {
                "buy": [{"compute": "30 ms"}, {"write": "log", "if": "absent"}, {"write": "ledger"}]
            },
        },
        "static": {
            "regions": BOTH,
            "cdn": {"origins": BOTH, "ttl": "20 s"},
            "operations": {"page": [{"get": "files"}]},
        },
    },
    "dns": {
        "api.example": {"service": "api", "policy": "failover", "order": BOTH, "health_check": "deep"},
        "shop.example": {
            "service": "shop",
            "policy": "weighted",
            "weights": {HERE: 2, THERE: 1},
            "health_check": "both",
            "failback": {"hold_down": "20 s"},
        },
        "static.example": {"service": "static", "policy": "simple"},
    },
    "health_checks": {
        "deep": {"interval": "10 s", "failure_threshold": 2},
        "followed": {"alarm": {HERE: "unhealthy now"}, "insufficient_data": "unhealthy", "inverted": True},
        "off": {"protocol": "tcp", "disabled": True},
        "both": {"children": ["deep", f"followed@{HERE}", "off"], "at_least": 2},
    },
    "identity": {"issuer": BOTH, "access_token": "1 min", "takes": "50 ms", "verifiers": 3},
    "plans": {
        "move": {
            "mode": "graceful",
            "trigger": {"unhealthy": "deep", "region": HERE, "for": "5 s"},
            "decision": {
                "owner": "on call",
                "acknowledge": "5 s",
                "takes": {"median": "5 s", "p99": "20 s"},
                "office_hours": {"from": "08:00", "to": "18:00"},
            },
            "steps": [
                {"change": "api.example", "order": [THERE], "takes": "2 s", "timeout": "30 s", "retries": 3},
                {
                    "wait_for": {"time": "1 s"},
                    "needs": {
                        "control_plane": ["iam", f"rds@{THERE}"],
                        "region": THERE,
                        "name": "api.example",
                    },
                },
                {"enable": "shop", "in": THERE, "takes": "1 s"},
                {"scale": "shop", "in": THERE, "to": {"per_zone": 2}, "waits": False},
                {"scale": "api", "in": THERE, "to": {"reserved": 8}},
                {"throughput": "orders", "in": THERE, "to": {"write": "60/s", "read": "60/s"}},
                {"replica": "orders", "in": THERE, "takes": "5 s", "retries": 1},
                {"routing_control": "api.example", "on": [HERE, THERE], "owner": "a script"},
                {"fence": HERE, "stores": ["orders"], "settles": "1 s", "only": "graceful"},
                {"drain": HERE, "below": "5 %", "over": "2 s", "timeout": "1 min", "only": "graceful"},
                {"wait_for": {"success": "50 %", "over": "1 s"}, "timeout": "30 s"},
                {"unfence": HERE, "stores": ["orders"], "settles": "1 s", "only": "graceful"},
                {
                    "together": [
                        [{"promote": "book", "to": THERE, "retry_every": "5 s"}, {"plan": "tell"}],
                        {"approve": "the move", "takes": "3 s", "needs": {"step": "plan tell"}},
                    ]
                },
            ],
        },
        "tell": {
            "trigger": {"alarm": "page", "for": "1 min"},
            "decision": "none",
            "steps": [{"custom": "tell the users", "takes": "5 s", "timeout": "1 min"}],
        },
        "return": {
            "trigger": {"healthy": "deep", "region": HERE, "for": "10 s"},
            "decision": "none",
            "steps": [
                {"fail_back": "shop.example", "takes": "2 s", "retry_every": "5 s"},
                {
                    "restore": "log",
                    "region": HERE,
                    "from": "hourly",
                    "point": "latest",
                    "written_since": "drop",
                    "swap": "same_name",
                    "takes": "5 s",
                    "settings_take": "2 s",
                    "replica_takes": "2 s",
                    "swap_takes": "1 s",
                    "retries": 1,
                },
            ],
        },
    },
    "canaries": {
        "home": {"near": THERE, "operation": "buy", "every": "1 min", "timeout": "5 s", "fails": "1 %"}
    },
    "metrics": [
        {"metric": "lambda.*"},
        {"metric": "canary.*", "of": "home"},
        {"metric": "dynamodb.*", "copied_to": THERE},
    ],
    "alarms": {
        "unhealthy now": {
            "metric": "route53.health_check_percentage_healthy",
            "of": f"deep (api)@{HERE}",
            "threshold": "< 50 %",
        },
        "unhealthy": {
            "metric": "route53.health_check_percentage_healthy",
            "of": f"deep (api)@{HERE}",
            "threshold": "< 50 %",
            "datapoints": "1 of 2",
            "missing": "breaching",
            "tells": "ops",
            "acknowledge": "1 min",
        },
        "busy": {"metric": "nodes.cpu_utilization", "of": f"shop@{HERE}", "threshold": "> 60 %"},
        "share": {
            "expression": "100 * a / FILL(a, REPEAT)",
            "threshold": ">= 1",
            "window": "wall_clock",
            "metrics": {
                "a": {"metric": "route53.health_check_status", "of": f"deep (api)@{HERE}", "statistic": "sum"}
            },
        },
        "budget": {
            "burn_rate": 14.4,
            "objective": "99.9 %",
            "errors": {"metric": "lambda.throttles", "of": f"api@{HERE}"},
            "requests": {"metric": "lambda.invocations", "of": f"api@{HERE}"},
            "long": "1 h",
            "short": "5 min",
        },
        "unusual": {
            "metric": "lambda.invocations",
            "of": f"api@{HERE}",
            "band": 2,
            "history": "0 s",  # nothing has to be simulated before each run
            "exclude": [{"from": "-1 min", "to": "1 min"}],
        },
        "also unusual": {
            "expression": "FILL(a, 0)",
            "metrics": {"a": {"metric": "lambda.throttles", "of": f"api@{HERE}"}},
            "band": 3,
            "threshold": "above",
            "history": "0 s",
        },
        "page": {
            "rule": "ALARM(unhealthy) OR ALARM(share)",
            "suppressor": {"alarm": "share", "wait": "1 min"},
        },
    },
    "scaling": {
        "shop": {
            "service": "shop",
            "in": HERE,
            "min": 0,
            "max": 9,
            "warm_up": "10 s",
            "track": {"metric": "nodes.worker_utilization", "target": "50 %"},
            "steps": [
                {"on": {"alarm": "busy"}, "change": "percent", "bounds": [{"by": 10}, {"from": 5, "by": 50}]}
            ],
            "schedule": [{"at": "08:01", "min": 1, "max": 8, "desired": 4}],
        },
        "act": {
            "service": "api",
            "in": HERE,
            "min": 0,
            "max": 3,
            "in_cooldown": "1 min",
            "track": [{"target": "70 %", "scale_in": False}],
        },
        "orders": {
            "table": "orders",
            "units": "write",
            "in": HERE,
            "min": "10/s",
            "max": "90/s",
            "track": {"target": "70 %"},
            "schedule": [{"at": "08:01", "min": "20/s", "max": "80/s", "desired": "60/s"}],
        },
    },
    "zonal_shifts": {
        "away": {"zone": f"{HERE}a", "services": ["shop"], "trigger": {"at": "30 s"}, "expires": "1 min"},
    },
    "shedding": {
        "less": {
            "of": f"shop@{HERE}",
            "keep": "50 %",
            "trigger": {"alarm": "busy"},
            "by": {"operator": "on call", "delay": "5 s"},
            "for": "20 s",
            "ramp_back": "10 s",
        },
    },
    "waf": {
        "front": {
            "protects": ["static"],
            "scope": "cloudfront",
            "rules": {
                "flood": {"limit": 10, "window": "1 min", "by": "address", "action": "count"},
                "pages": {"limit": 100, "by": "client", "action": "block", "operations": ["page"]},
            },
        },
    },
    "detectors": {"watching": {"of": ["api"], "in": HERE}},
    "users": {"usual": {"near": HERE, "sessions": 3, "think_time": "5 s", "actions": {"buy": 1}}},
    "objectives": {
        "buying": {
            "operations": "buy",
            "recovery_time": "10 min",
            "recovery_point": "1 min",
            "tolerable_outage": "1 d",
            "service_level": "99 %",
        },
    },
    "drill": {
        "leave_out": {"cut-apart": "insured"},
        "scenarios": {
            "of our own": {
                "title": "two at once",
                "faults": [
                    {"at": "10 min", "region": HERE, "mode": "black_hole", "for": "5 min"},
                    {"at": "12 min", "table": "orders", "mode": "corrupted", "share": "5 %", "for": "1 min"},
                ],
                "operator": [{"run": "move", "at": "15 min"}],
                "duration": "3 h",
                "objectives": {"buying": {"recovery_time": "2 h", "recovery_point": "10 min"}},
            }
        },
        "database_restores": {"book": {"takes": "1 h", "replica_takes": "20 min"}},
    },
    "defaults": {
        "status_to_answer": "2 s",
        "fork_after": "10 s",
        "change_propagation": "20 s",
        "resolver_extension": "5 min",
    },
}

_USERS = {"near": HERE, "think_time": {"median": "5 s", "p99": "20 s"}, "last_mile": {"mean": "9 ms"}}
_ACTIONS = {"act": 3, "view": 3, "buy": 2, "page": 2}
_WHILE = {"at": "30 s", "for": "30 s"}
_ANY_TIME = {"at": {"any": ["2 min", "130 s"]}}

EXPERIMENT: dict[str, Any] = {
    "experiment": "everything",
    "topology": "t.yaml",
    "duration": "3 min",
    "time_of_day": "08:00",
    "day": "friday",
    "users": {
        "closed": _USERS
        | {
            "sessions": 6,
            "actions": _ACTIONS,
            "client": {"profile": "aws-adaptive"} | {key: _CALLS[key] for key in [*_CALLS][:3]},
            "patience": "1 min",
            "resolvers": {"count": 20, "extend_ttl": "10 %"},
            "sign_up": "10 %",
        },
        "open": _USERS
        | {
            "arrivals": "6/min",
            "actions": {"view": 1},
            "session_length": {"from": "5 s", "to": "2 min"},
            "daily_profile": [1.0] * 24,
        },
    },
    "faults": [
        _WHILE | {"region": HERE, "mode": "black_hole", "flapping": {"period": "10 s", "duty": "50 %"}},
        _WHILE | {"zone": f"{THERE}a", "mode": "refused"},
        _WHILE | {"node": f"0 of shop@{HERE}", "mode": "error", "share": "30 %"},
        {"at": "20 s", "until": "60 s", "service": "api", "mode": "slow", "factor": 2, "add": "10 ms"},
        _WHILE | {"service": "shop", "mode": "capacity", "share": "50 %"},
        _WHILE | {"table": "orders", "mode": "error", "share": "30 %"},
        _WHILE | {"table": "orders", "region": THERE, "mode": "key_unusable"},
        _WHILE | {"table": "orders", "region": THERE, "mode": "role_unusable"},
        _WHILE | {"table": "log", "mode": "corrupted", "share": "30 %"},
        _WHILE | {"database": "ledger", "mode": "slow", "add": "5 ms"},
        _WHILE | {"cache": "front", "mode": "slow", "factor": 3, "add": "5 ms"},
        _WHILE | {"bucket": "files", "mode": "error", "share": "20 %"},
        _WHILE | {"external": "cards", "mode": "throttled", "share": "30 %"},
        _WHILE | {"external": "flags", "mode": "slow", "factor": 3, "add": "5 ms", "region": THERE},
        _WHILE | {"issuer": HERE, "mode": "error", "share": "50 %"},
        _WHILE | {"keys": HERE},
        _WHILE | {"surge": "closed", "factor": 2},
        _WHILE | {"bots": {"near": "us-east-1", "rate": "2/s", "actions": {"view": 1}}},
        _WHILE | {"link": {"between": BOTH}, "mode": "slow", "factor": 2, "add": "10 ms"},
        {"at": "70 s", "for": "20 s", "link": {"from": HERE, "to": THERE}, "mode": "lossy", "share": "20 %"},
        _WHILE | {"replication": {"table": "orders"}},
        _WHILE | {"clock": HERE, "skew": "-1 s"},
        _WHILE | {"control_plane": "route53"},
        _ANY_TIME | {"for": "10 s", "dns": "shop.example", "mode": "black_hole", "share": "50 %"},
    ],
    "operator": [
        {"change": "api.example", "after_detection": "10 s", "order": [THERE], "retry_every": "5 s"},
        {"change": "shop.example", "at": "100 s", "weights": {HERE: 1, THERE: 3}},
        {"promote": "ledger", "to": THERE, "at": "110 s", "mode": "switchover"},
        {"run": "tell", "at": "90 s"},
        {"fail_back": "shop.example", "at": "100 s", "retry_every": "5 s"},
    ],
    "restores": [
        {
            "table": "log",
            "region": HERE,
            "after_damage": "30 s",
            "written_since": "merge",
            "takes": "10 s",
            "settings_take": "5 s",
            "replica_takes": {"mean": "5 s"},
            "merge_rate": "100/s",
            "swap_takes": "5 s",
        },
    ],
    "objective": {
        "success": "90 %",
        "within": {"default": "5 s", "operations": {"buy": "4 s"}, "populations": {"open": "6 s"}},
        "window": "5 s",
        "hold": "20 s",
    },
    "expect": [
        {"recovery_time": {"at_most": "2 min", "of": "95 %"}},
        {"success": {"at_least": "10 %"}},
        {"success_between": {"from": "10 s", "to": "50 s", "at_least": "1 %"}},
        {"action_latency": {"percentile": 99, "at_most": "1 min"}},
        {"double_applied": {"at_most": 1000}},
        {"retry_amplification": {"at_most": 9.5}},
    ],
}
