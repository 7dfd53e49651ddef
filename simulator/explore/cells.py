"""Cells: the same files under a seed, of which many are played. What has been played is kept.

A cell is played by `simulator.pipeline.run` and becomes a record, which is small enough to be kept, sent and
held by the thousand. Replications, comparisons, sweeps and gates of many files all play their cells here, so
none is played twice.
"""

import platform
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from functools import partial
from hashlib import sha256

from pydantic import TypeAdapter

from simulator.errors import UsageError
from simulator.explore.packing import Packed
from simulator.explore.sharing import breathe
from simulator.explore.workers import Crew, Workers
from simulator.kernels.compiling import compiles
from simulator.kernels.shelves import Shelf
from simulator.language.changes import with_changes
from simulator.language.files import Loaded, digest
from simulator.lowering.faults.times import drawn_times_s
from simulator.pipeline import run, warm_up
from simulator.plan.digests import program_digest
from simulator.records import dataclass
from simulator.result.recovery import Phase
from simulator.result.whole import Judgement, Result
from simulator.simulation import Progress
from simulator.verdict.asking import questions
from simulator.verdict.figures import Figure, figure_of, figures
from simulator.verdict.judging import judge_each, overall, worst
from simulator.versions import versions

SHELF = Shelf(".record", 64 * 2**20)
"""Some ten thousand records."""

_LONG_S = 5.0
"""Estimated seconds of a run from which it is interrupted a hundred times to look after others.

That is one second on a machine of today. Each time, what users do cannot be foreseen beyond that instant: all
of them take 3 % of a run of a quarter of a second.
"""


@dataclass(frozen=True)
class Cell:
    """An experiment with its topology, under a seed."""

    loaded: Loaded
    seed: int


@dataclass(frozen=True)
class Record:
    """What is kept of a run."""

    key: str
    """The digest of all that it depends on: files and changes, seed, program and libraries."""
    seed: int
    verdict: str
    """met, missed, inconclusive or no_expectations: of this run by itself, see `judgements`."""
    judgements: tuple[Judgement, ...] = ()
    """One for each question of the expectations, in the file's order: the worst where there are several.

    Each says whether this run met it, also where a share of all runs is asked for: what one run, or many,
    tell of that is decided by `simulator.explore.replicating`.
    """
    asked: tuple[Figure, ...] = ()
    """The figure of each judgement."""
    figures: tuple[Figure, ...] = ()
    """Every figure of the registry."""
    drawn_s: Mapping[str, float] = field(default_factory=dict)
    """The times of the faults that the seed has drawn, in seconds of the run, by the faults' labels."""
    phases: Mapping[str, float] = field(default_factory=dict)
    """What the recovery time went to: seconds by phase, in order; empty if nobody noticed a fault."""
    held_by: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By phase, the actions of people that were bad in it, by what held them, most first."""

    def figure(self, key: str) -> Figure | None:
        """The figure of a key; None if the run does not have it."""
        return next((one for one in self.told if one.key == key), None)

    @property
    def told(self) -> tuple[Figure, ...]:
        """Every figure of the registry, and those that an expectation narrows to a span of time."""
        return (*self.figures, *self.asked)


Heard = Callable[[int, Record], None]
"""Is told the number of each cell and its record, once each: those that were kept before come first."""


def play_cells(
    cells: Sequence[Cell],
    *,
    jobs: int = 1,
    cache: bool = True,
    heard: Heard = lambda _number, _record: None,
    crew: Crew | None = None,
) -> list[Record]:
    """The record of each cell, in their order: the same bytes for any number of jobs, kept before or not.

    `crew` does the work in place of `jobs` processes of its own, as where cells are played in several rounds.
    With `cache`, what is finished is kept at once, so whoever is interrupted goes on from there. Raises what
    `run` raises.
    """
    keys = _keys(cells)
    numbers: dict[str, list[int]] = {}
    for number, key in enumerate(keys):
        numbers.setdefault(key, []).append(number)
    records = {key: found for key in numbers if cache and (found := kept(key)) is not None}

    def tell(key: str, record: Record) -> None:
        records[key] = record
        for number in numbers[key]:
            heard(number, record)

    for key, record in [*records.items()]:
        tell(key, record)
    left = [key for key in numbers if key not in records]
    if left:
        _play([cells[numbers[key][0]] for key in left], left, jobs, cache, tell, crew)
    return [records[key] for key in keys]


def play_each(
    designs: Sequence[Loaded],
    seeds: Sequence[int],
    *,
    jobs: int = 1,
    cache: bool = True,
    heard: Heard = lambda _number, _record: None,
    crew: Crew | None = None,
) -> list[list[Record]]:
    """The records of several designs, each under the same seeds: by design, then by seed. As `play_cells`."""
    cells = [Cell(one, seed) for one in designs for seed in seeds]
    records = play_cells(cells, jobs=jobs, cache=cache, heard=heard, crew=crew)
    return [records[number : number + len(seeds)] for number in range(0, len(records), len(seeds))]


def verdicts_of(records: Sequence[Record]) -> dict[str, int]:
    """Verdict of the expectations → in how many runs."""
    return dict(Counter(record.verdict for record in records))


def _play(
    cells: Sequence[Cell],
    keys: Sequence[str],
    jobs: int,
    cache: bool,
    tell: Callable[[str, Record], None],
    crew: Crew | None,
) -> None:
    if crew is not None:
        _on(crew, cells, keys, cache, tell)
        return
    with Workers(min(jobs, len(cells))) as workers:
        _on(workers, cells, keys, cache, tell)


def _on(
    crew: Crew,
    cells: Sequence[Cell],
    keys: Sequence[str],
    cache: bool,
    tell: Callable[[str, Record], None],
) -> None:
    if len(cells) > 1 and not crew.is_remote:
        warm_up()  # workers load what this process has compiled
    keeps_there = cache and not crew.is_remote

    def hear(number: int, body: bytes) -> None:
        if cache and crew.is_remote:
            SHELF.keep(keys[number], body)
        tell(keys[number], _unpacked(body))

    one = partial(_played, program_digest(), keeps_there)
    crew.do(one, [*_tasks(cells, keys)], heard=hear, costs=[seconds_of(cell.loaded) for cell in cells])
    if cache:
        SHELF.prune()


@dataclass(frozen=True)
class _Task:
    """A cell on its way to whoever plays it."""

    loaded: Packed[Loaded]
    seed: int
    key: str
    file: str

    @property
    def called(self) -> str:
        """Its name among others."""
        return f"{self.file} under seed {self.seed}"


def _tasks(cells: Sequence[Cell], keys: Sequence[str]) -> Iterator[_Task]:
    """Cells as tasks; what many were loaded from is sent once."""
    packed: dict[int, Packed[Loaded]] = {}
    for cell, key in zip(cells, keys, strict=True):
        loaded = packed.setdefault(id(cell.loaded), Packed(cell.loaded))
        yield _Task(loaded, cell.seed, key, cell.loaded.file)


def seconds_of(loaded: Loaded) -> float:
    """About how long a run takes."""
    return sum(cost.seconds for cost in loaded.costs)


def progress_of(loaded: Loaded) -> Progress | None:
    """What a run does meanwhile, if it is a long one: it looks after those who share the work."""
    return breathe if seconds_of(loaded) > _LONG_S or not compiles() else None


def _played(program: str, keeps: bool, task: _Task) -> bytes:
    """The record of a cell, as it is kept; on whatever machine this is."""
    if program_digest() != program:
        raise UsageError("a worker runs another version of the simulator; install the same one everywhere")
    loaded = with_changes(task.loaded.value)
    body = _packed(record_of(_run(loaded, task.seed), loaded, task.key))
    if keeps:
        SHELF.keep(task.key, body)
    return body


def _run(loaded: Loaded, seed: int) -> Result:
    return run(loaded, seed=seed, progress=progress_of(loaded))


def record_of(result: Result, loaded: Loaded, key: str = "") -> Record:
    """What is kept of a result of what was loaded."""
    each = judge_each(loaded.experiment.expect, result, loaded.file, loaded.expect_lines)
    judgements = tuple(map(worst, each))
    asked = tuple(
        figure_of(one.measure, one.part, result, one.asked)
        for expectation in loaded.experiment.expect
        for one in questions(expectation)
    )
    seed, verdict = result.recipe.seed, overall(judgements)
    drawn_s = dict(_drawn(result, drawn_times_s(loaded.experiment, seed)))
    phases = _phases(result.recovery.phases)
    return Record(key, seed, verdict, judgements, asked, figures(result), drawn_s, *phases)


def _phases(each: Sequence[Phase]) -> tuple[dict[str, float], dict[str, dict[str, int]]]:
    """By phase, how many seconds it took in all, and whom it held by what, most first."""
    took_s, held = dict[str, float](), dict[str, Counter[str]]()
    for one in each:
        took_s[one.phase] = took_s.get(one.phase, 0.0) + one.end_s - one.start_s
        held.setdefault(one.phase, Counter()).update(one.held_by)
    return took_s, {phase: dict(causes.most_common()) for phase, causes in held.items()}


def _drawn(result: Result, times_s: Mapping[int, float]) -> Iterator[tuple[str, float]]:
    """Each time by its fault's label, with its number among the faults where another has the same."""
    labels = [fault.fault for fault in result.recovery.faults]
    for number, at_s in times_s.items():
        label = labels[number]
        yield label if labels.count(label) == 1 else f"{label} (fault {number + 1})", at_s


