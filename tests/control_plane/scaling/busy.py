"""Systems whose load is scripted: counters grow by so much a minute, and nobody is served."""

from collections.abc import Callable
from typing import Any

import numpy as np

from simulator.boundary.readings import Reader, Reading, Readings
from simulator.outcome import Event, Outcome
from simulator.simulation import simulate
from tests.control_plane.building import FRANKFURT, REGIONS, SECOND, Written, plan_of
from tests.control_plane.recording import RecordingPlane

HERE = REGIONS[FRANKFURT]
MINUTE = 60 * SECOND

Load = Callable[[float], float]
"""How much every counter grows in the minute that begins at a minute of the run."""


class ScriptedPlane(RecordingPlane):
    """Every counter, and every gauge, has the value that the load gives it."""

    def __init__(self, load: Load) -> None:
        super().__init__()
        self._load = load

    def reader(self, readings: Readings) -> Reader:
        return ScriptedReader(self, readings, self._load)


class ScriptedReader:
    """Gauges are the load of the minute before, counters its sum."""

    def __init__(self, plane: RecordingPlane, readings: Readings, load: Load) -> None:
        self._plane, self._readings, self._load = plane, readings, load

    def read(self) -> Reading:
        minutes = self._plane.now_ns // MINUTE
        row = np.full(self._readings.width, int(sum(self._load(one) for one in range(minutes))), np.int64)
        for gauge in self._readings.gauges:
            first = self._readings.first[gauge.name]
            size = int(np.prod(self._readings.shapes[gauge.name]))
            row[first : first + size] = int(self._load(minutes - 1)) if minutes else 0
        return Reading(self._plane.now_ns, self._readings, row)


def scaled(load: Load, *faults: Written, **changes: Any) -> Outcome:
    """A run of two hours whose topology scales something; `deaths`: at which minutes which nodes die."""
    deaths = changes.pop("deaths", [])
    plan, plane = plan_of([*faults], **{"duration": "2 h"} | changes), ScriptedPlane(load)
    first = int(plan.data.site_first[0, FRANKFURT])
    plane.deaths = [(round(minute * MINUTE), [first + node]) for minute, node in deaths]
    return simulate(plan, plane)


QUICK = {"launch": "20 s", "image": "15 s", "warm_up": "5 s"}
"""40 s until a node is there."""


def fleet(load: Load, *faults: Written, services: Written | None = None, **scaler: Any) -> Outcome:
    """A service on two nodes in each of three zones of Frankfurt; each node can compute 60 s a minute."""
    runs = QUICK | {"per_zone": 2, "workers": 1} | scaler.pop("nodes", {})
    service = {"regions": [*REGIONS], "operations": {"view": [{"compute": "1 ms"}]}}
    service |= {"compute": {"nodes": {}}, "compute_in": {HERE: {"nodes": runs}}}
    others = ("regions", "time_of_day", "plans", "alarms", "deaths")
    more = {key: scaler.pop(key) for key in others if key in scaler}
    whole = {"service": "api", "in": HERE, "min": 3, "max": 30} | scaler
    all_of_them = {"api": service} | (services or {})
    return scaled(load, *faults, services=all_of_them, scaling={"web": whole}, **more)


HALF = {"track": {"target": "50 %"}}


def from_20(before: float, after: float) -> Load:
    """A load that changes in minute 20."""
    return lambda minute: before if minute < 20 else after


def actions(outcome: Outcome) -> list[tuple[float, float, float]]:
    """Of each action: when (in minutes), from how much to how much."""
    found = (event for event in outcome.events if event.kind == "scaled")
    return [(event.at_ns / MINUTE, event.detail["before"], event.detail["to"]) for event in found]


def refusals(outcome: Outcome) -> list[str]:
    return [event.detail["why"] for event in outcome.events if event.kind == "scaling_refused"]


def of_kind(outcome: Outcome, kind: str) -> list[Event]:
    return [event for event in outcome.events if event.kind == kind]
