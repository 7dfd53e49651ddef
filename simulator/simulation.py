"""Binds the planes to one clock and runs an experiment to its end."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import simpy
from numpy.typing import NDArray

from simulator.boundary.protocol import DataPlane
from simulator.boundary.readings import Readings
from simulator.control_plane import registry
from simulator.control_plane.cloudwatch.alarms import Alarms
from simulator.control_plane.cloudwatch.publishing import Metrics
from simulator.control_plane.detectors import Detectors
from simulator.control_plane.out_of_memory import Deaths
from simulator.control_plane.restores import RestoreWanted
from simulator.control_plane.world import Process, World
from simulator.data_plane.plane import CompiledPlane
from simulator.outcome import Outcome, Samples
from simulator.plan.lowered import DataPlan, Plan
from simulator.plan.warming import later

Progress = Callable[[int], None]
"""Called with the simulated nanoseconds that have passed."""

_PROGRESS_STEPS = 100
_SAMPLES_MOST = 400


def simulate(
    plan: Plan, plane: DataPlane, *, metrics: bool = False, progress: Progress | None = None
) -> Outcome:
    """Run a plan on a data plane. `metrics` samples gauges, `progress` hears the time; neither changes it."""
    world = begun(plan, plane, progress=progress)
    try:
        return _to_end(world, plan, plane, metrics=metrics)
    finally:
        world.part()


def _to_end(world: World, plan: Plan, plane: DataPlane, *, metrics: bool) -> Outcome:
    sampler = Sampler(world) if metrics else None
    run_to_end(world)
    samples = None if sampler is None else sampler.samples()
    kept = world.made(Metrics)
    series = () if kept is None else kept.collected()
    alarms = world.made(Alarms)
    seen = () if alarms is None else alarms.collected()
    detectors = world.made(Detectors)
    looked = () if detectors is None else detectors.collected()
    logged = tuple(world.events), tuple(world.at_risk)
    return _from_zero(
        Outcome(plan, plane.finish(), *logged, samples, tuple(world.restored), series, seen, looked)
    )


def begun(plan: Plan, plane: DataPlane, *, progress: Progress | None = None) -> World:
    """A run at its time zero, when its warm-up is over."""
    world = World(simpy.Environment(initial_time=0), plan, plane)
    registry.start(world)
    if progress is not None:
        world.env.process(_report_progress(world, progress))
    _warm_up(world)
    return world


def run_to_end(world: World) -> None:
    """Let all of a run happen that is still to come."""
    _run(world, world.plan.data.duration_ns)
    world.touch()


def _run(world: World, until_ns: int) -> None:
    """Let all happen before an instant. Where nodes may run out of memory, the data plane is never behind."""
    deaths = world.made(Deaths)
    while deaths is not None and deaths.follow(until_ns):
        world.env.step()
    world.env.run(until=until_ns)


def play(
    plan: Plan,
    plane: DataPlane,
    make: Callable[[DataPlan], DataPlane] = CompiledPlane,
    *,
    metrics: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Run a plan on a data plane of its own, whatever it is found to restore.

    Each time that a step of a failover plan starts a restore, the run is played again from its start with
    that restore, on a plane that `make` gives; the outcome's plan has all of them.
    """
    while True:
        try:
            return simulate(plan, plane, metrics=metrics, progress=progress)
        except RestoreWanted as wanted:
            from simulator.lowering.restore_steps import with_restore  # which needs all models

            plan = with_restore(plan, *wanted.args)
        plane = make(plan.data)


def _warm_up(world: World) -> None:
    """Run the time before zero, which counts for nothing."""
    until_ns = world.plan.data.counts_from_ns
    if until_ns > 0:
        _run(world, until_ns)
        world.touch().begin_counting()
        world.forget()


def _from_zero(outcome: Outcome) -> Outcome:
    """The outcome with all its instants counted from the end of the warm-up."""
    by_ns = outcome.plan.data.counts_from_ns
    if by_ns == 0:
        return outcome
    samples = outcome.samples
    return Outcome(
        later(outcome.plan, -by_ns),
        outcome.tallies,
        tuple(replace(event, at_ns=event.at_ns - by_ns) for event in outcome.events),
        tuple(
            replace(mark, at_ns=mark.at_ns - by_ns, oldest_ns=mark.oldest_ns - by_ns)
            for mark in outcome.at_risk
        ),
        None if samples is None else replace(samples, at_ns=samples.at_ns - by_ns),
        tuple(
            replace(one, at_ns=one.at_ns - by_ns, oldest_ns=one.oldest_ns - by_ns) for one in outcome.restored
        ),
        tuple(series.later(-by_ns) for series in outcome.metrics),
        tuple(seen.later(-by_ns) for seen in outcome.alarms),
        outcome.detectors,
    )


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
        self._step_ns = max(data.window_ns, (data.duration_ns - data.counts_from_ns) // _SAMPLES_MOST)
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
