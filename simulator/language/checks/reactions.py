"""Zonal shifts and load shedding checked: that each has something to act on, and an end."""

from collections.abc import Iterable

from simulator.language.checks.plans import check_trigger
from simulator.language.checks.values import check_longer_than_0, check_repeats
from simulator.language.models.compute import NodesCompute
from simulator.language.models.reactions import BOTS, Shedding, ZonalShift
from simulator.language.models.topology import Service, Topology, is_called, operations_of
from simulator.language.reading.messages import known, nearest
from simulator.language.reading.positions import Document, Path

_LONGEST_SHIFT_NS = 72 * 3_600 * 10**9  # ARC developer guide, arc-zonal-shift.how-it-works


def check_reactions(topology: Topology, document: Document) -> None:
    """Report those that could never act, or act on nothing, but for unknown names."""
    for name, shift in topology.zonal_shifts.items():
        path: Path = ("zonal_shifts", name)
        check_trigger(shift.trigger, topology, document, (*path, "trigger"))
        check_longer_than_0(shift.expires, "a zonal shift", document, (*path, "expires"))
        if shift.expires > _LONGEST_SHIFT_NS:
            document.problem("a zonal shift expires after at most 72 h", (*path, "expires"))
        _check_services(shift, topology, document, path)
    for name, one in topology.shedding.items():
        _check_shedding(one, topology, document, ("shedding", name))


def _check_services(shift: ZonalShift, topology: Topology, document: Document, path: Path) -> None:
    region = shift.zone[:-1]  # its letter may be none, which is said elsewhere
    if region not in topology.regions:
        return
    if shift.services is None:
        if not any(_has_nodes(service, region) for service in topology.services.values()):
            complaint = f"no service runs on nodes in {region}, so that no load balancer could be shifted"
            document.problem(complaint, (*path, "zone"))
        return
    check_repeats(shift.services, document, (*path, "services"))
    for name in shift.services:
        if name in topology.services and not _has_nodes(topology.services[name], region):
            complaint = f"service '{name}' runs on no nodes in {region}, so that no zone of it can be left"
            document.problem(complaint, (*path, "services"))


def _has_nodes(service: Service, region: str) -> bool:
    compute = service.compute_in.get(region, service.compute)
    return service.cdn is None and region in service.regions and isinstance(compute, NodesCompute)


def _check_shedding(one: Shedding, topology: Topology, document: Document, path: Path) -> None:
    check_trigger(one.trigger, topology, document, (*path, "trigger"))
    check_repeats(one.populations or [], document, (*path, "populations"))
    if one.keep == 1:
        document.problem("what keeps 100 % sheds nothing", (*path, "keep"))
    if one.for_ is None and one.trigger.alarm is None:
        complaint = "say 'for' how long; only shedding by an alarm ends by itself, with the alarm"
        document.problem(complaint, path, at_key=True)
    elif one.for_ is not None:
        check_longer_than_0(one.for_, "shedding", document, (*path, "for"))
    service = topology.services.get(one.service)
    if service is None:
        known(document, (*path, "of"), one.service, topology.services, "service")
    elif service.cdn is not None and one.region is not None:
        complaint = (
            f"the edges of content network '{one.service}' are in no region; write 'of: {one.service}'"
        )
        document.problem(complaint, (*path, "of"))
    elif service.cdn is not None and one.scope == "regional":
        complaint = f"'{one.service}' is a content network, which has no door in a region; leave this out"
        document.problem(complaint, (*path, "scope"))
    elif one.region is not None and one.region not in service.regions:
        has = ", ".join(service.regions)
        complaint = f"service '{one.service}' does not run in '{one.region}'; its regions are: {has}"
        document.problem(complaint, (*path, "of"))
    else:
        _check_operations(one, topology, document, path)


def check_shed_populations(
    topology: Topology, users: Iterable[str], written: Iterable[str], document: Document
) -> None:
    """Report populations whose load is to be shed and that are not there.

    `users` are the populations that there are, `written` the names of what this file itself says sheds load.
    """
    there, here = [*users, BOTS], {*written}
    for name, one in topology.shedding.items():
        path: Path = ("shedding", name, "populations") if name in here else ("users",)
        whose = "" if name in here else f"shedding '{name}' of the topology names an "
        for population in one.populations or []:
            if population not in there:
                complaint = f"{whose}unknown population '{population}'{nearest(population, there)}"
                document.problem(complaint, path, at_key=name not in here)


def _check_operations(one: Shedding, topology: Topology, document: Document, path: Path) -> None:
    check_repeats(one.operations or [], document, (*path, "operations"))
    for name in one.operations or []:
        named = [operation for operation in operations_of(topology) if is_called(name, *operation)]
        if named and one.service not in {service for service, _ in named}:
            has = ", ".join(topology.services[one.service].operations)
            complaint = f"service '{one.service}' has no operation '{name}'; its operations are: {has}"
            document.problem(complaint, (*path, "operations"))
