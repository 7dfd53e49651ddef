"""From a file to a result: read, lower, simulate, measure, judge."""

from dataclasses import replace
from numbers import Integral
from pathlib import Path

from simulator.data_plane.plane import CompiledPlane
from simulator.errors import SpecError, UsageError
from simulator.history.planned import planned
from simulator.kernels.compiling import together
from simulator.language.changes import with_changes
from simulator.language.checks.memory import check_memory
from simulator.language.files import Loaded, read_experiment
from simulator.language.models.drawn import has_drawn
from simulator.language.models.experiment import Experiment, Within
from simulator.language.models.topology import Topology
from simulator.lowering.faults.times import with_drawn_times
from simulator.lowering.whole import lower
from simulator.ready import Begins, Ready, played, told_to_nobody
from simulator.result.recovery import Objective
from simulator.result.whole import Recipe, Result
from simulator.simulation import Progress, begun
from simulator.verdict.asking import all_questions
from simulator.versions import versions

DEFAULT_SEED = 1

_SEEDS = 2**63


def run(
    experiment: str | Path | Loaded,
    *,
    seed: int = DEFAULT_SEED,
    metrics: bool = False,
    progress: Progress | None = None,
    begins: Begins = told_to_nobody,
) -> Result:
    """Run an experiment.

    `experiment` is a file's path or what `load` returned. `metrics` also samples gauges for time series and
    pictures; it changes no figure of the result. `progress` is called with the simulated nanoseconds
    passed, `begins` with the run that is played now. Raises SpecError if a file is invalid, or what a
    program has changed in what it loaded; UsageError for a bad seed, or if it is given something else to run;
    DefectError if a law is broken.
    """
    seed = checked_seed(seed)
    loaded = prepared(experiment, seed)
    return played(lambda: ready_of(loaded, seed), metrics=metrics, progress=progress, begins=begins)


def ready_of(loaded: Loaded, seed: int) -> Ready:
    """The run of what has been loaded and prepared."""
    return Ready(
        recipe_of(loaded, seed),
        planned(loaded.experiment, loaded.topology, seed),
        objective_of(loaded.experiment),
        all_questions(loaded.experiment.expect),
        loaded.expect_lines,
        sum(cost.seconds for cost in loaded.costs),
        sum(cost.bytes for cost in loaded.costs),
    )


def prepared(experiment: object, seed: int) -> Loaded:
    """An experiment that is about to be run, with what a program has changed, drawn times and memory checked.

    Raises what `run` raises before it begins.
    """
    loaded = _loaded(experiment)
    check_memory(_as_drawn(loaded, seed).costs)
    return loaded


def _as_drawn(loaded: Loaded, seed: int) -> Loaded:
    """What was loaded, with the times of faults that a seed draws, checked as a whole; itself if none is."""
    if not has_drawn(loaded.experiment):
        return loaded
    drawn = replace(loaded, experiment=with_drawn_times(loaded.experiment, seed))
    try:
        return with_changes(drawn)
    except SpecError as error:
        said = (replace(one, message=f"{one.message} (as seed {seed} draws it)") for one in error.problems)
        raise SpecError(*said) from None


def checked_seed(seed: object) -> int:
    """A seed, or UsageError."""
    if isinstance(seed, bool) or not isinstance(seed, Integral) or not 0 <= int(seed) < _SEEDS:
        raise UsageError(f"a seed is a whole number from 0 to 2^63 - 1, not {seed!r}")
    return int(seed)


def _loaded(experiment: object) -> Loaded:
    if isinstance(experiment, Loaded):
        return with_changes(experiment)
    if isinstance(experiment, str | Path):
        return read_experiment(experiment)
    kind = type(experiment).__name__
    raise UsageError(f"run takes the path of an experiment's file, or what load returned, not {kind}")


def warm_up() -> None:
    """Compile the simulator for this machine, as the first run would, unless that was done before."""
    region, service = "eu-central-1", "smallest"
    function = {"regions": [region], "compute": {"lambda": {}}}
    topology = Topology.model_validate(
        {
            "topology": service,
            "regions": {region: {}},
            "services": {service: function | {"operations": {"view": [{"compute": "1 ms"}]}}},
            "dns": {"smallest.example": {"service": service, "policy": "simple", "ttl": "60 s"}},
            "metrics": ["lambda.invocations"],  # which have kernels of their own
        }
    )
    experiment = Experiment.model_validate({"experiment": service, "topology": "", "duration": "1 s"})
    with together():
        plan = lower(experiment, topology, DEFAULT_SEED)
        begun(plan, CompiledPlane(plan.data))


def objective_of(experiment: Experiment) -> Objective:
    """When the service counts as OK in an experiment, defaults filled in."""
    written, duration_ns = experiment.objective, experiment.duration
    within = Within() if isinstance(written.within, int) else written.within
    return Objective(
        success=written.success,
        within_s=(written.within if isinstance(written.within, int) else within.default) / 10**9,
        window_s=written.window_ns(duration_ns) / 10**9,
        hold_s=written.hold_ns(duration_ns) / 10**9,
        within_operations_s={name: time_ns / 10**9 for name, time_ns in within.operations.items()},
        within_populations_s={name: time_ns / 10**9 for name, time_ns in within.populations.items()},
    )


def recipe_of(loaded: Loaded, seed: int) -> Recipe:
    """What makes a run repeatable."""
    return Recipe(
        experiment=loaded.experiment.experiment,
        topology=loaded.topology.topology,
        file=loaded.file,
        sha256=loaded.sha256,
        seed=seed,
        duration_s=loaded.experiment.duration / 10**9,
        warm_up_s=loaded.experiment.warm_up / 10**9,
        versions=versions(),
        settings=tuple(one.said for one in loaded.settings) or None,
    )
