"""One case: a spoiled pair of files is read, checked for its places, and run and drawn if it is small."""

import math
import random
import tempfile
from io import StringIO
from pathlib import Path

import numpy as np
from rich.console import Console

from simulator import Loaded, SpecError, load, run, write_report
from simulator.history import planned
from simulator.history.loads import Loads
from simulator.history.stretches import Found
from simulator.language.files import read
from simulator.language.models.experiment import Experiment
from simulator.language.models.topology import Topology
from simulator.language.sources import DISK
from simulator.lowering.alarms import banded
from simulator.lowering.whole import lower
from simulator.plan.alarms import AlarmPlan
from simulator.plan.detectors import DetectorPlan
from simulator.report.readiness import readiness_lines
from simulator.report.terminal import print_result
from simulator.rules.finding import checked
from tests.fuzz import limits
from tests.fuzz.mutations import made


def _made_up(calm: Experiment, topology: Topology, loads: Loads, _: int) -> Found:
    """Quiet weeks that nobody has to simulate before each case."""
    control = lower(calm, topology, 1).control
    return Found(
        {alarm.name: [np.zeros(3)] * len(loads.hours) for alarm, _, _ in banded(control.of(AlarmPlan))},
        {one.name: np.zeros((6, len(one.columns)), np.int64) for one in control.of(DetectorPlan)},
    )


planned.simulated = _made_up
planned.read = lambda _: None
planned.keep = lambda _key, _found: None

REFUSED, READ, RAN, DRAWN = "refused", "read", "ran", "drawn"


def _spoiled(number: int, rng: random.Random, directory: Path) -> Path:
    return made(rng, directory)[0]


def _at_limits(number: int, rng: random.Random, directory: Path) -> Path:
    return limits.write(directory, limits.chosen(number))


KINDS = {"spoiled": _spoiled, "limits": _at_limits}
"""Shipped files in which something was changed; one system with values at the limits of what is legal."""


def play(number: int, kind: str) -> str:
    """Play a case; how it ended. Any exception but SpecError, and a problem without a place, is a failure."""
    rng = random.Random(number)
    with tempfile.TemporaryDirectory() as directory:
        path = KINDS[kind](number, rng, Path(directory))
        try:
            loaded = load(path)
            _look_at_findings(path, loaded)
        except SpecError as error:
            check_places(error, Path(directory))
            return REFUSED
        assert isinstance(read(path), Loaded)
        if not limits.is_small(loaded):
            return READ
        return _run(loaded, rng, Path(directory))


def _look_at_findings(path: Path, loaded: Loaded) -> None:
    """Each has a line, and what is said of standbys keeps to finite shares, whatever a file says."""
    whole = checked(str(path), loaded, DISK)
    assert all(one.line >= 1 and one.message for one in whole.findings)
    found = whole.readiness
    assert all(0 <= one.share <= 1 for one in found.standbys if one.share is not None)
    assert all(math.isfinite(limit.times) for one in found.standbys for limit in one.limits)
    assert all(map(str.isprintable, readiness_lines(found, 80)))


def _run(loaded: Loaded, rng: random.Random, directory: Path) -> str:
    drawn = rng.random() < 0.03
    result = run(loaded, seed=rng.randrange(2**63), metrics=drawn)
    result.to_json()
    console = Console(file=StringIO(), width=rng.choice([40, 80, 120]))
    print_result(result, console, verbose=rng.random() < 0.5)
    if drawn:
        write_report(result, directory / "out")
    return DRAWN if drawn else RAN


def check_places(error: SpecError, directory: Path) -> None:
    """Each problem stands in one of the files, at a line that it has."""
    lengths = {
        str(path): path.read_bytes().decode(errors="replace").count("\n") + 1
        for path in directory.glob("*.yaml")
    }
    assert error.problems
    for one in error.problems:
        assert one.message
        assert one.column >= 1
        assert 1 <= one.line <= lengths[one.file], f"{one} of {lengths}"
