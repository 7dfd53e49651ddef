"""The same experiment under several seeds, on one or several processes."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from simulator.explore.workers import on_workers
from simulator.language.files import Loaded
from simulator.pipeline import run


def replicate(experiment: str | Path | Loaded, seeds: Iterable[int], *, processes: int = 1) -> list[str]:
    """The `result.json` text of each seed, in the seeds' order: the same bytes for any number of processes.

    Raises what `run` raises.
    """
    one = partial(_result_of, experiment)
    seeds = list(seeds)
    first = [*map(one, seeds[:1])]  # compiles the kernels once, before the workers would each do so
    return [*first, *on_workers(one, seeds[1:], processes)]


def _result_of(experiment: str | Path | Loaded, seed: int) -> str:
    return run(experiment, seed=seed).to_json()
