"""Sentences about what happened to the writes. What was lost to users leads."""

from collections.abc import Iterator

from simulator.report.words import duration, name, plural
from simulator.result.loss import Failback, Loss, TableLoss
from simulator.result.whole import Result


def gist(result: Result) -> Iterator[str]:
    """The first layer's: what users lost, how many there were, what was out of reach."""
    found = result.loss
    if found.acknowledged:
        yield _fates(found)
        yield from _recovery_point(found)
        yield from _increments(found)


def _fates(found: Loss) -> str:
    missing = f"{found.missing:,}" if found.missing else "none"
    parts = [
        f"{missing} of {found.acknowledged:,} missing",
        f"{found.lost:,} lost for good" if found.lost else "",
        f"{found.lost_updates:,} overwritten unseen" if found.lost_updates else "",
        f"{found.pending:,} pending" if found.pending else "",
    ]
    return ", ".join(filter(None, parts))


def failback(result: Result) -> Iterator[str]:
    """The failback hazard and its remedies, if updates were lost while a region caught up."""
    for one in result.loss.failback:
        yield _hazard(one, result.loss)
        yield _remedy(one)


def _hazard(one: Failback, found: Loss) -> str:
    worst, spans = one.worst_minute, (duration(one.from_s), duration(one.to_s))
    tables = ", ".join(
        f"{name(table)} {count:,}{_items(found.tables[table])}" for table, count in one.tables.items()
    )
    return (
        f"{plural(one.lost_updates, 'write')} overwritten unseen from {spans[0]} to {spans[1]} "
        f"({worst.lost_updates:,} in the minute from {duration(worst.at_s)}), while {one.region} caught up "
        f"with {one.behind}: {tables}"
    )


def _remedy(one: Failback) -> str:
    return (
        f"remedy: hold {one.region} back until it has caught up, "
        "let one region write, or give each region keys of its own"
    )


def _items(table: TableLoss) -> str:
    """The items that lost most over the whole run."""
    worst = ", ".join(f"{item.item}" for item in table.worst_items[:3])
    return f" (of {plural(table.items, 'item')}, most of {worst})"


def _recovery_point(found: Loss) -> Iterator[str]:
    """The recovery point, and what became of the writes that no other region had."""
    if found.recovery_point_s is not None:
        point = duration(found.recovery_point_s)
        gone = found.at_risk - found.late - found.discarded_at_risk - found.pending_at_risk
        counts = {
            "came late": found.late,
            "discarded": found.discarded_at_risk,
            "pending": found.pending_at_risk,
            "gone": gone,
        }
        fates = [f"{count:,} {fate}" for fate, count in counts.items() if count]
        out = f"recovery point {point}: {plural(found.at_risk, 'write')} out of reach"
        yield ", ".join([out, *fates])


def _increments(found: Loss) -> Iterator[str]:
    if found.lost_increments:
        yield f"{found.lost_increments:,} of {plural(found.increments, 'increment')} lost to concurrent ones"
