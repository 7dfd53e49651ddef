"""Checking many files: what is wrong with each, and what rules find in those that are valid."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from simulator.errors import SpecError
from simulator.gate.findings import CheckedFile, of_problem
from simulator.language.checks.memory import check_memory
from simulator.language.files import Loaded, read
from simulator.language.settings import Setting
from simulator.language.sources import DISK, Kept, Source
from simulator.records import dataclass
from simulator.result.readiness import Readiness
from simulator.rules.finding import checked

STDIN = "-"


@dataclass(frozen=True)
class Checked:
    """One file, and the account of its standbys if it is valid."""

    found: CheckedFile
    readiness: Readiness | None


def source_of(stdin: str | None) -> Source:
    """Where texts come from: the disk, or, of the file `-`, what came on standard input."""
    return DISK if stdin is None else Kept({str(Path(STDIN)): stdin})


def check_files(files: Sequence[str], settings: Sequence[Setting], source: Source) -> Iterator[Checked]:
    """Each file, one after the other."""
    for file in files:
        yield _check(file, settings, source)


def _check(file: str, settings: Sequence[Setting], source: Source) -> Checked:
    try:
        found = read(file, settings, source)
        if isinstance(found, Loaded):
            check_memory(found.costs)
    except SpecError as error:
        problems = tuple(of_problem(problem) for problem in error.problems)
        return Checked(CheckedFile(file, problems), None)
    whole = checked(file, found, source)
    return Checked(CheckedFile(os.path.normpath(file), whole.findings), whole.readiness)
