"""API gateways lowered: token buckets, timeouts, overhead, and who verifies tokens."""

from typing import Any

import numpy as np

from simulator import catalog
from simulator.boundary.kinds import GATEWAY, INSTANCE, NEVER_NS, NOBODY
from simulator.boundary.outcomes import ERROR, OVERLOADED, THROTTLED
from simulator.language.models.compute import Gateway, Limit
from simulator.language.models.topology import Service, Topology
from simulator.lowering.context import Context
from simulator.lowering.sources import Sources
from simulator.randomness.distributions import CONSTANT

_SECOND_NS = 10**9
_NOTHING = (CONSTANT, 0.0, 0.0)


def lag_step_ns(rate: float, burst: int) -> tuple[int, int]:
    """A token bucket as the time of one token and the slack of a full one (docs/model-request-path.md)."""
    gap_ns = int(_SECOND_NS / rate + 0.5)
    return gap_ns, (burst - 1) * gap_ns


def _limit_ns(limit: Limit | None) -> tuple[int, int]:
    """A limit's bucket; a gap of 0 is no limit."""
    return (0, 0) if limit is None else lag_step_ns(limit.rate, limit.burst)


def lower_gateways(context: Context) -> dict[str, Any]:
    """The arrays of gateways: `site_gateway`, stages, methods, accounts, and those of services."""
    services = context.topology.services.values()
    return {
        "site_gateway": _by_site(context, lambda _: 1),
        "stage_gap_ns": _by_site(context, lambda gateway: _limit_ns(gateway.limit)[0]),
        "stage_slack_ns": _by_site(context, lambda gateway: _limit_ns(gateway.limit)[1]),
        **_methods(context),
        **_accounts(context),
        "service_timeout_ns": _timeouts_ns(context),
        "service_overhead": _overheads(context),
        "service_verifies": np.array([*(_verifies(s, context) for s in services), NOBODY], np.int64),
    }


def _by_site(context: Context, value: Any) -> Any:
    """[service, region] a gateway's value where the service runs behind one, else 0; identity has none."""
    rows = np.zeros((len(context.services), len(context.regions)), np.int64)
    for number, service in enumerate(context.topology.services.values()):
        if service.gateway is not None:
            rows[number, context.region_numbers(service.regions)] = value(service.gateway)
    return rows


def _methods(context: Context) -> dict[str, Any]:
    """[operation, region]; the last operation is the token request, which passes no gateway."""
    rows = []
    for service in context.topology.services.values():
        for operation in service.operations:
            limit = service.gateway.methods.get(operation) if service.gateway is not None else None
            here = {*service.regions} if limit is not None else set()
            rows.append([_limit_ns(limit if region in here else None) for region in context.regions])
    rows.append([_limit_ns(None)] * len(context.regions))
    table = np.array(rows, np.int64)
    return {"method_gap_ns": table[:, :, 0].copy(), "method_slack_ns": table[:, :, 1].copy()}


def account_limit(region: str, topology: Topology) -> tuple[float, int]:
    """Rate and burst of all gateways of a region together."""
    limit = topology.regions[region].quotas.gateway
    return catalog.gateway_limit(region) if limit is None else (limit.rate, limit.burst)


def _accounts(context: Context) -> dict[str, Any]:
    """[region] the bucket that all gateways of a region share."""
    buckets = [lag_step_ns(*account_limit(region, context.topology)) for region in context.regions]
    table = np.array(buckets, np.int64)
    return {"account_gap_ns": table[:, 0].copy(), "account_slack_ns": table[:, 1].copy()}


def _timeouts_ns(context: Context) -> Any:
    gateways = [service.gateway for service in context.topology.services.values()]
    return np.array([*(_timeout_ns(gateway, context) for gateway in gateways), NEVER_NS], np.int64)


def _timeout_ns(gateway: Gateway | None, context: Context) -> int:
    return NEVER_NS if gateway is None else timeout_ns(gateway, context.sources)


def timeout_ns(gateway: Gateway, sources: Sources) -> int:
    """How long a gateway waits for its service (ns)."""
    name = "gateway.http.timeout" if gateway.kind == "http" else "gateway.timeout"
    return sources.duration_ns(name, gateway.timeout)


_OUTCOME_OF_STATUS = {429: THROTTLED, 500: ERROR, 502: ERROR, 503: OVERLOADED}


def throttled_outcome(gateway: Gateway | None, context: Context) -> int:
    """What becomes of a request for which Lambda has no environment: its gateway or load balancer answers."""
    sources = context.sources
    if gateway is None:
        return _OUTCOME_OF_STATUS[round(sources.number("load_balancer.throttled_status"))]
    name = f"gateway.{gateway.kind}.throttled_status"
    return _OUTCOME_OF_STATUS[round(sources.number(name, gateway.throttled_status))]


def _overheads(context: Context) -> Any:
    """[service] what a gateway adds to a request; nothing where there is none."""
    rows = []
    for gateway in [*(service.gateway for service in context.topology.services.values()), None]:
        overhead = _NOTHING
        if gateway is not None:
            overhead = context.sources.distribution("gateway.overhead", gateway.overhead)
        rows.append(context.distributions.number_of(overhead))
    return np.array(rows, np.int64)


def _verifies(service: Service, context: Context) -> int:
    """Who checks tokens: nobody without an identity."""
    if service.verifies_tokens is None or context.topology.identity is None:
        return NOBODY
    return GATEWAY if service.verifies_tokens == "gateway" else INSTANCE
