"""The shipped Milan outage at other loads and lengths."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
MILAN = ROOT / "experiments" / "milan-goes-dark.yaml"

SESSIONS_PER_ACTION_A_SECOND = 12.3
"""Concurrent sessions of the experiment that make one action a second: 1,000 sessions act 81 times."""


def _write(directory: Path, name: str, experiment: dict[str, Any]) -> Path:
    file = directory / f"{name}.yaml"
    file.write_text(json.dumps(experiment | {"expect": []}))  # JSON is YAML
    return file


def _milan() -> dict[str, Any]:
    experiment: dict[str, Any] = yaml.safe_load(MILAN.read_text())
    return experiment | {"topology": str(MILAN.parent / experiment["topology"])}


def _with_sessions(experiment: dict[str, Any], sessions: int) -> dict[str, Any]:
    users = experiment["users"]
    total = sum(population["sessions"] for population in users.values())
    scaled = {
        name: population | {"sessions": max(1, round(population["sessions"] * sessions / total))}
        for name, population in users.items()
    }
    return experiment | {"users": scaled}


def milan_at(directory: Path, actions_per_s: float) -> Path:
    """The Milan outage, whole, at another load."""
    sessions = round(actions_per_s * SESSIONS_PER_ACTION_A_SECOND)
    return _write(directory, f"milan-{actions_per_s:g}", _with_sessions(_milan(), sessions))


def steady(directory: Path, sessions: int, seconds: int) -> Path:
    """The users of Milan on a good day: so many sessions for so long."""
    experiment = _with_sessions(_milan(), sessions) | {"duration": f"{seconds} s", "faults": []}
    return _write(directory, f"steady-{sessions}-{seconds}", experiment)


def steady_with_ample_capacity(directory: Path, sessions: int, seconds: int) -> Path:
    """The same in accounts and tables that are large enough for so many people."""
    topology = yaml.safe_load((ROOT / "topologies" / "aworld.yaml").read_text())
    quotas = {"gateway": {"rate": "1_000_000/s", "burst": 1_000_000}, "lambda_concurrency": 50_000}
    for region in topology["regions"]:
        topology["regions"][region] = (topology["regions"][region] or {}) | {"quotas": quotas}
    for table in topology["tables"].values():
        table["capacity"] = "unlimited"
    ample = directory / "ample.yaml"
    ample.write_text(json.dumps(topology))
    experiment = json.loads(steady(directory, sessions, seconds).read_text()) | {"topology": str(ample)}
    return _write(directory, f"ample-{sessions}-{seconds}", experiment)


def steady_with_few_items(directory: Path, sessions: int, seconds: int) -> Path:
    """The same with so few items that all have been written within a million requests."""
    topology = yaml.safe_load((ROOT / "topologies" / "aworld.yaml").read_text())
    topology["tables"]["progress"]["items"] = 4000
    few = directory / "few-items.yaml"
    few.write_text(json.dumps(topology))
    experiment = json.loads(steady(directory, sessions, seconds).read_text()) | {"topology": str(few)}
    return _write(directory, f"few-items-{sessions}-{seconds}", experiment)


def idle_day(directory: Path) -> Path:
    """Three regions with default health checks and nobody there, for a day."""
    return _write(directory, "idle-day", _milan() | {"duration": "24 h", "users": {}, "faults": []})


_METRICS = [
    "lambda.errors", "lambda.invocations", "lambda.throttles", "lambda.duration",
    "lambda.concurrent_executions", "api_gateway.count", "api_gateway.4xx_error", "api_gateway.5xx_error",
    "api_gateway.latency", "dynamodb.consumed_write_capacity_units", "dynamodb.consumed_read_capacity_units",
    "dynamodb.throttled_requests", "dynamodb.conditional_check_failed_requests",
    "dynamodb.replication_latency",
    "memorydb.keyspace_hits", "memorydb.keyspace_misses", "memorydb.engine_cpu_utilization",
    "memorydb.cpu_utilization", "route53.health_check_status", "route53.health_check_percentage_healthy",
]  # fmt: skip
"""Twenty metrics, of everything that has them."""

_ALARMED = (
    "lambda.errors",
    "lambda.invocations",
    "lambda.throttles",
    "api_gateway.count",
    "api_gateway.5xx_error",
)


def monitored_milan(directory: Path, watched: bool) -> Path:
    """The Milan outage, watched by nobody, or by metrics, fifty alarms and scalers."""
    keys = _WATCHING if watched else ()
    return _write(directory, f"watched-{watched}", _milan() | {"topology": _watched(directory, *keys)})


def monitored_quiet(directory: Path, days: int, *keys: str) -> Path:
    """Nobody is there for some days, and some of that looks on: by default all."""
    system = _watched(directory, *(keys or _WATCHING))
    quiet = {"topology": system, "duration": f"{days} d", "users": {}, "faults": []}
    return _write(directory, f"watched-{days}", _milan() | quiet)


_WATCHING = ("metrics", "alarms", "scaling")


def _watched(directory: Path, *keys: str) -> str:
    """The platform with these of all that looks on and acts."""
    topology = yaml.safe_load((ROOT / "topologies" / "aworld.yaml").read_text())
    watching = {"metrics": _METRICS, "alarms": dict(_alarms()), "scaling": topology.pop("scaling")}
    for key in ("alarms", "metrics", "canaries", "waf"):
        topology.pop(key, None)
    topology |= {key: watching[key] for key in keys}
    file = directory / f"watched-by-{'-'.join(keys)}-topology.yaml"
    file.write_text(json.dumps(topology))
    return str(file)


def _alarms() -> Iterator[tuple[str, dict[str, str]]]:
    """Fifty that never speak, three of five minutes each."""
    for number in range(25):
        for region in ("eu-south-1", "eu-central-1"):
            kind = _ALARMED[number % len(_ALARMED)]
            alarm = {"metric": kind, "of": f"api@{region}", "threshold": f"> {10**9 + number}"}
            yield f"{kind} {number} {region}", alarm | {"datapoints": "3 of 5"}


def shop(directory: Path, hours: int, protected: bool) -> Path:
    """The shop in two regions at 100 requests a second; protected, it is restored in the last hour."""
    topology = yaml.safe_load((ROOT / "topologies" / "active-active.yaml").read_text())
    experiment: dict[str, Any] = {"experiment": "The shop", "duration": f"{hours} h"}
    if protected:
        nightly = {"region": "eu-west-1", "every": "24 h", "kept_for": "35 d", "copied_to": ["eu-central-1"]}
        topology["tables"]["orders"] |= {"point_in_time_recovery": {}, "backups": {"nightly": nightly}}
        again = {"table": "orders", "region": "eu-west-1", "point": "latest", "written_since": "drop"}
        experiment["restores"] = [again | {"at": f"{hours - 1} h"}]
    return _shop(directory, f"shop-{hours}-{protected}", topology, experiment, 1000, "10 s")


def damaged_strong_shop(directory: Path, sessions: int) -> Path:
    """The shop with a strong table, some of whose writes become wrong while Dublin is down."""
    topology = yaml.safe_load((ROOT / "topologies" / "strong-orders.yaml").read_text())
    faults = [
        {"at": "5 min", "for": "10 min", "table": "orders", "mode": "corrupted", "share": "10 %"},
        {"at": "10 min", "for": "5 min", "region": "eu-west-1", "mode": "black_hole"},
    ]
    experiment = {"experiment": "The strong shop", "duration": "30 min", "faults": faults}
    return _shop(directory, f"strong-{sessions}", topology, experiment, sessions, "10 s")


def much_written(directory: Path) -> Path:
    """A table of 200,000 items, most of which have been written when a state of it is kept."""
    topology = yaml.safe_load((ROOT / "topologies" / "active-active.yaml").read_text())
    topology["tables"]["orders"] |= {"items": 200_000, "point_in_time_recovery": {}, "capacity": "unlimited"}
    topology["services"]["shop"] |= {"compute": "unlimited", "operations": {"order": [{"write": "orders"}]}}
    again = {"table": "orders", "region": "eu-west-1", "point": "6 min", "written_since": "drop"}
    experiment = {"experiment": "Much written", "duration": "15 min", "restores": [again | {"at": "12 min"}]}
    return _shop(directory, "much-written", topology, experiment, 4000, "2 s")


def _shop(
    directory: Path,
    name: str,
    topology: dict[str, Any],
    experiment: dict[str, Any],
    sessions: int,
    think: str,
) -> Path:
    """An experiment of the shop, whose users are in both regions."""
    file = directory / f"{name}-topology.yaml"
    file.write_text(json.dumps(topology))
    operations = topology["services"]["shop"]["operations"]
    each = {"sessions": sessions // 2, "think_time": {"mean": think}, "actions": dict.fromkeys(operations, 1)}
    users = {region: each | {"near": region} for region in topology["regions"]}
    return _write(directory, name, experiment | {"topology": str(file), "users": users})


def shop_of_the_readme(directory: Path) -> Path:
    """The experiment that the README shows, beside its topology."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, body in re.findall(r"```yaml\n# (\S+\.yaml)\n(.*?)```", text, re.S):
        (directory / name).write_text(body, encoding="utf-8")
    return directory / "shop-outage.yaml"


