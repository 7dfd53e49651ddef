"""Fences lowered: which stores refuse writes in which region, by what (docs/model-stores.md §6)."""

from simulator.boundary.control_planes import EVERYWHERE
from simulator.language.models.data_steps import FenceStep, UnfenceStep
from simulator.language.models.fenced import may_be_fenced
from simulator.lowering.context import Context
from simulator.plan.fences import FencePlan


def lower_fence(step: FenceStep | UnfenceStep, context: Context) -> FencePlan:
    """A step that fences, or ends a fence."""
    region = step.where
    names = step.stores or may_be_fenced(region, step.by, context.topology)
    return FencePlan(
        stores=tuple(context.store_number(name) for name in names),
        region=context.regions.index(region),
        by=step.by,
        is_fenced=isinstance(step, FenceStep),
        settles=context.sources.distribution(f"fence.{step.by}", step.settles),
    )


def needs_of_fence(
    step: FenceStep | UnfenceStep, context: Context
) -> tuple[list[tuple[str, int]], list[int]]:
    """The control planes and the regions that it needs: a policy IAM, a switch the region."""
    if step.by == "policy":
        return [("iam", EVERYWHERE)], []
    return [], [context.regions.index(step.where)]
