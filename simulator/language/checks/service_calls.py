"""Calls of services checked: they find what they call, come to an end, and go no deeper than is played."""

from collections.abc import Iterator

from simulator.language.models.calling import callees
from simulator.language.models.steps import Call
from simulator.language.models.topology import Service, Topology, operations_of
from simulator.language.reading.positions import Document, Path

Operation = tuple[str, str]
"""A service and one of its operations."""

_DEEPEST = 3


def check_service_calls(topology: Topology, document: Document) -> None:
    """Report calls of services that lead nowhere, or never end."""
    for name, service in topology.services.items():
        for operation, number, step in _calls(service):
            path: Path = ("services", name, "operations", operation, number)
            _check_call(name, step, topology, document, path)
    for one in operations_of(topology):
        _check_depth(one, topology, document)


def _calls(service: Service) -> Iterator[tuple[str, int, Call]]:
    """The calls of a service: operation, number of the step, step."""
    for operation, steps in service.operations.items():
        for number, step in enumerate(steps):
            if isinstance(step, Call):
                yield operation, number, step


def callees_of(step: Call, topology: Topology) -> list[Operation]:
    """The operations that a call may mean; none if it means an external, or nothing."""
    return [(one.name, one.operation) for one in callees(step, topology) if one.operation]


def _check_call(service: str, step: Call, topology: Topology, document: Document, path: Path) -> None:
    found = callees_of(step, topology)
    if len(found) > 1:
        choices = " or ".join(f"'{one}.{operation}'" for one, operation in found)
        complaint = f"several services have an operation '{step.call}'; write {choices}"
        document.problem(complaint, (*path, "call"))
    elif found and found[0][0] == service:
        complaint = f"service '{service}' does what is its own itself; write the steps of '{step.call}' here"
        document.problem(complaint, (*path, "call"))
    elif found and topology.services[found[0][0]].cdn is not None:
        complaint = f"'{found[0][0]}' is behind a content network, which no service calls; 'get' its objects"
        document.problem(complaint, (*path, "call"))
    elif found:
        _check_place(service, found[0][0], step, topology, document, path)


def _check_place(
    caller: str, callee: str, step: Call, topology: Topology, document: Document, path: Path
) -> None:
    """The callee runs where the call goes: in its region `to`, or wherever the caller runs."""
    runs = topology.services[callee].regions
    if not {*runs} <= {*topology.regions}:
        return  # one is misspelled
    if step.to is not None:
        if step.to in topology.regions and step.to not in runs:
            complaint = f"service '{callee}' does not run in {step.to}; it runs in: {', '.join(runs)}"
            document.problem(complaint, (*path, "to"))
        return
    for region in topology.services[caller].regions:
        if region in topology.regions and region not in runs:
            complaint = f"service '{caller}' runs in {region}, where '{callee}' does not"
            remedy = f"add {region} to its regions, or say in which it is called: 'to: REGION'"
            document.problem(f"{complaint}; {remedy}", (*path, "call"))


def _below(one: Operation, topology: Topology) -> Iterator[tuple[int, Operation]]:
    """What an operation calls: number of the step, operation."""
    steps = topology.services[one[0]].operations[one[1]]
    for number, step in enumerate(steps):
        found = callees_of(step, topology) if isinstance(step, Call) else []
        if len(found) == 1:
            yield number, found[0]


def _chains(way: tuple[Operation, ...], topology: Topology) -> Iterator[tuple[int, tuple[Operation, ...]]]:
    """Chains of calls that are too long or lead back: the number of their first step, and the operations."""
    for number, callee in _below(way[-1], topology):
        if callee == way[0] or len(way) > _DEEPEST:
            yield number, (*way, callee)
        elif callee not in way:  # another operation's circle is that one's problem
            yield from ((number, chain) for _, chain in _chains((*way, callee), topology))


def _check_depth(one: Operation, topology: Topology, document: Document) -> None:
    """Report the first circle of an operation, or else its first chain of too many calls."""
    chains = [*_chains((one,), topology)]
    circles = [chain for chain in chains if chain[1][0] == chain[1][-1]]
    for number, chain in (circles or chains)[:1]:
        said = " → ".join(".".join(operation) for operation in chain)
        path: Path = ("services", one[0], "operations", one[1], number, "call")
        if circles:
            document.problem(f"calls in a circle: {said}; leave one of them out", path)
        else:
            complaint = f"{len(chain) - 1} calls deep: {said}; at most {_DEEPEST} are simulated"
            document.problem(complaint, path)
