"""One simulation in a process of its own, whose figures are printed as JSON.

`python -m benchmarks.worker engine|twin|reading|snapshot|lowering FILE`
"""

import json
import resource
import statistics
import sys
import time

from simulator.boundary.readings import everything
from simulator.data_plane.plane import CompiledPlane
from simulator.language.files import Loaded, read_experiment
from simulator.lowering.whole import lower
from simulator.plan.lowered import Plan
from simulator.simulation import simulate
from tests.twin.plane import TwinPlane


def load_kernels(loaded: Loaded) -> None:
    """Simulate the first second, so that loading the kernels is not counted."""
    short = loaded.experiment.model_copy(update={"duration": 10**9, "faults": []})
    plan = lower(short, loaded.topology, 1)
    simulate(plan, CompiledPlane(plan.data))


def reading(plan: Plan) -> dict[str, float]:
    """Median microseconds of reading all that can be read, at a hundred instants.

    Two percentiles of every latency belong to it. Each is read twice, and the second time counts: what was
    due is done then.
    """
    plane, seconds = CompiledPlane(plan.data), list[float]()
    reader = plane.reader(everything(plan.data, 0.5, 0.99))

    def read_twice(_now_ns: int) -> None:
        reader.read()
        started = time.perf_counter()
        reader.read()
        seconds.append(time.perf_counter() - started)

    simulate(plan, plane, progress=read_twice)
    return {"numbers": reader.read().row.size, "microseconds": statistics.median(seconds) * 1e6}


def keeping(plan: Plan) -> dict[str, float]:
    """Milliseconds of keeping the state of a replica to which a restore goes back; and of how many items.

    What was due is delivered then, and the kernel loaded; items are copied later, each when it first changes.
    """
    plane, seconds = CompiledPlane(plan.data), list[float]()
    take = plane.take_snapshot

    def timed(number: int) -> None:
        started = time.perf_counter()
        take(number)
        seconds.append(time.perf_counter() - started)

    plane.take_snapshot = timed  # type: ignore[method-assign]
    simulate(plan, plane)
    return {"milliseconds": max(seconds) * 1e3, "items": int(plan.data.store_items.sum())}


def lowering(loaded: Loaded) -> dict[str, float]:
    """Processor's seconds of lowering, once all that it needs is loaded; and the highest memory in bytes."""
    started = time.process_time()
    lower(loaded.experiment, loaded.topology, 1)
    seconds = time.process_time() - started
    return {"seconds": seconds, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def main(which: str, file: str) -> None:
    """Simulate and print requests, seconds, and the highest memory in bytes; or what looking costs."""
    loaded = read_experiment(file)
    plan = lower(loaded.experiment, loaded.topology, 1)
    if which == "lowering":
        del plan
        print(json.dumps(lowering(loaded)))
        return
    if which == "reading":
        print(json.dumps(reading(plan)))
        return
    if which == "snapshot":
        print(json.dumps(keeping(plan)))
        return
    if which == "engine":
        load_kernels(loaded)
    started, computed = time.perf_counter(), time.process_time()
    plane = CompiledPlane(plan.data) if which == "engine" else TwinPlane(plan.data, trace=False)
    tallies = simulate(plan, plane).tallies
    seconds, cpu = time.perf_counter() - started, time.process_time() - computed
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    requests = tallies.attempts_started + tallies.token_started
    print(json.dumps({"requests": requests, "seconds": seconds, "cpu": cpu, "memory": memory}))


if __name__ == "__main__":
    main(*sys.argv[1:])
