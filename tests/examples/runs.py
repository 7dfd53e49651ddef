"""Runs of the shipped experiments, each made once for its tests, and variations of them."""

from functools import lru_cache
from typing import Any

import simulator
from simulator.language.countermeasures import with_experiment, with_topology
from simulator.language.models.quantities import Model
from tests.examples.places import ROOT

MINUTE = 60


@lru_cache(maxsize=8)
def ran(name: str) -> simulator.Result:
    """A shipped experiment's result, with gauges; the newest are kept, for one of a day has 350 MiB."""
    return simulator.run(ROOT / "experiments" / f"{name}.yaml", metrics=True)


def loaded(name: str) -> simulator.Loaded:
    """A shipped experiment and its topology, to be varied."""
    return simulator.load(ROOT / "experiments" / f"{name}.yaml")


def unmet(name: str, seed: int, seconds: float = 0.0) -> list[tuple[str, str]]:
    """What a shipped experiment does not meet with other draws, and with its faults at another second."""
    result = simulator.run(later(loaded(name), seconds), seed=seed)
    return [(one.expectation, one.reason) for one in result.expectations if one.verdict != "met"]


def later(one: simulator.Loaded, seconds: float) -> simulator.Loaded:
    """The same experiment, whose faults, times that are asked about, and end come later."""
    run, ns = one.experiment, int(seconds * 1e9)
    changes = {
        "duration": run.duration + ns,
        "faults": [_later(fault, ns) for fault in run.faults],
        "expect": [
            asked.model_copy(
                update={name: _later(getattr(asked, name), ns) for name in asked.model_fields_set}
            )
            for asked in run.expect
        ],
    }
    reactions = ("zonal_shifts", "shedding")
    changes |= {key: _reactions_later(getattr(run, key), ns) for key in reactions}
    moved = {key: _reactions_later(getattr(one.topology, key), ns) for key in reactions}
    return with_topology(with_experiment(one, **changes), **moved)


def _reactions_later(reactions: dict[str, Any], ns: int) -> dict[str, Any]:
    """What is done at a time of the run is done later, too."""
    return {
        name: one.model_copy(update={"trigger": _later(one.trigger, ns)}) for name, one in reactions.items()
    }


def _later(model: Model, ns: int) -> Model:
    times = {name: getattr(model, name, None) for name in ("at", "until", "from_", "to")}
    return model.model_copy(update={name: at + ns for name, at in times.items() if isinstance(at, int)})


def served(name: str, region: str, from_s: float, to_s: float) -> int:
    """Requests served by a region between two times, by whole windows."""
    return served_in(ran(name), region, from_s, to_s)


def served_in(result: simulator.Result, region: str, from_s: float, to_s: float) -> int:
    """The same of any run."""
    windows = result.series.windows
    table = windows.served[:, windows.regions.index(region)]
    return int(table[int(from_s / windows.width_s) : int(to_s / windows.width_s)].sum())


def success_in(result: simulator.Result, from_s: float, to_s: float) -> float:
    """The mean share of good actions of all people between two times, by whole windows."""
    windows = result.series.windows
    return float(windows.success[int(from_s / windows.width_s) : int(to_s / windows.width_s)].mean())
