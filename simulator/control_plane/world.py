"""What control processes share: clock, data plane, event log, and the physical state that checkers see."""

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.events import NORMAL, EventPriority

from simulator.boundary.events import EventKind, S
from simulator.boundary.outcomes import UP
from simulator.boundary.protocol import DataPlane
from simulator.boundary.tallies import AtRisk
from simulator.outcome import Event
from simulator.plan.lowered import Plan

Process = Generator[simpy.Event, Any, None]
"""What a control process yields."""

_LATE = EventPriority(NORMAL + 1)


class _Late(simpy.Event):
    """A timeout that comes behind everything else of its instant."""

    def __init__(self, env: simpy.Environment, delay_ns: int) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        env.schedule(self, _LATE, delay_ns)


class World:
    """One clock, one data plane. Whoever looks at the data plane or changes it lets it catch up: `touch`."""

    def __init__(self, env: simpy.Environment, plan: Plan, plane: DataPlane) -> None:
        self.env = env
        self.plan = plan
        self.events: list[Event] = []
        self.at_risk: list[AtRisk] = []
        self.first_detection: simpy.Event = env.event()
        self.route53_frozen = 0  # how many faults freeze it
        data, places = plan.data, len(plan.locations)
        self.region_mode = np.full(data.region_count, UP)
        self.zone_mode = np.full((data.region_count, max(data.zone_count, default=0)), UP)
        sites = data.site_compute.shape
        self.site_mode = np.full(sites, UP)
        self.site_error_share = np.zeros(sites)
        self.site_add_ns = np.zeros(sites, np.int64)
        self.without_targets: set[tuple[int, int]] = set()
        """Sites (service, region) whose load balancer believes no node alive."""
        self.primary_zone = {
            (cache.store, cache.region): cache.zone for cache in plan.control.cache_primaries
        }
        """Where the primary of a cache (store, region) is."""
        self.link_cut = np.zeros((places, places), np.bool_)
        self.link_loss = np.zeros((places, places))
        self.link_factor = np.ones((places, places))
        self.link_add_ns = np.zeros((places, places), np.int64)
        self.version = 0
        """How often anything has changed that `changed` tells of."""
        self._plane = plane
        self._change: simpy.Event = env.event()

    @property
    def now_ns(self) -> int:
        """The present instant."""
        return int(self.env.now)

    def touch(self) -> DataPlane:
        """The data plane, advanced to the present: it has run every event before it."""
        self._plane.advance(self.now_ns)
        return self._plane

    def record(self, kind: EventKind[S], subject: S, **detail: Any) -> None:
        """Add an entry to the event log."""
        kind.check(subject, detail)
        self.events.append(Event(self.now_ns, kind.name, subject, detail))

    def after(self, delay_ns: int) -> simpy.Event:
        """An event after some time and, at its instant, after the faults that begin and end there."""
        return _Late(self.env, delay_ns)

    def zones(self, region: int) -> NDArray[np.int64]:
        """The mode of each zone of a region."""
        return self.zone_mode[region, : self.plan.data.zone_count[region]]

    def mode_of_zones(self, region: int) -> int:
        """A region is up while any of its zones is; without one it refuses if all of them do."""
        zones = self.zones(region)
        return UP if UP in zones else int(max(zones))

    def is_reachable(self, service: int, region: int) -> bool:
        """Whether a site's gateway or load balancer is there and knows where to send requests."""
        return bool(self.region_mode[region] == UP) and (service, region) not in self.without_targets

    def changed(self) -> None:
        """Tell whoever waits that regions, zones, sites or links have changed, or a site's last target."""
        self.version += 1
        self._change.succeed()
        self._change = self.env.event()

    def next_change(self) -> simpy.Event:
        """An event that fires when `changed` is called next."""
        return self._change
