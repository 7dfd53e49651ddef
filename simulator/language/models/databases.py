"""Databases with one writer, and readers in other regions."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from simulator.language.models.protection import Protected
from simulator.language.models.quantities import (
    Distribution,
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
    initially: Literal["full", "empty"] = "full"
    """`empty`: none of them is there when the run begins, for reads, for `if: absent` and for deletes."""
    popularity: Annotated[
        Annotated[Literal["uniform"], Tag(":Word")] | Annotated[Popularity, Tag(":Mapping")],
        Discriminator(text_or_mapping),
    ] = "uniform"
    """How evenly the items are asked for: `uniform`, or `{zipf: 0.9}`."""
    replication_lag: ReplicationLag = ReplicationLag.model_construct()
    """How long a write takes to reach a reader; by default the catalog's."""
    catch_up: float | None = Field(default=None, ge=1.01, le=1000)
    """How many times faster than real time a healed replicator works through its backlog, to two decimals."""

    promotion: Distribution | None = None
    """How long it takes to make a reader the writer after an outage; by default the catalog's."""
    switchover: Distribution | None = None
    """For how long nobody can write in a planned switchover; by default the catalog's. RDS has none."""
    rebuild: Distribution | None = None
    """How long until a reader, or an old writer that rejoins, follows again after a promotion; by default the
    catalog's."""
    write_fencing: Literal["none", "best_effort", "certain"] | None = None
    """Whether an old writer stops when another is promoted: never by itself, if it can be reached, or always;
    by default the engine's."""
    old_writer: Literal["rejoins", "stays"] | None = None
    """Whether an old writer that can be reached again becomes a reader, or goes on by itself; by default the
    engine's."""
    rpo: Duration | None = None
    """Only with `engine: aurora_global` (PostgreSQL's `rds.global_db_rpo`), 20 s or more: while every reader
    is further behind, no commit passes; by default all do."""
    self_promotion: SelfPromotion | None = None
    """Only with `engine: self_managed`: an orchestrator that promotes by itself."""

    @property
    def replicas(self) -> list[str]:
        """The regions that hold a copy, the writer's first."""
        return [self.writer, *self.readers]
