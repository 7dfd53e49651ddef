"""Sites lowered: what each service runs on in each region, its instances, and the load balancers of nodes."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np

from simulator import catalog
from simulator.boundary.fields import Ints
from simulator.boundary.kinds import ENDLESS, LAMBDA, NEVER_NS, NODES, NOWHERE, UNLIMITED
from simulator.language.models.autoscaling import ScaledService
from simulator.language.models.compute import ComputeKind, Gateway, Lambda, LambdaCompute, NodesCompute
from simulator.language.models.running import steps_that_may_run
from simulator.language.models.scaled import most_of
from simulator.language.models.scaling import ScaleStep
from simulator.language.models.topology import Service, Topology
from simulator.lowering.context import Context
from simulator.lowering.gateways import lag_step_ns, throttled_outcome
from simulator.lowering.sources import lower_distribution
from simulator.plan.sources import Lowered
from simulator.records import dataclass

Memory = dict[tuple[int, int], tuple[int, int, int]]
"""By service and region: the kind of compute, bytes of an instance, bytes that a request takes of it."""


@dataclass(frozen=True)
class Site:
    """One cell of the [service, region] columns of `simulator.plan.lowered.DataPlan` that compute fills."""

    site_compute: int = NOWHERE
    site_count: int = 0
    site_there: int = 0
    lambda_reserved: int = 0
    lambda_throttled: int = 0
    lambda_rate_gap_ns: int = 0
    lambda_rate_slack_ns: int = 0
    lambda_init: int = 0
    lambda_idle_ns: int = 0
    lambda_provisioned: int = 0
    node_workers: int = 0
    node_queue: int = 0
    node_room: int = 0


def lower_sites(context: Context) -> dict[str, Any]:
    """The `site_`, `lambda_`, `node_` and `instance_` arrays, and the zones of regions."""
    gateways = [*(service.gateway for service in context.topology.services.values()), None]
    grown = [_grown(service, context) for service in context.services]
    sites = [
        [_site(compute, region, gateway, more[region], context) for region, compute in row]
        for gateway, more, row in zip(gateways, grown, computes_of(context), strict=True)
    ]
    columns = {
        field.name: np.array([[getattr(site, field.name) for site in row] for row in sites], np.int64)
        for field in fields(Site)
    }
    columns["site_balanced"] = _balanced(context)
    columns["site_keep_alive_ns"] = _keep_alive_ns(context)
    return columns | _instances(columns["site_count"], columns["site_compute"], context) | _quotas(context)


def compute_of(service: Service, region: str) -> ComputeKind:
    """What a service runs on in one of its regions."""
    return service.compute_in.get(region, service.compute)


def computes_of(context: Context) -> Iterator[list[tuple[str, ComputeKind | None]]]:
    """For each service, what it runs on in each region; None: it does not run there."""
    topology = context.topology
    for service in topology.services.values():
        runs = set() if service.cdn is not None else {*service.regions}
        yield [
            (region, compute_of(service, region) if region in runs else None) for region in context.regions
        ]
    issuers = [] if topology.identity is None else topology.identity.issuer
    yield [(region, "unlimited" if region in issuers else None) for region in context.regions]


def is_balanced(service: str, compute: ComputeKind | None, topology: Topology) -> bool:
    """Whether a load balancer sends requests to what runs there, and checks it.

    Nodes have one. What has no limits has one where an alias record that evaluates its target leads to it
    and there is no gateway.
    """
    if isinstance(compute, NodesCompute):
        return True
    followed = any(
        record.service == service and record.evaluate_target_health for record in topology.dns.values()
    )
    return compute == "unlimited" and followed and topology.services[service].gateway is None


def _balanced(context: Context) -> Ints:
    """[service, region] 1 where there is a load balancer; identity has none."""
    services = [*context.topology.services]
    rows = [
        [is_balanced(service, compute, context.topology) for _, compute in row]
        for service, row in zip(services, computes_of(context), strict=False)
    ]
    return np.array([*rows, [False] * len(context.regions)], np.int64)


def _keep_alive_ns(context: Context) -> Ints:
    """[service, region] how old the connections of clients get, where a load balancer is the front door."""
    rows = []
    for (name, service), row in zip(context.topology.services.items(), computes_of(context), strict=False):
        rows.append(
            [
                NEVER_NS if service.gateway is not None else _age_limit_ns(name, compute, context)
                for _, compute in row
            ]
        )
    return np.array([*rows, [NEVER_NS] * len(context.regions)], np.int64)


def _age_limit_ns(service: str, compute: ComputeKind | None, context: Context) -> int:
    """A function without a gateway has a load balancer, too, which does not check it."""
    if not isinstance(compute, LambdaCompute) and not is_balanced(service, compute, context.topology):
        return NEVER_NS
    written = compute.nodes.client_keep_alive if isinstance(compute, NodesCompute) else None
    return context.sources.duration_ns("load_balancer.client_keep_alive", written)


def _grown(service: str, context: Context) -> dict[str, list[int]]:
    """What failover plans that may run, and scalers, make of a service, by region.

    Nodes, or reserved executions.
    """
    found: dict[str, list[int]] = {region: [] for region in context.regions}
    for step in steps_that_may_run(context.experiment, context.topology, ScaleStep):
        if step.scale == service:
            zones = context.topology.regions[step.in_].zones
            found[step.in_].append((step.to.per_zone or 0) * zones or step.to.reserved or 0)
    for scaling in context.topology.scaling.values():
        if isinstance(scaling, ScaledService) and scaling.service == service:
            found[scaling.in_].append(int(most_of(scaling)))
    return found


def _site(
    compute: ComputeKind | None, region: str, gateway: Gateway | None, grown: list[int], context: Context
) -> Site:
    if compute is None:
        return Site()
    if isinstance(compute, LambdaCompute):
        return _lambda_site(compute.lambda_, region, gateway, grown, context)
    if isinstance(compute, NodesCompute):
        nodes, zones = compute.nodes, context.topology.regions[region].zones
        most = max([zones * nodes.per_zone, *grown])
        return Site(
            NODES,
            most,
            zones * nodes.per_zone,
            node_workers=nodes.workers,
            node_queue=nodes.queue,
            node_room=ENDLESS if nodes.room is None else nodes.room,
        )
    return Site(UNLIMITED, 1, 1)


def account_limit(region: str, topology: Topology) -> int:
    """Concurrent executions of the account in a region."""
    return topology.regions[region].quotas.lambda_concurrency or catalog.lambda_concurrency(region)


def invocations(at_once: int, context: Context) -> tuple[int, int]:
    """The token bucket of a function that may run so often at once: nanoseconds of a token, and of burst."""
    size = round(at_once * context.sources.rate("lambda.requests_per_environment"))
    return lag_step_ns(size, size)


def _lambda_site(
    function: Lambda, region: str, gateway: Gateway | None, grown: list[int], context: Context
) -> Site:
    """An environment for each execution that can run at once, now or later."""
    sources, there = context.sources, function.reserved or account_limit(region, context.topology)
    gap_ns, slack_ns = invocations(there, context)
    return Site(
        LAMBDA,
        max([there, *grown]),
        there,
        lambda_reserved=function.reserved or 0,
        lambda_throttled=throttled_outcome(gateway, context),
        lambda_rate_gap_ns=gap_ns,
        lambda_rate_slack_ns=slack_ns,
        lambda_init=context.distributions.number_of(_init(function, context)),
        lambda_idle_ns=sources.duration_ns("lambda.idle", function.idle),
        lambda_provisioned=function.provisioned,
    )


def _init(function: Lambda, context: Context) -> Lowered:
    """How long a cold start takes: an empty function's, times the factor of the runtime's kind."""
    sources = context.sources
    if function.init is not None:
        return lower_distribution(function.init)
    kind, mu, sigma = sources.distribution(f"lambda.init.{function.runtime}")
    factor = sources.number(f"lambda.init_factor.{catalog.LAMBDA_RUNTIMES[function.runtime].kind}")
    return kind, mu + float(np.log(factor)), sigma


def _instances(counts: Any, kinds: Any, context: Context) -> dict[str, Any]:
    """One row per instance, site after site; number n of a site is in zone n modulo the region's zones."""
    places = [*np.ndindex(*counts.shape)]
    zones = np.array([region.zones for region in context.topology.regions.values()], np.int64)
    in_zones = [_zones_of(kinds[site], counts[site], zones[site[1]]) for site in places]
    return {
        "site_first": np.cumsum([0, *counts.ravel()])[:-1].reshape(counts.shape).astype(np.int64),
        "instance_service": np.repeat([service for service, _ in places], counts.ravel()).astype(np.int64),
        "instance_region": np.repeat([region for _, region in places], counts.ravel()).astype(np.int64),
        "instance_zone": np.concatenate(in_zones).astype(np.int64),
        "zone_count": zones,
    }


