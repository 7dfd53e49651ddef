"""Recovery objectives checked: each is of a function that somebody uses, and asks for something possible."""

from simulator.language.checks.values import check_longer_than_0, check_repeats
from simulator.language.models.objectives import FunctionObjective
from simulator.language.models.topology import Topology, is_called
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import Names, is_whole
from simulator.units import format_duration


def check_objectives(topology: Topology, names: Names, document: Document) -> None:
    """Report every objective that no drill could judge, but for unknown names."""
    for name, one in topology.objectives.items():
        path: Path = ("objectives", name)
        if not name.strip():
            document.problem("a function needs a name that can be read", path, at_key=True)
        _check_whose(one, topology, names, document, path)
        _check_times(one, document, path)
        if one.service_level == 0:
            complaint = "a level of 0 % is met by a function that never answers"
            document.problem(complaint, (*path, "service_level"))


def _check_whose(
    one: FunctionObjective, topology: Topology, names: Names, document: Document, path: Path
) -> None:
    if (one.operations is None) == (one.populations is None):
        document.problem("give either 'operations' or 'populations': what the function is", path, at_key=True)
    check_repeats(one.populations or [], document, (*path, "populations"))
    check_repeats(one.operations or [], document, (*path, "operations"))
    for number, operation in enumerate(one.operations or []):
        listed = isinstance(_written(document, (*path, "operations")), list)
        here = (*path, "operations", number) if listed else (*path, "operations")
        _check_operation(operation, topology, names, document, here)


def _written(document: Document, path: Path) -> object:
    """What stands at a path of a file."""
    found = document.data
    for key in path:
        found = found[key]
    return found


def _check_operation(
    operation: str, topology: Topology, names: Names, document: Document, path: Path
) -> None:
    """An operation is one, and somebody of the usual load asks for it, or its drill would tell nothing."""
    owners = [
        name
        for name, service in topology.services.items()
        if any(is_called(operation, name, one) for one in service.operations)
    ]
    if len(owners) > 1:
        ones = " or ".join(f"'{owner}.{operation}'" for owner in owners)
        document.problem(f"several services have an operation '{operation}'; say {ones}", path)
    elif owners and topology.users and is_whole(topology.users, names.users):
        alone = operation.removeprefix(f"{owners[0]}.")
        asked = {name for one in topology.users.values() for name, weight in one.actions.items() if weight}
        if not any(is_called(name, owners[0], alone) for name in asked):
            remedy = "add it to the 'actions' of a population, or leave it out here"
            document.problem(f"nobody of 'users' asks for '{operation}'; {remedy}", path)


def _check_times(one: FunctionObjective, document: Document, path: Path) -> None:
    if one.recovery_time is None and one.recovery_point is None:
        complaint = "give 'recovery_time' or 'recovery_point', or both: what the function has to hold"
        document.problem(complaint, path, at_key=True)
    outage = one.tolerable_outage
    check_longer_than_0(outage, "a tolerable outage", document, (*path, "tolerable_outage"))
    if outage and one.recovery_time is not None and outage < one.recovery_time:
        longest, asked = format_duration(outage), format_duration(one.recovery_time)
        complaint = f"an outage of {longest} is tolerable, and the recovery time of {asked} is longer"
        document.problem(f"{complaint}; it must be over before", (*path, "tolerable_outage"))
