"""Stretches of quiet time at some hours of a week, simulated, and what alarms would have seen in them.

Specification: docs/monitoring.md, "Bands".
"""

from collections.abc import Iterator

import numpy as np

from simulator.boundary.fields import Floats
from simulator.boundary.kinds import NEVER_NS
from simulator.control_plane.cloudwatch.looking import values_of
from simulator.control_plane.cloudwatch.publishing import Metrics
from simulator.control_plane.cloudwatch.series import MINUTE_NS
from simulator.control_plane.world import World
from simulator.data_plane.plane import CompiledPlane
from simulator.history.loads import MOST, Loads, by_hour, chosen
from simulator.kernels.compiling import together
from simulator.language.checks.cost import seconds_of_users
from simulator.language.models.alarms import Banded
from simulator.language.models.experiment import Experiment
from simulator.language.models.quantities import DAYS
from simulator.language.models.topology import Topology
from simulator.plan.alarms import AlarmPlan, ThresholdPlan, banded
from simulator.plan.lowering import lower
from simulator.simulation import begun, run_to_end

_HOUR_NS = 60 * MINUTE_NS
_DAY = 24
_PAST_NS, _WARM_UP_NS, _LENGTH_NS = 20 * MINUTE_NS, 2 * MINUTE_NS, 10 * MINUTE_NS
_FIRST_SEED = 2**62
"""Seeds of stretches are other than those that people choose."""

_WHAT_HAPPENS = ("faults", "operator", "restores", "metrics", "expect")

_SECONDS = 4.0
_ALL, _OF_ONE_LOAD, _LEAST = 24, 12, 2
"""Stretches in all, of one load at most, and in all at least."""

Found = dict[str, list[Floats]]
"""By alarm, for each load the values of its statistic, NaN where there is none."""


def quiet(experiment: Experiment, topology: Topology) -> tuple[Experiment, Topology]:
    """The same users and topology while nothing happens and nobody acts."""
    nothing: dict[str, object] = {key: [] for key in _WHAT_HAPPENS}
    longest_ns = max(one.period for one in topology.alarms.values() if isinstance(one, Banded))
    length_ns = _LENGTH_NS + longest_ns - MINUTE_NS
    calm = experiment.model_copy(
        update=nothing | {"duration": length_ns, "warm_up": _WARM_UP_NS, "time_of_day": _PAST_NS}
    )
    return calm, topology.model_copy(update={"plans": {}})


def loads_of(calm: Experiment) -> tuple[Loads, int]:
    """The loads that are simulated, and how many stretches of each."""
    stretch_s = seconds_of_users(calm)
    affordable = int(min(max(_SECONDS / max(stretch_s, 1e-9), _LEAST), _ALL))
    loads = chosen(by_hour(calm), min(MOST, affordable))
    return loads, min(affordable // len(loads.hours), _OF_ONE_LOAD)


def simulated(calm: Experiment, topology: Topology, loads: Loads, stretches: int) -> Found:
    """What every alarm with a band sees in each load."""
    found: Found = {}
    for place, hour in enumerate(loads.hours):
        played = [*_played(calm, topology, hour, _FIRST_SEED + place * stretches, stretches)]
        for name in played[0]:
            found.setdefault(name, []).append(np.concatenate([one[name] for one in played]))
    return found


def _played(
    calm: Experiment, topology: Topology, hour: int, seed: int, stretches: int
) -> Iterator[dict[str, Floats]]:
    """The values of each alarm in some stretches of an hour of the week."""
    day, hour_of_day = divmod(hour, _DAY)
    at = calm.model_copy(update={"day": DAYS[day], "time_of_day": hour_of_day * _HOUR_NS + _PAST_NS})
    for number in range(stretches):
        with together():
            plan = lower(at, topology, seed + number)
            plane = CompiledPlane(plan.data)
        world = begun(plan, plane)
        run_to_end(world)
        yield _seen(world)


def _seen(world: World) -> dict[str, Floats]:
    """What the alarms of a run that is over could have seen in it."""
    metrics, data = world.one(Metrics), world.plan.data
    metrics.collected()
    return {
        alarm.name: _values(on, metrics, data.counts_from_ns, data.duration_ns)
        for alarm, on, _ in banded(world.plan.control.of(AlarmPlan))
    }


def _values(on: ThresholdPlan, metrics: Metrics, begin_ns: int, end_ns: int) -> Floats:
    """The values of all periods of an alarm in a stretch, which begin at every minute."""
    found = []
    for until_ns in range(end_ns, end_ns - on.period_ns, -MINUTE_NS):
        count = (until_ns - begin_ns) // on.period_ns
        if count:
            found.append(values_of(on, metrics, count, until_ns, NEVER_NS - 1))
    return np.concatenate(found)
