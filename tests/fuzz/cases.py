"""One case: a spoiled pair of files is read, checked for its places, and run and drawn if it is small."""

import random
import tempfile
from io import StringIO
from pathlib import Path

from rich.console import Console

from simulator import Loaded, SpecError, load, run, write_report
from simulator.language.files import read
from simulator.plan.checks import notes
from simulator.report.terminal import print_result
from tests.fuzz.mutations import made

SECONDS_MOST, BYTES_MOST = 1.0, 2**29
"""What is expected to take more is read, and not run."""
REFUSED, READ, RAN, DRAWN = "refused", "read", "ran", "drawn"


def play(number: int) -> str:
    """Play a case; how it ended. Any exception but SpecError, and a problem without a place, is a failure."""
    rng = random.Random(number)
    with tempfile.TemporaryDirectory() as directory:
        path, _ = made(rng, Path(directory))
        try:
            loaded = load(path)
            notes(loaded.topology)
        except SpecError as error:
            check_places(error, Path(directory))
            return REFUSED
        assert isinstance(read(path), Loaded)
        if sum(cost.seconds for cost in loaded.costs) > SECONDS_MOST:
            return READ
        if sum(cost.bytes for cost in loaded.costs) > BYTES_MOST:
            return READ
        return _run(loaded, rng, Path(directory))


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
