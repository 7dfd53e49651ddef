"""Loss: the recovery point, and the fate of every acknowledged write."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.result.plain import ONLY_IF_SAID


@dataclass(frozen=True)
class Fates:
    """What became of acknowledged writes."""

    recovery_point_s: float | None
    """At the worst instant at which a region's data became unreachable: the age in seconds of the oldest
    acknowledged write visible nowhere else; 0 if there was none; null if no region went down."""
    acknowledged: int
    """Writes that were acknowledged."""
    at_risk: int
    """Of them, those visible nowhere else when their region's data became unreachable."""
    late: int
    """Of those at risk, the ones visible everywhere in the end."""
    suppressed: int
    """Writes that lost against a concurrent writer, at risk or not."""
    lost: int
    """Writes that went down with a region for good."""
    pending: int
    """Writes neither suppressed nor lost, nor visible everywhere when the run ended."""
    suppressed_at_risk: int
    """Of those at risk, the ones suppressed."""
    pending_at_risk: int
    """Of those at risk, the ones pending."""


@dataclass(frozen=True)
class TableLoss(Fates):
    """The fates of one table's, bucket's or multi-region cache's writes."""

    visible: int
    """Writes visible in every surviving replica when the run ended."""
    increments: int | None = field(default=None, metadata=ONLY_IF_SAID)
    """Increments made; of a multi-region cache only."""
    lost_increments: int | None = field(default=None, metadata=ONLY_IF_SAID)
    """Of them, those that a concurrent one overwrote; of a multi-region cache only."""


@dataclass(frozen=True)
class Loss(Fates):
    """The fates of all writes."""

    increments: int
    """Increments made in multi-region caches."""
    lost_increments: int
    """Of them, those that a concurrent one overwrote."""
    tables: Mapping[str, TableLoss]
    """The same by table, bucket and multi-region cache."""
