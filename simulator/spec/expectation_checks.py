"""Expectations checked: one measure each, bounds in order, names that exist."""

from typing import Any

from simulator.spec.expectations import Expectation
from simulator.spec.experiment import Experiment
from simulator.spec.messages import nearest
from simulator.spec.positions import Document, Path
from simulator.spec.topology import Topology


def check_expectations(experiment: Experiment, topology: Topology, document: Document) -> None:
    """Report every expectation that cannot be judged."""
    for number, expectation in enumerate(experiment.expect):
        _check_one(expectation, topology, document, ("expect", number))


def _check_one(expectation: Expectation, topology: Topology, document: Document, path: Path) -> None:
    measures = [*expectation.model_fields_set]
    if len(measures) != 1:
        document.problem("an expectation names exactly one measure", path)
        return
    measure = measures[0]
    bounds = getattr(expectation, measure)
    if bounds is None:
        document.problem(f"'{measure}' needs a bound", (*path, measure))
    elif not isinstance(bounds, bool):
        _check_bounds(bounds, document, (*path, measure))
        _check_names(bounds, topology, document, (*path, measure))


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


def _check_names(bounds: Any, topology: Topology, document: Document, path: Path) -> None:
    named = {"table": [*topology.tables], "from": [*topology.regions], "to": [*topology.regions]}
    for key, names in named.items():
        name = getattr(bounds, "from_" if key == "from" else key, None)
        if name is not None and name not in names:
            what = "table" if key == "table" else "region"
            document.problem(f"unknown {what} '{name}'{nearest(name, names)}", (*path, key))
    if (getattr(bounds, "from_", None) is None) != (getattr(bounds, "to", None) is None):
        document.problem("give both 'from' and 'to', or neither", path, at_key=True)
