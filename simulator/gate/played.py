"""What became of one file: its verdict, and the few figures that a line or a page has room for."""

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.errors import (
    EXIT_DEFECT,
    EXIT_INCONCLUSIVE,
    EXIT_INVALID,
    EXIT_MET,
    EXIT_MISSED,
    Problem,
)
from simulator.report import gist
from simulator.result.whole import EXIT_CODES, Judgement, Result

INVALID, DEFECT = "invalid", "defect"

_WORST_FIRST = (EXIT_DEFECT, EXIT_INVALID, EXIT_MISSED, EXIT_INCONCLUSIVE, EXIT_MET)
_CODES = EXIT_CODES | {INVALID: EXIT_INVALID, DEFECT: EXIT_DEFECT}

FAIL_ON = {
    "missed": (EXIT_DEFECT, EXIT_INVALID, EXIT_MISSED),
    "inconclusive": (EXIT_DEFECT, EXIT_INVALID, EXIT_MISSED, EXIT_INCONCLUSIVE),
    "never": (EXIT_DEFECT, EXIT_INVALID),
}
"""What makes a gate fail, by the word of `--fail-on`: the exit codes that are kept; others become 0.

What could not be judged, because it is invalid or the simulator has a defect, always fails.
"""


@dataclass(frozen=True)
class Played:
    """One file under one seed."""

    file: str
    """As the user named it."""
    seed: int
    """The seed of every draw."""
    verdict: str
    """met, missed, inconclusive, no_expectations; invalid or defect if nothing could be judged."""
    settings: tuple[str, ...] = ()
    """What was set beyond what the files say, as `PATH=VALUE`."""
    experiment: str = ""
    """The experiment's own words."""
    expectations: tuple[Judgement, ...] = ()
    """Each expectation, judged."""
    recovery_time_s: float | None = None
    """The recovery time in seconds; None without a fault or without users."""
    recovery_shown: bool = False
    """Whether it has been shown that the service stays OK after it."""
    recovery_point_s: float | None = None
    """The recovery point in seconds; None if no region went down."""
    lost_writes: int = 0
    """Acknowledged writes that are gone,"""
    overwritten_writes: int = 0
    """and those that somebody overwrote who had not seen them."""
    dominated: str = ""
    """What most of the recovery time went to, in a sentence; empty without one."""
    problems: tuple[Problem, ...] = ()
    """What is wrong in the file, if it is invalid."""
    defect: str = ""
    """What the simulator says of its own defect."""
    unwritten: str = ""
    """Why its files could not be written; the verdict stands."""

    @property
    def exit_code(self) -> int:
        """0 met or nothing expected, 1 missed, 2 invalid, 3 a defect, 4 inconclusive."""
        return _CODES[self.verdict]

    @property
    def command(self) -> str:
        """The line that makes this run again."""
        settings = "".join(f" --set {_quoted(one)}" for one in self.settings)
        return f"simulator run {_quoted(self.file)} --seed {self.seed}{settings}"

    @property
    def failing(self) -> tuple[Judgement, ...]:
        """The expectations that are not met."""
        return tuple(one for one in self.expectations if one.verdict != "met")

    def place(self, judgement: Judgement) -> str:
        """Where an expectation stands: `file:line`."""
        return f"{self.file}:{judgement.line}" if judgement.line is not None else self.file


def played_of(file: str, result: Result, *, unwritten: str = "") -> Played:
    """What is kept of a result."""
    recovery, loss = result.recovery, result.loss
    return Played(
        file=file,
        seed=result.recipe.seed,
        verdict=result.verdict,
        settings=result.recipe.settings or (),
        experiment=result.recipe.experiment,
        expectations=result.expectations,
        recovery_time_s=recovery.recovery_time_s if recovery.faults else None,
        recovery_shown=bool(recovery.shown),
        recovery_point_s=loss.recovery_point_s,
        lost_writes=loss.lost,
        overwritten_writes=loss.lost_updates,
        dominated=next(gist.why(result), ""),
        unwritten=unwritten,
    )


def exit_code_of(played: Iterable[Played], fail_on: str = "inconclusive") -> int:
    """The exit code of many files: the worst, of a defect, invalid, missed, inconclusive and met."""
    codes = {kept_code(one.exit_code, fail_on) for one in played}
    return next((code for code in _WORST_FIRST if code in codes), EXIT_MET)


def kept_code(code: int, fail_on: str) -> int:
    """An exit code, or 0 if nobody wants to fail because of it."""
    return code if code in FAIL_ON[fail_on] else EXIT_MET


def _quoted(name: str) -> str:
    """A name as a shell takes it."""
    from shlex import quote

    return quote(name)
