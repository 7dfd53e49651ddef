"""Databases with one writer, and readers in other regions."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from simulator.language.models.protection import Protected
from simulator.language.models.quantities import (
    Duration,
    Model,
    RegionName,
    Whole,
    text_or_mapping,
)
from simulator.language.models.stores import Popularity, ReplicationLag


class SelfPromotion(Model):
    """An orchestrator that promotes a reader by itself, once the writer has been out of reach for a while."""

    hold_down: Duration = 0
    """How long the writer must have been out of reach without a break."""


class Database(Protected):
    """A relational database or a data store with one writer; its readers in other regions follow it."""

    engine: Literal["aurora_global", "rds", "global_datastore", "self_managed"]
    """`aurora_global`, `rds` (replicas in other regions) and `global_datastore` (ElastiCache) have the
    catalog's parameters for these; `self_managed` is one of your own, such as MySQL with an orchestrator."""
    writer: RegionName
    """The region that takes the writes at first."""
    readers: list[RegionName] = Field(default=[])
    """The other regions that hold a copy, from which services there read."""
    items: Whole = Field(default=100_000, ge=1, le=100_000_000)
    """How many items, such as rows or keys, are read and written."""
    popularity: Annotated[
        Annotated[Literal["uniform"], Tag(":Word")] | Annotated[Popularity, Tag(":Mapping")],
        Discriminator(text_or_mapping),
    ] = "uniform"
    """How evenly the items are asked for: `uniform`, or `{zipf: 0.9}`."""
    replication_lag: ReplicationLag = ReplicationLag()
    """How long a write takes to reach a reader; by default the catalog's."""
    catch_up: float | None = Field(default=None, ge=1.01, le=1000)
    """How many times faster than real time a healed replicator works through its backlog, to two decimals."""

    @property
    def replicas(self) -> list[str]:
        """The regions that hold a copy, the writer's first."""
        return [self.writer, *self.readers]
