"""Quotas and capacity of a standby, each beside what today's load needs of it."""

from collections.abc import Iterator

import numpy as np

from simulator.boundary.kinds import LAMBDA
from simulator.lowering.gateways import account_limit
from simulator.lowering.sites import account_limit as lambda_limit
from simulator.lowering.sources import Sources
from simulator.readiness.holdings import called_stores
from simulator.readiness.limits import amount, units_of
from simulator.readiness.load import Load
from simulator.result.readiness import HAS, LACKS, Item

_WRITE, _READ = 0, 1


def amounts_of(load: Load) -> Iterator[Item]:
    """Quotas, workers, warm environments and throughput of a region under a load."""
    yield from _gateways(load)
    yield from _executions(load)
    yield from _table_quota(load)
    yield from _workers(load)
    if load.today.topology.regions[load.region].role == "standby":
        yield from _warm(load)
    yield from _throughput(load)


def _item(kind: str, name: str, there: float, unit: str, needed: float) -> Item:
    """So much is needed of so much that is there; nothing is needed where no load is declared."""
    if there < needed:
        return Item(kind, name, LACKS, f"{name}: {amount(there)} {unit}, {amount(needed)} needed")
    of = f"{amount(needed)} of " if needed else ""
    return Item(kind, name, HAS, f"{name}: {of}{amount(there)} {unit}")


def _gateways(load: Load) -> Iterator[Item]:
    behind = load.today.arrays["site_gateway"][:-1, load.here] == 1
    if behind.any():
        needed = float(load.by_service(load.rates)[behind].sum())
        there, _ = account_limit(load.region, load.today.topology)
        yield _item("quota", "gateways", there, "requests/s", needed)


def _executions(load: Load) -> Iterator[Item]:
    on_lambda = load.today.arrays["site_compute"][:-1, load.here] == LAMBDA
    if on_lambda.any():
        needed = float(load.by_service(load.busy)[on_lambda].sum())
        there = lambda_limit(load.region, load.today.topology)
        yield _item("quota", "Lambda", there, "executions at once", needed)


def _table_quota(load: Load) -> Iterator[Item]:
    """The quota of one table's writes, for the table that needs most of it."""
    tables = np.flatnonzero(load.today.arrays["store_limited"])
    needed = {store: units_of(load, int(store), _WRITE)[0] for store in tables}
    if not needed:
        return
    most = max(needed, key=lambda store: needed[store])
    quota = load.today.topology.regions[load.region].quotas.table_write
    there = Sources().rate("dynamodb.table_quota.write", quota)
    what = f" ({load.today.context.stores[most][0]})" if needed[most] else ""
    yield _item("quota", "writes of a table", there, "units/s" + what, needed[most])


def _workers(load: Load) -> Iterator[Item]:
    busy = load.by_service(load.busy)
    for number, name in enumerate(load.services):
        if fleet := load.fleet(name):
            of = f"workers on {fleet.nodes:,} node{'s' * (fleet.nodes != 1)}"
            yield _item("capacity", name, fleet.nodes * fleet.workers, of, float(busy[number]))


def _warm(load: Load) -> Iterator[Item]:
    """Environments that wait for requests; the others begin cold."""
    at_once = load.by_service(load.busy)
    for number, name in enumerate(load.services):
        if load.today.arrays["site_compute"][number, load.here] == LAMBDA:
            there = int(load.today.arrays["lambda_provisioned"][number, load.here])
            yield _item("capacity", name, there, "warm environments", float(np.ceil(at_once[number])))


def _throughput(load: Load) -> Iterator[Item]:
    """What a table takes at once: what is provisioned, or what it is warm for."""
    called = called_stores(load.today.topology)
    for store in np.flatnonzero(load.today.arrays["store_limited"]):
        name, rate = load.today.context.stores[store][0], load.today.arrays["store_rate"][store, load.here]
        if name not in called or not any(rate):
            continue
        needed = [units_of(load, int(store), way)[0] for way in (_WRITE, _READ)]
        items = [
            _item("capacity", name, there, f"{word} units/s", need)
            for there, word, need in zip(rate.tolist(), ("write", "read"), needed, strict=True)
        ]
        if all(one.has for one in items):
            write, read = (one.said.removeprefix(f"{name}: ") for one in items)
            yield Item("capacity", name, HAS, f"{name}: {write.removesuffix(' units/s')}, {read}")
        else:
            yield from items
