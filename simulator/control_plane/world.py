"""What control processes share: clock, data plane, event log, and the physical state that checkers see."""

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from simpy.events import NORMAL, EventPriority

from simulator.outcome import Event
from simulator.plan.lowered import Plan
from simulator.seam import UP, AtRisk, DataPlane

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
        regions, places = plan.data.region_count, len(plan.locations)
        self.region_mode = np.full(regions, UP)
        self.region_error_share = np.zeros(regions)
        self.region_add_ns = np.zeros(regions, np.int64)
        self.link_cut = np.zeros((places, places), np.bool_)
        self.link_loss = np.zeros((places, places))
        self.link_factor = np.ones((places, places))
        self.link_add_ns = np.zeros((places, places), np.int64)
        self.version = 0
        """How often regions or links have changed."""
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

    def record(self, kind: str, target: str, **detail: Any) -> None:
        """Add an entry to the event log."""
        self.events.append(Event(self.now_ns, kind, target, detail))

    def after(self, delay_ns: int) -> simpy.Event:
        """An event after some time and, at its instant, after the faults that begin and end there."""
        return _Late(self.env, delay_ns)

    def changed(self) -> None:
        """Tell whoever waits that regions or links have changed."""
        self.version += 1
        self._change.succeed()
        self._change = self.env.event()

    def next_change(self) -> simpy.Event:
        """An event that fires at the next change of regions or links."""
        return self._change
