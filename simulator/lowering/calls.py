"""Calls from services to stores lowered: with which policy, and what their endpoints are like."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from simulator.language.models.calling import Called, called_by
from simulator.language.models.databases import Database
from simulator.language.models.externals import External
from simulator.language.models.faults import (
    BucketFault,
    CacheFault,
    DatabaseFault,
    ExternalFault,
    TableFault,
    ZoneFault,
)
from simulator.language.models.steps import Call, Step
from simulator.language.models.stores import Table
from simulator.language.models.topology import Service
from simulator.lowering.context import Callee, Context, regions_of
from simulator.lowering.retry_policies import DYNAMODB, lower_policy
from simulator.lowering.services import store_of, writes
from simulator.lowering.sources import Sources

_FAULTS = (TableFault, DatabaseFault, CacheFault, BucketFault, ExternalFault)


def _steps(service: Service) -> Iterator[Step]:
    """The steps of a service that are calls of its instances; a content network has none."""
    if service.cdn is None:
        every = (step for steps in service.operations.values() for step in steps)
        yield from (step for step in every if store_of(step) is not None)


def _called(name: str, service: Service, context: Context) -> dict[int, Called]:
    """What a service calls, by its number among the stores."""
    called = dict[int, Called]()
    for step in _steps(service):
        whole = called_by(step, context.topology)
        if isinstance(step, Call) and whole[0].operation:
            called[context.callee_number(step, name)] = whole[0]
        else:
            called |= {context.store_number(one.name): one for one in whole}
    return called


def lower_calls(context: Context) -> dict[str, Any]:
    """Policies of calls and the numbers of endpoints."""
    steps = [step for service in context.topology.services.values() for step in _steps(service)]
    calling = context.sources if steps else Sources()
    defaults = context.topology.defaults
    emptied = calling if _have_mode("empty_answer", context) else Sources()
    erring = calling if _may_err_when_writing(steps, context) else Sources()
    return {
        "call_policy": _policies(context),
        "endpoint_ttl_ns": emptied.duration_ns("call.endpoint_ttl", defaults.endpoint_ttl),
        "in_region_rtt_ns": calling.duration_ns("network.in_region_round_trip"),
        "applied_share": erring.share("call.applied_share", defaults.applied_share),
    }


def _have_mode(mode: str, context: Context) -> bool:
    return any(isinstance(fault, _FAULTS) and fault.mode == mode for fault in context.experiment.faults)


def _may_err_when_writing(steps: list[Step], context: Context) -> bool:
    """Whether a write may be answered with a 500: by a store's fault, or by zones that leave no quorum."""
    zones = any(isinstance(fault, ZoneFault) for fault in context.experiment.faults)
    return any(map(writes, steps)) and (zones or _have_mode("error", context))


def _policies(context: Context) -> Any:
    """[service, store]; row 0 where there are no calls at all: identity and content networks."""
    rows = np.zeros((len(context.services), len(context.stores)), np.int64)
    for number, (name, service) in enumerate(context.topology.services.items()):
        called = _called(name, service, context)
        for store, (_, model) in enumerate(context.stores):
            anywhere = isinstance(model, Database | External | Callee)
            there = anywhere or {*regions_of(model)} & {*service.regions}
            if service.cdn is None and there:
                sources = context.sources if store in called else Sources()
                variant = DYNAMODB if isinstance(model, Table) else None
                caller = context.callers[name]
                client = caller.client_of(called[store]) if store in called else service.calls
                policy = lower_policy(client, sources, variant)
                rows[number, store] = context.policies.number_of(policy)
    return rows
