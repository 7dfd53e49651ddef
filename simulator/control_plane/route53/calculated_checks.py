"""Calculated health checks: healthy while enough others are.

Rules: Amazon Route 53 API reference, *HealthCheckConfig* (`HealthThreshold`, `ChildHealthChecks`).
Specification: docs/model-control-plane.md §4.
"""

from collections.abc import Sequence

from simulator.control_plane.causes import newest
from simulator.control_plane.route53.statuses import Status
from simulator.control_plane.world import Process, World

Key = tuple[str, int, int]
"""A health check as the world knows it: name, region, service."""


class CalculatedCheck:
    """One calculated health check of a region."""

    def __init__(self, world: World, children: Sequence[Key], at_least: int, status: Status) -> None:
        self._world, self._children, self._at_least, self._status = world, children, at_least, status
        status.begin(self._is_healthy())

    def run(self) -> Process:
        """Count whenever health checks have turned, once all that turn at one instant have."""
        world = self._world
        while True:
            yield world.next_vote()
            yield world.behind(0)
            self._status.turn(self._is_healthy(), newest(map(world.turned_by_key, self._children)))

    def healthy_children(self) -> int:
        """How many are healthy now."""
        return sum(child not in self._world.unhealthy for child in self._children)

    def _is_healthy(self) -> bool:
        return self.healthy_children() >= self._at_least
