"""Surges of load, checked, and how high a population's load can get."""

from simulator.language.models.faults import AnyFault, Fault, SurgeFault
from simulator.language.reading.positions import Document, Path
from simulator.times import NEVER_NS, total_factor


def check_surge(fault: SurgeFault, document: Document, path: Path) -> None:
    """Report a surge that is none."""
    if fault.factor == 1:
        document.problem("a factor of 1 changes nothing", (*path, "factor"))


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
