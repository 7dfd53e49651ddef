"""The readiness of a system: each standby beside today's load, and what is single."""

from collections.abc import Mapping

import numpy as np

from simulator.language.models.experiment import Experiment
from simulator.language.models.things import KINDS
from simulator.language.models.topology import Topology
from simulator.readiness.afterwards import after, is_absent, plans_that_grow
from simulator.readiness.amounts import amounts_of
from simulator.readiness.holdings import items_of, runs_in, stores_of
from simulator.readiness.leading import standby_regions
from simulator.readiness.limits import limits_of
from simulator.readiness.load import Load
from simulator.readiness.shifts import shifts_of
from simulator.readiness.singles import singles_of
from simulator.readiness.today import Today, today
from simulator.result.readiness import Grown, Readiness, Standby


def readiness_of(topology: Topology, experiment: Experiment | None = None) -> Readiness:
    """What a checked topology says of its standbys, under an experiment's load or its own usual one."""
    now = today(topology, experiment)
    standbys = tuple(_standby(now, region, why) for region, why in standby_regions(topology).items())
    singles = tuple(singles_of(topology, now.context.experiment.users))
    return Readiness(standbys, singles, tuple(shifts_of(now)))


def _standby(now: Today, region: str, why: tuple[str, ...]) -> Standby:
    ready = {name: is_ready(now, name, region) for name in now.topology.services}
    there = {name: runs_in(one, region) for name, one in now.topology.services.items()}
    load, share = _load(now, region, ready)
    total = float(now.rates.sum())
    used = dict.fromkeys(one for (one, _), rate in zip(now.operations, now.rates, strict=True) if rate)
    return Standby(
        region=region,
        role=now.topology.regions[region].role,
        why=why,
        items=(*items_of(now, region), *amounts_of(_load(now, region, there)[0])),
        requests_a_second=total or None,
        share=share if total else None,
        not_ready=tuple(name for name in used if not ready[name]),
        without=1 - float(load.asked.sum()) / total if total else 0.0,
        limits=limits_of(load),
        grown=tuple(_grown(plan, now, region) for plan in plans_that_grow(now.topology, region))
        if total
        else (),
    )


def _load(now: Today, region: str, ready: Mapping[str, bool]) -> tuple[Load, float]:
    """The load that is served in a region by what is ready there, and the share of all that it could take."""
    here = np.array([float(ready[service]) for service, _ in now.operations])
    elsewhere = now.rates_in_regions * (1 - here)
    elsewhere[now.context.regions.index(region)] = 0.0
    load = Load(now, region, now.rates * here, elsewhere)
    bound = min([1.0, *(one.times for one in limits_of(load))])
    total = float(now.rates.sum())
    return load, bound * float(load.asked.sum()) / total if total else 0.0


def _grown(plan: str, now: Today, region: str) -> Grown:
    then = today(after(plan, now.topology), now.context.experiment)
    ready = {name: is_ready(then, name, region) for name in then.topology.services}
    load, share = _load(then, region, ready)
    return Grown(plan, share, limits_of(load))


def is_ready(now: Today, service: str, region: str) -> bool:
    """Whether a service runs in a region that has all that it needs, tables too, and so do those it calls."""
    needs, has = now.topology.services[service].needs, now.topology.regions[region].has
    there = all({*getattr(needs, kind)} <= {*getattr(has, kind)} for kind in KINDS)
    called = {
        now.operations[callee][0]
        for number, (one, _) in enumerate(now.operations)
        for callee, to in now.callees(number, region)
        if one == service and to == region
    }
    one = now.topology.services[service]
    runs = runs_in(one, region) and region not in one.dormant_in
    runs = runs and not any(is_absent(store, region, now.topology) for store in stores_of(one))
    return runs and there and all(is_ready(now, callee, region) for callee in called)
