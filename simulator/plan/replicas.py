"""Replicas of tables that are not there from the start, and those that plans make, lowered.

Specification: docs/model-stores.md §8.
"""

from simulator.language.models.scaling import ReplicaStep
from simulator.plan.context import Context
from simulator.plan.parts import Part
from simulator.plan.restores import Time, is_allowed, time_of_replica
from simulator.plan.sources import Lowered
from simulator.records import dataclass


@dataclass(frozen=True)
class AbsentPlan:
    """A region that may have a replica of a table, and has none when the run begins."""

    store: int
    region: int


@dataclass(frozen=True)
class ReplicaPlan:
    """A replica is made, as a copy of another one."""

    store: int
    region: int
    others: tuple[int, ...]  # the regions that may have one, too, in order
    delete: Lowered  # of a table that has left, and has its name
    takes: Time
    allowed: bool  # by the account's quota for a table there


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
