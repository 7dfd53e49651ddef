"""Replication that stands still."""

from simulator.language.models.faults import ReplicationFault, ReplicationScope
from simulator.lowering.context import Context
from simulator.lowering.faults.saying import said
from simulator.lowering.sources import lower_distribution
from simulator.plan.faults.replication import ReplicationFaultPlan
from simulator.plan.sources import AT_ONCE


def _pairs(scope: ReplicationScope, context: Context) -> tuple[tuple[int, int], ...]:
    """The directed pairs of regions (and witnesses) whose replicators a fault names; all if it names none."""
    regions, places = context.regions, context.places
    witnesses = {places.index(table.witness) for table in context.topology.tables.values() if table.witness}
    numbers = sorted({*range(len(regions)), *witnesses})
    if scope.from_ is not None and scope.to is not None:
        return ((regions.index(scope.from_), regions.index(scope.to)),)
    chosen = set(numbers) if scope.region is None else {regions.index(scope.region)}
    return tuple((a, b) for a in numbers for b in numbers if a != b and (a in chosen or b in chosen))


def _what(scope: ReplicationScope) -> str:
    where = f" from and to {scope.region}" if scope.region else ""
    where = f" from {scope.from_} to {scope.to}" if scope.from_ else where
    return f"replication of {scope.table or 'every store'}{where}"


def lower_replication(fault: ReplicationFault, context: Context) -> ReplicationFaultPlan:
    """Replication paused, of one store or of every one."""
    scope, every = fault.replication, range(len(context.stores))
    return ReplicationFaultPlan(
        stores=tuple(every) if scope.table is None else (context.store_number(scope.table),),
        pairs=_pairs(scope, context),
        takes_hold=AT_ONCE if fault.takes_hold is None else lower_distribution(fault.takes_hold),
        **said(fault, _what(scope), scope.region, scope.from_, scope.to),
    )
