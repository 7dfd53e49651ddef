"""Capacity: how much the sites, tables, caches and edges took on, and what they turned away."""

from collections.abc import Iterator
from typing import cast

import numpy as np

from simulator.boundary.events import (
    CONCURRENCY_RAISED,
    NODE_LAUNCHED,
    NODE_LEFT,
)
from simulator.boundary.kinds import CACHE, LAMBDA, NODES, NOWHERE, REGIONAL, SHARED_CACHE
from simulator.boundary.measures import NO_LAMBDA, NO_LIMIT, Asked
from simulator.boundary.outcomes import GATEWAY_LIMITS
from simulator.boundary.subjects import (
    OfNode,
    OfSite,
)
from simulator.measure.cold import cold_begin
from simulator.measure.histogram import summary_of
from simulator.measure.reading import Readers, Reasons
from simulator.measure.shares import exact_ns, share
from simulator.outcome import Outcome
from simulator.result.capacity import CacheHits, Capacity, Edges, QueueWait, Site, TableCapacity
from simulator.result.whole import Sections

_COMPUTE = ("nowhere", "unlimited", "lambda", "nodes")
_GB = 2**30


def section(outcome: Outcome) -> Capacity:
    """The `capacity` section."""
    return Capacity(
        limited=_is_limited(outcome),
        sites=tuple(_sites(outcome)),
        queue_wait=_queue_wait(outcome),
        tables=tuple(_tables(outcome)),
        caches=tuple(_caches(outcome)),
        edges=_edges(outcome),
        cold_begin=cold_begin(outcome),
    )


def _is_limited(outcome: Outcome) -> bool:
    """Whether anything that requests meet could turn them away, or a fault has made it do so."""
    data, compute = outcome.plan.data, np.isin(outcome.plan.data.site_compute, (LAMBDA, NODES)).any()
    has_limits = compute or data.site_gateway.any() or data.store_limited.any()
    return bool(has_limits or outcome.tallies.store_throttled.any())


# sites


def _sites(outcome: Outcome) -> Iterator[Site]:
    """One entry per service and region in which it runs."""
    for service, region in np.ndindex(outcome.plan.data.site_compute.shape):
        if outcome.plan.data.site_compute[service, region] != NOWHERE:
            yield _site(outcome, (service, region))


def _site(outcome: Outcome, site: tuple[int, int]) -> Site:
    t, plan, data = outcome.tallies, outcome.plan, outcome.plan.data
    kind, most = int(data.site_compute[site]), _most_at_once(outcome, site)
    busy_ns = exact_ns(t.busy_time[site])
    paid, taken = _memory(outcome, site)
    return Site(
        service=plan.services[site[0]],
        region=plan.regions[site[1]],
        compute=_COMPUTE[kind],
        gateway=bool(data.site_gateway[site]),
        started=int(t.started[site]),
        gateway_throttled=dict(zip(GATEWAY_LIMITS, t.gateway_throttled[:, *site].tolist(), strict=True)),
        lambda_throttled=int(t.lambda_throttled[site]),
        overloaded=int(t.overloaded[site]),
        shed=int(t.shed[REGIONAL][site].sum()),
        unreachable=int(t.unreachable[site]),
        cold_starts=int(t.cold_starts[site]),
        cold_start_share=share(t.cold_starts[site], t.started[site]) if kind == LAMBDA else None,
        queued=int(t.queued[site]),
        peak_queue=int(t.peak_queue[site]),
        mean_queue=exact_ns(t.queue_integral_time[site]) / data.duration_ns if kind == NODES else None,
        peak_in_use=int(t.peak_in_use[site]),
        most_at_once=most,
        busy_s=busy_ns / 10**9,
        utilization=share(busy_ns, _could_work_ns(outcome, site)),
        cpu_share=share(exact_ns(t.compute_time[site]), busy_ns),
        memory_gb_s=paid,
        peak_memory_share=taken,
    )


def _most_at_once(outcome: Outcome, site: tuple[int, int]) -> int | None:
    """Requests that a site can work on at once, at its largest; None without a limit."""
    found = _capacity_over_time(outcome, site)
    return None if found is None else max(most for _, most in found)


def _could_work_ns(outcome: Outcome, site: tuple[int, int]) -> int | None:
    """For how long all that was there could have worked, summed; None without a limit."""
    found = _capacity_over_time(outcome, site)
    if found is None:
        return None
    ends = [*(at_ns for at_ns, _ in found[1:]), outcome.plan.data.duration_ns]
    return sum(most * (end_ns - at_ns) for (at_ns, most), end_ns in zip(found, ends, strict=True))


