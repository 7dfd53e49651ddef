"""The same experiment under many seeds: what they say together, as early as they tell it."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path

from simulator.errors import UsageError
from simulator.explore.cells import Cell, Record, play_cells
from simulator.explore.spreads import are_decided, expected, spreads
from simulator.explore.workers import Crew, Workers
from simulator.language.changes import with_changes
from simulator.language.checks.memory import check_memory
from simulator.language.files import Loaded, read_experiment
from simulator.pipeline import checked_seed, recipe_of
from simulator.result.replications import MAIN, Files, Replication, Replications
from simulator.verdict.gates import looks
from simulator.verdict.intervals import CONFIDENCE
from simulator.verdict.judging import overall_of

Heard = Callable[[int, int], None]
"""Hears how many runs are done, of how many at the most."""


def replications(
    experiment: str | Path | Loaded,
    seeds: Iterable[int],
    *,
    jobs: int = 1,
    cache: bool = True,
    heard: Heard = lambda _done, _of: None,
    crew: Crew | None = None,
) -> Replications:
    """Play an experiment under seeds, and judge its expectations by all runs.

    Where each expectation is of a share of all runs (`in`), it ends as soon as all are decided, at fixed
    numbers of runs. The same bytes for any number of `jobs` (processes), or whatever `crew` plays in their
    place, and whether or not runs are kept from before (`cache`). Raises SpecError if a file is invalid,
    UsageError for bad seeds, DefectError if a law is broken.
    """
    loaded = with_changes(experiment) if isinstance(experiment, Loaded) else read_experiment(experiment)
    check_memory(loaded.costs)
    asked = _checked(seeds)
    whose = Workers(min(jobs, len(asked))) if crew is None else nullcontext(crew)
    records: list[Record] = []
    with whose as players:
        for count in _rounds(loaded, len(asked)):
            cells = [Cell(loaded, seed) for seed in asked[len(records) : count]]
            done = _Counted(len(records), len(asked), heard)
            records += play_cells(cells, cache=cache, crew=players, heard=done)
            if are_decided(records):
                break
    return gathered(loaded, asked, records)


class _Counted:
    """Counts the runs that are done."""

    def __init__(self, done: int, count: int, heard: Heard) -> None:
        self._done, self._of, self._heard = done, count, heard
        heard(done, count)

    def __call__(self, _number: int, _record: Record) -> None:
        self._done += 1
        self._heard(self._done, self._of)


def gathered(loaded: Loaded, asked: Sequence[int], records: Sequence[Record]) -> Replications:
    """What records of the same files say together; those of the first of the seeds that were asked for."""
    each, recipe = expected(records), recipe_of(loaded, asked[0])
    return Replications(
        recipe=Files(
            experiment=recipe.experiment,
            topology=recipe.topology,
            file=recipe.file,
            sha256=recipe.sha256,
            settings=recipe.settings,
            versions=recipe.versions,
        ),
        verdict=overall_of(one.verdict for one in each),
        confidence=CONFIDENCE,
        asked=len(asked),
        played=len(records),
        expectations=each,
        figures=spreads(records),
        runs=tuple(map(_replication, records)),
    )


def _replication(record: Record) -> Replication:
    return Replication(
        seed=record.seed,
        drawn_s=record.drawn_s or None,
        verdict=record.verdict,
        outcomes=tuple(one.verdict for one in record.judgements),
        measured=tuple(one.value for one in record.asked),
        figures={one.key: one.value for one in record.figures if one.key in MAIN},
    )


def _checked(seeds: Iterable[int]) -> list[int]:
    found = [*map(checked_seed, seeds)]
    if not found:
        raise UsageError("there are no seeds; say at least one")
    if len({*found}) < len(found):
        raise UsageError("a seed is named twice; the same seed gives the same run, which tells nothing new")
    return found


def _rounds(loaded: Loaded, count: int) -> Iterable[int]:
    """After how many runs it is seen whether they decide: at the end, if not everything can be decided."""
    written = (getattr(one, name) for one in loaded.experiment.expect for name in one.model_fields_set)
    can_be = [getattr(one, "in_", None) is not None for one in written]
    return looks(count) if can_be and all(can_be) else [count]
