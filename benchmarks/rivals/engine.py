"""One run of a workload on the simulator itself, in a process of its own, whose figures are printed as JSON.

`python -m benchmarks.rivals.engine NAME SIZE SEED [CORE]`, with a name of `ours/`. Its answers have the names
that the rivals' models give theirs. Kernels are loaded before the clock starts; the whole process is measured
besides, by `simulator run`.
"""

import json
import sys
from typing import Any

from benchmarks.rivals.harness import pin, timed
from benchmarks.rivals.workloads import OBJECTIVE, WORKLOADS, ours_of, settings
from simulator.boundary.events import ANSWER_CHANGED
from simulator.data_plane.plane import CompiledPlane
from simulator.language.files import read_experiment
from simulator.lowering.whole import lower
from simulator.measure.shares import exact_ns
from simulator.measure.windows import Windows
from simulator.outcome import Outcome
from simulator.plan.lowered import Plan
from simulator.simulation import play


def waits(outcome: Outcome) -> dict[str, Any]:
    """Mean time for which requests waited at nodes."""
    tallies = outcome.tallies
    return {"mean_wait_s": exact_ns(tallies.queue_wait_time).sum() / int(tallies.started.sum()) / 1e9}


def outage(outcome: Outcome) -> dict[str, Any]:
    """When answers changed, between when the service was not OK, how many writes were at risk."""
    windows = Windows.of(outcome)
    changes = [event.at_ns / 1e9 for event in outcome.events if event.kind == ANSWER_CHANGED.name]
    (not_ok,) = (windows.succeeded < OBJECTIVE * windows.finished).nonzero()
    ends = [windows.start_of(int(not_ok[0])) / 1e9, windows.end_of(int(not_ok[-1])) / 1e9]
    at_risk = sum(mark.writes for mark in outcome.at_risk)
    return {"changes_s": changes, "not_ok_s": ends, "at_risk": at_risk}


def planned(name: str, size: int, seed: int) -> Plan:
    """The plan of a workload of a size."""
    loaded = read_experiment(ours_of(name))
    for path, value in settings(name, size).items():
        loaded = loaded.with_(path, value)
    return lower(loaded.experiment, loaded.topology, seed)


def main(name: str, size: str, seed: str, core: str = "") -> None:
    """Simulate and print the answer and what it cost."""
    pin(core)
    (workload,) = (one for one in WORKLOADS if one.name == name)
    small, plan = planned(name, workload.quick, int(seed)), planned(name, int(size), int(seed))
    play(
        small, CompiledPlane(small.data)
    )  # loads the kernels, those that a quiet first second does not need too
    outcomes: list[Outcome] = []

    def run() -> dict[str, Any]:
        outcomes.append(play(plan, CompiledPlane(plan.data)))
        return {"requests": int(outcomes[0].tallies.attempts_started)}

    figures = timed(run)
    print(json.dumps(figures | (outage if name == "outage" else waits)(outcomes[0])))


if __name__ == "__main__":
    main(*sys.argv[1:])
