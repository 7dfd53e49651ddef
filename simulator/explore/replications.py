"""The same experiment under several seeds, on one or several processes."""

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from simulator.language.files import Loaded
from simulator.pipeline import run


def replicate(experiment: str | Path | Loaded, seeds: Iterable[int], *, processes: int = 1) -> list[str]:
    """The `result.json` text of each seed, in the seeds' order: the same bytes for any number of processes.

    Raises what `run` raises.
    """
    one = partial(_result_of, experiment)
    seeds = list(seeds)
    if processes <= 1 or len(seeds) <= 1:
        return [one(seed) for seed in seeds]
    first = one(seeds[0])  # compiles the kernels once, before the workers would each do so
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return [first, *pool.map(one, seeds[1:])]


def _result_of(experiment: str | Path | Loaded, seed: int) -> str:
    return run(experiment, seed=seed).to_json()
