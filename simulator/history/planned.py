"""A run's plan, with the quiet weeks before it where an alarm has learned from them."""

from dataclasses import replace

import numpy as np

from simulator.boundary.thresholds import TRAINED_NS
from simulator.control_plane.usual import knn
from simulator.history.drawing import drawn
from simulator.history.keeping import keep, key_of, read
from simulator.history.loads import Loads
from simulator.history.stretches import Found, loads_of, quiet, simulated
from simulator.language.models.experiment import Experiment, with_usual_users
from simulator.language.models.topology import Topology
from simulator.lowering.alarms import banded
from simulator.lowering.whole import lower
from simulator.plan.alarms import AlarmPlan, ThresholdPlan
from simulator.plan.detectors import DetectorPlan, UsualPlan
from simulator.plan.histories import HistoryPlan, first_minute_ns
from simulator.plan.lowered import Plan


def planned(experiment: Experiment, topology: Topology, seed: int) -> Plan:
    """Lower an experiment, which must have passed `simulator.language.files`, to the plan that is run.

    Where alarms have bands, or clients are watched, the weeks before it are simulated first, unless that was
    done before.
    """
    plan = lower(experiment, topology, seed)
    alarms = banded(plan.control.of(AlarmPlan))
    learn = any(band.history_ns >= on.period_ns for _, on, band in alarms)
    if not (learn or topology.detectors):
        return plan
    if topology.detectors:
        knn()  # rather now than when everything has been simulated
    calm, calm_topology = quiet(with_usual_users(experiment, topology), topology)
    loads, stretches = loads_of(calm)
    key = key_of(calm, calm_topology)
    found = read(key)
    if found is None:
        found = simulated(calm, calm_topology, loads, stretches)
        keep(key, found)
    histories = (_history(alarm, on, plan, loads, found) for alarm, on, _ in alarms)
    usual = (UsualPlan(one.number, found.clients[one.name]) for one in plan.control.of(DetectorPlan))
    plans = (*plan.control.plans, *histories, *usual)
    return replace(plan, control=replace(plan.control, plans=plans))


def _history(alarm: AlarmPlan, on: ThresholdPlan, plan: Plan, loads: Loads, found: Found) -> HistoryPlan:
    """The periods of two weeks that were over when the run began to be measured."""
    data, count = plan.data, TRAINED_NS // on.period_ns
    first = -(-(first_minute_ns(data) + data.day_offset_ns) // on.period_ns) - count
    periods = first + np.arange(count)
    values = drawn(found.alarms[alarm.name], loads, periods, on.period_ns, seed=data.seed, alarm=alarm.number)
    values.setflags(write=False)
    return HistoryPlan(alarm.number, first, values)
