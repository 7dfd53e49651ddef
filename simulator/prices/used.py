"""What a run has used: requests, units of capacity, compute, copies between regions (docs/cost.md)."""

from collections.abc import Iterator

from simulator import catalog
from simulator.boundary.fields import Ints
from simulator.language.models.compute import Lambda, LambdaCompute
from simulator.language.models.stores import OnDemandCapacity, Table
from simulator.language.models.topology import Topology
from simulator.lowering.sites import compute_of
from simulator.measure.shares import exact_ns
from simulator.outcome import Outcome
from simulator.prices.amounts import GB, MILLION, THOUSAND, Amount
from simulator.units import parse_size

_WRITES, _READS = 0, 1
_S_NS = 10**9


def used(outcome: Outcome, topology: Topology) -> Iterator[Amount]:
    """What is charged by use, for the time of a run."""
    yield from _units(outcome, topology)
    yield from _copied(outcome, topology)
    yield from _served(outcome, topology)
    for name, canary in topology.canaries.items():
        runs = outcome.plan.data.duration_ns / canary.every
        yield Amount("canary.run", canary.near, name, runs / THOUSAND, False)


def is_on_demand(table: Table, region: str) -> bool:
    """Whether a table is charged by request in a region; an `unlimited` one is taken for one on demand."""
    return isinstance(table.capacity_in.get(region, table.capacity), str | OnDemandCapacity)


def _units(outcome: Outcome, topology: Topology) -> Iterator[Amount]:
    """Of tables on demand; replicated writes are charged where they arrive."""
    for kind, price in ((_WRITES, "dynamodb.write"), (_READS, "dynamodb.read")):
        for name, table in topology.tables.items():
            milli = outcome.tallies.units_milli[kind, outcome.plan.stores.index(name)]
            for number, region in enumerate(outcome.plan.regions):
                if milli[number] and is_on_demand(table, region):
                    yield Amount(price, region, name, int(milli[number]) / 1000 / MILLION, True)


def _copied(outcome: Outcome, topology: Topology) -> Iterator[Amount]:
    """Bytes of copies, charged in the region that sends them."""
    sizes = {name: table.item_size for name, table in topology.tables.items()}
    default = parse_size(catalog.entry("s3.object_size").value)
    sizes |= {name: bucket.object_size or default for name, bucket in topology.buckets.items()}
    for name, size in sizes.items():
        copies = outcome.tallies.lag[outcome.plan.stores.index(name)].sum(axis=2)  # [origin, target]
        for number, region in enumerate(outcome.plan.regions):
            if sent := int(copies[number].sum()):
                yield Amount("transfer.out", region, name, sent * size / GB, True)


def _served(outcome: Outcome, topology: Topology) -> Iterator[Amount]:
    """Requests at gateways, and what Lambda functions have worked."""
    tallies = outcome.tallies
    for number, (name, service) in enumerate(topology.services.items()):
        for region in service.regions:
            site = number, outcome.plan.regions.index(region)
            if service.gateway is not None:
                answered = int(tallies.answers[:, *site].sum())
                yield Amount(f"api_gateway.{service.gateway.kind}", region, name, answered / MILLION, True)
            compute = compute_of(service, region)
            if isinstance(compute, LambdaCompute):
                started, busy = int(tallies.started[site]), tallies.busy_time[site]
                yield from _executed(region, name, compute.lambda_, started, busy)


def _executed(region: str, name: str, function: Lambda, started: int, busy: Ints) -> Iterator[Amount]:
    """Executions, and the memory of their environments for as long as they took, waits included."""
    gb_s = function.memory / GB * float(exact_ns(busy)) / _S_NS
    yield Amount("lambda.request", region, name, started / MILLION, True)
    yield Amount("lambda.duration", region, name, gb_s / MILLION, True)
