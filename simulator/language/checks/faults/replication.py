"""Which replicators a fault pauses, checked."""

from simulator.language.checks.faults.stores import check_copied, check_replica
from simulator.language.models.faults import ReplicationFault, ReplicationScope
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path


def check_replication(fault: ReplicationFault, topology: Topology, document: Document, path: Path) -> None:
    """Report a scope that names no replicator, or names some in two ways."""
    _check_scope(fault.replication, topology, document, (*path, "replication"))


def _check_scope(scope: ReplicationScope, topology: Topology, document: Document, path: Path) -> None:
    check_copied(scope.table, topology, document, (*path, "table"))
    for key, name in (("region", scope.region), ("from", scope.from_), ("to", scope.to)):
        check_replica(name, scope.table, topology, document, (*path, key))
    if (scope.from_ is None) != (scope.to is None) or (scope.region and scope.from_):
        document.problem("give either 'region', or 'from' and 'to', or neither for all", path, at_key=True)
    elif scope.from_ is not None and scope.from_ == scope.to:
        document.problem("a replicator has two different ends", path, at_key=True)
