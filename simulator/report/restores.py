"""Sentences about restores: to when, how long it took, what is missing because of it."""

from collections.abc import Iterator

from rich.console import RenderableType

from simulator.report.tables import Rows
from simulator.report.words import duration, name, plural
from simulator.result.restores import Restore
from simulator.result.whole import Result

STEP_WORDS = {
    "wait": "waits",
    "delete": "delete the old table",
    "restore": "restore",
    "create": "create an empty strong table",
    "copy": "copy the items into it",
    "settings": "make settings anew",
    "replica": "make a replica",
    "merge": "merge",
    "swap": "swap",
}


def gist(result: Result) -> Iterator[str]:
    """The first layer's: the worst restore first."""
    found = sorted(result.restores, key=lambda one: (one.restore_time_s is not None, -one.lost))
    for one in found:
        yield from _sentences(one)


def _sentences(one: Restore) -> Iterator[str]:
    what = f"{name(one.table)} set back to {duration(one.point_s)}"
    if one.swapped_s is None and one.strong and one.refused:
        quotas = f"the quota for a table is too small in {' and '.join(one.refused)}"
        yield f"{name(one.table)} not restored: {quotas}, and a strong table has all its members or is none"
        return
    if one.swapped_s is None:
        last = one.steps[-1] if one.steps else None
        doing = f": the run ends while it has to {STEP_WORDS[last.step]}" if last is not None else ""
        doing = ": the run ends while it waits" if last is not None and last.step == "wait" else doing
        yield f"{name(one.table)} not restored{doing}"
        return
    assert one.restore_time_s is not None
    since = "its damage began" if one.damage_s is not None else "it was asked for"
    yield f"{what}, {duration(one.restore_time_s)} after {since}; {_lost(one)}"
    if one.unprotected_s:
        yield f"without point-in-time recovery for {duration(one.unprotected_s)}"
    if one.refused:
        yield f"no replica in {' or '.join(one.refused)}, whose quota for a table is too small"


def _lost(one: Restore) -> str:
    """What is missing because of it."""
    if not one.lost and one.recovery_point_s:
        return f"what was written after that is gone, the oldest {duration(one.recovery_point_s)} old"
    if not one.lost:
        return "no write is missing for it"
    assert one.recovery_point_s is not None
    why = "of items too damaged to merge" if one.lost_in_merge else "made after that"
    return f"{plural(one.lost, 'write')} {why} missing, the oldest {duration(one.recovery_point_s)} old"


def table(result: Result) -> RenderableType | None:
    """The steps of each restore."""
    if not result.restores:
        return None
    rows = Rows("restore", "from", "took", text="step")
    for one in result.restores:
        for step in one.steps:
            took = duration(step.end_s - step.start_s)
            told = STEP_WORDS[step.step] + ("" if step.done else " (not done)")
            at = f" in {step.region}" if step.step == "replica" else ""
            rows.add(name(one.table), duration(step.start_s), took, text=told + at)
    return rows
