"""What the user expects of a run; each becomes met, missed or not exercised."""

from typing import Annotated

from pydantic import ConfigDict, Field

from simulator.language.models.quantities import Duration, Model, Share, Whole


class DurationBounds(Model):
    """Bounds of a duration; at least one."""

    at_least: Duration | None = None
    """The measure may not be below this."""
    at_most: Duration | None = None
    """The measure may not be above this."""


class CountBounds(Model):
    """Bounds of a count; at least one."""

    at_least: Whole | None = Field(default=None, ge=0)
    """The measure may not be below this."""
    at_most: Whole | None = Field(default=None, ge=0)
    """The measure may not be above this."""


class ShareBounds(Model):
    """Bounds of a share; at least one."""

    at_least: Share | None = None
    """The measure may not be below this."""
    at_most: Share | None = None
    """The measure may not be above this."""


Ratio = Annotated[float, Field(ge=0, le=1e9)]
"""A plain number, such as 1.5 attempts per action."""


class RatioBounds(Model):
    """Bounds of a plain number; at least one."""

    at_least: Ratio | None = None
    """The measure may not be below this."""
    at_most: Ratio | None = None
    """The measure may not be above this."""


class TableBounds(CountBounds):
    """Bounds of a count, of one table or of all."""

    table: str | None = None
    """One table; default all together."""


class CacheCountBounds(CountBounds):
    """Bounds of a count, of one multi-region cache or of all."""

    cache: str | None = None
    """One multi-region cache; default all together."""


class CacheShareBounds(ShareBounds):
    """Bounds of a share, of one cache or of all."""

    cache: str | None = None
    """One cache; default all together."""


class SpanBounds(ShareBounds):
    """Bounds of a share over a part of the run: the windows that lie wholly between two times."""

    from_: Duration = Field(alias="from")
    """The windows that begin at this time of the run or later …"""
    to: Duration
    """… and end at this time or before."""


class RecoveryPointBounds(DurationBounds):
    """Bounds of the recovery point, of one table or of the worst."""

    table: str | None = None
    """One table; default the worst."""


class LagBounds(DurationBounds):
    """Bounds of the true replication lag of a pair (default: the worst pair of the worst table)."""

    table: str | None = None
    """One table; default the worst."""
    from_: str | None = Field(default=None, alias="from")
    """One pair: copies from this region …"""
    to: str | None = None
    """… to this one."""


class PeakBounds(Model):
    """Humps of the true lag of a pair: how many, and how far apart consecutive ones peak."""

    table: str | None = None
    """One table; default the worst."""
    from_: str | None = Field(default=None, alias="from")
    """One pair: copies from this region …"""
    to: str | None = None
    """… to this one."""
    count: Whole | None = Field(default=None, ge=0)
    """So many humps, exactly."""
    apart: DurationBounds | None = None
    """Bounds of the time between consecutive peaks."""


class Expectation(Model):
    """Exactly one measure with its bounds."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    recovery_time: DurationBounds | None = None
    """From the start of the first fault until the service is OK again and stays OK."""
    detection_time: DurationBounds | None = None
    """From the start of the first fault until a health check turns unhealthy."""
    recovery_point: RecoveryPointBounds | None = None
    """When a region's data became unreachable: age of the oldest acknowledged write visible nowhere else."""
    at_risk_writes: TableBounds | None = None
    """Acknowledged writes that were visible nowhere else when a region's data became unreachable."""
    late_writes: TableBounds | None = None
    """Writes at risk that were delivered after all."""
    suppressed_writes: TableBounds | None = None
    """Acknowledged writes that a concurrent writer overwrote."""
    lost_writes: TableBounds | None = None
    """Acknowledged writes that went down with a region for good."""
    replication_lag_max: LagBounds | None = None
    """The longest true lag."""
    replication_lag_p50: LagBounds | None = None
    """The median of the true lag."""
    replication_lag_p99: LagBounds | None = None
    """The 99th percentile of the true lag."""
    catch_up_time: LagBounds | None = None
    """From the end of the last stop of a pair to its lag being normal again."""
    lag_peaks: PeakBounds | None = None
    """The humps of the true lag."""
    sessions_undisturbed: ShareBounds | None = None
    """Share of the sessions alive during the fault that noticed nothing."""
    sessions_recovered: ShareBounds | None = None
    """Share of those sessions whose every failure was hidden by a retry."""
    sessions_interrupted: ShareBounds | None = None
    """Share of those sessions in which an action failed before the user's eyes."""
    sessions_logged_out: ShareBounds | None = None
    """Share of those sessions that no issuer gave a new token."""
    sessions_abandoned: ShareBounds | None = None
    """Share of those sessions whose user's patience ended."""
    success: ShareBounds | None = None
    """Share of user actions that succeeded, over the whole run."""
    success_between: SpanBounds | None = None
    """Share of the user actions ended in a part of the run that succeeded."""
    isolation: bool | None = None
    """AWS Resilience Hub's other rule: the service stays OK through the whole fault."""
    stale_reads: ShareBounds | None = None
    """Share of reads that missed a newer version written elsewhere."""
    read_your_writes_violations: CountBounds | None = None
    """Reads that missed the reader's own write."""
    monotonic_reads_violations: CountBounds | None = None
    """Reads that went back behind what the reader had seen before."""
    unknown_outcomes: CountBounds | None = None
    """Actions whose client cannot know whether their write was applied."""
    double_applied: CountBounds | None = None
    """Writes that a retry applied a second time."""
    throttled: ShareBounds | None = None
    """Share of attempts that were throttled (429) or found a full queue (503)."""
    cold_starts: CountBounds | None = None
    """Requests that waited for a new Lambda environment."""
    queue_wait_p99: DurationBounds | None = None
    """The 99th percentile of the time that requests waited for a worker of a node."""
    retry_amplification: RatioBounds | None = None
    """Attempts per user action, over the whole run."""
    call_amplification: RatioBounds | None = None
    """Tries per call from a service to a table, cache or bucket."""
    hit_ratio: CacheShareBounds | None = None
    """Share of the looks into caches that found what they sought."""
    lost_increments: CacheCountBounds | None = None
    """Increments of a multi-region cache that a concurrent one overwrote."""
    forced_logins: ShareBounds | None = None
    """Logins that a rejected token forced, per session."""
    rejected_tokens: ShareBounds | None = None
    """Share of attempts whose token was rejected (401)."""
