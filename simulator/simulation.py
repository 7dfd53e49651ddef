"""Binds the planes to one clock and runs an experiment to its end."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import simpy
from numpy.typing import NDArray

from simulator.boundary.protocol import DataPlane
from simulator.boundary.readings import Readings
from simulator.control_plane.faults.process import Faults
from simulator.control_plane.health_checks import HealthCheck
from simulator.control_plane.load_balancers import LoadBalancer
from simulator.control_plane.memorydb import CacheFailover
from simulator.control_plane.record_changes import change_record
from simulator.control_plane.route53 import HostedZone
from simulator.control_plane.world import Process, World
from simulator.outcome import Outcome, Samples
from simulator.plan.lowered import ControlPlan, Plan

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
    for number, name in enumerate(control.names):
        if name.target_health and name.routing != "simple":
            world.env.process(zones[number].watch_targets(_regions_with_record(control, number)))
    faults = Faults(world)
    world.env.process(faults.run())
    for change in range(len(control.changes)):
        world.env.process(change_record(world, change, zones))
    for balancer in control.balancers:
        world.env.process(LoadBalancer(world, balancer).run())
    for cache in control.cache_primaries:
        world.env.process(CacheFailover(world, cache, faults.endpoints).run())


def _regions_with_record(control: ControlPlan, number: int) -> list[int]:
    """The regions that have a record of a name, then those that only an operator's change gives one."""
    brought_in = {r for change in control.changes if change.name == number for r in change.regions()}
    return [*dict.fromkeys([*control.names[number].regions, *sorted(brought_in)])]


def _health_checks(world: World, zones: list[HostedZone]) -> Iterator[HealthCheck]:
    """One instance per check, service and region with a record that names it, now or after a change."""
    control, followers = world.plan.control, dict[tuple[str, int, int], list[HostedZone]]()
    for number, (zone, name) in enumerate(zip(zones, control.names, strict=True)):
        if name.health_check is not None and name.routing != "simple":
            for region in _regions_with_record(control, number):
                followers.setdefault((name.health_check, name.service, region), []).append(zone)
    for number, ((check, service, region), following) in enumerate(followers.items()):
        several = len({other for used, other, _ in followers if used == check}) > 1
        label = f"{check} ({world.plan.services[service]})" if several else check
        plan = replace(control.checks[check], name=label)
        yield HealthCheck(world, number, plan, (service, region), following)


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
