"""Detectors of unusual usage: at every period each flags clients that differ from all of a quiet week.

Specification: docs/monitoring.md, "Unusual clients". Nothing runs without one.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.events import (
    CLIENTS_FLAGGED,
    CLIENTS_RELEASED,
    WEB_ACL_LIMITS,
    WEB_ACL_RELEASES,
    EventKind,
)
from simulator.boundary.outcomes import UP
from simulator.boundary.subjects import OfDetector, OfRule
from simulator.control_plane.cloudwatch.series import MINUTE_NS
from simulator.control_plane.service import Service
from simulator.control_plane.usual import Usual
from simulator.control_plane.web_acls import because_of, population_of_each, record_action
from simulator.control_plane.world import Process, World
from simulator.outcome import DetectorSeen
from simulator.plan.detectors import DetectorPlan, UsualPlan
from simulator.plan.histories import first_minute_ns

Keys = NDArray[np.int64]


class Detector:
    """One detector: what it knows, and whom it has flagged."""

    def __init__(self, world: World, plan: DetectorPlan, usual: Usual | None) -> None:
        self._world, self.plan, self._usual = world, plan, usual
        self._keys, self._counts = np.empty(0, np.int64), np.empty((0, len(plan.columns)), np.int64)
        self._in_a_row: dict[int, int] = {}
        self._flagged: dict[int, int] = {}
        self.recorded: list[Keys] = []
        self._looked, self._system, self._highest = 0, 0, 0.0

    def add(self, keys: Keys, counts: Keys) -> None:
        """What was counted in a minute."""
        rows = counts[:, self.plan.columns]
        together = np.concatenate([self._keys, keys])
        self._keys, places = np.unique(together, return_inverse=True)
        self._counts, before = np.zeros((len(self._keys), rows.shape[1]), np.int64), self._counts
        np.add.at(self._counts, places, np.concatenate([before, rows]))

    def look(self) -> None:
        """A period is over."""
        there = self._counts.any(axis=1)
        keys, counts = self._keys[there], self._counts[there]
        self._keys, self._counts = self._keys[:0], self._counts[:0]
        if self._usual is None:
            self.recorded.append(counts)
        elif self._world.region_mode[self.plan.home] == UP and self._usual.is_known:
            self._judge(keys, self._usual.distances(counts) if len(counts) else np.empty(0))

    def _judge(self, keys: Keys, distances: NDArray[np.float64]) -> None:
        self._looked += len(keys)
        unusual = keys[distances > 1.0]
        if len(unusual) > self.plan.most * len(keys):
            self._system += 1  # it is the system that is unusual
            unusual = keys[:0]
        elif len(keys):
            self._highest = max(self._highest, float(distances.max()))
        now_ns = self._world.now_ns
        self._in_a_row = {key: self._in_a_row.get(key, 0) + 1 for key in unusual.tolist()}
        fresh = [key for key, times in self._in_a_row.items() if times >= self.plan.periods]
        new = [key for key in fresh if key not in self._flagged]
        self._flagged |= dict.fromkeys((key for key in unusual.tolist() if key in self._flagged), now_ns)
        self._flagged |= dict.fromkeys(new, now_ns)
        late_ns = now_ns - self.plan.release_ns
        quiet = [key for key, last_ns in self._flagged.items() if last_ns <= late_ns]
        for key in quiet:
            del self._flagged[key]
        self._tell(CLIENTS_FLAGGED, new, True)
        self._tell(CLIENTS_RELEASED, quiet, False)

    def _tell(self, kind: EventKind[OfDetector], clients: list[int], flagged: bool) -> None:
        """Write down who is flagged, or is no longer, and let those know who throttle them."""
        if not clients:
            return
        world, keys = self._world, np.array(sorted(clients), np.int64)
        whose = self._names_of(keys)
        because = because_of(world, keys) if flagged else world.causes.newest_fault()
        entry = world.record(kind, OfDetector(self.plan.name), because, clients=len(keys), populations=whose)
        if self.plan.rules:
            world.begin(self._throttle(keys, flagged), entry)

    def _names_of(self, keys: Keys) -> dict[str, int]:
        """How many of the keys are of each population."""
        names = self._world.plan.populations
        return dict(Counter(names[one] for one in population_of_each(self._world.plan.data, keys).tolist()))

    def _throttle(self, keys: Keys, flagged: bool) -> Process:
        """The rules that concern them hear of it."""
        world = self._world
        yield world.after(self.plan.propagation_ns)
        for rule in self.plan.rules:
            world.touch().set_flagged(rule.number, keys, flagged)
            record_action(world, OfRule(rule.acl, rule.rule, rule.place), keys, rule.action, acts=flagged)

    def asked_for(self) -> Keys:
        """[clients and periods, columns] what was asked for, as long as nothing was known to be usual."""
        none = np.empty((0, len(self.plan.columns)), np.int64)
        return np.concatenate([none, *self.recorded])

    def seen(self) -> DetectorSeen:
        """What became of it, at the end of the run."""
        return DetectorSeen(self.plan, self._looked, self._system, self._highest, len(self._flagged))


class Detectors:
    """All detectors of a run; `world.one(Detectors)` is the one."""

    def __init__(self, world: World) -> None:
        self._world = world
        usual = {one.detector: one.counts for one in world.plan.control.of(UsualPlan)}
        self.all = [
            Detector(world, plan, Usual(usual[plan.number], plan.margin) if plan.number in usual else None)
            for plan in world.plan.control.of(DetectorPlan)
        ]

    def run(self) -> Process:
        """Gather what was asked in every minute of the clock, and look when a period is over."""
        world, minutes = self._world, 0
        due_ns = first_minute_ns(world.plan.data)
        yield world.before(due_ns - world.now_ns)
        world.touch().asked_since()
        while True:
            due_ns, minutes = due_ns + MINUTE_NS, minutes + 1
            yield world.before(due_ns - world.now_ns)
            keys, counts = world.touch().asked_since()
            for detector in self.all:
                detector.add(keys, counts)
                if minutes * MINUTE_NS % detector.plan.period_ns == 0:
                    detector.look()

    def collected(self) -> tuple[DetectorSeen, ...]:
        """What became of each, at the end of the run."""
        return tuple(one.seen() for one in self.all)


def _start(world: World) -> Iterator[Process]:
    if world.plan.control.of(DetectorPlan):
        yield world.one(Detectors).run()


SERVICE = Service("detectors", _start, (CLIENTS_FLAGGED, CLIENTS_RELEASED, WEB_ACL_LIMITS, WEB_ACL_RELEASES))
