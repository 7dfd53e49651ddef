"""Where a system keeps data: tables, caches, buckets."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.language.models.protection import Protected
from simulator.language.models.quantities import (
    Distribution,
    Duration,
    Model,
    Rate,
    RegionName,
    Size,
    Whole,
    text_or_mapping,
)


class ReplicationLag(Model):
    """The lag of one copied write: log-normal, plus the one-way network delay between the two regions."""

    median: Duration | None = None
    """Half of the copies are quicker, without the network delay."""
    p99: Duration | None = None
    """99 % of the copies are quicker, without the network delay."""


class Popularity(Model):
    """How unevenly items are asked for: Zipf with this exponent."""

    zipf: float = Field(gt=0, le=5)
    """The exponent: 1 is Zipf's own law; more concentrates the requests on fewer items."""


class Provisioned(Model):
    """Provisioned throughput, with 300 s of burst."""

    write: Rate
    """Write units a second; one is a write of 1 KB."""
    read: Rate
    """Read units a second; one is two eventually consistent reads of 4 KB."""


class OnDemand(Model):
    """On-demand throughput: at once up to the warm throughput, or twice the previous peak."""

    warm_write: Rate | None = None
    """Write units a second that are there from the start; by default a new table's."""
    warm_read: Rate | None = None
    """Read units a second that are there from the start; by default a new table's."""


class ProvisionedCapacity(Model):
    """A table with provisioned throughput."""

    provisioned: Provisioned
    """How much."""


class OnDemandCapacity(Model):
    """A table on demand whose warm throughput is said."""

    on_demand: OnDemand
    """How much from the start."""


CAPACITY_KINDS = {"provisioned": ":ProvisionedCapacity", "on_demand": ":OnDemandCapacity"}


def capacity_form(value: Any) -> str | None:
    """Tell how a capacity is written; None if none of the keys says."""
    if not isinstance(value, dict):
        return ":Word"
    return next((tag for kind, tag in CAPACITY_KINDS.items() if kind in value), None)


Capacity = Annotated[
    Annotated[Literal["on_demand", "unlimited"], Tag(":Word")]
    | Annotated[ProvisionedCapacity, Tag(":ProvisionedCapacity")]
    | Annotated[OnDemandCapacity, Tag(":OnDemandCapacity")],
    Discriminator(capacity_form),
]


class Table(Protected):
    """A DynamoDB global table with a replica in each named region."""

    replicas: list[RegionName] = Field(min_length=1)
    """The regions that hold a copy."""
    absent_in: list[RegionName] = Field(default=[])
    """Those of them in which there is none when the run begins, until a failover plan makes it there
    (`replica`, or `restore`)."""
    consistency: Literal["eventual", "strong"] = "eventual"
    """`eventual`: a write is acknowledged by its region and copied to the others afterwards. `strong`: it is
    acknowledged once another of three members has it: three replicas, or two and a `witness`."""
    witness: RegionName | None = None
    """`strong` with two replicas only: the region of the third member, which cannot be read or written."""
    items: Whole = Field(default=100_000, ge=1, le=100_000_000)
    """How many items the table holds."""
    initially: Literal["full", "empty"] = "full"
    """`empty`: none of them is there when the run begins, for reads, for `if: absent` and for deletes."""
    popularity: Annotated[
        Annotated[Literal["uniform"], Tag(":Word")] | Annotated[Popularity, Tag(":Mapping")],
        Discriminator(text_or_mapping),
    ] = "uniform"
    """How evenly the items are asked for: `uniform`, or `{zipf: 0.9}`."""
    replication_lag: ReplicationLag = ReplicationLag.model_construct()
    """How long a write takes to reach another replica; by default the catalog's."""
    catch_up: float | None = Field(default=None, ge=1.01, le=1000)
    """How many times faster than real time a healed replicator works through its backlog, to two decimals."""
    item_size: Size = 1024
    """The size of an item, on which the units depend that reading and writing it costs."""
    capacity: Capacity = "on_demand"
    """`on_demand`, `unlimited`, `{provisioned: {write: 100/s, read: 200/s}}` or
    `{on_demand: {warm_write: …}}`."""
    time_to_live: Duration | None = None
    """How long after it was last written an item expires; by default never."""
    expired_within: Duration | None = None
    """Within which time after that it is deleted, at an instant evenly spread over it; by default the
    catalog's."""
    capacity_in: dict[RegionName, Capacity] = Field(default={})
    """What differs in a region, of the same kind."""
    secondary_indexes: Annotated[Whole, Field(ge=0, le=20)] = 0
    """Global secondary indexes, which a restore has to build again."""


class Failover(Model):
    """How a cache's replica takes over."""

    replicas: Annotated[Whole, Field(ge=0, le=5)] = 1
    """Replicas in other zones; with none, the loss of its zone takes the cache away until it returns."""
    takes: Distribution | None = None
    """From the loss of the primary to a new one; by default the catalog's."""


class Cache(Model):
    """A MemoryDB cluster in each named region: each by itself, or one multi-region cluster."""

    regions: list[RegionName] = Field(min_length=1)
    """Where it is."""
    multi_region: bool = False
    """One cluster whose writes are copied between the regions; the last writer wins, and counters lose
    increments."""
    items: Annotated[Whole, Field(ge=1, le=10_000_000)] = 10_000
    """How many different keys are asked for."""
    popularity: Annotated[
        Annotated[Literal["uniform"], Tag(":Word")] | Annotated[Popularity, Tag(":Mapping")],
        Discriminator(text_or_mapping),
    ] = "uniform"
    """How evenly the keys are asked for: `uniform`, or `{zipf: 0.9}`."""
    time_to_live: Duration | None = None
    """How long a filled entry is good; a multi-region cluster knows none."""
    failover: Failover = Failover.model_construct()
    """What happens when the zone of its primary is lost."""
    replication_lag: ReplicationLag = ReplicationLag.model_construct()
    """`multi_region` only: how long a write takes to reach another region."""
    catch_up: float | None = Field(default=None, ge=1.01, le=1000)
    """`multi_region` only: how fast a healed replicator works through its backlog."""


class Bucket(Model):
    """An S3 bucket in each named region, objects copied between them."""

    replicas: list[RegionName] = Field(min_length=1)
    """The regions that hold a copy; the first is the primary."""
    items: Annotated[Whole, Field(ge=1, le=10_000_000)] = 10_000
    """How many objects."""
    object_size: Size | None = None
    """How large an object is, which metrics need to know; by default the catalog's."""
    popularity: Annotated[
        Annotated[Literal["uniform"], Tag(":Word")] | Annotated[Popularity, Tag(":Mapping")],
        Discriminator(text_or_mapping),
    ] = "uniform"
    """How evenly the objects are asked for: `uniform`, or `{zipf: 0.9}`."""
    time_control: bool = False
    """S3 Replication Time Control: 99.9 % of the objects within 15 minutes."""
    replication_lag: ReplicationLag = ReplicationLag.model_construct()
    """How long an object takes to reach another region; by default the catalog's, with or without time
    control."""
    catch_up: float | None = Field(default=None, ge=1.01, le=1000)
    """How fast a healed replicator works through its backlog."""
