"""What one request is made of: events, draws and calls, counted while the compiler is off.

`python -m benchmarks.anatomy NAME`, with `NUMBA_DISABLE_JIT=1` set, prints the counts of a workload as JSON.
The same code runs compiled, so these are the counts of a compiled run; they depend on no machine.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks import scaled
from benchmarks.measuring import ENVIRONMENT, Figure
from benchmarks.rivals.workloads import WORKLOADS, ours_of, settings

SIZES = {"queue": 1000, "balancer": 3, "outage": 20}
"""Customers, seconds, users: one to four thousand requests each."""
KINDS = (
    *(
        "START",
        "ACT",
        "RETRY",
        "LEAVE",
        "CONNECT",
        "REQUEST",
        "STEP",
        "VERIFIED",
        "REJECTED",
        "EDGE",
        "ORIGIN",
    ),
    *(
        "QUEUE_LIMIT",
        "NEXT_ADDRESS",
        "ERRED",
        "RESPONSE",
        "TIMER",
        "EXPIRY",
        "FRONT_LIMIT",
        "FRONT_DEADLINE",
        "ARRIVE",
    ),
)
"""Of events, as `simulator.data_plane.queue` has them."""
DEMO = "demo"
_DEMO_SESSIONS = 50
_PLANE = scaled.ROOT / "simulator" / "data_plane"
_NOT_COMPILED = ("plane", "layout", "reader", "pools", "queue_arrays")


def figures(_directory: Path, _quick: bool) -> Iterator[Figure]:
    """What a request of each workload and of the demo is made of."""
    for name in (*SIZES, DEMO):
        command = [sys.executable, "-m", "benchmarks.anatomy", name]
        off = ENVIRONMENT | {"NUMBA_DISABLE_JIT": "1"}
        done = subprocess.run(
            command, cwd=scaled.ROOT, check=True, stdout=subprocess.PIPE, text=True, env=off
        )
        counts: dict[str, float | str] = json.loads(done.stdout)
        told = f"{counts['events']:.2f} events, {counts['blocks']:.2f} blocks of draws"
        yield Figure(what_of(name), "none", told, True, counts)


def what_of(name: str) -> str:
    """The name of a figure."""
    keys = {workload.name: workload.key for workload in WORKLOADS}
    return f"a request of {keys.get(name, 'the demo')}"


def counted(name: str) -> dict[str, float]:
    """Events by kind, blocks of draws, and calls of kernels by room, each for one request."""
    return _by_request(*counts_of(name))


def counts_of(name: str) -> tuple[int, Counter[str], Counter[str]]:
    """Requests, events by kind, and calls of functions by file and name."""
    from simulator.data_plane import loop, queue
    from simulator.data_plane.plane import CompiledPlane
    from simulator.simulation import play

    plan = plan_of(name)
    kinds = {getattr(queue, kind): kind for kind in KINDS}
    events, calls = Counter[str](), Counter[str]()
    take = loop.take

    def noting(memory: Any) -> Any:
        event = take(memory)
        events[kinds[event[2]]] += 1
        return event

    def noticing(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            calls[frame.f_code.co_filename + ":" + frame.f_code.co_name] += 1

    loop.take = noting
    sys.setprofile(noticing)
    outcome = play(plan, CompiledPlane(plan.data))
    sys.setprofile(None)
    return int(outcome.tallies.attempts_started), events, calls


def _by_request(requests: int, events: Counter[str], calls: Counter[str]) -> dict[str, float]:
    rooms = Counter[str]()
    for where, count in calls.items():
        rooms[_room(where)] += count
    del rooms[""]
    blocks = sum(count for where, count in calls.items() if where.endswith("draws.py:words"))
    counts = {"events": events.total(), "blocks": blocks, "calls": rooms.total()}
    counts |= {f"event {kind}": count for kind, count in events.most_common()}
    counts |= {f"calls of {room}": count for room, count in rooms.most_common()}
    each = {name: round(count / requests, 3) for name, count in counts.items() if count >= requests / 200}
    return {"requests": float(requests)} | each


def _room(where: str) -> str:
    """The part of the data plane in which a kernel stands; `""`: it stands elsewhere."""
    path = Path(where.rpartition(":")[0])
    if not path.is_relative_to(_PLANE) or path.stem in _NOT_COMPILED:
        return ""
    return path.relative_to(_PLANE).with_suffix("").parts[0]


def plan_of(name: str) -> Any:
    """A workload, or the demo with few sessions, as it is played."""
    from simulator.language.files import read_experiment
    from simulator.lowering.whole import lower

    loaded = read_experiment(scaled.MILAN if name == DEMO else ours_of(name))
    set_: Mapping[str, Any] = settings(name, SIZES[name]) if name in SIZES else dict(_few(loaded))
    for path, value in set_.items():
        loaded = loaded.with_(path, value)
    return lower(loaded.experiment, loaded.topology, 1)


def _few(loaded: Any) -> Iterator[tuple[str, int]]:
    users = loaded.experiment.users
    total = sum(one.sessions for one in users.values())
    for name, one in users.items():
        yield f"experiment:users.{name}.sessions", max(1, round(one.sessions * _DEMO_SESSIONS / total))


if __name__ == "__main__":
    assert os.environ.get("NUMBA_DISABLE_JIT") == "1", "compiled calls cannot be counted"
    print(json.dumps(counted(sys.argv[1])))
