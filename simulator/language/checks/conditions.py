"""Conditions of writes checked: there must be something to compare with, and something that can be absent."""

from collections.abc import Iterator

from simulator.language.models.databases import Database
from simulator.language.models.steps import Delete, Read, Step, Write
from simulator.language.models.stores import Table
from simulator.language.models.topology import Service, Topology
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import Names


def _written(step: Step) -> tuple[str, str] | None:
    """The store and key of what a step writes or deletes; None if it does neither."""
    if isinstance(step, Write):
        return step.write, step.key
    return (step.delete, step.key) if isinstance(step, Delete) else None


def read_before(steps: list[Step], number: int) -> int | None:
    """The last read before a step of the item that the step writes; None if there is none."""
    what = _written(steps[number])
    reads = [
        place
        for place, step in enumerate(steps[:number])
        if isinstance(step, Read) and (step.read, step.key) == what
    ]
    return reads[-1] if reads else None


def check_conditions(topology: Topology, names: Names, document: Document) -> None:
    """Report conditions that cannot be evaluated, or that never hold."""
    is_whole = _is_whole(topology, names)
    for name, service in topology.services.items():
        if is_whole:
            _check_retries(service, document, ("services", name, "calls", "retry_refused_conditions"))
        for operation, steps in service.operations.items():
            for number, step in enumerate(steps):
                path: Path = ("services", name, "operations", operation, number)
                if isinstance(step, Write | Delete) and step.if_ is not None:
                    _check_condition(steps, number, document, path)
                if isinstance(step, Write) and step.if_ == "absent" and is_whole:
                    _check_absent(step, topology, document, (*path, "if"))


def _check_retries(service: Service, document: Document, path: Path) -> None:
    """Only a condition can be refused."""
    steps = [step for steps in service.operations.values() for step in steps]
    has_condition = any(isinstance(step, Write | Delete) and step.if_ is not None for step in steps)
    retries = not isinstance(service.calls, str) and service.calls.retry_refused_conditions is not None
    if retries and not has_condition:
        document.problem("no step of the service has a condition ('if:'); leave it out", path, at_key=True)


def _is_whole(topology: Topology, names: Names) -> bool:
    """Whether every operation is sound: one that is not may delete items."""
    declared = names.operations
    return declared is not None and all(
        name in topology.services and {*operations} == {*topology.services[name].operations}
        for name, operations in declared.items()
    )


def _check_condition(steps: list[Step], number: int, document: Document, path: Path) -> None:
    step = steps[number]
    assert isinstance(step, Write | Delete)
    if isinstance(step, Write) and step.stands_alone:
        complaint = (
            "a write that stands alone replaces the item whatever was there, and one with a condition does "
            "not; leave one of both out"
        )
        document.problem(complaint, (*path, "stands_alone"), at_key=True)
    if step.if_ == "unchanged":
        _check_unchanged(steps, number, document, (*path, "if"))


def _check_unchanged(steps: list[Step], number: int, document: Document, path: Path) -> None:
    store, key = _written(steps[number]) or ("", "")
    read = read_before(steps, number)
    if read is None:
        complaint = (
            f"this compares with what the operation has read, and no step before it reads '{store}' with "
            f"'key: {key}'; add {{read: {store}, key: {key}}}"
        )
        document.problem(complaint, path)
    elif any(_written(step) == (store, key) for step in steps[read + 1 : number]):
        complaint = (
            f"this operation writes the item of '{store}' between its read and this step, so it has always "
            "changed; read it again after that"
        )
        document.problem(complaint, path)


def _check_absent(step: Write, topology: Topology, document: Document, path: Path) -> None:
    store = topology.tables.get(step.write) or topology.databases.get(step.write)
    if store is not None and not _can_be_absent(step.write, store, topology):
        complaint = (
            f"no item of '{step.write}' is ever absent, so this is always refused: write 'initially: empty' "
            "there, or delete items by a step or a time to live"
        )
        document.problem(complaint, path)


def _can_be_absent(name: str, store: Table | Database, topology: Topology) -> bool:
    expires = isinstance(store, Table) and store.time_to_live is not None
    return store.initially == "empty" or expires or name in {*_deleted(topology)}


def _deleted(topology: Topology) -> Iterator[str]:
    """The stores of which some step deletes items."""
    for service in topology.services.values():
        for steps in service.operations.values():
            yield from (step.delete for step in steps if isinstance(step, Delete))
