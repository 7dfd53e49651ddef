"""Drawn systems, made larger: more people, in as much room as before or in more; or a longer run."""

import re
from typing import Any

Spec = dict[str, Any]

ROOMY = {
    *("rate", "burst", "lambda_concurrency", "reserved", "provisioned", "workers", "queue", "memory"),
    *("write", "read", "warm_write", "warm_read", "items"),
}
"""Keys of a topology whose numbers, rates and sizes say how much room there is."""
AMPLE = {"lambda_concurrency": 50_000, "table_write": "10000000/s"}
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(/s|/min| MB)")


def more_people(experiment: Spec, factor: int) -> Spec:
    """So many times as many sessions, arrivals and requests of bots."""
    return _larger(experiment, {"sessions", "arrivals", "rate"}, factor)


def more_room(topology: Spec, factor: int) -> Spec:
    """So many times as much of all that a system has little of, and as many items; quotas allow it."""
    larger: Spec = _larger(topology, ROOMY, factor)
    for name, region in larger["regions"].items():
        larger["regions"][name] = region | {"quotas": AMPLE | region.get("quotas", {})}
    for service in larger["services"].values():
        for compute in (service.get("compute"), *service.get("compute_in", {}).values()):
            if isinstance(compute, dict) and "nodes" in compute:
                compute["nodes"].setdefault("memory", "1000000 GB")
    for scaler in larger.get("scaling", {}).values():
        if "service" in scaler:
            scaler["max"] = min(scaler["max"] * factor, 1000)
    return larger


def longer(experiment: Spec, factor: int) -> Spec:
    """The same for so many times as long."""
    seconds = int(experiment["duration"].removesuffix(" s"))
    return experiment | {"duration": f"{seconds * factor} s"}


def _larger(value: Any, keys: set[str], factor: int) -> Any:
    """A copy in which the amounts under some keys are so many times as large."""
    if isinstance(value, list):
        return [_larger(one, keys, factor) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _times(one, factor)
        if key in keys and not isinstance(one, dict | list)
        else _larger(one, keys, factor)
        for key, one in value.items()
    }


def _times(value: Any, factor: int) -> Any:
    """An amount so many times as large; what is none, as the name of a table, is left alone."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value * factor
    found = _AMOUNT.fullmatch(value) if isinstance(value, str) else None
    return value if found is None else f"{float(found[1]) * factor:.3f}{found[2]}"
