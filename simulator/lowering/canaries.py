"""Canaries lowered for the control plane: which populations run in which regions."""

from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.plan.canaries import CanaryPlan


def first_canary(context: Context) -> int:
    """The population of the first canary: they come last."""
    return len(context.experiment.users) + len(context.bots)


def lower_canaries(context: Context) -> tuple[CanaryPlan, ...]:
    """Those that run in a region of the system, and so go down with it."""
    return tuple(
        CanaryPlan(number, context.regions.index(canary.near))
        for number, canary in enumerate(context.topology.canaries.values(), first_canary(context))
        if canary.near in context.regions
    )


PART = Part("canaries", lower_canaries)
