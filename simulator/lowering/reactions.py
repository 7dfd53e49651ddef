"""Zonal shifts and load shedding lowered: what starts each, who does it, and what it does to what.

Specification: docs/model-control-plane.md §7.1.
"""

from collections.abc import Iterator

from simulator.boundary.kinds import FRONTS, NEVER_NS
from simulator.boundary.zones import place_of
from simulator.language.models.compute import NodesCompute
from simulator.language.models.reactions import BOTS, Reaction, Shedding, ZonalShift
from simulator.language.models.topology import is_called, operations_of
from simulator.lowering.context import Context
from simulator.lowering.failover_plans import lower_trigger
from simulator.lowering.parts import Part
from simulator.lowering.sites import compute_of
from simulator.lowering.sources import lower_distribution
from simulator.plan.reactions import ReactionPlan, SheddingPlan, ZonalShiftPlan
from simulator.plan.sources import AT_ONCE, Lowered


def _lower(context: Context) -> tuple[ReactionPlan, ...]:
    topology = context.topology
    reactions: list[tuple[str, ZonalShift | Shedding]] = [
        *topology.zonal_shifts.items(),
        *topology.shedding.items(),
    ]
    return tuple(
        _shift(number, name, one, context)
        if isinstance(one, ZonalShift)
        else _shedding(number, name, one, context)
        for number, (name, one) in enumerate(reactions)
    )


def _shift(number: int, name: str, shift: ZonalShift, context: Context) -> ZonalShiftPlan:
    region, zone = place_of(shift.zone)
    services = [*context.topology.services]
    chosen = shift.services or [*_on_nodes(region, context)]
    return ZonalShiftPlan(
        number=number,
        name=name,
        of=shift.zone,
        lasts_ns=shift.expires,
        region=context.regions.index(region),
        zone=zone,
        services=tuple(sorted(services.index(one) for one in chosen)),
        trigger=lower_trigger(shift.trigger, context),
        delay=_delay(shift),
        retry_ns=_retry_ns(context),
    )


def _on_nodes(region: str, context: Context) -> Iterator[str]:
    for name, service in context.topology.services.items():
        there = region in service.regions and service.cdn is None
        if there and isinstance(compute_of(service, region), NodesCompute):
            yield name


def _shedding(number: int, name: str, one: Shedding, context: Context) -> SheddingPlan:
    every = enumerate(operations_of(context.topology))
    service = context.topology.services[one.service]
    named = one.operations or [*service.operations]
    where = [one.region] if one.region is not None else service.regions
    return SheddingPlan(
        number=number,
        name=name,
        of=one.of,
        lasts_ns=NEVER_NS if one.for_ is None else one.for_,
        keep=one.keep,
        front=FRONTS.index(one.stands(before_network=service.cdn is not None)),
        operations=tuple(
            number
            for number, (service, operation) in every
            if service == one.service and any(is_called(name, service, operation) for name in named)
        ),
        regions=(0,) if service.cdn is not None else tuple(context.region_numbers(where)),
        populations=tuple(_populations(one, context)),
        ramp_ns=one.ramp_back,
        trigger=lower_trigger(one.trigger, context),
        delay=_delay(one),
        retry_ns=_retry_ns(context),
    )


def _populations(one: Shedding, context: Context) -> Iterator[int]:
    """Those of which it sheds: users of these names, all bots of faults; else all, canaries too."""
    users, bots = [*context.experiment.users], len(context.bots)
    for number in range(len(users) + context.programs):
        is_bot = len(users) <= number < len(users) + bots
        named = BOTS if is_bot else users[number] if number < len(users) else None
        if one.populations is None or named in one.populations:
            yield number


def _delay(one: Reaction) -> Lowered:
    return AT_ONCE if one.by is None else lower_distribution(one.by.delay)


def _retry_ns(context: Context) -> int:
    return context.sources.duration_ns("operator.retry_every", None)


PART = Part("reactions", _lower)
