"""Entries of the event log about restores, replicas that are made, and databases and their writers."""

from typing import Any

from simulator.boundary.event_kinds import EventKind
from simulator.boundary.subjects import OfReplica, OfStore

_OF_RESTORE = {"restore": "its number, from 0: in the file, then those of plans as they start"}
RESTORE_STARTED = EventKind(
    "restore_started",
    (OfReplica,),
    "somebody asks for a restore in the region",
    _OF_RESTORE
    | {"source": "what it is made from", "point_s": "the time of the run to which it goes back, in seconds"},
)
RESTORE_BEGUN = EventKind("restore_begun", (OfReplica,), "its turn has come, and it is made", _OF_RESTORE)
TABLE_DELETED = EventKind(
    "table_deleted", (OfReplica,), "the old table is gone, to free its name", _OF_RESTORE
)
RESTORED = EventKind("restored", (OfReplica,), "the new table is there, in this region alone", _OF_RESTORE)
SETTINGS_REBUILT = EventKind(
    "settings_rebuilt",
    (OfReplica,),
    "what did not come along is there, point-in-time recovery too",
    _OF_RESTORE,
)
REPLICA_CREATED = EventKind(
    "replica_created", (OfReplica,), "the new table has a replica in the region", _OF_RESTORE
)
REPLICA_REFUSED = EventKind(
    "replica_refused",
    (OfReplica,),
    "the region's quota for a table is below what this one is warm for: no replica is made, nor, of a strong "
    "table, any member",
    _OF_RESTORE,
    leads=False,
)
STRONG_TABLE_CREATED = EventKind(
    "strong_table_created",
    (OfReplica,),
    "an empty strong table is there, with all its members",
    _OF_RESTORE,
)
ITEMS_COPIED = EventKind(
    "items_copied",
    (OfReplica,),
    "the items of the restored table are in the strong one",
    _OF_RESTORE | {"items": "how many"},
)
MERGED = EventKind(
    "merged",
    (OfReplica,),
    "what was written since the point has been copied to the new table",
    _OF_RESTORE | {"items": "how many items had changed"},
)
SWAPPED = EventKind(
    "swapped",
    (OfReplica,),
    "the new table is in use",
    _OF_RESTORE
    | {"lost": "acknowledged writes that are missing because of it", "items": "items that it has set back"},
)
REPLICA_LEFT_BEHIND = EventKind(
    "replica_left_behind",
    (OfReplica,),
    "the table has been restored where it was absent, and what is here is a table of its own",
    _OF_RESTORE,
    leads=False,
)
OLD_REPLICA_DELETED = EventKind(
    "old_replica_deleted", (OfReplica,), "the table that a replica had become is gone, to free its name"
)
REPLICA_BEGUN = EventKind("replica_begun", (OfReplica,), "a replica of the table is being made there")
REPLICA_ADDED = EventKind(
    "replica_added",
    (OfReplica,),
    "it is there, and copied to and from",
    {"source": "the region of the replica that was copied"},
)
PROMOTION_BEGAN = EventKind(
    "promotion_began",
    (OfStore,),
    "a reader of a database is being made its writer",
    {
        "from": "the old writer's region",
        "to": "the region that becomes the writer",
        "planned": "a switchover, which loses nothing",
        "unshipped": "acknowledged writes that it lacks, lost now",
        "recovery_point_s": "age of the oldest of them, now, or when the old writer's region went down",
    },
)
PROMOTION_DONE = EventKind("promotion_done", (OfStore,), "the region is the writer", {"to": "the region"})
PROMOTION_REFUSED = EventKind(
    "promotion_refused",
    (OfStore,),
    "a region cannot become the writer",
    {"to": "the region", "why": "the reason, in words"},
    leads=False,
)
PROMOTION_CALLED_OFF = EventKind(
    "promotion_called_off",
    (OfStore,),
    "the regions of a switchover do not reach each other; the writer is as before",
    {"to": "the region that was to become the writer"},
)
OLD_WRITER_STEPPED_DOWN = EventKind(
    "old_writer_stepped_down",
    (OfStore,),
    "an old writer has learned that there is another; what it alone has is discarded",
    {"region": "the old writer's region"},
    leads=False,
)
READER_REBUILT = EventKind(
    "reader_rebuilt",
    (OfStore,),
    "a reader follows the writer again",
    {"region": "the reader's region"},
    leads=False,
)
COMMITS_BLOCKED = EventKind(
    "commits_blocked",
    (OfStore,),
    "every reader is further behind than the database's `rpo`: no write passes",
    leads=False,
)
COMMITS_RESUMED = EventKind(
    "commits_resumed",
    (OfStore,),
    "a reader is near enough again, or another region becomes the writer",
    leads=False,
)
SPLIT_BRAIN_BEGAN = EventKind(
    "split_brain_began", (OfStore,), "two regions take the writes of a database", leads=False
)
SPLIT_BRAIN_ENDED = EventKind(
    "split_brain_ended", (OfStore,), "one region takes them again, or none", leads=False
)

OF_DATA: tuple[EventKind[Any], ...] = tuple(kind for kind in vars().values() if isinstance(kind, EventKind))
"""All of them."""
