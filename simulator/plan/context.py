"""What lowering works on: the checked models, and the tables that grow while they are lowered."""

from dataclasses import dataclass, field
from functools import cached_property

from simulator.boundary.kinds import CACHE, DATABASE, EXTERNAL, OBJECTS, SHARED_CACHE, TABLE
from simulator.language.models.databases import Database
from simulator.language.models.experiment import Experiment
from simulator.language.models.externals import External
from simulator.language.models.faults import BotFault, Bots
from simulator.language.models.stores import Bucket, Cache, Table
from simulator.language.models.topology import Topology
from simulator.plan.retry_policies import Policies
from simulator.plan.sources import Distributions, Sources

Store = Table | Database | Bucket | Cache | External

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
            *topology.external.items(),
        ]

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
    return SHARED_CACHE if store.multi_region else CACHE


def regions_of(store: Store) -> list[str]:
    """The regions in which a store is; an external is in none of them, whatever its home."""
    return store.regions if isinstance(store, Cache) else store.replicas
