"""Expectations checked: one measure each, bounds in order, names that exist."""

from typing import Any

from simulator.boundary.measures import BY_NAME, COUNTERS
from simulator.language.checks.faults.stores import check_replica
from simulator.language.models.expectations import Expectation, SpanBounds
from simulator.language.models.experiment import Experiment
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path
from simulator.units import format_duration


def check_expectations(experiment: Experiment, topology: Topology, document: Document) -> None:
    """Report every expectation that cannot be judged, but for unknown names."""
    for number, expectation in document.numbered("expect", experiment.expect):
        _check_one(expectation, experiment, topology, document, ("expect", number))


def _check_one(
    expectation: Expectation, experiment: Experiment, topology: Topology, document: Document, path: Path
) -> None:
    measures = sorted(expectation.model_fields_set)
    if len(measures) != 1:
        has = " and ".join(f"'{one}'" for one in measures) or "none"
        document.problem(f"an expectation names exactly one measure; this one has {has}", path)
        return
    bounds, path = getattr(expectation, measures[0]), (*path, measures[0])
    if isinstance(bounds, bool):
        return
    _check_bounds(bounds, document, path)
    if isinstance(bounds, SpanBounds):
        _check_span(bounds, experiment, document, path)
    else:
        _check_pair(bounds, topology, document, path)
    if BY_NAME[measures[0]].scope is COUNTERS:
        _check_counters(bounds.cache, topology, document, (*path, "cache"))


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


def _check_span(bounds: SpanBounds, experiment: Experiment, document: Document, path: Path) -> None:
    """A span lies in the run and holds at least one whole window."""
    window_ns, end_ns = experiment.objective.window, experiment.duration
    if bounds.to > end_ns > 0:
        to, end = format_duration(bounds.to), format_duration(end_ns)
        document.problem(f"ends at {to}, but the run ends at {end}", (*path, "to"))
    elif bounds.to <= bounds.from_:
        document.problem("'to' is not after 'from'", (*path, "to"))
    elif window_ns > 0 and not _holds_a_window(bounds, window_ns, end_ns):
        window = format_duration(window_ns)
        document.problem(f"no window of {window} lies wholly between 'from' and 'to'", path, at_key=True)


def _holds_a_window(bounds: SpanBounds, window_ns: int, end_ns: int) -> bool:
    """The last window of a run may be shorter than the others."""
    first_ns = -(-bounds.from_ // window_ns) * window_ns
    return bounds.to >= min(first_ns + window_ns, end_ns) and first_ns < bounds.to


def _check_counters(name: str | None, topology: Topology, document: Document, path: Path) -> None:
    cache = topology.caches.get(name or "")
    if cache is not None and not cache.multi_region:
        document.problem(f"cache '{name}' is not multi-region, so it has no counters to lose", path)
