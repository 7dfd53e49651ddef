"""Sentences about what happened to the writes. What was lost to users leads."""

from collections.abc import Iterator

from simulator.report.words import duration, plural
from simulator.result.loss import Loss
from simulator.result.whole import Result


def gist(result: Result) -> Iterator[str]:
    """The first layer's: what users lost, how many there were, what was out of reach."""
    found = result.loss
    if found.acknowledged:
        yield _fates(found)
        yield from _recovery_point(found)
        yield from _increments(found)


def _fates(found: Loss) -> str:
    parts = [
        f"{f'{found.lost:,}' if found.lost else 'none'} of {found.acknowledged:,} lost for good",
        f"{found.suppressed:,} overwritten unseen" if found.suppressed else "",
        f"{found.pending:,} pending" if found.pending else "",
    ]
    return ", ".join(filter(None, parts))


def _recovery_point(found: Loss) -> Iterator[str]:
    """The recovery point, and what became of the writes that no other region had."""
    if found.recovery_point_s is not None:
        point = duration(found.recovery_point_s)
        gone = found.at_risk - found.late - found.suppressed_at_risk - found.pending_at_risk
        counts = {
            "came late": found.late,
            "overwritten": found.suppressed_at_risk,
            "pending": found.pending_at_risk,
            "gone": gone,
        }
        fates = [f"{count:,} {fate}" for fate, count in counts.items() if count]
        out = f"recovery point {point}: {plural(found.at_risk, 'write')} out of reach"
        yield ", ".join([out, *fates])


def _increments(found: Loss) -> Iterator[str]:
    if found.lost_increments:
        yield f"{found.lost_increments:,} of {plural(found.increments, 'increment')} lost to concurrent ones"
