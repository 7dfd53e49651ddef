"""The same experiment under several seeds, on one or several processes."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from simulator.explore.workers import on_workers
from simulator.language.files import Loaded
from simulator.pipeline import run, warm_up


def replicate(experiment: str | Path | Loaded, seeds: Iterable[int], *, processes: int = 1) -> list[str]:
    """The `result.json` text of each seed, in the seeds' order: the same bytes for any number of processes.

    Raises what `run` raises.
    """
    seeds = list(seeds)
    if len(seeds) > 1:
        warm_up()  # workers load what this process has compiled
    return on_workers(partial(_result_of, experiment), seeds, processes)


def _result_of(experiment: str | Path | Loaded, seed: int) -> str:
    return run(experiment, seed=seed).to_json()
