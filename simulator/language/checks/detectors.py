"""Detectors checked: when they look, and how long they remember."""

from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path

_MINUTE_NS = 60 * 10**9
_LONGEST_NS = 10 * _MINUTE_NS


def check_detectors(topology: Topology, document: Document) -> None:
    """Report periods that none is, and releases before the next look."""
    for name, detector in topology.detectors.items():
        path: Path = ("detectors", name)
        if detector.period < _MINUTE_NS or detector.period % _MINUTE_NS or detector.period > _LONGEST_NS:
            document.problem("a period is in whole minutes, 10 at most", (*path, "period"))
        if detector.release < detector.period:
            document.problem("nobody is released before the next look; wait for a period", (*path, "release"))
