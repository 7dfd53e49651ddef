"""The arrays of versions, their lanes, and the queues in which their copies wait (docs/model.md §6)."""

from simulator.boundary.fields import (
    ITEM,
    PARTITION,
    RECORD,
    REGION,
    SAMPLE,
    SNAPSHOT,
    STORE,
    WINDOW,
    Ints,
    by,
    slots,
    table,
)

VERSION = slots("version")
LANE = slots("lane")
COPY = slots("copy")


@table
class Versions:
    """One acknowledged write of one item."""

    top: Ints = by(VERSION, bits=32, says="the highest version of the lane up to this one")
    older: Ints = by(VERSION, bits=32, says="neighbour in the lane's queue, -1: none")
    newer: Ints = by(VERSION, bits=32, says="neighbour in the lane's queue, -1: none")
    store: Ints = by(VERSION, bits=16, says="in which it is")
    origin: Ints = by(VERSION, bits=8, says="region in which it was written")
    state: Ints = by(VERSION, bits=8, says="see simulator.data_plane.stores.versions")
    damaged: Ints = by(VERSION, bits=8, says="1: its content is wrong")
    deleted: Ints = by(VERSION, bits=8, says="1: a tombstone: the item is not there")
    hold: Ints = by(VERSION, bits=8, says="see simulator.data_plane.stores.lineage")
    increment: Ints = by(VERSION, bits=8, says="1: of a counter")
    children: Ints = by(VERSION, bits=32, says="versions that build on it and may still survive")
    stamp_ns: Ints = by(VERSION, says="when it was written, by the origin's clock")
    number: Ints = by(VERSION, says="in order of writing, of its store")
    time_ns: Ints = by(VERSION, says="when it was written")
    due_ns: Ints = by(
        VERSION,
        REGION,
        says="time of the replication clock at which its copy there is ready; ARRIVED_NS: it has arrived",
    )
    parent: Ints = by(VERSION, bits=32, says="what it builds on, -1: the root, -2: it is decided")
    item: Ints = by(VERSION, bits=32, says="global item number")
    fall: Ints = by(
        VERSION,
        bits=32,
        says="it was written below the one before: an earlier such one of the lane, -1: none; -2: it was not",
    )
    further: Ints = by(
        VERSION,
        bits=32,
        says="once it has lost: a later one of the lane, all between have lost; -1: not known",
    )
    earlier: Ints = by(
        VERSION, bits=32, says="neighbour among its origin's writes of the store that wait, -1: none"
    )
    later: Ints = by(
        VERSION, bits=32, says="neighbour among its origin's writes of the store that wait, -1: none"
    )
    at_risk: Ints = by(VERSION, bits=8, says="1: marked as at risk")
    child_sum: Ints = by(VERSION, says="the sum of their slots: of one, that slot")
    worth: Ints = by(VERSION, says="acknowledged writes of the item in its line, or replaced by one that is")
    writer: Ints = by(VERSION, says="session number")
    tag: Ints = by(VERSION, says="attempt and step of the writer")
    overtaken: Ints = by(VERSION, says="by which region and in which window: see lineage.overtaking; 0: not")
    overtaken_ns: Ints = by(VERSION, says="once it is overtaken: when the one that did so was written")


@table
class Lanes:
    """The versions that one region has written of one item."""

    item: Ints = by(LANE, start=-1, bits=32, says="global item number, -1: free slot")
    next: Ints = by(LANE, bits=32, says="another lane of the item, -1: none")
    fall: Ints = by(
        LANE, bits=32, says="the last version written below the one before, as a clock had been set back"
    )
    falls: Ints = by(LANE, bits=32, says="how many of the versions not visible everywhere were written so")
    store: Ints = by(LANE, bits=16, says="of the item")
    origin: Ints = by(LANE, bits=8, says="region that has written them")
    last: Ints = by(LANE, bits=32, says="of the versions not visible everywhere, -1: none")
    base: Ints = by(LANE, bits=32, says="the highest version that is visible everywhere, -1: none")
    first: Ints = by(
        LANE, bits=32, says="of the versions not visible everywhere, in order of writing, -1: none"
    )
    held: Ints = by(
        LANE, bits=32, says="of the versions not visible everywhere, the first that holds its line, -1: none"
    )
    unseen: Ints = by(LANE, REGION, bits=32, says="the first version not visible there, -1: none")


