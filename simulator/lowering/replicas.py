"""Replicas of tables that are not there from the start, and those that plans make, lowered.

Specification: docs/model-stores.md §8.
"""

from simulator.language.models.scaling import ReplicaStep
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.lowering.restores import is_allowed, time_of_replica
from simulator.plan.replicas import AbsentPlan, ReplicaPlan


def lower_absent(context: Context) -> tuple[AbsentPlan, ...]:
    """What is not there, by store and region."""
    return tuple(
        AbsentPlan(context.store_number(name), context.regions.index(region))
        for name, table in context.topology.tables.items()
        for region in table.absent_in
    )


def lower_replica(step: ReplicaStep, context: Context) -> ReplicaPlan:
    """A step that makes a replica."""
    table, sources = context.topology.tables[step.replica], context.sources
    return ReplicaPlan(
        store=context.store_number(step.replica),
        region=context.regions.index(step.in_),
        others=context.region_numbers([one for one in table.replicas if one != step.in_]),
        delete=sources.distribution("dynamodb.restore.delete"),
        takes=time_of_replica(step.takes, table, sources),
        allowed=is_allowed(step.in_, table, context),
    )


PART = Part("replicas", lower_absent)
