"""Faults checked against their experiment and topology. One file a target, as in `language.models.faults`."""

from simulator.language.checks.faults.control_planes import check_control_plane
from simulator.language.checks.faults.limits import check_limits
from simulator.language.checks.faults.links import check_link
from simulator.language.checks.faults.modes import check_mode
from simulator.language.checks.faults.nodes import check_node
from simulator.language.checks.faults.replication import check_replication
from simulator.language.checks.faults.services import check_service
from simulator.language.checks.faults.stores import check_store
from simulator.language.checks.faults.surges import check_surge
from simulator.language.checks.faults.times import check_times
from simulator.language.models.experiment import Experiment
from simulator.language.models.faults import (
    AnyFault,
    BucketFault,
    CacheFault,
    ControlPlaneFault,
    DatabaseFault,
    FaultOfUsers,
    LinkFault,
    NodeFault,
    ReplicationFault,
    ServiceFault,
    SurgeFault,
    TableFault,
)
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path


def check_fault(
    fault: AnyFault, experiment: Experiment, topology: Topology, document: Document, path: Path
) -> None:
    """Report what is wrong with one fault, but for unknown names."""
    check_times(fault, experiment.duration, document, path)
    check_mode(fault, document, path)
    if isinstance(fault, FaultOfUsers) and fault.is_limited:
        check_limits(fault, experiment, topology, document, path)
    if isinstance(fault, LinkFault):
        check_link(fault, document, path)
    elif isinstance(fault, ReplicationFault):
        check_replication(fault, topology, document, path)
    elif isinstance(fault, ControlPlaneFault):
        check_control_plane(fault, document, path)
    elif isinstance(fault, NodeFault):
        check_node(fault, topology, document, path)
    elif isinstance(fault, SurgeFault):
        check_surge(fault, document, path)
    elif isinstance(fault, ServiceFault | TableFault | DatabaseFault | CacheFault | BucketFault):
        _check_part(fault, topology, document, path)


def _check_part(
    fault: ServiceFault | TableFault | DatabaseFault | CacheFault | BucketFault,
    topology: Topology,
    document: Document,
    path: Path,
) -> None:
    """What breaks must be in the region where it breaks, and have what it loses."""
    if fault.region is not None and fault.region not in topology.regions:
        return
    if isinstance(fault, ServiceFault):
        check_service(fault, topology, document, path)
    else:
        check_store(fault, topology, document, path)
