"""What expectations can name of copies between regions; a part of `simulator.boundary.measures`."""

from simulator.boundary.measure_terms import Measure, Part, Reason, one
from simulator.boundary.scopes import PAIR, TABLE

NO_COPY = Reason("no copy became visible")
NO_COPY_OF_STOPPED = Reason("no copy became visible", "of the pairs that stopped")
NEVER_STOPPED = Reason("replication never stopped")

OF_REPLICATION = (
    one("replication_lag_max", "s", PAIR, "The longest true lag.", NO_COPY),
    one("replication_lag_p50", "s", PAIR, "The median of the true lag.", NO_COPY),
    one("replication_lag_p99", "s", PAIR, "The 99th percentile of the true lag.", NO_COPY),
    one(
        "catch_up_time",
        "s",
        PAIR,
        "From the end of the last stop of a pair to its lag being normal again.",
        *(NEVER_STOPPED, NO_COPY_OF_STOPPED),
        never="replication had not caught up when the run ended",
    ),
    one(
        "unprotected_time",
        "s",
        TABLE,
        "For how long a region took writes that no other replica had, since replication stood still or had "
        "not caught up.",
        NEVER_STOPPED,
    ),
    Measure(
        "lag_peaks",
        PAIR,
        "Humps of the true lag: how many, and how far apart consecutive ones peak.",
        (
            Part("count", (NO_COPY,), name="count", says="So many humps, exactly.", exact=True),
            Part(
                "s",
                (NO_COPY,),
                "there were no two peaks",
                name="apart",
                says="Bounds of the time between consecutive peaks.",
            ),
        ),
        better="neither",
    ),
)
"""Lag, catching up, and how long nothing else had what was written."""
