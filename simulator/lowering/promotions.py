"""Databases with one writer lowered for the control plane, and operators' promotions."""

from collections.abc import Iterator
from dataclasses import replace

from simulator.boundary.kinds import NEVER_NS
from simulator.language.models.databases import Database
from simulator.language.models.operator import Promotion, PromotionOfReader
from simulator.language.models.plans import PromoteStep, is_planned
from simulator.language.models.running import steps_by_mode
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.lowering.sources import Sources
from simulator.lowering.stores import product_of
from simulator.plan.promotions import DatabasePlan, PromotionPlan
from simulator.plan.sources import Lowered
from simulator.randomness.distributions import CONSTANT

_NEVER: Lowered = (CONSTANT, 0.0, 0.0)


def has_switchover(database: Database) -> bool:
    """Whether an engine can change its writer's region as planned, without loss."""
    return database.engine != "rds"


def lower_databases(context: Context) -> tuple[DatabasePlan | PromotionPlan, ...]:
    """The plans of all databases, then those of the operator's promotions, in file order."""
    databases = [
        _database(number, store, context)
        for number, (_, store) in enumerate(context.stores)
        if isinstance(store, Database)
    ]
    calls = (call for call in context.experiment.operator if isinstance(call, Promotion))
    return (*databases, *(_promotion(call, context) for call in calls))


def _database(number: int, database: Database, context: Context) -> DatabasePlan:
    product, name = product_of(database), context.stores[number][0]
    planned = {planned for call, planned in _all_promotions(context) if call.promote == name}
    fails_over = False in planned or database.self_promotion is not None
    failing = context.sources if fails_over else Sources()  # else it rests on nothing about promotions
    planning = context.sources if True in planned else Sources()
    own = database.self_promotion
    readers = context.region_numbers(database.readers)
    return DatabasePlan(
        store=number,
        writer=context.regions.index(database.writer),
        readers=readers,
        promotion=failing.distribution(f"{product}.promotion", database.promotion),
        switchover=planning.distribution(f"{product}.switchover", database.switchover)
        if has_switchover(database)
        else None,
        rebuild=failing.distribution(f"{product}.rebuild", database.rebuild),
        fencing=failing.text(f"{product}.write_fencing", database.write_fencing),
        rejoins=failing.text(f"{product}.old_writer", database.old_writer) == "rejoins",
        hold_down_ns=NEVER_NS if own is None else own.hold_down,
        rpo_ns=NEVER_NS if database.rpo is None else database.rpo,
    )


def _all_promotions(context: Context) -> Iterator[tuple[PromotionOfReader, bool]]:
    """What operators and failover plans may ask for, and whether that is planned."""
    for call in context.experiment.operator:
        if isinstance(call, Promotion):
            yield call, call.mode == "switchover"
    for step, mode in steps_by_mode(context.experiment, context.topology, PromoteStep):
        yield step, is_planned(step, mode)


def _promotion(call: Promotion, context: Context) -> PromotionPlan:
    return replace(
        lower_promotion(call, call.mode == "switchover", context),
        at_ns=NEVER_NS if call.at is None else call.at,
        after_detection_ns=NEVER_NS if call.after_detection is None else call.after_detection,
    )


def lower_promotion(call: PromotionOfReader, planned: bool, context: Context) -> PromotionPlan:
    """Which reader of a database becomes its writer, whenever that is, and whether as planned."""
    return PromotionPlan(
        store=context.store_number(call.promote),
        to=context.regions.index(call.to),
        planned=planned,
    )


PART = Part("databases", lower_databases)
