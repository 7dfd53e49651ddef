"""Rounds by turns: ours, a rival, ours, a rival, each in a process of its own, on the same interpreter.

Requests a second are those of the simulation alone, by the time of the processor, on one core where a process
can be held there; what a user waits for is the whole process, from its start to its end, and is held nowhere.
"""

import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import scaled
from benchmarks.measuring import ENVIRONMENT, RUN, Figure
from benchmarks.rivals import counting
from benchmarks.rivals.environments import MINE, SIMPY, compiler_version, limit, ours
from benchmarks.rivals.workloads import W3, Answer, Rival, Workload, ours_of, settings

MIB = 2**20
FIRST_SEED = 1


class WrongAnswerError(Exception):
    """Somebody answers another question: its figures would compare nothing."""


class FailedError(Exception):
    """A run ended badly; its last words."""


@dataclass(frozen=True)
class Turn:
    """One run: what was answered, what the simulation cost, and how long the whole process took."""

    answer: Answer
    whole_s: float

    @property
    def per_s(self) -> float:
        """Requests a second of the processor."""
        return float(self.answer["requests"] / self.answer["cpu"])

    @property
    def mib(self) -> float:
        """Peak memory."""
        return float(self.answer["memory"] / MIB)


def process(command: Sequence[str]) -> tuple[str, float]:
    """What a command prints, and its seconds from start to end. Raises FailedError."""
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=scaled.ROOT, env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip() or "it says nothing").splitlines()[-1]
        raise FailedError(f"{' '.join(command[1:5])}: {last}")
    return done.stdout, time.perf_counter() - begun


