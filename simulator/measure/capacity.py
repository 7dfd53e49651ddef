"""Capacity: how much the sites, tables, caches and edges took on, and what they turned away."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from simulator.boundary.kinds import CACHE, LAMBDA, NODES, NOWHERE, SHARED_CACHE
from simulator.boundary.outcomes import GATEWAY_LIMITS
from simulator.measure.histogram import summary_s
from simulator.measure.shares import share
from simulator.outcome import Outcome
from simulator.plan.lowered import DataPlan

_COMPUTE = ("nowhere", "unlimited", "lambda", "nodes")
_GB = 2**30


def section(outcome: Outcome) -> dict[str, Any]:
    """The `capacity` section."""
    return {
        "limited": _is_limited(outcome.plan.data),
        "sites": [*_sites(outcome)],
        "queue_wait": _queue_wait(outcome),
        "tables": [*_tables(outcome)],
        "caches": [*_caches(outcome)],
        "edges": _edges(outcome),
    }


def _is_limited(data: DataPlan) -> bool:
    """Whether anything that requests meet could turn them away."""
    compute = np.isin(data.site_compute, (LAMBDA, NODES)).any()
    return bool(compute or data.site_gateway.any() or data.store_limited.any())


# sites


def _sites(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """One entry per service and region in which it runs."""
    plan = outcome.plan
    for site in np.ndindex(plan.data.site_compute.shape):
        if plan.data.site_compute[site] != NOWHERE:
            names = {"service": plan.services[site[0]], "region": plan.regions[site[1]]}
            yield names | _site(outcome, (site[0], site[1]))


def _site(outcome: Outcome, site: tuple[int, int]) -> dict[str, Any]:
    t, data = outcome.tallies, outcome.plan.data
    kind = int(data.site_compute[site])
    return {
        "compute": _COMPUTE[kind],
        "gateway": bool(data.site_gateway[site]),
        "started": int(t.started[site]),
        "gateway_throttled": dict(zip(GATEWAY_LIMITS, t.gateway_throttled[:, *site].tolist(), strict=True)),
        "lambda_throttled": int(t.lambda_throttled[site]),
        "overloaded": int(t.overloaded[site]),
        "unreachable": int(t.unreachable[site]),
        "cold_starts": int(t.cold_starts[site]),
        "cold_start_share": share(t.cold_starts[site], t.started[site]) if kind == LAMBDA else None,
        "queued": int(t.queued[site]),
        "peak_queue": int(t.peak_queue[site]),
        "mean_queue": int(t.queue_integral_ns[site]) / data.duration_ns if kind == NODES else None,
    } | _work(outcome, site)


def _work(outcome: Outcome, site: tuple[int, int]) -> dict[str, Any]:
    """What the work took of instances, processors and memory."""
    t = outcome.tallies
    busy_ns, most = int(t.busy_ns[site]), _most_at_once(outcome.plan.data, site)
    instances_ns = None if most is None else most * outcome.plan.data.duration_ns
    return {
        "peak_in_use": int(t.peak_in_use[site]),
        "most_at_once": most,
        "busy_s": busy_ns / 10**9,
        "utilization": share(busy_ns, instances_ns),
        "cpu_share": share(int(t.compute_ns[site]), busy_ns),
    } | _memory(outcome, site)


def _most_at_once(data: DataPlan, site: tuple[int, int]) -> int | None:
    """Requests that a site can work on at once; None without a limit."""
    kind, instances = data.site_compute[site], int(data.site_count[site])
    if kind not in (LAMBDA, NODES):
        return None
    return instances * int(data.node_workers[site]) if kind == NODES else instances


def _memory(outcome: Outcome, site: tuple[int, int]) -> dict[str, float | None]:
    """Of Lambda, the gigabyte-seconds that are paid for; of nodes, at most this share was taken at once."""
    t, plan = outcome.tallies, outcome.plan
    kind, size, request_size = plan.memory.get(site, (NOWHERE, 0, 0))
    paid = int(t.busy_ns[site]) / 10**9 * size / _GB if kind == LAMBDA else None
    at_once = int(t.peak_in_use[site] + t.peak_queue[site]) * request_size
    taken = share(at_once, int(plan.data.site_count[site]) * size) if kind == NODES else None
    return {"memory_gb_s": paid, "peak_memory_share": taken}


def _queue_wait(outcome: Outcome) -> dict[str, Any]:
    """Waits of all requests that nodes took; one that did not have to wait has waited 0 s."""
    t = outcome.tallies
    at_nodes = outcome.plan.data.site_compute == NODES
    waits = t.queue_wait.copy()
    waits[0] += (t.started - t.queued)[at_nodes].sum()
    return summary_s(waits) | {"waited": int(t.queued.sum())}


# tables, caches, edges


def _tables(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """One entry per table with limits and region."""
    plan, t = outcome.plan, outcome.tallies
    for table, region in np.ndindex(plan.data.store_replica.shape):
        if plan.data.store_replica[table, region] and plan.data.store_limited[table]:
            writes, reads = t.store_throttled[:, table, region].tolist()
            yield {
                "table": plan.stores[table],
                "region": plan.regions[region],
                "throttled_writes": writes,
                "throttled_reads": reads,
                "copies_delayed": int(t.copies_delayed[table, region]),
            }


def _caches(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """One entry per cache and region."""
    plan, t = outcome.plan, outcome.tallies
    for cache, region in np.ndindex(plan.data.store_replica.shape):
        if plan.data.store_replica[cache, region] and plan.data.store_kind[cache] in (CACHE, SHARED_CACHE):
            hits, misses = int(t.cache_hits[cache, region]), int(t.cache_misses[cache, region])
            yield {
                "cache": plan.stores[cache],
                "region": plan.regions[region],
                "hits": hits,
                "misses": misses,
                "hit_ratio": share(hits, hits + misses),
            }


def _edges(outcome: Outcome) -> dict[str, Any]:
    """The content networks together."""
    t = outcome.tallies
    return {
        "hits": t.edge_hits,
        "misses": t.edge_misses,
        "errors": t.edge_errors,
        "failovers": t.origin_failovers,
        "hit_ratio": share(t.edge_hits, t.edge_hits + t.edge_misses + t.edge_errors),
    }
