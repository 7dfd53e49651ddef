"""Whom a fault touches, checked: its operations and populations, against what is there and who calls what."""

from collections.abc import Iterator

from simulator.boundary.modes import modes_of
from simulator.language.checks.values import check_repeats
from simulator.language.models.experiment import Experiment
from simulator.language.models.faults import FaultOfUsers, IssuerFault, RegionFault, ServiceFault
from simulator.language.models.topology import Topology, is_called, operations_of
from simulator.language.reading.positions import Document, Path

Operation = tuple[str, str]
"""An operation, as its service and its name."""


def check_limits(
    fault: FaultOfUsers, experiment: Experiment, topology: Topology, document: Document, path: Path
) -> None:
    """Report limits of a fault that can have none, and those by which it touches nobody."""
    mode = modes_of(fault.target).get(getattr(fault, "mode", ""))
    if mode is not None and mode.for_all:
        _refuse(fault, f"{mode.for_all}; leave this out, or write mode {_others(fault)}", document, path)
        return
    if isinstance(fault, ServiceFault | RegionFault):
        check_repeats(fault.operations or [], document, (*path, "operations"))
        found = [
            _check_operation(name, fault, topology, document, place)
            for name, place in _places(fault.operations, document, (*path, "operations"))
        ]
        if not all(found):
            return
    check_repeats(fault.populations or [], document, (*path, "populations"))
    for name, place in _places(fault.populations, document, (*path, "populations")):
        _check_population(name, fault, experiment, topology, document, place)


def _others(fault: FaultOfUsers) -> str:
    """The modes that can be limited."""
    *first, last = (mode.name for mode in modes_of(fault.target).values() if mode.said_some)
    return f"{', '.join(first)} or {last}"


def _refuse(fault: FaultOfUsers, complaint: str, document: Document, path: Path) -> None:
    for key in ("operations", "populations"):
        if getattr(fault, key, None) is not None:
            document.problem(complaint, (*path, key), at_key=True)


def _places(names: list[str] | None, document: Document, path: Path) -> Iterator[tuple[str, Path]]:
    """Each name with its place: in a list, or alone."""
    for number, name in enumerate(names or []):
        yield name, (*path, number) if (*path, number) in document.values else path


def _check_operation(
    name: str, fault: ServiceFault | RegionFault, topology: Topology, document: Document, path: Path
) -> bool:
    """Report an operation that is not where the fault is; tell whether it is known and there."""
    named = [one for one in operations_of(topology) if is_called(name, *one)]
    if isinstance(fault, ServiceFault):
        return fault.service in topology.services and _check_owner(
            name, named, fault, topology, document, path
        )
    if len(named) > 1:
        ones = " or ".join(f"'{service}.{operation}'" for service, operation in named)
        document.problem(f"several services have an operation '{name}'; say {ones}", path)
        return False
    for service, _ in named:
        _check_site(name, service, fault.region, topology, document, path)
    return bool(named)


def _check_owner(
    name: str,
    named: list[Operation],
    fault: ServiceFault,
    topology: Topology,
    document: Document,
    path: Path,
) -> bool:
    """Report an operation of another service than the one that breaks."""
    if named and fault.service not in {service for service, _ in named}:
        has = ", ".join(topology.services[fault.service].operations)
        complaint = f"service '{fault.service}' has no operation '{name}'; its operations are: {has}"
        document.problem(complaint, path)
        return False
    return bool(named)


def _check_site(
    name: str, service: str, region: str, topology: Topology, document: Document, path: Path
) -> None:
    """Report an operation whose requests never come to the region that breaks."""
    if topology.services[service].cdn is not None:
        complaint = (
            f"'{name}' is behind a content network, which does not fail; break a bucket, or all of the region"
        )
        document.problem(complaint, path)
    elif region in topology.regions and region not in topology.services[service].regions:
        has = ", ".join(topology.services[service].regions)
        complaint = f"'{name}' is not served in {region}; its service '{service}' runs in: {has}"
        document.problem(complaint, path)


def _check_population(
    name: str,
    fault: FaultOfUsers,
    experiment: Experiment,
    topology: Topology,
    document: Document,
    path: Path,
) -> None:
    """Report a population of which no request can be touched, since it never asks for what breaks."""
    population = experiment.users.get(name)
    if population is None or _takes_tokens(fault, topology):
        return
    asked = [action for action, weight in population.actions.items() if weight > 0]
    if not all(any(is_called(action, *one) for one in operations_of(topology)) for action in asked):
        return  # of an operation that is unknown, or in which something is wrong, nobody can tell where it is
    touched = [
        one for one in operations_of(topology) if fault.is_for(*one) and _is_served(one, fault, topology)
    ]
    if not touched and isinstance(fault, RegionFault) and fault.region in topology.regions:
        document.problem(
            f"no request of '{name}' meets a service in {fault.region}, where none runs by itself", path
        )
    elif touched and not any(is_called(action, *one) for action in asked for one in touched):
        what = " or ".join(f"'{operation}'" for _, operation in touched[:4])
        complaint = f"population '{name}' never asks for {what}; its actions are: {', '.join(asked)}"
        document.problem(complaint, path)


def _takes_tokens(fault: FaultOfUsers, topology: Topology) -> bool:
    """Whether the requests for tokens, which any population may make, can be touched."""
    issuers = [] if topology.identity is None else topology.identity.issuer
    is_there = isinstance(fault, IssuerFault) or getattr(fault, "region", None) in issuers
    return is_there and fault.is_for("", None)


def _is_served(operation: Operation, fault: FaultOfUsers, topology: Topology) -> bool:
    """Whether requests for an operation can come to where the fault is."""
    service, region = topology.services[operation[0]], getattr(fault, "region", None)
    return service.cdn is None and (region is None or region in service.regions)
