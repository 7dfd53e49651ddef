"""What readiness finds, by rule: what standbys lack, and what there is only one of."""

from collections.abc import Iterator

import networkx as nx

from simulator.language.models.calling import calling
from simulator.language.models.topology import Topology
from simulator.result.readiness import Readiness, Single, Standby
from simulator.rules.table import SECTIONS, Note


def readiness_notes(found: Readiness) -> Iterator[Note]:
    """A note on each thing that a standby lacks, on shifts that leave too little, on each that is single."""
    for standby in found.standbys:
        for item in standby.lacks:
            said = f"standby {standby.region}: {item.said}"
            path = _path(item.kind, item.name, standby)
            yield Note(item.rule, said, path, of=item.name)
    for left in found.shifts:
        if not left.is_enough:
            said = f"zonal shift {left.shift} leaves {left.service} {left.nodes:,} of {left.of:,} nodes"
            said = f"{said} outside {left.zone}, too few for today's load" if left.nodes else f"{said}: none"
            yield Note(left.rule, said, ("zonal_shifts", left.shift))
    for single in found.singles:
        yield Note(single.rule, single.said, _path(single.kind, single.name), of=single.name)


def single_callees(topology: Topology) -> Iterator[Single]:
    """Services of one region on which, directly or through others, services of several regions depend."""
    system: nx.DiGraph[str] = nx.DiGraph()
    system.add_nodes_from(topology.services)
    for name, service in topology.services.items():
        for called in calling(service, topology).called:
            if called.operation:
                system.add_edge(name, called.name)
    for name, service in topology.services.items():
        callers = [one for one in nx.ancestors(system, name) if len(topology.services[one].regions) > 1]
        if len(service.regions) == 1 and callers:
            said = (
                f"{' and '.join(sorted(callers))} depend{'s' * (len(callers) == 1)} on {name}, which runs in "
            )
            yield Single("service", name, f"{said}{service.regions[0]} alone")


def _path(kind: str, name: str, standby: Standby | None = None) -> tuple[str | int, ...]:
    """Where something stands in a topology: itself, or the standby that lacks it."""
    section = SECTIONS.get(kind)
    if section in ("regions", None) and standby is not None:
        return "regions", standby.region
    if section == "identity":
        return ("identity",)
    return (section, name) if section is not None else ("topology",)
