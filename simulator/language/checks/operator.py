"""What operators do, checked against the topology and the run."""

from collections.abc import Iterator

from simulator.language.checks.plan_modes import check_mode
from simulator.language.checks.promotions import check_promotion, check_switchover
from simulator.language.checks.records import check_change, check_fail_back
from simulator.language.models.experiment import Experiment
from simulator.language.models.operator import (
    AtSomeTime,
    Failback,
    PlanRun,
    Promotion,
    PromotionOfReader,
    RecordChange,
)
from simulator.language.models.plans import PromoteStep
from simulator.language.models.running import steps_that_may_run
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path
from simulator.units import format_duration


def check_operator(experiment: Experiment, topology: Topology, document: Document) -> None:
    """Report every call of an operator that makes no sense, but for unknown names."""
    for number, call in document.numbered("operator", experiment.operator):
        path: Path = ("operator", number)
        _check_when(call, experiment, document, path)
        if isinstance(call, Promotion):
            check_promotion(call, _may_have_moved(call, experiment, topology), topology, document, path)
            if call.mode == "switchover":
                check_switchover(
                    topology.databases.get(call.promote), document, (*path, "mode"), at_key=False
                )
        elif isinstance(call, RecordChange):
            check_change(call, topology, document, path)
        elif isinstance(call, Failback):
            check_fail_back(call, topology, document, path)
        elif isinstance(call, PlanRun) and call.mode is not None:
            check_mode(call.run, call.mode, topology, document, (*path, "mode"))
        if isinstance(call, RecordChange | Failback) and call.retry_every == 0:
            complaint = "an operator waits longer than 0 s between tries"
            document.problem(complaint, (*path, "retry_every"))
        if call.after_detection is not None and not isinstance(call, RecordChange):
            check_detection(topology, document, (*path, "after_detection"))


def check_detection(topology: Topology, document: Document, path: Path) -> None:
    """Report that something waits for a detection that never comes."""
    if not topology.health_checks:
        complaint = "nothing is ever detected: the topology has no health check; write 'at'"
        document.problem(complaint, path, at_key=True)


def _check_when(call: AtSomeTime, experiment: Experiment, document: Document, path: Path) -> None:
    """Report a call that has no time, two, or one behind the end."""
    if (call.at is None) == (call.after_detection is None):
        document.problem("give either 'at' or 'after_detection'", path, at_key=True)
    if call.at is not None and call.at >= experiment.duration:
        at, end = format_duration(call.at), format_duration(experiment.duration)
        document.problem(f"happens at {at}, but the run ends at {end}", (*path, "at"))


def _may_have_moved(call: Promotion, experiment: Experiment, topology: Topology) -> bool:
    """Whether another call or a plan makes another region the writer."""
    database = topology.databases.get(call.promote)
    others: Iterator[PromotionOfReader] = (
        one
        for one in (*experiment.operator, *steps_that_may_run(experiment, topology, PromoteStep))
        if isinstance(one, PromotionOfReader) and one.promote == call.promote
    )
    return database is not None and any(one.to != database.writer for one in others)
