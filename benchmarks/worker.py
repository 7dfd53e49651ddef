"""One simulation in a process of its own: `python -m benchmarks.worker engine|twin FILE` prints its
figures as JSON.
"""

import json
import resource
import sys
import time

from simulator.data_plane.plane import CompiledPlane
from simulator.language.files import Loaded, read_experiment
from simulator.plan.lowering import lower
from simulator.simulation import simulate
from tests.twin.plane import TwinPlane


def load_kernels(loaded: Loaded) -> None:
    """Simulate the first second, so that loading the kernels is not counted."""
    short = loaded.experiment.model_copy(update={"duration": 10**9, "faults": []})
    plan = lower(short, loaded.topology, 1)
    simulate(plan, CompiledPlane(plan.data))


def main(which: str, file: str) -> None:
    """Simulate and print requests, seconds of simulation, and the process's highest memory in bytes."""
    loaded = read_experiment(file)
    plan = lower(loaded.experiment, loaded.topology, 1)
    if which == "engine":
        load_kernels(loaded)
    started = time.perf_counter()
    plane = CompiledPlane(plan.data) if which == "engine" else TwinPlane(plan.data, trace=False)
    tallies = simulate(plan, plane).tallies
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    requests = tallies.attempts_started + tallies.token_started
    print(json.dumps({"requests": requests, "seconds": seconds, "memory": memory}))


if __name__ == "__main__":
    main(*sys.argv[1:])
