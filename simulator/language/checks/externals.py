"""External dependencies checked: their names, where they are, and the steps that call them."""

from simulator.language.models.externals import External
from simulator.language.models.steps import Call
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path

_OTHERS = {
    "services": "a service",
    "tables": "a table",
    "databases": "a database",
    "caches": "a cache",
    "buckets": "a bucket",
}


def check_externals(topology: Topology, document: Document) -> None:
    """Report an external whose name is not its own, or of which nobody can tell where it is."""
    for name, external in topology.external.items():
        path: Path = ("external", name)
        _check_name(name, topology, document, path)
        _check_home(external, document, path)


def _check_name(name: str, topology: Topology, document: Document, path: Path) -> None:
    """A step calls it by this name, as it calls operations; faults and results name stores alike."""
    is_already = next((noun for section, noun in _OTHERS.items() if name in getattr(topology, section)), None)
    for service, one in topology.services.items():
        if name in {key for operation in one.operations for key in (operation, f"{service}.{operation}")}:
            is_already = is_already or f"an operation of service '{service}'"
    if is_already is not None:
        complaint = f"'{name}' is {is_already} already; give each external dependency a name of its own"
        document.problem(complaint, path, at_key=True)


def _check_home(external: External, document: Document, path: Path) -> None:
    if external.home is None and external.latency is None:
        complaint = "say where it runs: 'home: REGION'; or, if nobody knows, 'latency:', its round trip"
        document.problem(complaint, path, at_key=True)
    if external.home is not None and external.latency is not None:
        complaint = "the round trip follows from its 'home'; leave one of the two out"
        document.problem(complaint, (*path, "latency"), at_key=True)


def check_call(step: Call, topology: Topology, document: Document, path: Path) -> None:
    """Report what a call says that its callee does not know."""
    is_external = step.call in topology.external
    for key in ("to",) if is_external else ("takes", "writes", "idempotent"):
        if key in step.model_fields_set:
            document.problem(_misplaced(key, step.call), (*path, key), at_key=True)
    if is_external and step.idempotent and not step.writes:
        complaint = "a call that has no effect needs no token; add 'writes: true', or leave it out"
        document.problem(complaint, (*path, "idempotent"), at_key=True)


def _misplaced(key: str, callee: str) -> str:
    if key == "to":
        return f"external '{callee}' is where its 'home' is; leave 'to' out"
    return f"what '{callee}' does is said by its own steps; leave '{key}' out"
