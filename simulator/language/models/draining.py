"""Which names a drain of a region switches (docs/model-control-plane.md §8)."""

from simulator.language.models.topology import Topology


def names_to_drain(region: str, topology: Topology) -> list[str]:
    """The names that go by health, and lead to a region and to others."""
    return [
        name
        for name, record in topology.dns.items()
        if record.policy != "simple" and _leads_there(topology, record.service, region)
    ]


def _leads_there(topology: Topology, service: str, region: str) -> bool:
    regions = topology.services[service].regions if service in topology.services else []
    return region in regions and len(regions) > 1
