"""Binds the planes to one clock and runs an experiment to its end."""

from collections.abc import Callable

import numpy as np
import simpy
from numpy.typing import NDArray

from simulator.boundary.protocol import DataPlane
from simulator.boundary.readings import Readings
from simulator.control_plane import registry
from simulator.control_plane.world import Process, World
from simulator.outcome import Outcome, Samples
from simulator.plan.lowered import Plan

Progress = Callable[[int], None]
"""Called with the simulated nanoseconds that have passed."""

_PROGRESS_STEPS = 100
_SAMPLES_MOST = 400


def simulate(
    plan: Plan, plane: DataPlane, *, metrics: bool = False, progress: Progress | None = None
) -> Outcome:
    """Run a plan on a data plane. `metrics` samples gauges, `progress` hears the time; neither changes it."""
    env = simpy.Environment(initial_time=0)
    world = World(env, plan, plane)
    registry.start(world)
    sampler = Sampler(world) if metrics else None
    if progress is not None:
        env.process(_report_progress(world, progress))
    env.run(until=plan.data.duration_ns)
    plane.advance(plan.data.duration_ns)
    samples = None if sampler is None else sampler.samples()
    return Outcome(plan, plane.finish(), tuple(world.events), tuple(world.at_risk), samples)


def _report_progress(world: World, progress: Progress) -> Process:
    step_ns = max(world.plan.data.duration_ns // _PROGRESS_STEPS, 1)
    while True:
        yield world.env.timeout(step_ns)
        world.touch()
        progress(world.now_ns)


class Sampler:
    """An observer that reads gauges at equal steps: sessions in progress, copies under way, true lag."""

    def __init__(self, world: World) -> None:
        self._world, data = world, world.plan.data
        wanted = Readings(data, gauges=("sessions", "backlog", "backlog_age_ns"))
        self._reader = world.touch().reader(wanted)
        self._step_ns = max(data.window_ns, data.duration_ns // _SAMPLES_MOST)
        self._at_ns: list[int] = []
        self._sessions: list[int] = []
        self._pending: list[NDArray[np.int64]] = []
        self._lag_ns: list[NDArray[np.int64]] = []
        world.env.process(self._run())

    def _run(self) -> Process:
        while True:
            yield self._world.env.timeout(self._step_ns)
            self._sample()

    def _sample(self) -> None:
        self._world.touch()
        reading = self._reader.read()
        self._at_ns.append(reading.at_ns)
        self._sessions.append(int(reading["sessions"].sum()))
        self._pending.append(reading["backlog"])
        self._lag_ns.append(reading["backlog_age_ns"])

    def samples(self) -> Samples:
        """What was sampled."""
        shape = (len(self._at_ns), *self._world.plan.data.lag_mu.shape)
        return Samples(
            np.array(self._at_ns, np.int64),
            np.array(self._sessions, np.int64),
            np.array(self._pending, np.int64).reshape(shape),
            np.array(self._lag_ns, np.int64).reshape(shape),
        )
