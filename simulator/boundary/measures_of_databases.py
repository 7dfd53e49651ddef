"""What expectations can name of databases with one writer; a part of `simulator.boundary.measures`."""

from simulator.boundary.measure_terms import Reason, one
from simulator.boundary.scopes import DATABASE, SIDES, WORST_DATABASE

NO_PROMOTION = Reason("no promotion of a database began")
NO_DATABASE_WRITTEN = Reason("nothing was written to a database")

OF_DATABASES = (
    one(
        "promotion_time",
        "s",
        WORST_DATABASE,
        "From the begin of a database's promotion until its new writer takes writes; of several the longest.",
        NO_PROMOTION,
        never="a promotion did not end",
    ),
    one(
        "promotion_recovery_point",
        "s",
        WORST_DATABASE,
        "Age of the oldest write that a database's new writer lacked, when the old one was last in reach.",
        NO_PROMOTION,
    ),
    one(
        "unshipped_writes",
        "count",
        DATABASE,
        "Acknowledged writes that were lost because a new writer of a database did not have them.",
        *(NO_PROMOTION, NO_DATABASE_WRITTEN),
    ),
    one(
        "writes_past_promotion",
        "count",
        DATABASE,
        "Writes that an old writer acknowledged after the promotion of another had begun; all are lost.",
        NO_DATABASE_WRITTEN,
    ),
    one(
        "split_brain_writes",
        "count",
        SIDES,
        "Writes of a database that were acknowledged while two regions took them.",
        NO_DATABASE_WRITTEN,
    ),
    one(
        "split_brain_time",
        "s",
        DATABASE,
        "For how long two regions took the writes of a database.",
        NO_DATABASE_WRITTEN,
    ),
)
"""Promotions, what they lose, and two writers at once."""
