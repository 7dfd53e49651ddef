"""Which limits were reached: the first layer's sentences, those that turned most away first."""

from collections.abc import Iterator, Sequence

from simulator.report.request_path import turned_away
from simulator.report.words import name, plural, share
from simulator.result.capacity import Site, TableCapacity
from simulator.result.whole import Result

_FULL = 0.9


def gist(result: Result) -> Iterator[str]:
    """A sentence for each place that turned requests away or was full."""
    found = result.capacity
    reached = [*(_site(site, found.tables) for site in found.sites), *map(_table, found.tables)]
    for _, said in sorted(filter(None, reached), key=lambda one: -one[0]):
        yield said
    for site in found.sites:
        if site.utilization is not None and site.utilization >= _FULL and not turned_away(site):
            yield f"{_place(site)} was {share(site.utilization)} busy"
    waits = found.queue_wait
    if waits.waited > waits.count / 100:
        yield f"{share(waits.waited / waits.count)} of requests at nodes waited for a worker"


def _site(site: Site, tables: Sequence[TableCapacity]) -> tuple[int, str] | None:
    """What a service turned away; where its queue was full, which table kept its workers waiting."""
    counts = turned_away(site)
    if not counts:
        return None
    said = ", ".join(f"{count:,} ({word})" for word, count in counts.items())
    slow = [
        name(one.table)
        for one in tables
        if one.region == site.region and one.throttled_reads + one.throttled_writes
    ]
    behind = f" while the limits of {', '.join(slow)} kept calls waiting" if slow and site.overloaded else ""
    return sum(counts.values()), f"{_place(site)} turned away {said}{behind}"


def _table(table: TableCapacity) -> tuple[int, str] | None:
    counts = {"write": table.throttled_writes, "read": table.throttled_reads}
    throttled = [plural(count, noun) for noun, count in counts.items() if count]
    if not throttled:
        return None
    place = f"table {name(table.table)} in {table.region}"
    return sum(counts.values()), f"{place} throttled {' and '.join(throttled)}"


def _place(site: Site) -> str:
    return f"{name(site.service)} in {site.region}"
