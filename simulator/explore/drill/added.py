"""Scenarios that are added to the default set: those of the topology, and experiments on it."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from simulator.errors import Problem, SpecError
from simulator.explore.drill.damages import lost_with, stores_of
from simulator.explore.drill.moment import start_of_run
from simulator.language.checks.drills import as_experiment
from simulator.language.files import Loaded, read_experiment
from simulator.language.folders import experiments_named
from simulator.language.models.data_steps import RestoreStep
from simulator.language.models.drills import DrillScenario
from simulator.language.models.experiment import Experiment
from simulator.language.models.faults import (
    AnyFault,
    BucketFault,
    ControlPlaneFault,
    DatabaseFault,
    LinkFault,
    RegionFault,
    TableFault,
    ZoneFault,
)
from simulator.language.models.points import DAMAGING
from simulator.language.models.running import steps_that_may_run
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import read_document
from simulator.language.settings import Setting, of_topology
from simulator.records import dataclass
from simulator.result.drill import Asked, Function, Scenario


@dataclass(frozen=True)
class Added:
    """A scenario with the experiment that plays it."""

    scenario: Scenario
    experiment: Experiment


def own_scenarios(topology: Topology) -> Iterator[Added]:
    """Those of the topology, which begin when all others do."""
    day, time_ns = start_of_run(topology)
    for name, one in topology.drill.scenarios.items():
        times = {"day": day, "time_of_day": time_ns}
        experiment = as_experiment(name, one).model_copy(update=times)
        asked = {function: _asked(one, function) for function in one.objectives}
        scenario = _scenario(f"own:{name}", "own", one.title or name, experiment, topology)
        yield Added(Scenario(**(vars(scenario) | {"objectives": asked})), experiment)


def _asked(one: DrillScenario, function: str) -> Asked:
    own = one.objectives[function]
    times = (
        None if time_ns is None else time_ns / 10**9 for time_ns in (own.recovery_time, own.recovery_point)
    )
    return Asked(*times)


def experiments_with(
    paths: Iterable[str | Path],
    drilled: str | Path,
    functions: Sequence[Function],
    settings: Sequence[Setting] = (),
) -> Iterator[Added]:
    """The experiments of some files and folders, each on the topology that is drilled, as it is set.

    Raises SpecError if one is invalid, of another topology, breaks nothing, or lacks a function's users, and
    UsageError if a folder has none.
    """
    problems: list[Problem] = []
    for path in experiments_named(map(str, paths)):
        try:
            yield _experiment(Path(path), drilled, functions, settings)
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(*problems)


def _experiment(
    path: Path, drilled: str | Path, functions: Sequence[Function], settings: Sequence[Setting]
) -> Added:
    loaded = read_experiment(path, [of_topology(one) for one in settings])
    document = read_document(path.read_text(encoding="utf-8"), str(path))
    experiment = loaded.experiment
    if (path.parent / experiment.topology).resolve() != Path(drilled).resolve():
        document.problem(
            f"the drill is of {Path(drilled).name}; name that topology, or leave this one out", ("topology",)
        )
    if not experiment.faults:
        document.problem("it has no faults, so there is nothing from which to recover", ())
    if "users" in experiment.model_fields_set:
        for one in functions:
            for name in one.populations:
                if name not in experiment.users:
                    complaint = f"function '{one.name}' serves '{name}', of whom there are none here"
                    document.problem(
                        f"{complaint}; leave 'users' out, which are then those of the topology", ("users",)
                    )
    if document.problems:
        raise SpecError(*document.problems)
    return _of_loaded(path, loaded)


def _of_loaded(path: Path, loaded: Loaded) -> Added:
    experiment = loaded.experiment.model_copy(update={"expect": []})
    title = experiment.experiment
    scenario = _scenario(f"with:{path.stem}", "experiment", title, experiment, loaded.topology)
    start_ns = experiment.time_of_day
    return Added(Scenario(**(vars(scenario) | {"start_of_day_ns": start_ns})), experiment)


def _scenario(key: str, kind: str, title: str, experiment: Experiment, topology: Topology) -> Scenario:
    """What the report says of an experiment; what it does stands in the experiment."""
    return Scenario(
        key=key,
        kind=kind,
        title=title,
        column=_column(experiment.faults),
        faults=(),
        restores=tuple({"store": one.store} for one in experiment.restores),
        duration_ns=experiment.duration,
        gone=dict(_gone(experiment, topology)),
    )


def _column(faults: Sequence[AnyFault]) -> str:
    """The largest of the four kinds of disruption that a fault belongs to."""
    for kinds, column in (
        (RegionFault, "Region"),
        (ZoneFault, "AZ"),
        ((LinkFault, ControlPlaneFault), "Infrastructure"),
    ):
        if any(isinstance(fault, kinds) for fault in faults):
            return column
    return "Software"


def _gone(experiment: Experiment, topology: Topology) -> Iterator[tuple[str, str]]:
    """What is lost with regions that never return, and what is damaged and restored by nobody."""
    lost = {one.region for one in experiment.faults if isinstance(one, RegionFault) and one.mode == "lost"}
    yield from lost_with(lost, topology)
    restored = {one.store for one in experiment.restores}
    restored |= {one.restore for one in steps_that_may_run(experiment, topology, RestoreStep)}
    for fault in experiment.faults:
        if isinstance(fault, TableFault | DatabaseFault | BucketFault) and fault.mode in DAMAGING:
            name = next(
                one for one in (getattr(fault, key, None) for key in ("table", "database", "bucket")) if one
            )
            if name not in restored and name in stores_of(topology):
                left = "gone" if fault.mode == "deleted" else "wrong"
                yield name, f"what was damaged of {name} stays {left}: nothing restores it"
