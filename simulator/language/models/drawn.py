"""Faults whose times the seed draws: experiments in which they have times.

Whatever reads the time of a fault reads one of these. Checks read the two ends of what may be drawn; each run
reads, and checks again, what its seed has drawn (`simulator.lowering.faults.times`).
"""

from collections.abc import Callable, Iterator

from simulator.language.models.experiment import Experiment
from simulator.language.models.faults.base import AnyTime, Fault


def drawn_of(fault: Fault) -> AnyTime | None:
    """Among which times the seed draws that of a fault; None if it is written."""
    at: object = fault.at
    return at if isinstance(at, AnyTime) else None


def has_drawn(experiment: Experiment) -> bool:
    """Whether the seed draws the time of any fault."""
    return any(drawn_of(fault) is not None for fault in experiment.faults)


def with_times(experiment: Experiment, time_ns: Callable[[int, AnyTime], int]) -> Experiment:
    """The experiment with times for those that are drawn, by the number of the fault; itself if none is."""
    if not has_drawn(experiment):
        return experiment
    faults = [
        fault
        if (drawn := drawn_of(fault)) is None
        else fault.model_copy(update={"at": time_ns(number, drawn)})
        for number, fault in enumerate(experiment.faults)
    ]
    return experiment.model_copy(update={"faults": faults})


def earliest(experiment: Experiment) -> Experiment:
    """Everything that is drawn begins as early as it may."""
    return with_times(experiment, lambda _, drawn: drawn.earliest)


def both_ends(experiment: Experiment) -> Iterator[Experiment]:
    """Everything that is drawn begins as early as it may, and as late; once if nothing is drawn."""
    yield earliest(experiment)
    if has_drawn(experiment):
        yield with_times(experiment, lambda _, drawn: drawn.latest)