def _core() -> str:
    """The core on which simulations are measured."""
    return str(max(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else ""


# whose turn it is


@dataclass(frozen=True)
class Side:
    """Who is asked: the command of a run under a seed, and that of the whole process, if it is another."""

    name: str
    asked: Callable[[int], list[str]]
    whole: Callable[[int], list[str]] | None = None

    def turn(self, seed: int) -> Turn:
        """Ask once."""
        text, seconds = process(self.asked(seed))
        if self.whole is not None:
            _, seconds = process(self.whole(seed))
        return Turn(json.loads(text), seconds)


def our_side(workload: Workload, python: str, size: int) -> Side:
    """The simulator on an interpreter of a version."""
    interpreter, file = str(ours(python)), str(ours_of(workload.name))
    set_ = [f"--set={path}={value}" for path, value in settings(workload.name, size).items()]
    engine = [interpreter, "-m", "benchmarks.rivals.engine", workload.name, str(size)]
    return Side(
        "ours",
        lambda seed: [*engine, str(seed), _core()],
        lambda seed: [interpreter, *RUN[1:], file, *set_, "--seed", str(seed)],
    )


def rival_side(rival: Rival, size: int) -> Side:
    """A rival in its environment, or the loop in C."""
    if rival.environment is None:
        program = str(limit())
        return Side(rival.name, lambda seed: [program, rival.model, str(size), str(seed)])
    interpreter = str(rival.environment.ready())
    harness = [interpreter, "-m", "benchmarks.rivals.harness", rival.model, str(size)]
    return Side(rival.name, lambda seed: [*harness, str(seed), _core()])


# pairs


def pairs(workload: Workload, us: Side, rival: Side, rounds: int) -> list[tuple[Turn, Turn]]:
    """Rounds by turns, each under another seed; every answer is looked at. Raises WrongAnswerError."""
    found = []
    for seed in range(FIRST_SEED, FIRST_SEED + rounds):
        both = us.turn(seed), rival.turn(seed)
        for side, turn in zip((us, rival), both, strict=True):
            if wrong := workload.wrong(turn.answer):
                raise WrongAnswerError(f"{workload.key}, {side.name}: {wrong}")
        found.append(both)
    return found


def race(workload: Workload, rival: Rival, quick: bool, rounds: int) -> Figure:
    """One rival on one workload. Raises UnavailableError, FailedError, WrongAnswerError."""
    python = rival.environment.python if rival.environment else MINE
    other = rival_side(rival, rival.quick if quick else rival.size)
    us = our_side(workload, python, workload.size)  # quick enough for a look, too
    our_side(workload, python, workload.quick).turn(FIRST_SEED)  # compiles what is not yet
    turns = pairs(workload, us, other, rounds)
    ratios = [mine.per_s / theirs.per_s for mine, theirs in turns]
    lines = 0 if rival.environment is None else counting.of_model(rival.model)
    values = _range(ratios) | _medians(turns) | {
        "version": rival.environment.version if rival.environment else compiler_version(),
        "python": python, "lines": lines, "our_lines": counting.of_ours(workload.name), "rounds": rounds,
    }  # fmt: skip
    return Figure(
        what_of(workload, rival),
        _aim(rival),
        _said(values),
        values["ratio"] >= rival.least,
        values,
    )


def what_of(workload: Workload, rival: Rival) -> str:
    """The name of a race's figure."""
    return f"{workload.key} against {rival.name}"


def _medians(turns: Sequence[tuple[Turn, Turn]]) -> dict[str, float | str]:
    """Of each side what is told in tables: requests, requests a second, whole seconds, MiB."""
    found: dict[str, float | str] = {}
    for prefix, side in (("our_", [mine for mine, _ in turns]), ("", [theirs for _, theirs in turns])):
        found |= {
            f"{prefix}requests": round(statistics.median(turn.answer["requests"] for turn in side)),
            f"{prefix}per_s": round(statistics.median(turn.per_s for turn in side)),
            f"{prefix}whole_s": round(statistics.median(turn.whole_s for turn in side), 3),
            f"{prefix}mib": round(statistics.median(turn.mib for turn in side), 1),
        }
    return found


def _range(ratios: Sequence[float]) -> dict[str, Any]:
    middle, least, most = statistics.median(ratios), min(ratios), max(ratios)
    return {"ratio": round(middle, 3), "least": round(least, 3), "most": round(most, 3)}


def _aim(rival: Rival) -> str:
    if not rival.least:
        return "no aim"
    return f"at least {rival.least:g}×" if rival.least > 1 else f"at most {1 / rival.least:g}× slower"


def _said(values: Mapping[str, Any]) -> str:
    return f"{times(values)}: {values['our_per_s']:,.0f}/s and {values['per_s']:,.0f}/s"


def details(values: Mapping[str, Any]) -> str:
    """What else was measured of a race, ours first."""
    return (
        f"whole process {values['our_whole_s']:.1f} s and {values['whole_s']:.1f} s, "
        f"peak memory {values['our_mib']:.0f} and {values['mib']:.0f} MiB, "
        f"{values['our_lines']} and {values['lines']} lines"
    )


def times(values: Mapping[str, Any]) -> str:
    """A ratio with its range, as `36× (35–37)`; below one, how many times slower."""
    ratio, least, most = values["ratio"], values["least"], values["most"]
    if ratio >= 1:
        return f"{_digits(ratio)}× ({_digits(least)}–{_digits(most)})"
    return f"{_digits(1 / ratio)}× slower ({_digits(1 / most)}–{_digits(1 / least)})"


def _digits(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio < 20 else f"{ratio:.0f}"


# whole processes


def whole_with_files(quick: bool, rounds: int) -> Figure:
    """W3 as a user waits for it, with pictures and all files, against SimPy's model as a process."""
    rival, us, size = W3.rivals[0], str(ours(MINE)), W3.quick if quick else W3.size
    other, file = rival_side(rival, size), str(ours_of(W3.name))
    set_ = [f"--set={path}={value}" for path, value in settings(W3.name, size).items()]
    with tempfile.TemporaryDirectory() as directory:
        command = [us, *RUN[1:], file, *set_, "--out", directory]
        process(command)  # compiles what is not yet
        seconds = [(process(command)[1], other.turn(seed).whole_s) for seed in _seeds(rounds)]
    return _in_whole("W3 as a whole process with --out, against SimPy", "at least 5×", 5, seconds)


def replications(quick: bool, rounds: int) -> Figure:
    """W4: W3 under twenty seeds by two processes, against SimPy's by a pool of two."""
    count, file = 2 if quick else 20, str(ours_of(W3.name))
    command = [str(ours(MINE)), *RUN[1:], file, "--seeds", str(count), "--jobs", "2", "--no-cache"]
    harness = [str(SIMPY.ready()), "-m", "benchmarks.rivals.harness", "simpy_replications", str(count)]
    process([*command[:-4], "2", *command[-3:]])  # compiles what is not yet
    seconds = []
    for _ in range(rounds):
        (text, mine), (said, theirs) = process(command), process([*harness, str(FIRST_SEED)])
        _check_replications(json.loads(text), json.loads(said))
        seconds.append((mine, theirs))
    return _in_whole(
        f"W4, {count} replications of W3 by two processes, against SimPy", "at least 20×", 20, seconds
    )


def _check_replications(mine: Mapping[str, Any], theirs: Answer) -> None:
    if wrong := W3.wrong(theirs):
        raise WrongAnswerError(f"W4, SimPy: {wrong}")
    for run in mine["runs"]:
        if not 70 <= run["figures"]["recovery_time"] <= 90:
            raise WrongAnswerError(
                f"W4, ours: recovered after {run['figures']['recovery_time']} s, not 80 ± 10 s"
            )


def _seeds(rounds: int) -> Iterator[int]:
    return iter(range(FIRST_SEED, FIRST_SEED + rounds))


def _in_whole(what: str, budget: str, least: float, seconds: Sequence[tuple[float, float]]) -> Figure:
    """A figure of pairs of whole processes, ours and the rival's (s)."""
    values = _range([theirs / mine for mine, theirs in seconds])
    values |= {
        "our_whole_s": round(statistics.median(mine for mine, _ in seconds), 3),
        "whole_s": round(statistics.median(theirs for _, theirs in seconds), 3),
        "rounds": len(seconds),
    }
    told = f"{times(values)}: {values['our_whole_s']:.2f} s and {values['whole_s']:.2f} s"
    return Figure(what, budget, told, values["ratio"] >= least, values)
