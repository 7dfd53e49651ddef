"""Runs of the shipped experiments, each made once, and variations of them."""

import dataclasses
from functools import cache
from typing import Any

import simulator
from tests.examples.places import ROOT

MINUTE = 60


@cache
def ran(name: str) -> simulator.Result:
    """A shipped experiment's result, with gauges."""
    return simulator.run(ROOT / "experiments" / f"{name}.yaml", metrics=True)


def loaded(name: str) -> simulator.Loaded:
    """A shipped experiment and its topology, to be varied."""
    return simulator.load(ROOT / "experiments" / f"{name}.yaml")


def with_topology(one: simulator.Loaded, **changes: Any) -> simulator.Loaded:
    """The same experiment on a topology with other parts."""
    return dataclasses.replace(one, topology=one.topology.model_copy(update=changes))


def served(name: str, region: str, from_s: float, to_s: float) -> int:
    """Requests served by a region between two times, by whole windows."""
    return served_in(ran(name), region, from_s, to_s)


def served_in(result: simulator.Result, region: str, from_s: float, to_s: float) -> int:
    """The same of any run."""
    outcome = result.outcome
    window_s = outcome.plan.data.window_ns / 10**9
    table = outcome.tallies.window_served[:, outcome.plan.regions.index(region)]
    return int(table[int(from_s / window_s) : int(to_s / window_s)].sum())
