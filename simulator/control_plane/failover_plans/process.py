"""The service that carries out failover plans: one process for each run, which sleeps until its trigger.

Specification: docs/model-control-plane.md §8.
"""

from collections.abc import Iterator

from simulator.boundary.events import (
    CONTROL_PLANE_REFUSED,
    PLAN_ACKNOWLEDGED,
    PLAN_DECIDED,
    PLAN_DONE,
    PLAN_NOT_BEGUN,
    PLAN_STEP_BEGAN,
    PLAN_STEP_DONE,
    PLAN_STEP_REFUSED,
    PLAN_STEP_STRANDED,
    PLAN_STRANDED,
    PLAN_TRIGGERED,
)
from simulator.control_plane.failover_plans.runner import Runner
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World
from simulator.plan.failover_plans import PlanRun


def _start(world: World) -> Iterator[Process]:
    yield from (Runner(world, run).run() for run in world.plan.control.of(PlanRun))


SERVICE = Service(
    "failover plans",
    _start,
    (
        PLAN_TRIGGERED, PLAN_NOT_BEGUN, PLAN_ACKNOWLEDGED, PLAN_DECIDED, PLAN_STEP_BEGAN, PLAN_STEP_REFUSED,
        PLAN_STEP_DONE, PLAN_STEP_STRANDED, PLAN_STRANDED, PLAN_DONE, CONTROL_PLANE_REFUSED,
    ),
)  # fmt: skip