FIRST_OF_MANY = "eu-west-1"
_MANY = (
    *(FIRST_OF_MANY, "eu-central-1", "eu-west-3", "eu-north-1", "eu-south-1", "us-east-1", "us-east-2"),
    *("us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "ap-south-1", "ap-southeast-1"),
    *("ap-southeast-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "eu-west-2", "eu-central-2"),
    "eu-south-2",
)


def tables_without_limits(  # noqa: PLR0913 - what of it grows
    directory: Path,
    name: str,
    faults: list[dict[str, Any]],
    *,
    sessions: int,
    minutes: float,
    items: int = 10_000,
    popularity: Any = "uniform",
    reads: int = 1,
    regions: int = 2,
    tables: int = 1,
) -> Path:
    """Users of regions that share tables; they read or write all of them, every five seconds, at no cost.

    `reads`: so many of them for each write.
    """
    places = _MANY[:regions]
    table = {"replicas": places, "items": items, "popularity": popularity, "capacity": "unlimited"}
    names = [f"table {number}" for number in range(tables)]
    steps = {"view": [{"read": one} for one in names], "put": [{"write": one} for one in names]}
    topology = {
        "topology": name,
        "regions": {place: {} for place in places},
        "tables": dict.fromkeys(names, table),
        "services": {"api": {"regions": places, "compute": "unlimited", "operations": steps}},
        "dns": {"api.example": {"service": "api", "policy": "latency"}},
    }
    file = directory / f"{name}-topology.yaml"
    file.write_text(json.dumps(topology))
    each = {"think_time": {"mean": "5 s"}, "actions": {"view": reads, "put": 1}}
    users = {place: each | {"near": place, "sessions": sessions // regions} for place in places}
    run = {"experiment": name, "topology": str(file), "duration": f"{round(minutes * 60)} s"}
    return _write(directory, name, run | {"users": users, "faults": faults})
