"""Today's load on one region: all of it that the region is ready for, and what that keeps busy there."""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from simulator.boundary.fields import Floats
from simulator.language.models.compute import NodesCompute
from simulator.lowering.sites import compute_of
from simulator.readiness.today import Today
from simulator.records import dataclass


class Fleet(NamedTuple):
    """The nodes of a service in a region."""

    nodes: int
    workers: int
    """Of each."""
    room: int | None
    """Requests that fit into the memory of each; None: as many as may come."""


@dataclass(frozen=True)
class Load:
    """So many requests of users a second for each operation, in a region."""

    today: Today
    region: str
    asked: Floats
    """By users, for each operation."""
    elsewhere: Floats
    """By users in other regions, [region, operation], where services call those of this one."""

    @property
    def here(self) -> int:
        """The number of the region."""
        return self.today.context.regions.index(self.region)

    @property
    def services(self) -> list[str]:
        """The services, by number."""
        return [*self.today.topology.services]

    def fleet(self, service: str) -> Fleet | None:
        """The nodes that a service has in the region from the start; None if it runs on something else."""
        one, region = self.today.topology.services[service], self.today.topology.regions[self.region]
        compute = compute_of(one, self.region)
        if self.region not in one.regions or not isinstance(compute, NodesCompute):
            return None
        return Fleet(compute.nodes.per_zone * region.zones, compute.nodes.workers, compute.nodes.room)

    @cached_property
    def rates(self) -> Floats:
        """Requests a second for each operation in the region: of users, and of services anywhere."""
        more = self.elsewhere.copy()
        more[self.here] = self.asked
        found = more.copy()
        while more.any():
            more = self._called(more)
            found += more
        rates: Floats = found[self.here]
        return rates

    def _called(self, rates: Floats) -> Floats:
        """What operations that are asked for so often, [region, operation], ask for in turn."""
        found, regions = np.zeros(rates.shape), self.today.context.regions
        for region, number in np.argwhere(rates).tolist():
            for callee, to in self.today.callees(number, regions[region]):
                found[regions.index(to), callee] += rates[region, number]
        return found

    @cached_property
    def busy(self) -> Floats:
        """How many requests for each operation are worked on at once: by Little's law, L = λ W."""
        return self.rates * self.today.work_s(self.region)

    def by_service(self, values: Floats) -> Floats:
        """What is said of operations, added up by service."""
        found = np.zeros(len(self.services))
        np.add.at(found, self.today.arrays["op_service"][:-1], values)
        return found
