"""Services that break, checked against the topology."""

from simulator.language.models.faults import ServiceFault
from simulator.language.models.topology import Service, Topology
from simulator.language.reading.positions import Document, Path


def check_service(fault: ServiceFault, topology: Topology, document: Document, path: Path) -> None:
    """Report a service that is not there, or has nothing of what it is to lose."""
    service = topology.services.get(fault.service)
    if service is None:
        return
    if service.cdn is not None:
        complaint = (
            f"'{fault.service}' is behind a content network, which does not fail; break a bucket or region"
        )
        document.problem(complaint, (*path, "service"))
    elif fault.region is not None and fault.region not in service.regions:
        has = ", ".join(service.regions)
        complaint = f"service '{fault.service}' does not run in {fault.region}; its regions are: {has}"
        document.problem(complaint, (*path, "region"))
    elif fault.mode == "capacity" and _is_unlimited(service, fault.region):
        complaint = f"service '{fault.service}' has unlimited compute there; give it 'lambda' or 'nodes'"
        document.problem(complaint, (*path, "mode"))


def _is_unlimited(service: Service, region: str | None) -> bool:
    regions = service.regions if region is None else [region]
    return all(service.compute_in.get(one, service.compute) == "unlimited" for one in regions)