def _capacity_over_time(outcome: Outcome, site: tuple[int, int]) -> list[tuple[int, int]] | None:
    """From when on how many requests a site could work on at once; None without a limit."""
    data, kind = outcome.plan.data, int(outcome.plan.data.site_compute[site])
    if kind not in (LAMBDA, NODES):
        return None
    each = int(data.node_workers[site]) if kind == NODES else 1
    counts = [(0, int(data.site_there[site])), *_grown(outcome, site)]
    return [(at_ns, count * each) for at_ns, count in counts]


def _grown(outcome: Outcome, site: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """When plans or scalers had changed a site, and the nodes or executions that there were from then on."""
    where = outcome.plan.services[site[0]], outcome.plan.regions[site[1]]
    for event in outcome.events:
        if event.kind in (NODE_LAUNCHED.name, NODE_LEFT.name):
            node = cast(OfNode, event.subject)
            if (node.service, node.region) == where:
                yield event.at_ns, int(event.detail["nodes"])
        elif event.kind == CONCURRENCY_RAISED.name and event.detail["reserved"]:
            function = cast(OfSite, event.subject)
            if (function.service, function.region) == where:
                yield event.at_ns, int(event.detail["reserved"])


def _memory(outcome: Outcome, site: tuple[int, int]) -> tuple[float | None, float | None]:
    """Of Lambda, the gigabyte-seconds that are paid for; of nodes, at most this share was taken at once."""
    t, plan = outcome.tallies, outcome.plan
    kind, size, request_size = plan.memory.get(site, (NOWHERE, 0, 0))
    paid = exact_ns(t.busy_time[site]) / 10**9 * size / _GB if kind == LAMBDA else None
    at_once = int(t.peak_in_use[site] + t.peak_queue[site]) * request_size
    nodes = max([int(plan.data.site_there[site]), *(count for _, count in _grown(outcome, site))])
    taken = share(at_once, nodes * size) if kind == NODES else None
    return paid, taken


def _queue_wait(outcome: Outcome) -> QueueWait:
    """Waits of all requests that nodes took; one that did not have to wait has waited 0 s."""
    t = outcome.tallies
    at_nodes = outcome.plan.data.site_compute == NODES
    waits = t.queue_wait.copy()
    waits[0] += (t.started - t.queued)[at_nodes].sum()
    return QueueWait(**vars(summary_of(waits)), waited=int(t.queued.sum()))


# tables, caches, edges


def _tables(outcome: Outcome) -> Iterator[TableCapacity]:
    """One entry per region and table with limits, or store that throttled all the same."""
    plan, t = outcome.plan, outcome.tallies
    for table, region in np.ndindex(plan.data.store_replica.shape):
        writes, reads = t.store_throttled[:, table, region].tolist()
        if plan.data.store_replica[table, region] and (plan.data.store_limited[table] or writes or reads):
            delayed = int(t.copies_delayed[table, region])
            yield TableCapacity(plan.stores[table], plan.regions[region], writes, reads, delayed)


def _caches(outcome: Outcome) -> Iterator[CacheHits]:
    """One entry per cache and region."""
    plan, t = outcome.plan, outcome.tallies
    for cache, region in np.ndindex(plan.data.store_replica.shape):
        if plan.data.store_replica[cache, region] and plan.data.store_kind[cache] in (CACHE, SHARED_CACHE):
            hits, misses = int(t.cache_hits[cache, region]), int(t.cache_misses[cache, region])
            ratio = share(hits, hits + misses)
            yield CacheHits(plan.stores[cache], plan.regions[region], hits, misses, ratio)


def _edges(outcome: Outcome) -> Edges:
    """The content networks together."""
    t = outcome.tallies
    ratio = share(t.edge_hits, t.edge_hits + t.edge_misses + t.edge_errors)
    return Edges(t.edge_hits, t.edge_misses, t.edge_errors, t.origin_failovers, ratio)


# what expectations ask for


def _lambdas(run: Sections) -> list[Site]:
    return [site for site in run.capacity.sites if site.compute == "lambda"]


def _hit_ratio(run: Sections, asked: Asked) -> float | None:
    """The hits of one cache, or of all, in all regions."""
    chosen = [one for one in run.capacity.caches if asked.cache in (None, one.cache)]
    hits = sum(one.hits for one in chosen)
    return share(hits, hits + sum(one.misses for one in chosen))


READERS: Readers = {
    "cold_starts": lambda run, _: sum(site.cold_starts for site in _lambdas(run)),
    "queue_wait_p99": lambda run, _: run.capacity.queue_wait.p99_s,
    "hit_ratio": _hit_ratio,
}

REASONS: Reasons = {
    NO_LIMIT: lambda run, _: not run.capacity.limited,
    NO_LAMBDA: lambda run, _: not any(site.started for site in _lambdas(run)),
}
