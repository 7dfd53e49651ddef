"""What a drill is to play, checked: each scenario of one's own as the experiment that plays it."""

from simulator.language.checks.references import check_names_of_experiment
from simulator.language.checks.values import check_longer_than_0
from simulator.language.checks.whole import check_experiment
from simulator.language.models.drills import DrillScenario
from simulator.language.models.experiment import Experiment
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import known
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import Names
from simulator.units import NS_PER_UNIT

SHORT_NS, LONG_NS = 45 * NS_PER_UNIT["min"], 210 * NS_PER_UNIT["min"]
"""How long a scenario is played at first, and one with a restore."""


def as_experiment(name: str, one: DrillScenario) -> Experiment:
    """The experiment that plays a scenario of one's own, for as long as it is played at first."""
    default_ns = LONG_NS if one.restores else SHORT_NS
    return Experiment.model_construct(
        experiment=one.title or name,
        topology="",
        duration=default_ns if one.duration is None else one.duration,
        faults=one.faults,
        restores=one.restores,
        operator=one.operator,
    )


def check_drill(topology: Topology, names: Names, document: Document) -> None:
    """Report every scenario that could not be played, and every restore of a database that nobody makes."""
    for name, one in topology.drill.scenarios.items():
        path: Path = ("drill", "scenarios", name)
        _check_scenario(name, one, topology, names, document, path)
    for name, restore in topology.drill.database_restores.items():
        path = ("drill", "database_restores", name)
        if not known(document, path, name, names.databases, "database", at_key=True):
            continue
        database = topology.databases.get(name)
        if database is not None and database.readers and restore.replica_takes is None:
            complaint = "it has readers, which are made one after the other; say 'replica_takes', too"
            document.problem(complaint, path, at_key=True)


def _check_scenario(
    name: str, one: DrillScenario, topology: Topology, names: Names, document: Document, path: Path
) -> None:
    written = document.data["drill"]["scenarios"][name]
    part = document.within(path, written)
    check_names_of_experiment(names, part)
    check_experiment(as_experiment(name, one), topology, names, part)
    for function, asked in one.objectives.items():
        here = (*path, "objectives", function)
        known(document, here, function, topology.objectives or None, "function", at_key=True)
        if not asked.model_fields_set:
            complaint = "give 'recovery_time' or 'recovery_point', or both: what is asked of it here"
            document.problem(complaint, here, at_key=True)
        check_longer_than_0(asked.recovery_time, "a recovery time", document, (*here, "recovery_time"))
