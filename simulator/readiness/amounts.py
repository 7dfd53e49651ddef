"""Quotas and capacity of a standby, each beside what today's load needs of it."""

from collections.abc import Iterator

import numpy as np

from simulator.boundary.fields import Floats
from simulator.boundary.kinds import LAMBDA, NODES
from simulator.plan.gateways import account_limit
from simulator.plan.sites import account_limit as lambda_limit
from simulator.plan.sources import Sources
from simulator.readiness.holdings import called_stores
from simulator.readiness.limits import amount, by_service, units_of
from simulator.readiness.today import Today
from simulator.result.readiness import HAS, LACKS, Item

_WRITE, _READ = 0, 1


def amounts_of(today: Today, region: str, rates: Floats) -> Iterator[Item]:
    """Quotas, workers, warm environments and throughput, where so many requests a second come."""
    here = today.context.regions.index(region)
    yield from _gateways(today, region, here, rates)
    yield from _executions(today, region, here, rates)
    yield from _table_quota(today, region, here, rates)
    yield from _workers(today, here, rates)
    if today.topology.regions[region].role == "standby":
        yield from _warm(today, here, rates)
    yield from _throughput(today, here, rates)


def _item(kind: str, name: str, there: float, unit: str, needed: float) -> Item:
    """So much is needed of so much that is there; nothing is needed where no load is declared."""
    if there < needed:
        return Item(kind, name, LACKS, f"{name}: {amount(there)} {unit}, {amount(needed)} needed")
    of = f"{amount(needed)} of " if needed else ""
    return Item(kind, name, HAS, f"{name}: {of}{amount(there)} {unit}")


def _gateways(today: Today, region: str, here: int, rates: Floats) -> Iterator[Item]:
    behind = today.arrays["site_gateway"][:-1, here] == 1
    if behind.any():
        needed = float(by_service(today, rates)[behind].sum())
        yield _item("quota", "gateways", account_limit(region, today.topology)[0], "requests/s", needed)


def _executions(today: Today, region: str, here: int, rates: Floats) -> Iterator[Item]:
    on_lambda = today.arrays["site_compute"][:-1, here] == LAMBDA
    if on_lambda.any():
        needed = float(by_service(today, rates * today.work_s)[on_lambda].sum())
        yield _item("quota", "Lambda", lambda_limit(region, today.topology), "executions at once", needed)


def _table_quota(today: Today, region: str, here: int, rates: Floats) -> Iterator[Item]:
    """The quota of one table's writes, for the table that needs most of it."""
    tables = np.flatnonzero(today.arrays["store_limited"])
    needed = {store: units_of(today, int(store), _WRITE, rates)[0] for store in tables}
    if not needed:
        return
    most = max(needed, key=lambda store: needed[store])
    quota = today.topology.regions[region].quotas.table_write
    there = Sources().rate("dynamodb.table_quota.write", quota)
    what = f" ({today.context.stores[most][0]})" if needed[most] else ""
    yield _item("quota", "writes of a table", there, "units/s" + what, needed[most])


def _workers(today: Today, here: int, rates: Floats) -> Iterator[Item]:
    busy = by_service(today, rates * today.work_s)
    for number, name in enumerate(today.topology.services):
        if today.arrays["site_compute"][number, here] == NODES:
            nodes, workers = (
                int(today.arrays[what][number, here]) for what in ("site_count", "node_workers")
            )
            of = f"workers on {nodes:,} node{'s' * (nodes != 1)}"
            yield _item("capacity", name, nodes * workers, of, float(busy[number]))


def _warm(today: Today, here: int, rates: Floats) -> Iterator[Item]:
    """Environments that wait for requests; the others begin cold."""
    at_once = by_service(today, rates * today.work_s)
    for number, name in enumerate(today.topology.services):
        if today.arrays["site_compute"][number, here] == LAMBDA:
            there = int(today.arrays["lambda_provisioned"][number, here])
            yield _item("capacity", name, there, "warm environments", float(np.ceil(at_once[number])))


def _throughput(today: Today, here: int, rates: Floats) -> Iterator[Item]:
    """What a table takes at once: what is provisioned, or what it is warm for."""
    called = called_stores(today.topology)
    for store in np.flatnonzero(today.arrays["store_limited"]):
        name, rate = today.context.stores[store][0], today.arrays["store_rate"][store, here]
        if name not in called or not any(rate):
            continue
        needed = [units_of(today, int(store), way, rates)[0] for way in (_WRITE, _READ)]
        items = [
            _item("capacity", name, there, f"{word} units/s", need)
            for there, word, need in zip(rate.tolist(), ("write", "read"), needed, strict=True)
        ]
        if all(one.has for one in items):
            write, read = (one.said.removeprefix(f"{name}: ") for one in items)
            yield Item("capacity", name, HAS, f"{name}: {write.removesuffix(' units/s')}, {read}")
        else:
            yield from items
