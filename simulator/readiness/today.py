"""Today's load: how often users ask for each operation, and how long it takes (docs/readiness.md)."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np

from simulator.boundary.fields import Floats
from simulator.boundary.kinds import CACHE
from simulator.language.models.experiment import Experiment, with_usual_users
from simulator.language.models.externals import External
from simulator.language.models.steps import Call, Step
from simulator.language.models.topology import Topology, is_called, operations_of
from simulator.lowering.context import Context, kind_of
from simulator.lowering.gateways import lower_gateways
from simulator.lowering.places import locations, round_trips_ns
from simulator.lowering.populations import lower_populations
from simulator.lowering.services import lower_services
from simulator.lowering.sites import lower_sites
from simulator.lowering.throughput import lower_capacity
from simulator.lowering.writing import actions_per_s, distribution_of, mean_ns, steps_of
from simulator.records import dataclass

_NO_RUN = {"experiment": "today", "topology": "topology.yaml", "duration": "1 min"}
_UNBROKEN: dict[str, list[Any]] = {"faults": [], "operator": [], "restores": []}


@dataclass(frozen=True)
class Today:
    """A system and its usual load, lowered as for a run in which nothing breaks."""

    context: Context
    arrays: dict[str, Any]
    """Those of populations, services, sites, gateways and capacity, as in a plan."""

    @property
    def topology(self) -> Topology:
        """The system."""
        return self.context.topology

    @cached_property
    def operations(self) -> list[tuple[str, str]]:
        """Each operation, as its service and its name, by number."""
        return operations_of(self.topology)

    @cached_property
    def rates(self) -> Floats:
        """Requests a second for each operation, in the busiest hour of each population; retries left out."""
        rates: Floats = self.rates_in_regions.sum(axis=0)
        return rates

    @cached_property
    def rates_in_regions(self) -> Floats:
        """The same by the region that serves them, [region, operation]."""
        found = np.zeros((len(self.context.regions), len(self.arrays["op_service"])))
        for population in range(len(self.context.experiment.users)):
            first, count = (int(self.arrays[f"pop_mix_{what}"][population]) for what in ("first", "count"))
            rows = slice(first, first + count)
            shares = np.diff(self.arrays["mix_cumulative"][rows], prepend=0.0)
            asked = self.arrays["mix_operation"][rows]
            beyond = np.array([self._beyond_ns(int(one), self._serving(population)) for one in asked])
            way_ns = self._way_ns(population) + float((shares * beyond).sum())
            served_in = [self._served_in(int(one), population) for one in asked]
            rates = actions_per_s(population, shares, self.arrays, way_ns) * shares
            np.add.at(found, (served_in, asked), rates)
        return found[:, :-1]

    def _served_in(self, operation: int, population: int) -> int:
        """The number of the region that serves an operation: the nearest active one, if it is there."""
        regions, nearest = (
            self.topology.services[self.operations[operation][0]].regions,
            self._serving(population),
        )
        return self.context.regions.index(nearest if nearest in regions else regions[0])

    def _way_ns(self, population: int) -> float:
        """To the nearest active region and back."""
        near, region = int(self.arrays["pop_near"][population]), self._serving(population)
        mile = distribution_of(self.arrays["pop_last_mile"][population], self.arrays)
        return float(self.arrays["rtt_ns"][near, self.context.regions.index(region)]) + mean_ns(*mile)

    def _serving(self, population: int) -> str:
        """The nearest active region."""
        active = [name for name, one in self.topology.regions.items() if one.role == "active"]
        way_ns = self.arrays["rtt_ns"][int(self.arrays["pop_near"][population])]
        return min(active, key=lambda name: float(way_ns[self.context.regions.index(name)]))

    def work_s(self, region: str) -> Floats:
        """How long an instance there works on each operation on average, calls included; caches are empty."""
        return np.array([self._work_ns(number, region) / 1e9 for number in range(len(self.operations))])

    def _work_ns(self, operation: int, region: str) -> float:
        total_ns = 0.0
        for step in steps_of(operation, self.arrays):
            total_ns += mean_ns(*distribution_of(self.arrays["step_dist"][step], self.arrays))
            if self.misses(step):
                total_ns += mean_ns(*distribution_of(self.arrays["step_miss_dist"][step], self.arrays))
        return total_ns + self._beyond_ns(operation, region)

    def _beyond_ns(self, operation: int, region: str) -> float:
        """What calls of externals take on their way, and calls of other services in all."""
        outside = sum(self._outside_ns(one, region) for one in self._external(operation))
        nested = self.callees(operation, region)
        return outside + sum(self._work_ns(one, to) + self._way_of(region, to) for one, to in nested)

    def _external(self, operation: int) -> Iterator[External]:
        """The externals that an operation calls, each as often as it does."""
        for step in self._steps(operation):
            if isinstance(step, Call) and step.call in self.topology.external:
                yield self.topology.external[step.call]

    def _outside_ns(self, external: External, region: str) -> float:
        """To an external and back."""
        if external.home is None:
            return float(external.latency or 0)
        return self._way_of(region, external.home)

    def _way_of(self, region: str, other: str) -> float:
        places = self.context.places
        there = places.index(region), places.index(other)
        return 0.0 if region == other else float(self.arrays["rtt_ns"][there])

    def _steps(self, operation: int) -> list[Step]:
        service, name = self.operations[operation]
        return self.topology.services[service].operations[name]

    def callees(self, operation: int, region: str) -> list[tuple[int, str]]:
        """The operations of other services that one calls, each with the region in which it does."""
        return [
            (number, step.to or region)
            for step in self._steps(operation)
            if isinstance(step, Call) and step.call not in self.topology.external
            for number, one in enumerate(self.operations)
            if is_called(step.call, *one)
        ]

    def misses(self, step: int) -> bool:
        """Whether a step also reads the table behind its cache, which is empty where nobody was served."""
        if self.arrays["step_miss"][step] < 0:
            return False
        return kind_of(self.context.stores[int(self.arrays["step_store"][step])][1]) == CACHE


def today(topology: Topology, experiment: Experiment | None = None) -> Today:
    """A checked system under the load of an experiment, or its own usual one."""
    run = Experiment.model_validate(_NO_RUN) if experiment is None else experiment
    run = with_usual_users(run, topology).model_copy(update=_UNBROKEN)
    context = Context(run, topology, locations(run, topology), seed=0)
    arrays = lower_populations(context) | lower_services(context) | lower_sites(context)
    arrays |= lower_gateways(context) | lower_capacity(context)
    arrays |= {"rtt_ns": round_trips_ns(context.places), "day_offset_ns": 0}
    kinds, a, b = zip(*context.distributions.rows, strict=True)
    arrays |= {"dist_kind": kinds, "dist_a": a, "dist_b": b}
    return Today(context, arrays | {"pop_profile": np.ones_like(arrays["pop_profile"])})
