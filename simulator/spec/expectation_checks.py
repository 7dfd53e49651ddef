"""Expectations checked: one measure each, bounds in order, names that exist."""

from typing import Any

from simulator.spec.expectations import Expectation
from simulator.spec.experiment import Experiment
from simulator.spec.fault_checks import check_replica
from simulator.spec.positions import Document, Path
from simulator.spec.topology import Topology


def check_expectations(experiment: Experiment, topology: Topology, document: Document) -> None:
    """Report every expectation that cannot be judged, but for unknown names."""
    for number, expectation in document.numbered("expect", experiment.expect):
        _check_one(expectation, topology, document, ("expect", number))


def _check_one(expectation: Expectation, topology: Topology, document: Document, path: Path) -> None:
    measures = sorted(expectation.model_fields_set)
    if len(measures) != 1:
        has = " and ".join(f"'{one}'" for one in measures) or "none"
        document.problem(f"an expectation names exactly one measure; this one has {has}", path)
        return
    bounds, path = getattr(expectation, measures[0]), (*path, measures[0])
    if not isinstance(bounds, bool):
        _check_bounds(bounds, document, path)
        _check_pair(bounds, topology, document, path)


def _check_bounds(bounds: Any, document: Document, path: Path) -> None:
    if hasattr(bounds, "apart"):
        _check_peaks(bounds, document, path)
        return
    if bounds.at_least is None and bounds.at_most is None:
        document.problem("give 'at_least' or 'at_most'", path, at_key=True)
    elif None not in (bounds.at_least, bounds.at_most) and bounds.at_least > bounds.at_most:
        document.problem("'at_least' is above 'at_most'", (*path, "at_least"))


def _check_peaks(bounds: Any, document: Document, path: Path) -> None:
    if bounds.count is None and bounds.apart is None:
        document.problem("give 'count' or 'apart'", path, at_key=True)
    if bounds.apart is not None:
        _check_bounds(bounds.apart, document, (*path, "apart"))


def _check_pair(bounds: Any, topology: Topology, document: Document, path: Path) -> None:
    name = getattr(bounds, "table", None)
    from_, to = getattr(bounds, "from_", None), getattr(bounds, "to", None)
    for key, region in (("from", from_), ("to", to)):
        check_replica(region, name, topology.tables.get(name or ""), document, (*path, key))
    if (from_ is None) != (to is None):
        document.problem("give both 'from' and 'to', or neither", path, at_key=True)
    elif from_ is not None and from_ == to:
        document.problem("a replicator has two different ends", path, at_key=True)
