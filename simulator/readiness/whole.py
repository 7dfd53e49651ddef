"""The readiness of a system: each standby beside today's load, and what is single."""

import numpy as np

from simulator.language.models.experiment import Experiment
from simulator.language.models.things import KINDS
from simulator.language.models.topology import Topology
from simulator.readiness.amounts import amounts_of
from simulator.readiness.holdings import items_of, runs_in
from simulator.readiness.leading import standby_regions
from simulator.readiness.limits import limits_of
from simulator.readiness.load import Load
from simulator.readiness.singles import singles_of
from simulator.readiness.today import Today, today
from simulator.result.readiness import Readiness, Standby


def readiness_of(topology: Topology, experiment: Experiment | None = None) -> Readiness:
    """What a checked topology says of its standbys, under an experiment's load or its own usual one."""
    now = today(topology, experiment)
    standbys = tuple(_standby(now, region, why) for region, why in standby_regions(topology).items())
    return Readiness(standbys, tuple(singles_of(topology, now.context.experiment.users)))


def _standby(now: Today, region: str, why: tuple[str, ...]) -> Standby:
    ready = {name: is_ready(now, name, region) for name in now.topology.services}
    served = now.rates * np.array([float(ready[service]) for service, _ in now.operations])
    load = Load(now, region, served)
    limits = limits_of(load)
    total = float(now.rates.sum())
    without = 1 - float(served.sum()) / total if total else 0.0
    used = dict.fromkeys(one for (one, _), rate in zip(now.operations, now.rates, strict=True) if rate)
    bound = min([1.0, *(one.times for one in limits)])
    return Standby(
        region=region,
        role=now.topology.regions[region].role,
        why=why,
        items=(*items_of(now, region), *amounts_of(load)),
        requests_a_second=total or None,
        share=bound * (1 - without) if total else None,
        not_ready=tuple(name for name in used if not ready[name]),
        without=without,
        limits=limits,
    )


def is_ready(now: Today, service: str, region: str) -> bool:
    """Whether a service runs in a region that has all the things that it needs, and so do those it calls."""
    needs, has = now.topology.services[service].needs, now.topology.regions[region].has
    there = all({*getattr(needs, kind)} <= {*getattr(has, kind)} for kind in KINDS)
    called = {
        now.operations[callee][0]
        for number, (one, _) in enumerate(now.operations)
        for callee, to in now.callees(number, region)
        if one == service and to == region
    }
    return (
        there
        and runs_in(now.topology.services[service], region)
        and all(is_ready(now, one, region) for one in called)
    )
