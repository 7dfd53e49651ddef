"""What health checks and load balancers ask for: a page, which is perhaps an operation's."""

from simulator.language.checks.values import check_repeats
from simulator.language.models.checked import checks_made
from simulator.language.models.compute import TargetCheck
from simulator.language.models.health_checks import EndpointCheck
from simulator.language.models.topology import Service, Topology, is_called, operations_of
from simulator.language.reading.positions import Document, Path


def check_endpoint_check(name: str, check: EndpointCheck, topology: Topology, document: Document) -> None:
    """Report what contradicts itself in a check of endpoints, and an operation that no service there has."""
    path: Path = ("health_checks", name)
    check_repeats(check.checker_regions or [], document, (*path, "checker_regions"))
    if check.protocol == "tcp":
        written = {"depth": check.depth == "deep", "operation": check.operation is not None}
        for key in (key for key, is_written in written.items() if is_written):
            complaint = f"a tcp check asks for no page; write 'protocol: https' or leave '{key}' out"
            document.problem(complaint, (*path, key))
    used_by = {made.service for made in checks_made(topology) if made.check == name}
    for service in sorted(used_by & {*topology.services}):
        _check_page(check, service, topology.services[service], topology, document, (*path, "operation"))


def check_target_page(
    check: TargetCheck, name: str, service: Service, topology: Topology, document: Document, path: Path
) -> None:
    """Report an operation that the service whose targets are checked does not have."""
    _check_page(check, name, service, topology, document, (*path, "operation"))


def _check_page(
    check: EndpointCheck | TargetCheck,
    name: str,
    service: Service,
    topology: Topology,
    document: Document,
    path: Path,
) -> None:
    """Report an operation of another service than the one that is checked; what is unknown has been."""
    owners = {owner for owner, one in operations_of(topology) if is_called(check.operation, owner, one)}
    if owners and name not in owners:
        has = ", ".join(service.operations)
        complaint = f"service '{name}' has no operation '{check.operation}'; its operations are: {has}"
        document.problem(complaint, path)
