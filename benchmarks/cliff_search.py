"""Search for cliffs: `python -m benchmarks.cliff_search [--cases N] [--seed S] [--out DIR]`.

Each case is a system that the tests of the twin draw, with so many people that they and the services do some
10⁵ things (sessions, actions, look-ups, requests, calls), in as much room as it had or in as many times more.
It is played with twice as many people, too, and for twice as long: what of its processor time each thing done
adds must not grow. Cases in which it does, those that cost many times the median, and those that do not end
are told with their files in DIR.
"""

import argparse
import copy
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.grown import Spec, longer, more_people, more_room
from simulator import SpecError
from simulator.data_plane.plane import CompiledPlane
from simulator.simulation import simulate
from tests.small import plan_of, write
from tests.twin.strategies import BLOCK, each_drawn

WORK = 300_000
"""About so many sessions, actions, look-ups, requests and calls, together."""
SMALL, MOST = 20, 5_000
"""With so many times the drawn people it is found out how many make that much work; at most with so many."""
FAR, GROWS = 4.0, 1.5
"""Times the median cost, and growth of the cost when the load or the time is doubled, that are findings."""
SECONDS_OF_CASE, LEAST_S = 300, 0.03


@dataclass(frozen=True)
class Run:
    """Processor's seconds of a run, and how many things people and services did in it."""

    seconds: float
    work: float


@dataclass(frozen=True)
class Case:
    """What a drawn system costs: microseconds of each thing done, and their growth."""

    number: int
    factor: int
    work: float
    us: float
    by_people: float
    by_time: float

    @property
    def growth(self) -> float:
        """The worse of both."""
        return max(self.by_people, self.by_time)


@cache
def _block(number: int) -> list[tuple[Spec, Spec]]:
    """Drawn once in a process: what Hypothesis draws depends on the modules that are loaded."""
    found: list[tuple[Spec, Spec]] = []
    each_drawn(number, lambda *one: found.append(copy.deepcopy(one)))
    return found


def drawn(number: int) -> tuple[Spec, Spec]:
    """The topology and experiment of a case."""
    return _block(number // BLOCK)[number % BLOCK]


def grown(number: int, factor: int, times: int = 1) -> tuple[Spec, Spec]:
    """A case with more people, for so many times as long; every other one in as many times more room."""
    topology, experiment = drawn(number)
    if number % 2:
        topology = more_room(topology, factor)
    return topology, longer(more_people(experiment, factor), times)


def played(number: int, factor: int, times: int = 1) -> Run:
    """Read, lower and play; the time is that of playing alone."""
    plan = plan_of(*grown(number, factor, times))
    started = time.process_time()
    tallies = simulate(plan, CompiledPlane(plan.data)).tallies
    seconds = time.process_time() - started
    done = (
        *(tallies.sessions_started, tallies.actions_started, tallies.bot_actions, tallies.lookups),
        *(tallies.attempts_started, tallies.token_started, tallies.asked, tallies.call_tries),
    )
    return Run(seconds, float(sum(np.sum(one) for one in done)))


def _adds(run: Run, idle: Run) -> float:
    """Microseconds that each thing done adds to a run with few; at least `LEAST_S` in all."""
    return max(run.seconds - idle.seconds, LEAST_S) / max(run.work - idle.work, 1.0) * 1e6


def _best(runs: Iterable[Run]) -> Run:
    return min(runs, key=lambda one: one.seconds)


def measured(number: int, work: int) -> Case:
    """One case; what seems to grow is measured again, and the least of three counts."""
    small = played(number, SMALL)
    factor = round(min(max(SMALL * work / max(small.work, 1.0), SMALL), MOST))
    idle, idle_longer = (_best(played(number, 1, times) for _ in range(2)) for times in (1, 2))
    runs = dict[tuple[int, int], Run]()
    for _ in range(3):
        for key in ((factor, 1), (2 * factor, 1), (factor, 2)):
            run = played(number, *key)
            runs[key] = _best([run, runs.get(key, run)])
        us = _adds(runs[factor, 1], idle)
        by_people = _adds(runs[2 * factor, 1], idle) / us
        by_time = _adds(runs[factor, 2], idle_longer) / us
        case = Case(number, factor, runs[factor, 1].work, us, by_people, by_time)
        if case.growth <= GROWS:
            break
    return case


def work_through(numbers: Iterable[int], work: int, out: Path) -> None:
    """Measure cases in this process, a line for each; the system ends it if a case takes too long."""
    for number in numbers:
        signal.setitimer(signal.ITIMER_PROF, SECONDS_OF_CASE)
        try:
            write_case(number, SMALL, out)
            case = measured(number, work)
        except SpecError as error:
            print(json.dumps({"refused": str(error.problems[0])}), flush=True)
            continue
        write_case(number, case.factor, out)
        print(json.dumps(asdict(case)), flush=True)


def write_case(number: int, factor: int, out: Path) -> None:
    """Write the files of a case: as it is, with twice the people, for twice as long."""
    for name, people, times in (("", 1, 1), ("-people", 2, 1), ("-time", 1, 2)):
        directory = out / f"case-{number}{name}"
        directory.mkdir(parents=True, exist_ok=True)
        write(directory, *grown(number, factor * people, times))


def search(first: int, count: int, work: int, out: Path) -> Iterator[Case | int]:
    """Each case; the numbers of those that did not end, or ended the process."""
    at, end = first, first + count
    while at < end:
        command = [sys.executable, "-m", "benchmarks.cliff_search", "--out", str(out), "--work", str(work)]
        command += ["--worker", str(at), str(end)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            for line in worker.stdout:
                found = json.loads(line)
                if "refused" in found:
                    print(f"case {at} is refused: {found['refused']}", flush=True)
                else:
                    yield Case(**found)
                at += 1
        if at < end:
            yield at
            at += 1


def _say(case: Case, why: str, out: Path) -> None:
    print(
        f"{why}: {out / f'case-{case.number}'}: {case.us:.2f} µs, twice the people {case.by_people:.2f}×, "
        f"twice the time {case.by_time:.2f}× ({case.work:,.0f} things done)",
        flush=True,
    )


def main(first: int, count: int, work: int, out: Path) -> int:
    """Search, and print what was found; 1 if anything was."""
    cases, findings = list[Case](), 0
    for case in search(first, count, work, out):
        if isinstance(case, int):
            findings += 1
            print(f"does not end within {SECONDS_OF_CASE} s: {out / f'case-{case}'}", flush=True)
            continue
        cases.append(case)
        if case.growth > GROWS:
            findings += 1
            _say(case, "grows", out)
    median = statistics.median(case.us for case in cases)
    for case in cases:
        if case.us > FAR * median:
            findings += 1
            _say(case, f"{case.us / median:.1f} times the median", out)
    by_people, by_time = (statistics.median(getattr(one, name) for one in cases) for name in _GROWTHS)
    print(f"{len(cases)} cases: {median:.2f} µs in the median, growth {by_people:.2f}× and {by_time:.2f}×")
    return int(findings > 0)


_GROWTHS = ("by_people", "by_time")

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cliff_search", description=__doc__)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", type=int, default=WORK, help="about so many things done in each case")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "cliffs")
    parser.add_argument("--worker", type=int, nargs=2, metavar=("FROM", "TO"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        work_through(range(*given.worker), given.work, given.out)
    else:
        sys.exit(main(given.seed * 100_000, given.cases, given.work, given.out))
