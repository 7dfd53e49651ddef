"""Damaged data: how many writes became wrong, who read them, and where, in sentences and in a table."""

from collections.abc import Iterator

from rich.console import RenderableType

from simulator import catalog
from simulator.report.tables import Rows
from simulator.report.words import duration, name, plural
from simulator.result.damage import RegionDamage, StoreDamage
from simulator.result.whole import Result, Sections


def gist(result: Result) -> Iterator[str]:
    """Since when how many writes were wrong, who was answered wrongly and how soon, and what was spared."""
    for store, found in result.damage.stores.items():
        if found.since_s is not None and any(one.is_damaged for one in found.regions.values()):
            yield _since(store, found)
    if result.damage.wrong_answers:
        yield f"{plural(result.damage.wrong_answers, 'user action')} ended with a wrong answer"


def _since(store: str, found: StoreDamage) -> str:
    parts = [f"{name(store)} since {duration(found.since_s or 0.0)}: {_writes(found)}", _reads(found)]
    spared = [_place(region) for region, one in found.regions.items() if not one.is_damaged]
    if (found.damaged_writes or found.struck_items) and len(found.regions) > 1:
        parts.append(f"{' and '.join(spared)} was without" if len(spared) == 1 else _spared(spared))
    return ", ".join(filter(None, parts))


def _spared(places: list[str]) -> str:
    return f"{', '.join(places)} were without" if places else "no replica was without"


def _writes(found: StoreDamage) -> str:
    """How many items and writes are wrong, and how many of these because they were built on such."""
    became = {"item": found.struck_items, "write": found.corrupted_writes}
    said = [plural(count, what) for what, count in became.items() if count]
    built = found.damaged_writes - found.corrupted_writes
    on_them = f", {plural(built, 'write')} built on that" if built else ""
    return f"{' and '.join(said)} became wrong{on_them}" if said else "no write became wrong"


def _reads(found: StoreDamage) -> str:
    """How many reads returned it in how many regions, and where first."""
    if not found.damaged_reads:
        return "nobody read any"
    where = {region: one for region, one in found.regions.items() if one.first_read_s is not None}
    first, begun = min(where.items(), key=lambda item: item[1].first_read_s or 0.0)
    after = duration(max((begun.first_read_s or 0.0) - (found.since_s or 0.0), 0.0))
    return (
        f"{plural(found.damaged_reads, 'wrong answer')} in {plural(len(where), 'region')}, "
        f"the first in {_place(first)} after {after}"
    )


def _place(region: str) -> str:
    """A region by its city."""
    known = catalog.regions()
    return known[region].city if region in known else region


def table(result: Result) -> RenderableType | None:
    """Of each damaged store, by region; None if nothing was damaged."""
    rows = Rows("wrong", "items", "writes", "copies", "reads", "first read", "last read")
    for store, found in result.damage.stores.items():
        if any(one.is_damaged for one in found.regions.values()):
            rows.add(name(store))
            for region, one in found.regions.items():
                rows.add(f"  {region}", *_figures(one))
    return rows if rows else None


def _figures(one: RegionDamage) -> tuple[str, ...]:
    counts = (one.struck_items, one.damaged_writes, one.damaged_copies, one.damaged_reads)
    times = (one.first_read_s, one.last_read_s)
    said = ("–" if time is None else duration(time) for time in times)
    return (*(f"{count:,}" for count in counts), *said)


def absent_line(result: Sections) -> Iterator[str]:
    """How many reads found no item, and how many one that had expired; nothing if none did."""
    stores = result.damage.stores.values()
    absent, expired = (sum(getattr(one, f"{what}_reads") for one in stores) for what in ("absent", "expired"))
    if absent or expired:
        yield f"{absent:,} reads of items that were not there, {expired:,} of items that had expired"
