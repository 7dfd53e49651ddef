"""The exception tree.

    SimulatorError
    ├── SpecError     the files say something that cannot be simulated (exit code 2)
    ├── UsageError    the program was called in a way that it does not understand (exit code 2)
    └── DefectError   a law of the simulation is broken: our fault, not the user's (exit code 3)

Every exception can be rebuilt from its `args`: SimPy and multiprocessing do so.
"""

import re

from simulator.records import dataclass
from simulator.units import printable, shortened

REPORT_IT = "This is a defect of the simulator; please report it with the files and the seed."

_QUOTED = re.compile(r"(?<!\w)'([^']*)'")

EXIT_MET = 0
EXIT_MISSED = 1
EXIT_INVALID = 2
EXIT_DEFECT = 3
EXIT_INCONCLUSIVE = 4


class SimulatorError(Exception):
    """Base of everything that the simulator raises on purpose."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in a file, with its place (lines and columns count from 1).

    What was set from outside a file has no line: its line is 0, and its file the setting, as it was written.
    """

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        message = _QUOTED.sub(lambda found: f"'{shortened(found[1])}'", self.message)
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return printable(f"{place}: {message}")


class SpecError(SimulatorError):
    """Invalid topologies or experiments: every problem found, in order of place."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class UsageError(SimulatorError):
    """A call that makes no sense; the message says what would."""


class DefectError(SimulatorError):
    """A broken law of the simulation."""

    def __str__(self) -> str:
        return f"{super().__str__()}\n{REPORT_IT}"
