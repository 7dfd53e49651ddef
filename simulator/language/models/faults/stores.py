"""Tables, databases, caches, buckets and external dependencies break."""

from typing import Annotated

from pydantic import Field

from simulator.boundary.modes import add_text, factor_text, mode_text, share_text
from simulator.language.models.faults.base import Factor, Fault, ModeOf
from simulator.language.models.quantities import Duration, RegionName, Share

ITEMS = (
    "`corrupted`, `deleted`: so large a share of the items, all at once, as by a bad migration; written in "
    "`region` (by default the first that holds a copy), and copied like any write."
)


class TableFault(Fault):
    """A table's endpoint in a region, as services there see it."""

    target = "table"

    table: str
    """The table."""
    region: RegionName | None = None
    """Where; default everywhere."""
    mode: Annotated[str, ModeOf("table")] = Field(description=mode_text("table"))
    share: Share | None = Field(default=None, description=share_text("table"))
    items: Share | None = Field(default=None, description=ITEMS)
    factor: Factor | None = Field(default=None, description=factor_text("table"))
    add: Duration | None = Field(default=None, description=add_text("table"))


class DatabaseFault(Fault):
    """A database's endpoint in a region: what is served there, and the way of services there to it."""

    target = "database"

    database: str
    """The database."""
    region: RegionName | None = None
    """Where; default in all regions that hold a copy."""
    mode: Annotated[str, ModeOf("database")] = Field(description=mode_text("database"))
    share: Share | None = Field(default=None, description=share_text("database"))
    factor: Factor | None = Field(default=None, description=factor_text("database"))
    add: Duration | None = Field(default=None, description=add_text("database"))


class CacheFault(Fault):
    """A cache's endpoint in a region; or its contents."""

    target = "cache"

    cache: str
    """The cache."""
    region: RegionName | None = None
    """Where; default everywhere."""
    mode: Annotated[str, ModeOf("cache")] = Field(description=mode_text("cache"))
    share: Share | None = Field(default=None, description=share_text("cache"))
    factor: Factor | None = Field(default=None, description=factor_text("cache"))
    add: Duration | None = Field(default=None, description=add_text("cache"))


class BucketFault(Fault):
    """A bucket's endpoint in a region, as services there and content networks see it."""

    target = "bucket"

    bucket: str
    """The bucket."""
    region: RegionName | None = None
    """Where; default everywhere."""
    mode: Annotated[str, ModeOf("bucket")] = Field(description=mode_text("bucket"))
    share: Share | None = Field(default=None, description=share_text("bucket"))
    items: Share | None = Field(default=None, description=ITEMS)
    factor: Factor | None = Field(default=None, description=factor_text("bucket"))
    add: Duration | None = Field(default=None, description=add_text("bucket"))


class ExternalFault(Fault):
    """An external dependency, as services see it: the fault is its own, whatever becomes of its home."""

    target = "external"

    external: str
    """The external dependency."""
    region: RegionName | None = None
    """For services of which region; default of all."""
    mode: Annotated[str, ModeOf("external")] = Field(description=mode_text("external"))
    share: Share | None = Field(default=None, description=share_text("external"))
    factor: Factor | None = Field(default=None, description=factor_text("external"))
    add: Duration | None = Field(default=None, description=add_text("external"))