def _zones_of(kind: int, count: int, zones: int) -> Ints:
    """The zone of each instance of a site; -1 for what is in none."""
    in_turn = np.arange(count, dtype=np.int64) % zones
    return in_turn if kind in (LAMBDA, NODES) else np.full(count, -1, np.int64)


def _quotas(context: Context) -> dict[str, Any]:
    """What Lambda functions share, and what load balancers do."""
    sources = context.sources
    scaling = sources.rate("lambda.scaling_rate"), int(sources.number("lambda.scaling_burst"))
    gap_ns, slack_ns = lag_step_ns(*scaling)
    return {
        "lambda_limit": np.array(
            [account_limit(region, context.topology) for region in context.regions], np.int64
        ),
        "lambda_scale_gap_ns": gap_ns,
        "lambda_scale_slack_ns": slack_ns,
        "balancer_timeout_ns": sources.duration_ns("load_balancer.connect_timeout"),
    }


def lower_memory(context: Context) -> Memory:
    """The memory of each site that runs on Lambda or nodes."""
    memory = {}
    for service, row in enumerate(computes_of(context)):
        for region, (_, compute) in enumerate(row):
            if isinstance(compute, LambdaCompute):
                memory[service, region] = (LAMBDA, compute.lambda_.memory, 0)
            elif isinstance(compute, NodesCompute):
                memory[service, region] = (NODES, compute.nodes.memory_there, compute.nodes.request_memory)
    return memory
