"""Standbys lowered: services that are switched off in some regions, and the steps that switch them on.

Specification: docs/model-control-plane.md §8.
"""

from dataclasses import dataclass

from simulator.language.models.compute import LambdaCompute, NodesCompute
from simulator.language.models.scaling import EnableStep
from simulator.plan.context import Context
from simulator.plan.parts import Part
from simulator.plan.sites import compute_of


@dataclass(frozen=True)
class DormantPlan:
    """A site that is switched off when the run begins."""

    service: int
    region: int


@dataclass(frozen=True)
class EnablePlan:
    """A site is switched on."""

    service: int
    region: int


def lower_dormant(context: Context) -> tuple[DormantPlan, ...]:
    """The sites that are switched off, by service and region."""
    return tuple(
        DormantPlan(number, context.regions.index(region))
        for number, service in enumerate(context.topology.services.values())
        for region in service.dormant_in
    )


def lower_enabling(step: EnableStep, context: Context) -> EnablePlan:
    """A step that switches a site on."""
    return EnablePlan(context.services.index(step.enable), context.regions.index(step.in_))


def planes_of_compute(service: str, region: str, context: Context) -> list[tuple[str, int]]:
    """Whose control plane changes what a service runs on: none where nothing says what that is."""
    compute = compute_of(context.topology.services[service], region)
    number = context.regions.index(region)
    if isinstance(compute, LambdaCompute):
        return [("lambda", number)]
    return [("ec2", number)] if isinstance(compute, NodesCompute) else []


PART = Part("standbys", lower_dormant)
