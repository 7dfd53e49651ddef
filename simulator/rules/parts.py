"""Parts of a system that do nothing, or less than they seem to: checks nobody uses, caches nothing fills."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from simulator.language.models.calling import called_by
from simulator.language.models.experiment import Experiment
from simulator.language.models.health_checks import EndpointCheck, child_of
from simulator.language.models.quantities import Constant
from simulator.language.models.steps import CacheGet
from simulator.language.models.topology import Topology
from simulator.rules.table import Note, Where
from simulator.units import format_duration

_USES = ("health_check", "unhealthy", "healthy")
"""Keys under which a health check is named, in records, triggers and steps of plans."""
_USING = ("dns", "health_checks", "plans", "zonal_shifts", "shedding", "canaries", "operator")
"""Sections in which it may be."""
_FEW = 3


def part_notes(topology: Topology, experiment: Experiment | None) -> Iterator[Note]:
    """Health checks and caches that do nothing, checkers that are too few, and people like clockwork."""
    yield from _unused_checks(topology, experiment)
    yield from _few_checkers(topology)
    yield from _unfilled_caches(topology)
    yield from _like_clockwork(topology, experiment)


def _unused_checks(topology: Topology, experiment: Experiment | None) -> Iterator[Note]:
    files = [topology, *([] if experiment is None else [experiment])]
    used = {
        child_of(name)[0]
        for file in files
        for section in _USING
        for name in _named(getattr(file, section, None))
    }
    for name in topology.health_checks:
        if name not in used:
            said = f"no name, plan or other check uses health check {name}"
            yield Note("unused-health-check", said, ("health_checks", name))


def _named(data: Any, key: str = "") -> Iterator[str]:
    """Every text under the keys that name health checks, wherever they stand."""
    if isinstance(data, BaseModel):
        for inner in data.model_fields_set:
            yield from _named(getattr(data, inner), inner)
    elif isinstance(data, dict):
        for value in data.values():
            yield from _named(value, key)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _named(value, key)
    elif isinstance(data, str) and key in (*_USES, "children"):
        yield data


def _few_checkers(topology: Topology) -> Iterator[Note]:
    for name, check in topology.health_checks.items():
        if isinstance(check, EndpointCheck) and check.checker_regions is not None:
            regions = [*dict.fromkeys(check.checker_regions)]
            if len(regions) <= _FEW and not check.disabled:
                said = (
                    f"health check {name} asks from {len(regions)} regions alone ({', '.join(regions)}): "
                    "if one is cut off with the endpoint, a third of all checkers still find it healthy"
                )
                yield Note("few-checker-regions", said, ("health_checks", name, "checker_regions"))


def _unfilled_caches(topology: Topology) -> Iterator[Note]:
    steps = [
        step for service in topology.services.values() for one in service.operations.values() for step in one
    ]
    asked = {step.cache for step in steps if isinstance(step, CacheGet)}
    filled = {step.cache for step in steps if isinstance(step, CacheGet) and step.miss is not None}
    others = (step for step in steps if not isinstance(step, CacheGet))
    filled |= {called.name for step in others for called in called_by(step, topology)}
    for name in topology.caches:
        if name in asked - filled:
            said = (
                f"cache {name} is asked, and nothing fills it: no step has a 'miss' that is read in its place"
            )
            yield Note("cache-that-nothing-fills", said, ("caches", name))


def _like_clockwork(topology: Topology, experiment: Experiment | None) -> Iterator[Note]:
    own = experiment is not None and "users" in experiment.model_fields_set
    where: Where = "experiment" if own else "topology"
    users = experiment.users if own and experiment is not None else topology.users
    for name, population in users.items():
        if isinstance(population.think_time, Constant) and population.think_time.root:
            pause = format_duration(population.think_time.root)
            said = f"{name} think for exactly {pause}: those whom an outage held up go on in step"
            yield Note("constant-think-time", said, ("users", name, "think_time"), where)