# what is kept


def kept(key: str) -> Record | None:
    """What was kept under a key; None if nothing was, or if it cannot be read."""
    body = SHELF.read(key)
    if body is not None:
        with suppress(ValueError, zlib.error):
            return _unpacked(body)
    return None


def _packed(record: Record) -> bytes:
    return zlib.compress(_FORMAT.dump_json(record))


def _unpacked(body: bytes) -> Record:
    record = _FORMAT.validate_json(zlib.decompress(body))
    return replace(record, figures=tuple(map(_shared, record.figures)))


_FORMAT = TypeAdapter(Record)

_SHARED: dict[tuple[str, ...], Figure] = {}
_SHARED_MOST = 100_000


def _shared(figure: Figure) -> Figure:
    """A figure equal to this one, most of which others have, too: records are held by the thousand."""
    if len(_SHARED) > _SHARED_MOST:
        _SHARED.clear()
    known = _SHARED.setdefault((figure.key, figure.state, figure.why), figure)
    same = known.value == figure.value
    return known if same else replace(known, value=figure.value)


def _keys(cells: Sequence[Cell]) -> list[str]:
    """The keys of cells. Many cells have the same files, of which the digest is made once."""
    said: dict[int, str] = {}
    for cell in cells:
        if id(cell.loaded) not in said:
            said[id(cell.loaded)] = _said(cell.loaded)
    return [sha256(f"{said[id(one.loaded)]}\n{one.seed}".encode()).hexdigest()[:32] for one in cells]


def _said(loaded: Loaded) -> str:
    """All that a record of what was loaded depends on, but for the seed."""
    files = digest(loaded.experiment), digest(loaded.topology), loaded.file, loaded.expect_lines
    return repr((files, platform.python_version(), versions(), program_digest()))
