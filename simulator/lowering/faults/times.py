"""The times of faults that a seed draws."""

from collections.abc import Mapping

from simulator.language.models.drawn import drawn_of, has_drawn, with_times
from simulator.language.models.experiment import Experiment
from simulator.language.models.faults.base import AnyTime
from simulator.randomness.draws import FAULT_TIME, uniform_of

_S_NS = 10**9


def with_drawn_times(experiment: Experiment, seed: int) -> Experiment:
    """The experiment with the times of faults that a seed draws: each second is as likely as any other."""

    def time_ns(number: int, drawn: AnyTime) -> int:
        u = float(uniform_of(seed, FAULT_TIME, number, 0, 0, 0))
        return drawn.earliest + int(u * drawn.seconds) * _S_NS

    return with_times(experiment, time_ns)


def drawn_times_s(experiment: Experiment, seed: int) -> Mapping[int, float]:
    """The times that a seed draws, in seconds of the run, by the numbers of their faults."""
    if not has_drawn(experiment):
        return {}
    drawn = with_drawn_times(experiment, seed).faults
    return {
        number: drawn[number].at / _S_NS
        for number, fault in enumerate(experiment.faults)
        if drawn_of(fault) is not None
    }
