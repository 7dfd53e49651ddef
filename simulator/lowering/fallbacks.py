"""Notes on regions to which traffic falls back and that can take less than the first."""

from collections.abc import Iterator

from simulator.language.models.compute import LambdaCompute, NodesCompute
from simulator.language.models.topology import DnsRecord, Service, Topology
from simulator.lowering import gateways, sites
from simulator.rules.table import Note


def fallback_notes(name: str, record: DnsRecord, topology: Topology) -> Iterator[Note]:
    """A note on each region of a name that takes less than a region that it stands in for."""
    service = topology.services[record.service]
    first, others = _roles(record, service, topology)
    for region in others:
        for limit in _less(service, first, region, topology):
            said = f"{name} falls back from {first} to {region}, where {limit}"
            yield Note("failover-to-smaller-quota", said, ("dns", name))
    for region, lost, limit in _less_than_peers(service, _peers(record, service, topology), topology):
        said = f"{name} turns to {region} when {lost} is lost, where {limit}"
        yield Note("failover-to-smaller-quota", said, ("regions", region))


def _roles(record: DnsRecord, service: Service, topology: Topology) -> tuple[str, list[str]]:
    """The first region of a name, and those that stand in for it: the next in order, or standbys."""
    regions = record.order or service.regions
    if record.policy == "failover":
        return regions[0], regions[1:]
    standbys = [region for region in regions if topology.regions[region].role == "standby"]
    return next((region for region in regions if region not in standbys), regions[0]), standbys


def _peers(record: DnsRecord, service: Service, topology: Topology) -> list[str]:
    """The active regions of a name that leaves out those that are lost: each stands in for the others."""
    if record.policy == "failover" or not record.leaves_out:
        return []
    regions = record.order or service.regions
    return [region for region in regions if topology.regions[region].role != "standby"]


def _less_than_peers(
    service: Service, peers: list[str], topology: Topology
) -> Iterator[tuple[str, str, str]]:
    """Each active region that takes less than another, the first such other, and what it takes less of."""
    for region in peers:
        less = ((other, limit) for other in peers for limit in _less(service, other, region, topology))
        if found := next(less, None):
            yield region, *found


def _less(service: Service, first: str, region: str, topology: Topology) -> Iterator[str]:
    """What a region can take less of than the first."""
    if service.gateway is not None:
        usual, here = (gateways.account_limit(place, topology)[0] for place in (first, region))
        if here < usual:
            yield f"the account's gateways take {here:,.0f} requests a second instead of {usual:,.0f}"
    at_once, there = (_at_once(service, place, topology) for place in (first, region))
    if at_once is not None and there is not None and there < at_once:
        yield f"{_word(service, region)} {there:,} requests at once instead of {at_once:,}"


def _word(service: Service, region: str) -> str:
    is_lambda = isinstance(sites.compute_of(service, region), LambdaCompute)
    return "Lambda works on" if is_lambda else "nodes work on"


def _at_once(service: Service, region: str, topology: Topology) -> int | None:
    """Requests that a service can work on at once; None without a limit."""
    compute = sites.compute_of(service, region)
    if isinstance(compute, LambdaCompute):
        return compute.lambda_.reserved or sites.account_limit(region, topology)
    if isinstance(compute, NodesCompute):
        return compute.nodes.per_zone * topology.regions[region].zones * compute.nodes.workers
    return None
