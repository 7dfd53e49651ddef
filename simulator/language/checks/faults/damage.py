"""What a fault damages or deletes, checked: a share of the items at one instant, or a whole table."""

from simulator.boundary.modes import modes_of
from simulator.language.models.faults import BucketFault, TableFault
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path

_MOST = 1_000_000  # items struck at once: each is a version, with its copies


def check_damage(fault: TableFault | BucketFault, topology: Topology, document: Document, path: Path) -> None:
    """Report what does not go with items or is too many of them, and what cannot be deleted as a whole."""
    if fault.items is None:
        if fault.mode == "deleted" and isinstance(fault, BucketFault):
            complaint = "a bucket that holds objects cannot be deleted; say what share of its 'items' is"
            document.problem(complaint, (*path, "mode"))
    elif not modes_of(fault.target)[fault.mode].said_items:
        complaint = f"'items' does not go with mode {fault.mode}; it goes with corrupted and deleted"
        document.problem(complaint, (*path, "items"), at_key=True)
    else:
        _check_items(fault, topology, document, path)


def _check_items(fault: TableFault | BucketFault, topology: Topology, document: Document, path: Path) -> None:
    if fault.items == 0:
        document.problem("a share of 0 % breaks nothing", (*path, "items"))
    keys = {"share": fault.share, "for": fault.for_, "until": fault.until, "flapping": fault.flapping}
    if fault.mode == "corrupted":  # of the others the mode itself complains
        for key in (key for key, value in keys.items() if value is not None):
            complaint = f"items are struck at one instant, each of them whole; leave '{key}' out"
            document.problem(complaint, (*path, key), at_key=True)
    count = round(_items_of(fault, topology) * (fault.items or 0.0))
    if count > _MOST:
        complaint = (
            f"strikes {count:,} items at once, and may {_MOST:,}; strike a smaller share, or simulate fewer "
            "items"
        )
        document.problem(complaint, (*path, "items"))


def _items_of(fault: TableFault | BucketFault, topology: Topology) -> int:
    """How many items a store has; none if there is no such store."""
    if isinstance(fault, TableFault):
        return topology.tables[fault.table].items if fault.table in topology.tables else 0
    return topology.buckets[fault.bucket].items if fault.bucket in topology.buckets else 0
