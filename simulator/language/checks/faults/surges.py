"""Surges of load, checked."""

from simulator.language.models.faults import SurgeFault
from simulator.language.reading.positions import Document, Path


def check_surge(fault: SurgeFault, document: Document, path: Path) -> None:
    """Report a surge that is none."""
    if fault.factor == 1:
        document.problem("a factor of 1 changes nothing", (*path, "factor"))
