"""What the user expects of a run; each becomes met, missed or not exercised."""

from pydantic import Field

from simulator.spec.quantities import Duration, Model, Share


class DurationBounds(Model):
    """Bounds of a duration; at least one."""

    at_least: Duration | None = None
    at_most: Duration | None = None


class CountBounds(Model):
    """Bounds of a count; at least one."""

    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)


class ShareBounds(Model):
    """Bounds of a share; at least one."""

    at_least: Share | None = None
    at_most: Share | None = None


class TableBounds(CountBounds):
    """Bounds of a count, of one table or of all."""

    table: str | None = None


class RecoveryPointBounds(DurationBounds):
    """Bounds of the recovery point, of one table or of the worst."""

    table: str | None = None


class LagBounds(DurationBounds):
    """Bounds of the true replication lag of a pair (default: the worst pair of the worst table)."""

    table: str | None = None
    from_: str | None = Field(default=None, alias="from")
    to: str | None = None


class PeakBounds(Model):
    """Humps of the true lag of a pair: how many, and how far apart consecutive ones peak."""

    table: str | None = None
    from_: str | None = Field(default=None, alias="from")
    to: str | None = None
    count: int | None = Field(default=None, ge=0)
    apart: DurationBounds | None = None


class Expectation(Model):
    """Exactly one measure with its bounds."""

    recovery_time: DurationBounds | None = None
    detection_time: DurationBounds | None = None
    recovery_point: RecoveryPointBounds | None = None
    at_risk_writes: TableBounds | None = None
    late_writes: TableBounds | None = None
    suppressed_writes: TableBounds | None = None
    lost_writes: TableBounds | None = None
    replication_lag_max: LagBounds | None = None
    replication_lag_p50: LagBounds | None = None
    replication_lag_p99: LagBounds | None = None
    catch_up_time: LagBounds | None = None
    """From the end of the last stop of a pair to its lag being normal again."""
    lag_peaks: PeakBounds | None = None
    sessions_undisturbed: ShareBounds | None = None
    sessions_recovered: ShareBounds | None = None
    sessions_interrupted: ShareBounds | None = None
    sessions_logged_out: ShareBounds | None = None
    sessions_abandoned: ShareBounds | None = None
    success: ShareBounds | None = None
    """Share of user actions that succeeded, over the whole run."""
    isolation: bool | None = None
    """AWS Resilience Hub's other rule: the service stays OK through the whole fault."""
    stale_reads: ShareBounds | None = None
    read_your_writes_violations: CountBounds | None = None
    monotonic_reads_violations: CountBounds | None = None
    unknown_outcomes: CountBounds | None = None
    double_applied: CountBounds | None = None
