"""Reading and playing many experiments: what is wrong with one says nothing about the others."""

import os
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from simulator.errors import REPORT_IT, DefectError, SpecError, UsageError
from simulator.explore.cells import Cell, play_cells, progress_of, record_of
from simulator.explore.cores import cores
from simulator.explore.levers import with_levers
from simulator.explore.pairs.comparing import with_pairs
from simulator.explore.workers import copies_stand_by, on_workers
from simulator.gate.played import DEFECT, INVALID, Played, played_of
from simulator.language.files import Loaded, read_experiment
from simulator.language.settings import Setting
from simulator.pipeline import run, warm_up
from simulator.records import dataclass
from simulator.report.files import write_report
from simulator.result.whole import Result

_WORTH_WORKERS_S, _WORTH_COPIES_S = 5.0, 0.5
"""Estimated seconds of computing from which starting workers, or copies, costs less than it saves."""


@dataclass(frozen=True)
class Asked:
    """How each of many files is played."""

    seed: int = 1
    out: str | None = None
    """Where each file has a folder of its own with its result; None if nothing is written."""
    settings: tuple[Setting, ...] = ()
    """What is set in each of them."""
    levers: bool = False
    pairs: bool = False
    cache: bool = True
    """Whether what has been played before is not played again, unless its result is written."""


@dataclass(frozen=True)
class Task:
    """One file that was read, or that cannot be."""

    file: str
    loaded: Loaded | None
    """What was read; None if it cannot be."""
    unread: Played | None = None
    """Why it cannot be read."""
    out: str | None = None
    """The folder of its own result."""

    @property
    def called(self) -> str:
        """Its name among others."""
        return self.file


def read_all(files: Sequence[str], asked: Asked) -> list[Task]:
    """Read each file; one that is invalid is told with its problems, and stops no other."""
    folders = folders_of(files)
    return [_read(file, folder, asked) for file, folder in zip(files, folders, strict=True)]


def folders_of(files: Sequence[str]) -> list[str]:
    """A folder for the result of each file: its path without suffix, below what all files share."""
    paths = [Path(os.path.abspath(file)).with_suffix("") for file in files]
    if len({path.name for path in paths}) == len(paths):
        return [path.name for path in paths]
    shared = os.path.commonpath([path.parent for path in paths])
    return [str(path.relative_to(shared)) for path in paths]


def seconds_of(tasks: Sequence[Task]) -> float:
    """About how long the runs will take on one core, in seconds."""
    return sum(cost.seconds for task in tasks if task.loaded is not None for cost in task.loaded.costs)


def jobs_worth(tasks: Sequence[Task], jobs: int | None) -> int:
    """On how many processes to play: as many as asked for, or all cores where the work is worth it."""
    worth_s = _WORTH_COPIES_S if copies_stand_by() else _WORTH_WORKERS_S
    most = jobs if jobs is not None else cores() if seconds_of(tasks) > worth_s else 1
    return max(min(most, len(tasks)), 1)


def play_all(
    tasks: Sequence[Task], asked: Asked, *, jobs: int = 1, heard: Callable[[Played], None]
) -> list[Played]:
    """What becomes of each, in their order: the same for any number of jobs. `heard` is told of each."""
    if any(task.loaded is not None for task in tasks):
        warm_up()  # workers load what this process has compiled
    one, costs = partial(play_task, asked), [seconds_of([task]) for task in tasks]
    return on_workers(one, tasks, jobs, heard=lambda _number, one: heard(one), costs=costs)


def play_task(asked: Asked, task: Task) -> Played:
    """Play one file and write its result; whatever goes wrong is told of it alone, but an interruption."""
    if task.loaded is None:
        assert task.unread is not None
        return task.unread
    try:
        return _played(task, task.loaded, asked)
    except SpecError as error:
        return Played(task.file, asked.seed, INVALID, problems=error.problems)
    except DefectError as error:
        return Played(task.file, asked.seed, DEFECT, defect=str(error))
    except Exception:
        return Played(task.file, asked.seed, DEFECT, defect=f"{traceback.format_exc()}{REPORT_IT}")


def _read(file: str, folder: str, asked: Asked) -> Task:
    out = None if asked.out is None else os.path.join(asked.out, folder)
    try:
        return Task(file, read_experiment(file, asked.settings), out=out)
    except SpecError as error:
        return Task(file, None, Played(file, asked.seed, INVALID, problems=error.problems))
    except UsageError:
        raise
    except Exception:
        told = f"{traceback.format_exc()}{REPORT_IT}"
        return Task(file, None, Played(file, asked.seed, DEFECT, defect=told))


def _played(task: Task, loaded: Loaded, asked: Asked) -> Played:
    if task.out is None and not (asked.levers or asked.pairs):
        (record,) = play_cells([Cell(loaded, asked.seed)], cache=asked.cache)
        return played_of(task.file, loaded, record)
    progress = progress_of(loaded)
    result = run(loaded, seed=asked.seed, metrics=task.out is not None, progress=progress)
    result = with_levers(result, loaded) if asked.levers else result
    result = with_pairs(result, loaded) if asked.pairs else result
    unwritten = "" if task.out is None else _written(result, task.out)
    return played_of(task.file, loaded, record_of(result, loaded), unwritten=unwritten)


def _written(result: Result, out: str) -> str:
    """Write a result; why it could not be written, or nothing."""
    try:
        write_report(result, out)
    except OSError as error:
        return f"cannot write to {out}: {error.strerror or error}"
    return ""
