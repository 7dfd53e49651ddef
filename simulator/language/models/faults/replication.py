"""Replication stands still."""

from typing import Annotated

from pydantic import Field

from simulator.boundary.modes import mode_text
from simulator.language.models.faults.base import Fault, ModeOf
from simulator.language.models.quantities import Distribution, Model, RegionName


class ReplicationScope(Model):
    """Which replicators: all of a `region`, or one direction; of one store or all."""

    table: str | None = None
    """One table, database, bucket or multi-region cache; default all of them."""
    region: RegionName | None = None
    """All replicators from and to this region."""
    from_: RegionName | None = Field(default=None, alias="from")
    """One direction: from this region …"""
    to: RegionName | None = None
    """… to this one."""


class ReplicationFault(Fault):
    """Replication is paused; both ends keep serving."""

    target = "replication"

    replication: ReplicationScope
    """Which replicators; `{}` is all."""
    mode: Annotated[str, ModeOf("replication")] = Field(
        default="paused", description=mode_text("replication")
    )
    takes_hold: Distribution | None = None
    """How long replication goes on after each beginning: of a pause by AWS FIS up to 5 min,
    `{from: 0 s, to: 5 min}`; by default not at all, as when something breaks."""
