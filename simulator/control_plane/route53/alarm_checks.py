"""Health checks that follow the data of an alarm: not its state, and without its policy for missing data.

Rules: Amazon Route 53 developer guide, "Values that you specify when you create or update health checks";
API reference, *HealthCheckConfig*. Specification: docs/model-control-plane.md §4.
"""

from simulator.boundary.events import HEALTH_DATA_BACK, HEALTH_DATA_MISSING
from simulator.control_plane.chance import uniform
from simulator.control_plane.cloudwatch.alarms import Alarms
from simulator.control_plane.cloudwatch.evaluating import ABSENT, GOOD, told_by
from simulator.control_plane.route53.statuses import Status
from simulator.control_plane.world import Process, World
from simulator.plan.health_checks import AlarmCheckPlan
from simulator.randomness.draws import CHECKER

_ASSIGNED = {"healthy": True, "unhealthy": False}
"""What a check is found to be without data; else as it was."""


class AlarmCheck:
    """One health check of a region that follows an alarm."""

    def __init__(self, world: World, number: int, plan: AlarmCheckPlan, alarm: str, status: Status) -> None:
        self._world, self._plan, self._alarm, self._status = world, plan, alarm, status
        self._phase_ns = int(uniform(world.plan.data.seed, CHECKER, number, 0) * plan.every_ns)
        self._is_told = True
        status.begin(True)

    def run(self) -> Process:
        """Look at the data again and again; before the run all was well."""
        world, alarms = self._world, self._world.one(Alarms)
        yield world.after(max(alarms.first_ns - world.now_ns, 0) + self._phase_ns)
        while True:
            self._look(alarms)
            yield world.after(self._plan.every_ns)

    def _look(self, alarms: Alarms) -> None:
        because = self._world.causes.newest_fault()
        told = told_by(*alarms.points_of(self._alarm))
        if (told != ABSENT) != self._is_told:
            self._is_told = told != ABSENT
            kind = HEALTH_DATA_BACK if self._is_told else HEALTH_DATA_MISSING
            detail = {} if self._is_told else {"counts_as": self._plan.insufficient}
            because = self._world.record(kind, self._status.subject, because, alarm=self._alarm, **detail)
        if told != ABSENT:
            self._status.turn(told == GOOD, because)
        elif self._plan.insufficient in _ASSIGNED:
            self._status.turn(_ASSIGNED[self._plan.insufficient], because)
