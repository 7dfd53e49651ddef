"""The functions that a drill judges: what makes them up, what they have to hold, where their data is."""

from collections.abc import Iterator

from simulator.boundary.kinds import CALLS
from simulator.language.models.objectives import FunctionObjective
from simulator.language.models.topology import Topology, is_called, operations_of
from simulator.result.drill import Function

_DAY_NS = 86_400 * 10**9
_STORES = (*(call.key for call in CALLS if call.stores != "external"), "miss")

EVERYTHING = "all that users do"
"""The function of a topology without objectives."""


def functions_of(topology: Topology) -> tuple[Function, ...]:
    """The functions of `objectives:`, in the file's order; without any, one that is all that users do."""
    if not topology.objectives:
        asked = _asked_by(topology, [*topology.users])
        return (Function(EVERYTHING, (), (), _stores(topology, asked)),)
    return tuple(_function(name, one, topology) for name, one in topology.objectives.items())


def _function(name: str, one: FunctionObjective, topology: Topology) -> Function:
    populations = tuple(one.populations or ())
    operations = _operations(topology, one.operations or [])
    uses = operations or _asked_by(topology, populations)
    outage_ns = one.tolerable_outage
    if outage_ns is None:
        outage_ns = max(one.recovery_time or 0, _DAY_NS)
    return Function(
        name=name,
        operations=operations,
        populations=populations,
        stores=_stores(topology, uses),
        service_level=one.service_level,
        recovery_time_s=_seconds(one.recovery_time),
        recovery_point_s=_seconds(one.recovery_point),
        tolerable_outage_s=outage_ns / 10**9,
        origin=one.origin,
        critical=one.critical,
    )


def _seconds(time_ns: int | None) -> float | None:
    return None if time_ns is None else time_ns / 10**9


def _operations(topology: Topology, names: list[str]) -> tuple[str, ...]:
    return tuple(
        f"{service}.{one}"
        for service, one in operations_of(topology)
        if any(is_called(name, service, one) for name in names)
    )


def _asked_by(topology: Topology, populations: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The operations that some populations ask for."""
    mixes = (topology.users[name].actions for name in populations)
    return _operations(topology, [action for mix in mixes for action, weight in mix.items() if weight])


def _stores(topology: Topology, operations: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in operations for name in _stores_of(topology, one)))


def _stores_of(topology: Topology, operation: str) -> Iterator[str]:
    service, _, name = operation.partition(".")
    for step in topology.services[service].operations[name]:
        named = (getattr(step, key, None) for key in _STORES)
        yield from (name for name in named if name is not None)
