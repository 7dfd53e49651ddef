"""Sentences about what happened to the writes. What was lost to users leads."""

from collections.abc import Iterator, Mapping, Sequence

from simulator.boundary.events import REPLICA_FORKED
from simulator.boundary.events_of_data import REPLICA_ADDED
from simulator.report.words import duration, name, plural
from simulator.result.loss import Failback, GoneWrite, Loss, TableLoss
from simulator.result.whole import Event, Result

_NEARLY_ALL = 0.9
_ITEMS_MOST = 3
_SAMPLED = 3
_MOSTLY = 0.5  # of the lost updates: where fewer are lost while a region catches up, it is not what to mend

_ONE_WRITER = "let one region write, or give each its own keys"


def gist(result: Result) -> Iterator[str]:
    """The first layer's: what users lost, how many there were, what was out of reach."""
    found = result.loss
    if found.written:
        by_promotions = sum(one.unshipped + one.past_promotion for one in result.databases.by_name.values())
        yield "; ".join([_fates(found, by_promotions), *_side_by_side(found)])
        yield from _recovery_point(found)
        yield from _forks(result)
        yield from _sample(found)
        yield from _conflicts(found)
        yield from _increments(found)
    yield from _conditions(found)


def _fates(found: Loss, by_promotions: int) -> str:
    """How many are missing and why, and how many were still on their way."""
    whole = f"of {found.written:,} missing"
    set_back, forked = found.lost_after_point + found.lost_in_merge, found.lost_by_fork + found.fork_writes
    reasons = {
        "lost for good": found.lost - set_back - by_promotions - found.lost_with_table - forked,
        "left behind in a forked replica": forked,
        "deleted with their table": found.lost_with_table,
        "set back by a restore": set_back,
        "lost by a promotion": by_promotions,
        "overwritten unseen": found.lost_updates,
    }
    why = [
        (f"{count:,} {reason}" if count < found.missing else reason)
        for reason, count in reasons.items()
        if count
    ]
    missing = f"{found.missing:,} {whole} ({', '.join(why)})" if found.missing else f"none {whole}"
    more = {"pending": found.pending, f"of the {found.written:,} from before zero": found.under_way}
    return ", ".join([missing, *(f"{count:,} {what}" for what, count in more.items() if count)])


def failback(result: Result) -> Iterator[str]:
    """The failback hazard and its remedies, if updates were lost while a region caught up; then others."""
    hazards = result.loss.failback
    if not _is_failback(result.loss):
        return
    for number, one in enumerate(hazards):
        yield _hazard(one, {} if number else result.loss.tables)
        if not number:
            yield _remedy(hazards)


def _is_failback(found: Loss) -> bool:
    """Whether most updates were lost while a region caught up."""
    lost = sum(one.lost_updates for one in found.failback)
    return lost > 0 and lost >= _MOSTLY * found.lost_updates


def _side_by_side(found: Loss) -> Iterator[str]:
    """When updates were lost, if some were while a region caught up, and most by writing on both sides."""
    if found.failback and not _is_failback(found):
        caught_up = sum(one.lost_updates for one in found.failback)
        regions = " and ".join(sorted({one.region for one in found.failback}))
        yield (
            f"{caught_up:,} of these while {regions} caught up, the others while several regions wrote: "
            f"{_ONE_WRITER}"
        )


def _hazard(one: Failback, tables: Mapping[str, TableLoss]) -> str:
    span = f"{duration(one.from_s)} to {duration(one.to_s)}"
    return (
        f"{plural(one.lost_updates, 'write')} overwritten unseen, {span}"
        f"{_worst_minute(one)}, while {one.region} caught up with {one.behind}: {_tables(one, tables)}"
    )


def _worst_minute(one: Failback) -> str:
    """The minute that took most, if it tells more than the span."""
    worst = one.worst_minute
    if worst.lost_updates >= _NEARLY_ALL * one.lost_updates:
        return ""
    return f" ({worst.lost_updates:,} in the minute from {duration(worst.at_s)})"


