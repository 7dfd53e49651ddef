"""Services lowered: operations and their steps; the last operation is the token request."""

from dataclasses import astuple, fields
from typing import Any

import numpy as np

from simulator.boundary.kinds import ASK_SERVICE, CALLS, COMPUTE, CONDITIONS, UNCONDITIONAL, Call
from simulator.language.models.steps import CacheGet, Compute, Delete, Read, Step
from simulator.language.models.steps import Call as CallStep
from simulator.language.models.topology import is_called, operations_of
from simulator.lowering.conditions import lower_conditions
from simulator.lowering.context import Context
from simulator.lowering.sources import lower_distribution
from simulator.lowering.stores import is_strong, product_of
from simulator.plan.sources import Lowered
from simulator.randomness.distributions import CONSTANT
from simulator.records import dataclass

_TOKEN = "token"


@dataclass(frozen=True)
class _Row:
    """One step, in the order of the `step_` columns of `simulator.plan.lowered.DataPlan`."""

    kind: int
    dist: int
    store: int = -1
    own: int = 0
    miss: int = -1
    miss_dist: int = 0
    idempotent: int = 0
    stands_alone: int = 0
    filters_expired: int = 0
    writes: int = 0
    consistent: int = 0
    quorum: int = 0
    condition: int = UNCONDITIONAL
    operation: int = -1
    to: int = -1


_COLUMNS = tuple(field.name for field in fields(_Row))


def call_of(step: Step) -> Call:
    """What a step that does not compute calls its store for."""
    return next(call for call in CALLS if call.key in type(step).model_fields)


def store_of(step: Step) -> str | None:
    """The store, external or operation that a step calls; None if it computes."""
    return None if isinstance(step, Compute) else str(getattr(step, call_of(step).key))


def writes(step: Step) -> bool:
    """Whether a step changes what its store holds."""
    if isinstance(step, CallStep):
        return step.writes
    return not isinstance(step, Compute) and call_of(step).writes


def _row(step: Step, service: str, context: Context) -> _Row:
    if isinstance(step, Compute):
        return _Row(COMPUTE, context.distributions.number_of(lower_distribution(step.compute)))
    if isinstance(step, CallStep) and context.callee_of(step, service) is not None:
        return _service_row(step, service, context)
    call = call_of(step)
    takes = context.distributions.number_of(_takes(step, call, context))
    miss, miss_dist = _miss(step, context)
    consistent = isinstance(step, Read) and step.consistency == "strong"
    store = context.store_number(getattr(step, call.key))
    return _Row(
        kind=call.number,
        dist=takes,
        store=store,
        own=int(getattr(step, "key", "any") == "user"),
        miss=miss,
        miss_dist=miss_dist,
        idempotent=int(getattr(step, "idempotent", False)),
        stands_alone=int(getattr(step, "stands_alone", isinstance(step, Delete))),
        filters_expired=int(getattr(step, "filters_expired", False)),
        writes=int(writes(step)),
        consistent=int(consistent),
        quorum=int(is_strong(context.stores[store][1]) and (consistent or call.writes)),
        condition=CONDITIONS[getattr(step, "if_", None)],
    )


def _service_row(step: CallStep, service: str, context: Context) -> _Row:
    """A call of a service: how long it takes is up to that."""
    nothing = context.distributions.number_of((CONSTANT, 0.0, 0.0))
    operations = enumerate(operations_of(context.topology))
    operation = next(number for number, one in operations if is_called(step.call, *one))
    to = -1 if step.to is None else context.regions.index(step.to)
    return _Row(ASK_SERVICE, nothing, context.callee_number(step, service), operation=operation, to=to)


def _takes(step: Step, call: Call, context: Context) -> Lowered:
    """How long the call takes: what the step says, else the default of the product that it calls."""
    if isinstance(step, CallStep):
        written = step.takes or context.topology.external[step.call].takes
        return context.sources.distribution(call.takes, written)
    store = context.topology.databases.get(getattr(step, call.key)) if call.also else None
    name = call.takes if store is None else f"{product_of(store)}.{call.takes.partition('.')[2]}"
    return context.sources.distribution(name, getattr(step, "takes", None))


def _miss(step: Step, context: Context) -> tuple[int, int]:
    """The table behind a cache and how long reading it takes; -1 if there is none."""
    if not isinstance(step, CacheGet) or step.miss is None:
        return -1, 0
    behind = context.topology.databases.get(step.miss)
    product = "dynamodb" if behind is None else product_of(behind)
    takes = context.sources.distribution(f"{product}.read")
    return context.store_number(step.miss), context.distributions.number_of(takes)


def _token_row(context: Context) -> _Row:
    identity = context.topology.identity
    if identity is None:
        return _Row(COMPUTE, context.distributions.number_of((CONSTANT, 0.0, 0.0)))
    takes = context.sources.distribution("identity.takes", identity.takes)
    return _Row(COMPUTE, context.distributions.number_of(takes))


def operation_names(context: Context) -> tuple[str, ...]:
    """`service.operation` of each operation, in file order, and the token request."""
    services = context.topology.services.items()
    names = [f"{name}.{operation}" for name, service in services for operation in service.operations]
    return (*names, _TOKEN)


def operation_numbers(context: Context) -> dict[str, int]:
    """The number of each operation by all that an action may call it: `operation` and `service.operation`."""
    services = context.topology.services.items()
    pairs = [(service, name) for service, one in services for name in one.operations]
    alone = {name: number for number, (_, name) in enumerate(pairs)}
    return alone | {f"{service}.{name}": number for number, (service, name) in enumerate(pairs)}


def lower_services(context: Context) -> dict[str, Any]:
    """The `op_` and `step_` arrays of all operations, in file order; the token request is the last."""
    name_of = {record.service: number for number, record in enumerate(context.topology.dns.values())}
    op_service, op_name, operations = [], [], []
    for number, (name, service) in enumerate(context.topology.services.items()):
        for steps in service.operations.values():
            op_service.append(number)
            op_name.append(name_of.get(name, -1))
            operations.append([_row(step, name, context) for step in steps])
    operations.append([_token_row(context)])
    services = context.topology.services.values()
    written = [steps for service in services for steps in service.operations.values()]
    return {
        "op_service": np.array([*op_service, len(context.services) - 1], np.int64),
        "op_name": np.array([*op_name, -1], np.int64),
        **_steps(operations),
        **lower_conditions(written),
    }


def _writing(operations: list[list[_Row]]) -> list[int]:
    """Of each operation, 1 if any of its steps writes, or any of those of the operations that it calls."""

    def does(rows: list[_Row]) -> bool:
        return any(row.writes or (row.operation >= 0 and does(operations[row.operation])) for row in rows)

    return [int(does(rows)) for rows in operations]


def _steps(operations: list[list[_Row]]) -> dict[str, Any]:
    counts = np.array([len(rows) for rows in operations], np.int64)
    steps = np.array([astuple(row) for rows in operations for row in rows], np.int64)
    writes = _writing(operations)
    return {
        "op_step_first": np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64),
        "op_step_count": counts,
        "op_writes": np.array(writes, np.int64),
        "service_calls": sum(row.kind == ASK_SERVICE for rows in operations for row in rows),
        "conditions": sum(row.condition != UNCONDITIONAL for rows in operations for row in rows),
        **{f"step_{name}": steps[:, column].copy() for column, name in enumerate(_COLUMNS)},
    }
