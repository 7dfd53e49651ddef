"""What lowering works on: the checked models, and the tables that grow while they are lowered."""

from dataclasses import field
from functools import cached_property

from simulator.boundary.kinds import CACHE, DATABASE, EXTERNAL, OBJECTS, SERVICE, SHARED_CACHE, TABLE
from simulator.language.models.calling import Calling, callees, calling
from simulator.language.models.databases import Database
from simulator.language.models.experiment import Experiment
from simulator.language.models.externals import External
from simulator.language.models.faults import BotFault, Bots
from simulator.language.models.steps import Call
from simulator.language.models.stores import Bucket, Cache, Table
from simulator.language.models.topology import Topology
from simulator.lowering.retry_policies import Policies
from simulator.lowering.sources import Distributions, Sources
from simulator.records import dataclass


@dataclass(frozen=True)
class Callee:
    """A service as others call it, in a region or in the caller's own: for its callers, like a store."""

    service: str
    to: str | None
    operation: str = ""
    """Of calls that have a client of their own, besides that of the service."""
    popularity: str = "uniform"
    items: int = 1
    replicas: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What results call it."""
        what = f"{self.service}.{self.operation}" if self.operation else self.service
        return what if self.to is None else f"{what} in {self.to}"


Store = Table | Database | Bucket | Cache | External | Callee

IDENTITY = "identity"
"""The name of the last service, which issues tokens."""


@dataclass(frozen=True)
class Context:
    """One experiment and its topology, checked; with the places of both, the topology's regions first."""

    experiment: Experiment
    topology: Topology
    places: tuple[str, ...]
    seed: int
    sources: Sources = field(default_factory=Sources)
    distributions: Distributions = field(default_factory=Distributions)
    policies: Policies = field(default_factory=Policies)

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The topology's regions, by number."""
        return tuple(self.topology.regions)

    @cached_property
    def stores(self) -> list[tuple[str, Store]]:
        """Names and models of all stores, by number: tables, databases, buckets, caches, externals."""
        topology = self.topology
        return [
            *topology.tables.items(),
            *topology.databases.items(),
            *topology.buckets.items(),
            *topology.caches.items(),
            *((callee.name, callee) for callee in self.callees),
            *topology.external.items(),
        ]

    @cached_property
    def callees(self) -> list[Callee]:
        """The services that others call, each once for every region to which calls of it are sent."""
        services = self.topology.services.items()
        steps = (
            (name, step) for name, one in services for steps in one.operations.values() for step in steps
        )
        called = (self.callee_of(step, name) for name, step in steps if isinstance(step, Call))
        return [*dict.fromkeys(callee for callee in called if callee is not None)]

    @cached_property
    def callers(self) -> dict[str, Calling]:
        """The services as callers."""
        return {name: calling(service, self.topology) for name, service in self.topology.services.items()}

    def callee_of(self, step: Call, service: str) -> Callee | None:
        """What a step of a service calls, if that is another service."""
        called = callees(step, self.topology)[0]
        if not called.operation:
            return None
        alone = self.callers[service].has_its_own(called)
        return Callee(called.name, step.to, called.operation if alone else "")

    def callee_number(self, step: Call, service: str) -> int:
        """The number of what a step of a service calls, among the stores."""
        callee = self.callee_of(step, service)
        return next(number for number, (_, store) in enumerate(self.stores) if store == callee)

    @cached_property
    def bots(self) -> list[Bots]:
        """The bots of the experiment's faults, in file order."""
        return [fault.bots for fault in self.experiment.faults if isinstance(fault, BotFault)]

    @property
    def programs(self) -> int:
        """How many populations are programs, which come after those of users: bots and canaries."""
        return len(self.bots) + len(self.topology.canaries)

    @cached_property
    def services(self) -> tuple[str, ...]:
        """The services' names, by number; the last is the identity service."""
        return (*self.topology.services, IDENTITY)

    def store_number(self, name: str) -> int:
        """The number of a store; no two have one name."""
        return next(number for number, (key, _) in enumerate(self.stores) if key == name)

    def region_numbers(self, names: list[str]) -> tuple[int, ...]:
        """The numbers of some regions, in their order."""
        return tuple(self.regions.index(name) for name in names)


def kind_of(store: Store) -> int:
    """The kind of a store, as a number."""
    if isinstance(store, Table):
        return TABLE
    if isinstance(store, Database):
        return DATABASE
    if isinstance(store, Bucket):
        return OBJECTS
    if isinstance(store, External):
        return EXTERNAL
    if isinstance(store, Callee):
        return SERVICE
    return SHARED_CACHE if store.multi_region else CACHE


def regions_of(store: Store) -> list[str]:
    """The regions in which a store is; an external or a called service is in none, whatever its home."""
    return store.regions if isinstance(store, Cache) else [*store.replicas]