@table
class Copies:
    """Entries of the queues of undelivered copies: a lane, for each target that has not seen all of it."""

    due_ns: Ints = by(
        COPY,
        says="of that copy, on the pair's clock; of a line aside, when its partition is free, or earlier",
    )
    number: Ints = by(COPY, says="of the write, in its store")
    lane: Ints = by(COPY, bits=32, says="whose first copy that the target has not seen waits")
    behind: Ints = by(COPY, bits=32, says="the next of its line aside, -1: none")
    child: Ints = by(COPY, bits=32, says="an entry that is due later, -1: none")
    sibling: Ints = by(COPY, bits=32, says="another one below the same entry, -1: none")


@table
class Replicators:
    """What waits for delivery, by directed pair."""

    root: Ints = by(STORE, REGION, REGION, start=-1, says="entry that is due first, -1: nothing waits")
    aside: Ints = by(
        STORE, REGION, REGION, start=-1, says="first of the line whose partition is free first, -1: none"
    )
    lines: Ints = by(STORE, REGION, says="lines of those that stepped aside, to a target")
    line_end: Ints = by(
        PARTITION, REGION, REGION, start=-1, says="last of those that stepped aside, -1: none did"
    )
    written: Ints = by(STORE, says="writes so far, in the warm-up too: versions are numbered by it")
    waiting: Ints = by(STORE, REGION, REGION, says="copies that have not been delivered")
    oldest: Ints = by(STORE, REGION, REGION, start=-1, says="no earlier version waits for the target")
    first: Ints = by(STORE, REGION, start=-1, says="version that waits, in order of writing, -1: none")
    last: Ints = by(STORE, REGION, start=-1, says="version that waits, in order of writing, -1: none")
    next_ns: Ints = by(STORE, REGION, says="nothing becomes visible there before")
    last_due_ns: Ints = by(STORE, REGION, REGION, says="of a database's log, when the last copy is due")
    catching_up: Ints = by(
        STORE,
        REGION,
        start=-1,
        says="the member of a strong table refuses until it has the writes up to this; -1: it does not",
    )


@table
class Lineage:
    """Which writes have been overtaken, and are in no line that may survive."""

    initial: Ints = by(
        ITEM, says="slot of the initial version while some replica has nothing newer, plus 1; 0: none"
    )
    overtaken: Ints = by(
        STORE,
        REGION,
        REGION,
        WINDOW,
        says="lost updates by origin, and by region and time of what overtook them",
    )
    of_item: Ints = by(ITEM, says="lost updates")
    outlived: Ints = by(
        STORE,
        says="writes that were overtaken, and are in all lines that may survive; since the last restore",
    )
    increments: Ints = by(STORE, says="increments that are in no line")
    gone_number: Ints = by(STORE, SAMPLE, says="of the first writes that are gone: in order of writing")
    gone_item: Ints = by(STORE, SAMPLE, says="global item number")
    gone_origin: Ints = by(STORE, SAMPLE, says="region in which it was written")
    gone_ns: Ints = by(STORE, SAMPLE, says="when it was written")
    gone_cause: Ints = by(STORE, SAMPLE, says="why it is gone: see simulator.boundary.causes")
    gone_for: Ints = by(STORE, SAMPLE, says="region whose write overtook it; -1: none did")
    gone_for_ns: Ints = by(STORE, SAMPLE, says="when that was written; -1: none was")


@table
class Snapshots:
    """What replicas held at instants to which they may be restored: docs/model-stores.md §2."""

    newest: Ints = by(STORE, REGION, start=-1, says="snapshot of the replica taken last, -1: none")
    later: Ints = by(SNAPSHOT, start=-1, says="the next one of the same replica, -1: none yet")
    kept: Ints = by(
        RECORD,
        says="of an item, a sum: 1 it is kept, 2 as the initial version, 4 it has changed since; 0: not",
    )
    worth: Ints = by(RECORD, says="of the version that was the highest")
    stamp_ns: Ints = by(RECORD, says="its timestamp")
    origin: Ints = by(RECORD, says="region in which it was written")
    time_ns: Ints = by(RECORD, says="when it was written")
    number: Ints = by(RECORD, says="in order of writing, of its store")
    writer: Ints = by(RECORD, says="session number")
    tag: Ints = by(RECORD, says="attempt and step of the writer")
    damaged: Ints = by(RECORD, says="1: it was damaged")
    deleted: Ints = by(RECORD, says="1: it was a tombstone")
    changed_ns: Ints = by(RECORD, says="when the first write was made that changed it")
    changes: Ints = by(SNAPSHOT, says="items kept")
    set_worth: Ints = by(
        RECORD,
        says="in the store's first snapshot: worth of what a restore made of the item last",
    )
    back: Ints = by(RECORD, says="there too: writes of the item that a restore brought back, and are there")
