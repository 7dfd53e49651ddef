"""Binds the planes to one clock and runs an experiment to its end."""

from collections.abc import Callable, Iterator

import numpy as np
import simpy
from numpy.typing import NDArray

from simulator.control_plane.faults import Faults
from simulator.control_plane.health_checks import HealthCheck
from simulator.control_plane.record_changes import change_record
from simulator.control_plane.route53 import HostedZone
from simulator.control_plane.world import Process, World
from simulator.outcome import Outcome, Samples
from simulator.plan.lowered import Plan
from simulator.seam import DataPlane

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
    _start_control_plane(world)
    sampler = Sampler(world) if metrics else None
    if progress is not None:
        env.process(_report_progress(world, progress))
    env.run(until=plan.data.duration_ns)
    plane.advance(plan.data.duration_ns)
    samples = None if sampler is None else sampler.samples()
    return Outcome(plan, plane.finish(), tuple(world.events), tuple(world.at_risk), samples)


def _start_control_plane(world: World) -> None:
    control = world.plan.control
    zones = [HostedZone(world, number) for number in range(len(control.names))]
    for check in _health_checks(world, zones):
        world.env.process(check.run())
    world.env.process(Faults(world).run())
    for number in range(len(control.changes)):
        world.env.process(change_record(world, number, zones))


def _health_checks(world: World, zones: list[HostedZone]) -> Iterator[HealthCheck]:
    """One instance per check and region with a record that names it, now or after an operator's change."""
    control, followers = world.plan.control, dict[tuple[str, int], list[HostedZone]]()
    for number, (zone, name) in enumerate(zip(zones, control.names, strict=True)):
        if name.health_check is not None and name.policy != "simple":
            brought_in = {r for change in control.changes if change.name == number for r in change.regions()}
            for region in dict.fromkeys([*name.regions, *sorted(brought_in)]):
                followers.setdefault((name.health_check, region), []).append(zone)
    for number, ((check, region), following) in enumerate(followers.items()):
        yield HealthCheck(world, number, control.checks[check], region, following)


def _report_progress(world: World, progress: Progress) -> Process:
    step_ns = max(world.plan.data.duration_ns // _PROGRESS_STEPS, 1)
    while True:
        yield world.env.timeout(step_ns)
        world.touch()
        progress(world.now_ns)


class Sampler:
    """An observer that reads gauges at equal steps: sessions in progress, copies under way, true lag."""

    def __init__(self, world: World) -> None:
        self._world = world
        data = world.plan.data
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
        plane, now_ns = self._world.touch(), self._world.now_ns
        pending, oldest_ns = plane.pending()
        self._at_ns.append(now_ns)
        self._sessions.append(plane.sessions_in_progress())
        self._pending.append(pending)
        self._lag_ns.append(np.where(oldest_ns >= 0, now_ns - oldest_ns, 0))

    def samples(self) -> Samples:
        """What was sampled."""
        shape = (len(self._at_ns), *self._world.plan.data.lag_mu.shape)
        return Samples(
            np.array(self._at_ns, np.int64),
            np.array(self._sessions, np.int64),
            np.array(self._pending, np.int64).reshape(shape),
            np.array(self._lag_ns, np.int64).reshape(shape),
        )
