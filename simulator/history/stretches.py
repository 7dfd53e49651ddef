"""Stretches of quiet time at some hours of a week, simulated, and what alarms would have seen in them.

Specification: docs/monitoring.md, "Bands".
"""

from collections.abc import Iterator
from dataclasses import field

import numpy as np

from simulator.boundary.fields import Floats, Ints
from simulator.boundary.kinds import NEVER_NS
from simulator.control_plane.cloudwatch.looking import values_of
from simulator.control_plane.cloudwatch.publishing import Metrics
from simulator.control_plane.cloudwatch.series import MINUTE_NS
from simulator.control_plane.detectors import Detectors
from simulator.control_plane.world import World
from simulator.data_plane.plane import CompiledPlane
from simulator.history.loads import MOST, Loads, by_hour, chosen
from simulator.kernels.compiling import together
from simulator.language.checks.cost import seconds_of_users
from simulator.language.models.alarms import Banded
from simulator.language.models.experiment import OWN_SECTIONS, Experiment, Objective
from simulator.language.models.quantities import DAYS
from simulator.language.models.topology import Topology
from simulator.lowering.alarms import banded
from simulator.lowering.whole import lower
from simulator.plan.alarms import AlarmPlan, ThresholdPlan
from simulator.records import dataclass
from simulator.simulation import begun, run_to_end

_HOUR_NS = 60 * MINUTE_NS
_DAY = 24
_PAST_NS, _WARM_UP_NS, _LENGTH_NS = 20 * MINUTE_NS, 2 * MINUTE_NS, 10 * MINUTE_NS
_FIRST_SEED = 2**62
"""Seeds of stretches are other than those that people choose."""

_WHAT_HAPPENS = ("faults", "operator", "restores", "metrics", "expect")

_WHO_ACTS = ("plans", "zonal_shifts", "shedding")

_SECONDS = 4.0
_ALL, _OF_ONE_LOAD, _LEAST = 24, 12, 2
"""Stretches in all, of one load at most, and in all at least."""

CLIENTS_MOST = 4_000
"""So many clients in a period a detector learns from at most."""


@dataclass(frozen=True)
class Found:
    """What was seen in stretches."""

    alarms: dict[str, list[Floats]] = field(default_factory=dict)
    """By alarm, for each load the values of its statistic, NaN where there is none."""
    clients: dict[str, Ints] = field(default_factory=dict)
    """By detector [clients and periods, columns] what was asked for."""


def quiet(experiment: Experiment, topology: Topology) -> tuple[Experiment, Topology]:
    """The same users and topology while nothing happens and nobody acts."""
    nothing: dict[str, object] = {key: [] for key in _WHAT_HAPPENS}
    banded_ns = [one.period for one in topology.alarms.values() if isinstance(one, Banded)]
    longest_ns = max([*banded_ns, *(one.period for one in topology.detectors.values())])
    length_ns = _LENGTH_NS + longest_ns - MINUTE_NS
    named = {"experiment": "", "topology": "", "objective": Objective()}  # whatever it is called
    own: dict[str, object] = {key: {} for key in OWN_SECTIONS}  # the topology has them
    calm = experiment.model_copy(
        update=nothing
        | named
        | own
        | {"duration": length_ns, "warm_up": _WARM_UP_NS, "time_of_day": _PAST_NS}
    )
    nobody: dict[str, object] = {key: {} for key in _WHO_ACTS}
    return calm, topology.model_copy(update=nobody)


def loads_of(calm: Experiment) -> tuple[Loads, int]:
    """The loads that are simulated, and how many stretches of each."""
    stretch_s = seconds_of_users(calm)
    affordable = int(min(max(_SECONDS / max(stretch_s, 1e-9), _LEAST), _ALL))
    loads = chosen(by_hour(calm), min(MOST, affordable))
    return loads, min(affordable // len(loads.hours), _OF_ONE_LOAD)


def simulated(calm: Experiment, topology: Topology, loads: Loads, stretches: int) -> Found:
    """What every alarm with a band sees in each load."""
    found, every = Found(), list[Found]()
    for place, hour in enumerate(loads.hours):
        played = [*_played(calm, topology, hour, _FIRST_SEED + place * stretches, stretches)]
        for name in played[0].alarms:
            values = np.concatenate([one.alarms[name][0] for one in played])
            found.alarms.setdefault(name, []).append(values)
        every += played
    for name in every[0].clients:
        found.clients[name] = _thinned(np.concatenate([one.clients[name] for one in every]))
    return found


def _thinned(counts: Ints) -> Ints:
    """As many of them as a detector learns from, at equal steps."""
    return counts[:: -(-len(counts) // CLIENTS_MOST) or 1]


def _played(calm: Experiment, topology: Topology, hour: int, seed: int, stretches: int) -> Iterator[Found]:
    """What is seen in some stretches of an hour of the week."""
    day, hour_of_day = divmod(hour, _DAY)
    at = calm.model_copy(update={"day": DAYS[day], "time_of_day": hour_of_day * _HOUR_NS + _PAST_NS})
    for number in range(stretches):
        with together():
            plan = lower(at, topology, seed + number)
            plane = CompiledPlane(plan.data)
        world = begun(plan, plane)
        run_to_end(world)
        yield _seen(world)


def _seen(world: World) -> Found:
    """What alarms and detectors could have seen in a run that is over."""
    alarms, detectors = banded(world.plan.control.of(AlarmPlan)), world.made(Detectors)
    return Found(
        {alarm.name: [_values_of(on, world)] for alarm, on, _ in alarms},
        {} if detectors is None else {one.plan.name: one.asked_for() for one in detectors.all},
    )


def _values_of(on: ThresholdPlan, world: World) -> Floats:
    metrics, data = world.one(Metrics), world.plan.data
    metrics.collected()
    return _values(on, metrics, data.counts_from_ns, data.duration_ns)


def _values(on: ThresholdPlan, metrics: Metrics, begin_ns: int, end_ns: int) -> Floats:
    """The values of all periods of an alarm in a stretch, which begin at every minute."""
    found = []
    for until_ns in range(end_ns, end_ns - on.period_ns, -MINUTE_NS):
        count = (until_ns - begin_ns) // on.period_ns
        if count:
            found.append(values_of(on, metrics, count, until_ns, NEVER_NS - 1))
    return np.concatenate(found)
