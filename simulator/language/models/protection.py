"""How the data of a table is protected against what replication copies: its history, and its backups."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from simulator.language.models.quantities import Duration, Model, RegionName, TimeOfDay

DAY_NS = 86_400 * 10**9
WINDOW_NS = 35 * DAY_NS
"""How far back point-in-time recovery reaches at most, and how long a system backup is kept.

Source: Amazon DynamoDB developer guide, *Point-in-time recovery*.
"""


class PointInTimeRecovery(Model):
    """Each second of a replica's last days can be restored, but for the last five minutes."""

    window: Duration = WINDOW_NS
    """How far back: from 1 to 35 days."""
    regions: list[RegionName] | None = None
    """The replicas for which it is on; default all."""
    lag: Duration | None = None
    """How far the latest restorable time lies back; by default the catalog's."""


def _switched_on(value: Any) -> Any:
    if isinstance(value, bool):
        on = "write 'point_in_time_recovery: {}' for 35 days, or '{window: 7 d, regions: [eu-south-1]}'"
        raise ValueError(on if value else "leave 'point_in_time_recovery' out where it is off")
    return value


OnOrNot = Annotated[PointInTimeRecovery | None, BeforeValidator(_switched_on)]


class Backup(Model):
    """Backups of one replica, made by a schedule. Each holds the moment at which its capture began."""

    region: RegionName
    """The replica of which they are made; they are kept there."""
    every: Duration
    """From the begin of one capture to that of the next."""
    at: TimeOfDay = 0
    """The time of day at which one of the captures begins."""
    kept_for: Duration = WINDOW_NS
    """How long a backup is kept."""
    takes: Duration | None = None
    """From the begin of the capture until the backup is there; by default the catalog's."""
    copied_to: list[RegionName] = Field(default=[])
    """Regions to which each backup is copied when it is there."""
    copy_takes: Duration | None = None
    """How long such a copy takes; by default the catalog's."""


class Protected(Model):
    """What has a history, and backups, from which it can be restored."""

    point_in_time_recovery: OnOrNot = None
    """The history of its replicas, by the second: `{}` for 35 days of each; without it there is none."""
    backups: dict[str, Backup] = Field(default={})
    """Schedules of backups by name; without one there are none."""
