"""What became of one file: its verdict, and the few figures that a line or a page has room for."""

from collections.abc import Iterable

from simulator.boundary.phases import PHASES
from simulator.errors import (
    EXIT_DEFECT,
    EXIT_INCONCLUSIVE,
    EXIT_INVALID,
    EXIT_MET,
    EXIT_MISSED,
    Problem,
)
from simulator.explore.cells import Record
from simulator.gate.codes import kept_code
from simulator.language.files import Loaded
from simulator.records import dataclass
from simulator.report.words import duration, parts_words
from simulator.result.whole import EXIT_CODES, Judgement
from simulator.verdict.figures import Figure
from simulator.verdict.judging import of_one_run, overall

INVALID, DEFECT = "invalid", "defect"

_WORST_FIRST = (EXIT_DEFECT, EXIT_INVALID, EXIT_MISSED, EXIT_INCONCLUSIVE, EXIT_MET)
_CODES = EXIT_CODES | {INVALID: EXIT_INVALID, DEFECT: EXIT_DEFECT}


@dataclass(frozen=True)
class Played:
    """One file under one seed."""

    file: str
    """As the user named it."""
    seed: int
    """The seed of every draw; the first of `seeds`."""
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
    seeds: str = ""
    """Of what was judged by many runs, their seeds as `--seeds` takes them, and its figures are medians."""
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
        seeds = f"--seeds {self.seeds}" if self.seeds else f"--seed {self.seed}"
        return f"simulator run {_quoted(self.file)} {seeds}{settings}"

    @property
    def failing(self) -> tuple[Judgement, ...]:
        """The expectations that are not met."""
        return tuple(one for one in self.expectations if one.verdict != "met")

    def place(self, judgement: Judgement) -> str:
        """Where an expectation stands: `file:line`."""
        return f"{self.file}:{judgement.line}" if judgement.line is not None else self.file


def played_of(file: str, loaded: Loaded, record: Record, *, unwritten: str = "") -> Played:
    """What a record of a run tells of the file that was loaded."""
    judgements = tuple(map(of_one_run, record.judgements))
    recovery, point = record.figure("recovery_time"), record.figure("recovery_point")
    lost, missing = record.figure("lost_writes"), record.figure("missing_writes")
    gone = _count(lost)
    return Played(
        file=file,
        seed=record.seed,
        verdict=overall(judgements),
        settings=tuple(one.said for one in loaded.settings),
        experiment=loaded.experiment.experiment,
        expectations=judgements,
        recovery_time_s=None if recovery is None else recovery.value,
        recovery_shown=recovery is not None and recovery.state == "shown",
        recovery_point_s=None if point is None else point.value,
        lost_writes=gone,
        overwritten_writes=max(_count(missing) - gone, 0),
        dominated=_dominated(record),
        unwritten=unwritten,
    )


def _count(figure: Figure | None) -> int:
    """A count; 0 if the run has none."""
    return 0 if figure is None or figure.value is None else round(figure.value)


def _dominated(record: Record) -> str:
    """What most of the recovery time went to, and what held most people meanwhile."""
    if not record.phases:
        return ""
    most = max(record.phases, key=lambda phase: record.phases[phase])
    whole = duration(sum(record.phases.values()))
    said = f"all of the recovery: {PHASES[most].label}, {whole}"
    if len(record.phases) > 1:
        said = f"most of the recovery: {PHASES[most].label}, {duration(record.phases[most])} of {whole}"
    held_by = record.held_by.get(most)
    return f"{said}; people were held by {parts_words(held_by)}" if held_by else said


def exit_code_of(played: Iterable[Played], fail_on: str = "inconclusive") -> int:
    """The exit code of many files: the worst, of a defect, invalid, missed, inconclusive and met."""
    codes = {kept_code(one.exit_code, fail_on) for one in played}
    return next((code for code in _WORST_FIRST if code in codes), EXIT_MET)


def _quoted(name: str) -> str:
    """A name as a shell takes it."""
    from shlex import quote

    return quote(name)