def _tables(one: Failback, tables: Mapping[str, TableLoss]) -> str:
    """Where, and of some tables which items: those that lost most in the whole run."""
    said = []
    for table, count in one.tables.items():
        many = f" {count:,}" if len(one.tables) > 1 else ""
        worst = tables[table].worst_items[:_ITEMS_MOST] if table in tables else ()
        items = (
            f" (most in the whole run: items {', '.join(f'{item.item}' for item in worst)})" if worst else ""
        )
        said.append(f"{name(table)}{many}{items}")
    return ", ".join(said)


def _remedy(hazards: Sequence[Failback]) -> str:
    regions = " or ".join(dict.fromkeys(one.region for one in hazards))
    return f"remedy: hold {regions} back until it has caught up, {_ONE_WRITER}"


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


def _forks(result: Result) -> Iterator[str]:
    """Replicas that are tables of their own by now, and who goes on using them."""
    for event in result.events:
        if event.kind == REPLICA_FORKED.name:
            yield f"{event.target} was shut out for too long and {_since_fork(event, result)}"
        elif event.kind == REPLICA_ADDED.name and not _was_forked(event, result):
            yield f"{event.target}: a replica {_from_then_on(event)}"
    found = result.loss
    if found.fork_writes or found.fork_reads:
        yield (
            f"{plural(found.fork_writes, 'write')} and {plural(found.fork_reads, 'read')} there after that, "
            "which the table knows nothing of"
        )


def _since_fork(fork: Event, result: Result) -> str:
    """Whether a replica was made anew where one has been forked."""
    same = (one for one in result.events if one.target == fork.target and one.at_s >= fork.at_s)
    added = next((one for one in same if one.kind == REPLICA_ADDED.name), None)
    if added is None:
        return "is a table of its own, for good"
    return f"became a table of its own, until there was a replica again {_from_then_on(added)}"


def _was_forked(added: Event, result: Result) -> bool:
    before = (one for one in result.events if one.target == added.target and one.at_s < added.at_s)
    return any(one.kind == REPLICA_FORKED.name for one in before)


def _from_then_on(added: Event) -> str:
    return f"from {duration(added.at_s)} on, copied from {added.detail['source']}"


def _sample(found: Loss) -> Iterator[str]:
    """The first writes that are gone, of the table that misses most."""
    missing = max(found.tables, key=lambda table: found.tables[table].missing, default="")
    if missing and (sample := found.tables[missing].sample):
        told = "; ".join(map(_gone, sample[:_SAMPLED]))
        yield f"the first gone of {name(missing)}: {told}"


def _gone(one: GoneWrite) -> str:
    """A write, and what became of it."""
    what, at_s = f"item {one.item}" if one.item >= 0 else "an object", one.at_s
    when = duration(at_s) if at_s >= 0 else f"{duration(-at_s)} before the run"
    written = f"{what} of {when} in {one.origin}"
    if one.by_region is None or one.by_at_s is None:
        return f"{written}, {one.cause}"
    return f"{written}, {one.cause} by one of {duration(one.by_at_s)} in {one.by_region}"


def _conflicts(found: Loss) -> Iterator[str]:
    """What strong tables refused: the price of losing nothing."""
    if found.write_conflicts:
        refused = plural(found.write_conflicts, "try refused", "tries refused")
        yield f"{refused}, as another region wrote the item meanwhile"


def _conditions(found: Loss) -> Iterator[str]:
    """What conditions refused, and the promises that were not true in other regions; with the remedy."""
    if found.refused_conditions:
        own = f", {found.refused_by_own:,} by their own action's write: make it idempotent"
        refused = plural(found.refused_conditions, "condition refused", "conditions refused")
        yield refused + (own if found.refused_by_own else "")
    if found.broken_conditions:
        where = ", ".join(store for store, one in found.tables.items() if one.broken_conditions)
        yield (
            f"{plural(found.broken_conditions, 'broken promise')} of {found.held_conditions:,} conditions "
            f"({where}), which see their own region only: let one region write an item, or make the table "
            "strong"
        )


def _increments(found: Loss) -> Iterator[str]:
    if found.lost_increments:
        yield f"{found.lost_increments:,} of {plural(found.increments, 'increment')} lost to concurrent ones"
