"""What a request costs where there is more of something that it does not ask for: sessions, items."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks import scaled
from benchmarks.measuring import Figure, worker

SESSIONS, ITEMS = "time per request over sessions", "time per request over items"
_MINUTES = {1_000: 10.0, 100_000: 0.5, 1_000_000: 1 / 6}
"""By sessions, each of which asks every five seconds: 0.1, 0.6 and 2 million requests."""


def sessions(directory: Path, quick: bool) -> Iterator[Figure]:
    """A thousand, a hundred thousand and a million people at once: the more, the more often memory is far."""
    counts = [*_MINUTES][: 2 if quick else 3]
    files = {
        count: scaled.tables_without_limits(
            directory, f"sessions-{count}", [], sessions=count, minutes=_MINUTES[count], reads=4
        )
        for count in counts
    }
    yield _over(SESSIONS, "at most 3×", 3, files)


def items(directory: Path, quick: bool) -> Iterator[Figure]:
    """Tables of a thousand to ten million items, asked for evenly; making room for them is in it."""
    files = {
        count: scaled.tables_without_limits(
            directory, f"items-{count}", [], sessions=8000, minutes=3 if quick else 15, items=count, reads=4
        )
        for count in (1_000, 100_000, 10_000_000)
    }
    yield _over(ITEMS, "at most 2×", 2, files)


def _over(what: str, budget: str, most: float, files: Mapping[int, Path]) -> Figure:
    """The largest cost of a request against that of the first."""
    runs = {count: worker("engine", file) for count, file in files.items()}
    us = {count: run["cpu"] / run["requests"] * 1e6 for count, run in runs.items()}
    ratio = max(us.values()) / next(iter(us.values()))
    told = ", ".join(
        f"{count:,}: {us[count]:.2f} µs, {run['memory'] / 2**20:,.0f} MiB" for count, run in runs.items()
    )
    values: dict[str, float | str] = {f"us_{count}": round(one, 4) for count, one in us.items()}
    return Figure(what, budget, f"{ratio:.2f}× ({told})", ratio <= most, values | {"ratio": round(ratio, 3)})


BENCHMARKS: dict[str, Callable[[Path, bool], Iterator[Figure]]] = {"sessions": sessions, "items": items}
