"""Settings of a topology that defeat their own purpose: notes for its owner, not errors."""

from collections.abc import Iterator

from simulator.language.models.stores import Capacity, Table
from simulator.language.models.topology import DnsRecord, Topology
from simulator.lowering.fallbacks import fallback_notes
from simulator.lowering.guard_notes import acl_notes
from simulator.lowering.health_notes import health_notes
from simulator.lowering.node_notes import node_notes
from simulator.lowering.sites import compute_of, is_balanced
from simulator.lowering.slow_steps import slow_step_notes
from simulator.lowering.sources import Sources
from simulator.lowering.throughput import write_and_read_rates
from simulator.rules.table import Note


def notes(topology: Topology) -> list[Note]:
    """Notes that name each setting that defeats its own purpose."""
    found = [note for name, table in topology.tables.items() for note in _capacity_notes(name, table)]
    found += slow_step_notes(topology)
    for name, record in topology.dns.items():
        found += [*_record_notes(name, record, topology), *fallback_notes(name, record, topology)]
    return [*found, *health_notes(topology), *acl_notes(topology), *node_notes(topology)]


def _capacity_notes(name: str, table: Table) -> Iterator[Note]:
    """A global table whose replicas do not have the same write capacity."""
    written = {
        region: _write_rate(table.capacity_in.get(region, table.capacity)) for region in table.replicas
    }
    if len({*written.values()}) > 1:
        rates = ", ".join(f"{rate:g}/s in {region}" for region, rate in written.items())
        yield Note(
            "uneven-write-capacity",
            f"table {name} has different write capacity in its replicas ({rates}): "
            "DynamoDB keeps that of all replicas the same, and only read capacity may differ",
            ("tables", name),
        )


def _write_rate(capacity: Capacity) -> float:
    """Write units a second from the start, by the catalog where a file does not say it."""
    return write_and_read_rates(capacity, Sources())[0]


def _sees_its_targets(record: DnsRecord, topology: Topology) -> bool:
    """Whether an alias record follows load balancers, which check the application, in all regions."""
    service = topology.services[record.service]
    computes = [compute_of(service, region) for region in service.regions]
    return service.gateway is None and all(
        is_balanced(record.service, compute, topology) for compute in computes
    )


def _health_notes(name: str, record: DnsRecord, topology: Topology) -> Iterator[Note]:
    """What keeps a name of several regions from leaving out one that is not well."""
    at = ("dns", name)
    if record.policy == "simple":
        said = f"{name} has policy simple: its answers never leave out an unhealthy region"
        yield Note("never-leaves-out", said, (*at, "policy"))
    elif not record.heeds_health:
        said = f"{name} heeds no health: its answers never leave out an unhealthy region"
        yield Note("never-leaves-out", said, (*at, "heeds_health"))
    elif record.health_check is None and record.evaluate_target_health:
        if not _sees_its_targets(record, topology):
            unseen = "what is wrong behind a gateway or in a function goes unnoticed"
            said = f"{name} looks at targets alone: {unseen}"
            yield Note("target-health-sees-no-errors", said, (*at, "evaluate_target_health"))
    elif record.health_check is None:
        said = f"{name} has no health check: every region counts as healthy for ever"
        yield Note("no-health-check", said, at)


def _record_notes(name: str, record: DnsRecord, topology: Topology) -> Iterator[Note]:
    """Settings of one name that keep it from failing over as meant."""
    regions = topology.services[record.service].regions
    if len(regions) > 1 and topology.services[record.service].cdn is None:
        yield from _health_notes(name, record, topology)
    first = (record.order or regions)[0]
    if record.policy == "failover" and topology.regions[first].role == "standby":
        yield Note("prefers-standby", f"{name} prefers {first}, which is a standby", ("dns", name, "order"))
