"""The readers of every measure in `simulator.boundary.measures`, gathered from where they stand."""

from simulator.measure import (
    alarm_measures,
    capacity,
    continuity,
    damage,
    databases,
    dns,
    identity,
    loss,
    out_of_memory,
    plan_measures,
    protection,
    recovery,
    replication,
    requests,
    restores,
    scaling,
    series,
    shedding,
    web_acls,
)
from simulator.measure.reading import NotShown, Readers, Reasons

_MODULES = (
    *(
        recovery,
        dns,
        loss,
        damage,
        restores,
        protection,
        databases,
        plan_measures,
        alarm_measures,
        replication,
        continuity,
        requests,
        series,
        capacity,
        identity,
        scaling,
        out_of_memory,
        web_acls,
        shedding,
    ),
)

READERS: Readers = {name: read for module in _MODULES for name, read in module.READERS.items()}

NOT_SHOWN: NotShown = recovery.NOT_SHOWN

REASONS: Reasons = {reason: holds for module in _MODULES for reason, holds in module.REASONS.items()}
