"""Faults checked against their experiment and topology."""

from simulator.spec.experiment import Experiment
from simulator.spec.faults import (
    AnyFault,
    ClockFault,
    DnsFault,
    LinkEnds,
    LinkFault,
    RegionFault,
    ReplicationFault,
    ReplicationScope,
)
from simulator.spec.messages import nearest
from simulator.spec.positions import Document, Path
from simulator.spec.topology import Topology
from simulator.units import format_duration

EVERYWHERE = "everywhere"

_TAKES_SHARE = {"error", "lossy", "black_hole"}


def check_fault(
    fault: AnyFault,
    experiment: Experiment,
    topology: Topology,
    places: list[str],
    document: Document,
    path: Path,
) -> None:
    """Report what is wrong with one fault."""
    _check_times(fault, experiment.duration, document, path)
    _check_mode(fault, document, path)
    if isinstance(fault, RegionFault):
        _known(fault.region, [*topology.regions], "region", document, (*path, "region"))
    elif isinstance(fault, LinkFault):
        _check_link(fault.link, places, document, (*path, "link"))
    elif isinstance(fault, ReplicationFault):
        _check_scope(fault.replication, topology, document, (*path, "replication"))
    elif isinstance(fault, ClockFault):
        _known(fault.clock, [*topology.regions], "region", document, (*path, "clock"))
    elif isinstance(fault, DnsFault):
        _known(fault.dns, [*topology.dns], "DNS name", document, (*path, "dns"))


def _known(name: str, names: list[str], what: str, document: Document, path: Path) -> None:
    if name not in names:
        document.problem(f"unknown {what} '{name}'{nearest(name, names)}", path)


def _check_times(fault: AnyFault, duration_ns: int, document: Document, path: Path) -> None:
    if fault.at >= duration_ns:
        start, end = format_duration(fault.at), format_duration(duration_ns)
        document.problem(f"starts at {start}, after the run ends at {end}", (*path, "at"))
    if fault.for_ is not None and fault.until is not None:
        document.problem("give either 'for' or 'until'", (*path, "until"), at_key=True)
    if fault.for_ == 0:
        document.problem("lasts 0 s; a fault must last longer, or leave 'for' out", (*path, "for"))
    if fault.until is not None and fault.until <= fault.at:
        until, start = format_duration(fault.until), format_duration(fault.at)
        document.problem(f"ends at {until}, before it starts at {start}", (*path, "until"))
    if fault.flapping is not None:
        _check_flapping(fault, document, (*path, "flapping"))


def _check_flapping(fault: AnyFault, document: Document, path: Path) -> None:
    assert fault.flapping is not None
    if fault.flapping.period == 0:
        document.problem("a period must be longer than 0 s", (*path, "period"))
    if not 0 < fault.flapping.duty < 1:
        document.problem("a duty is above 0 % and below 100 %", (*path, "duty"))


def _check_mode(fault: AnyFault, document: Document, path: Path) -> None:
    mode = fault.mode if not isinstance(fault, ClockFault) else "skew"
    share, factor, add = (getattr(fault, key, None) for key in ("share", "factor", "add"))
    takes_share = mode in _TAKES_SHARE and not (isinstance(fault, RegionFault) and mode == "black_hole")
    if share is not None and not takes_share:
        document.problem(f"'share' does not go with mode {mode}", (*path, "share"), at_key=True)
    if mode == "lossy" and not share:
        document.problem("mode lossy needs a 'share' above 0 %", path, at_key=True)
    if mode == "lossy" and share == 1:
        document.problem("a link that loses everything is mode cut", (*path, "share"))
    if mode == "slow" and factor is None and add is None:
        document.problem("mode slow needs a 'factor' or an 'add'", path, at_key=True)
    if mode != "slow":
        for key, value in (("factor", factor), ("add", add)):
            if value is not None:
                document.problem(f"'{key}' does not go with mode {mode}", (*path, key), at_key=True)
    if mode == "lost":
        _check_lost(fault, document, path)


def _check_lost(fault: AnyFault, document: Document, path: Path) -> None:
    for key, value in (("for", fault.for_), ("until", fault.until), ("flapping", fault.flapping)):
        if value is not None:
            document.problem(f"a lost region never returns; leave '{key}' out", (*path, key), at_key=True)


def _check_link(ends: LinkEnds, places: list[str], document: Document, path: Path) -> None:
    both = ends.between is not None
    if both == (ends.from_ is not None and ends.to is not None) or (both and (ends.from_ or ends.to)):
        document.problem("give either 'between: [a, b]' or 'from' and 'to'", path)
        return
    named = [*enumerate(ends.between)] if ends.between else [("from", str(ends.from_)), ("to", str(ends.to))]
    for key, place in named:
        here = (*path, "between", key) if both else (*path, key)
        _known(place, [*places, EVERYWHERE], "place", document, here)
    if named[0][1] == named[1][1]:
        document.problem("a link has two different ends", path)


def _check_scope(scope: ReplicationScope, topology: Topology, document: Document, path: Path) -> None:
    if scope.table is not None:
        _known(scope.table, [*topology.tables], "table", document, (*path, "table"))
    for key, name in (("region", scope.region), ("from", scope.from_), ("to", scope.to)):
        if name is not None:
            _known(name, [*topology.regions], "region", document, (*path, key))
    if (scope.from_ is None) != (scope.to is None) or (scope.region and scope.from_):
        document.problem("give either 'region', or 'from' and 'to', or neither for all", path)
    elif scope.from_ is not None and scope.from_ == scope.to:
        document.problem("a replicator has two different ends", path)
