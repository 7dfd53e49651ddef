"""The table of docs/validation.md: `python -m tests.validation.table` reruns and rewrites it."""

from collections.abc import Iterator
from pathlib import Path

from tests.validation import (
    amplification,
    availability,
    dns,
    keys,
    metastable,
    queueing,
    route53,
    tokens,
    writes,
)
from tests.validation.figure import Figure

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
BEGIN, END = "<!-- begin table -->\n", "<!-- end table -->\n"

_HEAD = "| What | Expected | Ours | Tolerance | Source |\n|---|---:|---:|---:|---|\n"


def names() -> Iterator[Figure]:
    """Names and their caches."""
    yield from (dns.hit_ratio(rate, ttl_s) for rate in (1, 6) for ttl_s in (60, 300, 3600))
    yield dns.cut_over(500, 0.01)
    yield dns.extended(100_000, 70)
    yield dns.extended(20_000, 3600)
    yield from dns.negative_tail(200_000, 0.01)
    yield dns.lost_queries(1_000_000)


def tables() -> Iterator[Figure]:
    """Global tables."""
    for a, b, median in writes.WRITERS:
        yield from writes.overwriting(a, b, median, 1_000_000)
    stops = writes.hard_stops(500)
    yield writes.mean_loss(stops)
    yield writes.identity(stops)
    yield writes.synchronous(100)
    yield from (writes.drain(*case) for case in writes.DRAINS)


def sessions() -> Iterator[Figure]:
    """Tokens and keys."""
    yield from (tokens.renewals(*case, 100_000) for case in tokens.CASES)
    yield from keys.figures()


def load() -> Iterator[Figure]:
    """Queues, retries, and what multiplies load."""
    yield from queueing.figures(4_000_000)
    yield from metastable.figures(20)
    yield from amplification.figures()


def figures() -> list[Figure]:
    """Every figure at full size, with seed 1 where there is one seed."""
    return [*names(), *route53.figures(10_000), *tables(), *sessions(), *load(), *availability.figures()]


def render(rows: list[Figure]) -> str:
    """The table as Markdown."""
    return _HEAD + "".join(_line(row) for row in rows)


def _line(row: Figure) -> str:
    numbers = row.shown(row.expected), row.shown(row.ours), f"±{row.shown(row.tolerance)}"
    return f"| {row.what} | {' | '.join(numbers)} | {row.source} |\n"


def in_page(page: str) -> str:
    """The table that a page holds."""
    return page.split(BEGIN)[1].split(END)[0]


def with_table(page: str, table: str) -> str:
    """The page with another table."""
    before, rest = page.split(BEGIN)
    return before + BEGIN + table + END + rest.split(END)[1]


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), render(figures())), encoding="utf-8")
