"""Surges of load and bots: how high a population's load can get, and bots as the population that they are."""

from simulator.boundary.kinds import NEVER_NS
from simulator.language.models.faults import AnyFault, Bots, Fault, SurgeFault
from simulator.language.models.quantities import Constant
from simulator.language.models.users import Population
from simulator.times import total_factor


def end_ns(fault: Fault) -> int:
    """When a fault ends, flapping or not; NEVER_NS if it acts to the end of the run."""
    if fault.until is not None:
        return fault.until
    return NEVER_NS if fault.for_ is None else fault.at + fault.for_


def highest_factor(population: str, faults: list[AnyFault]) -> float:
    """The highest factor that the surges of a population can add up to, at least 1.

    Factors of surges that overlap multiply, so the highest is reached where one of them begins. They are
    multiplied in the order in which the control plane does it, so that not even rounding exceeds it.
    """
    surges = [f for f in faults if isinstance(f, SurgeFault) and f.surge == population and f.factor > 1]
    begins = {surge.at for surge in surges}
    return max((_factor_at(surges, at) for at in begins), default=1.0)


def _factor_at(surges: list[SurgeFault], at_ns: int) -> float:
    return total_factor(surge.factor for surge in surges if surge.at <= at_ns < end_ns(surge))


def as_population(bots: Bots) -> Population:
    """Bots as a population: each comes for one request and does not try again.

    They have been checked, and their numbers are read; so nothing is validated here.
    """
    instant = Constant.model_construct(root=1)
    return Population.model_construct(
        near=bots.near,
        arrivals=bots.rate,
        session_length=instant,
        think_time=instant,
        actions=bots.actions,
        client="script",
    )


def bots_name(number: int) -> str:
    """The name of the bots of the fault with this number among those of bots."""
    return f"bots {number + 1}"
