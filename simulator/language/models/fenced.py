"""Which stores could refuse writes in a region (docs/model-stores.md §6)."""

from collections.abc import Mapping

from simulator.language.models.data_steps import By
from simulator.language.models.databases import Database
from simulator.language.models.stores import Bucket, Cache, Table
from simulator.language.models.topology import Topology


def may_be_fenced(region: str, by: By, topology: Topology) -> list[str]:
    """The stores that could refuse writes there: by a policy, those that ask IAM about each write."""
    caches = {name: cache for name, cache in topology.caches.items() if cache.multi_region}
    sections: list[Mapping[str, Table | Database | Bucket | Cache]] = [topology.tables, topology.buckets]
    if by == "application":
        sections += [topology.databases, caches]
    found = ((name, store) for section in sections for name, store in section.items())
    return [name for name, store in found if region in places_of(store)]


def places_of(store: Table | Database | Bucket | Cache) -> list[str]:
    """The regions that hold a copy."""
    return store.regions if isinstance(store, Cache) else store.replicas
