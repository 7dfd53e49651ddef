"""One run, and if it is asked for what would have shortened its recovery."""

from pathlib import Path

from simulator import pipeline
from simulator.explore.levers import with_levers
from simulator.explore.pairs.comparing import with_pairs
from simulator.language.files import Loaded, read_experiment
from simulator.pipeline import DEFAULT_SEED
from simulator.result.whole import Result
from simulator.simulation import Progress


def run(
    experiment: str | Path | Loaded,
    *,
    seed: int = DEFAULT_SEED,
    metrics: bool = False,
    progress: Progress | None = None,
    levers: bool = False,
    pairs: bool = False,
    processes: int = 1,
) -> Result:
    """Run an experiment.

    `experiment` is a file's path or what `load` returned. `metrics` also samples gauges for time series and
    pictures; it changes no figure of the result. `progress` is called with the simulated nanoseconds
    passed. `levers` replays the run with one thing of the design changed at a time: at most seven more runs;
    `pairs` replays it without each countermeasure that acted: at most eight; both on so many `processes`.
    Raises SpecError if a file is invalid, or what a program has changed in what it loaded; UsageError for a
    bad seed, or if it is given something else to run; DefectError if a law is broken.
    """
    if (levers or pairs) and isinstance(experiment, str | Path):
        experiment = read_experiment(experiment)
    result = pipeline.run(experiment, seed=seed, metrics=metrics, progress=progress)
    if levers and isinstance(experiment, Loaded):
        result = with_levers(result, experiment, processes=processes)
    if pairs and isinstance(experiment, Loaded):
        result = with_pairs(result, experiment, processes=processes)
    return result
