"""What a health check says: told to the log, to whoever asks the world, and to the names that follow it.

Specification: docs/model-control-plane.md §4.
"""

from simulator.boundary.events import HEALTH_HEALTHY, HEALTH_UNHEALTHY
from simulator.boundary.subjects import OfCheck
from simulator.control_plane.causes import Cause
from simulator.control_plane.route53.hosted_zones import HostedZone
from simulator.control_plane.world import World


class Status:
    """The status of one health check of a service in a region. It is healthy until somebody says otherwise.

    An inverted check says the opposite of what it finds.
    """

    def __init__(
        self,
        world: World,
        check: str,
        label: str,
        site: tuple[int, int],
        zones: list[HostedZone],
        *,
        inverted: bool = False,
    ) -> None:
        self._world, self._zones, self._inverted = world, zones, inverted
        self._region = site[1]
        self._key = check, *site[::-1]
        world.checks.add(self._key)
        self.subject = OfCheck(label, world.plan.regions[self._region])
        """Name of the check and its region."""
        self._healthy = True

    def begin(self, found: bool) -> None:
        """What has been found since before the run."""
        self._healthy = found != self._inverted
        if not self._healthy:
            self._world.unhealthy.add(self._key)
            for zone in self._zones:
                zone.begin_without({self._region}, "check")

    def turn(self, found: bool, because: Cause) -> None:
        """Tell of what is found, because of an entry, if that changes anything."""
        healthy = found != self._inverted
        if healthy == self._healthy:
            return
        self._healthy = healthy
        self._world.record(HEALTH_HEALTHY if healthy else HEALTH_UNHEALTHY, self.subject, because)
        self._world.set_health(self._key, healthy)
        for zone in self._zones:
            zone.health_changed(self._region, healthy)
