"""What once cost many times as much for each request: the same system with and without it, in pairs.

The processor's time counts, which others on the machine change less than the wall clock.
"""

import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import scaled
from benchmarks.measuring import Figure, worker

Fault = dict[str, Any]


def _us(file: Path) -> float:
    """Microseconds of the processor for each request."""
    run = worker("engine", file)
    return run["cpu"] / run["requests"] * 1e6


def _stop(at_s: float, for_s: float) -> Fault:
    return {"at": f"{round(at_s * 1000)} ms", "for": f"{round(for_s * 1000)} ms", "replication": {}}


def _clock(at_s: int, for_s: int, skew: str) -> Fault:
    return {"at": f"{at_s} s", "for": f"{for_s} s", "clock": scaled.FIRST_OF_MANY, "skew": skew}


_STOP = _stop(60, 240)
_WRONG = {
    "a clock 30 s behind during a stop": [_STOP, _clock(120, 120, "-30 s")],
    "… 200 ms behind during it": [_STOP, _clock(120, 120, "-200 ms")],
    "… 200 ms behind before it": [_clock(20, 10, "-200 ms"), _STOP],
}


def _in_turn(files: dict[str, Path], rounds: int) -> Iterator[tuple[str, float, list[float]]]:
    """Each but the first against the first of the same round: its name, cost of a request, and ratios."""
    costs: dict[str, list[float]] = {name: [] for name in files}
    for _ in range(rounds):
        for name, file in files.items():
            costs[name].append(_us(file))
    calm, *others = costs
    for name in others:
        ratios = [one / other for one, other in zip(costs[name], costs[calm], strict=True)]
        yield name, statistics.median(costs[name]), ratios


def _ratios(files: dict[str, Path], most: float, rounds: int) -> Iterator[Figure]:
    for name, us, ratios in _in_turn(files, rounds):
        ratio = statistics.median(ratios)
        measured = f"{ratio:.2f}× ({min(ratios):.2f}–{max(ratios):.2f}): {us:.2f} µs a request"
        yield Figure(name, f"at most {most:g}× of the same without", measured, ratio <= most)


def wrong_clocks(directory: Path, quick: bool) -> Iterator[Figure]:
    """A clock error and a stop of replication, at once or one after the other; few hot items, or a shop's."""
    rounds = 1 if quick else 3
    hot: dict[str, Any] = {"sessions": 8000, "minutes": 6, "items": 10}
    shop = hot | {"items": 2000, "popularity": {"zipf": 0.9}}
    yield from _ratios(_files(directory, "hot", hot, _WRONG), 1.3, rounds)
    behind = {"… 30 s behind during a stop, in a shop": [_STOP, _clock(120, 120, "-30 s")]}
    yield from _ratios(_files(directory, "shop", shop, behind), 1.3, rounds)
    if not quick:
        long = [_stop(60, 1080), _clock(300, 300, "-30 s")]
        many = hot | {"sessions": 16_000, "minutes": 20}
        files = _files(directory, "long", many, {"… 16,000 sessions, 20 min": long}, long[:1])
        yield from _ratios(files, 1.3, 1)


def _files(
    directory: Path, name: str, system: dict[str, Any], rough: dict[str, list[Fault]], calm: Any = (_STOP,)
) -> dict[str, Path]:
    """The calm experiment first, then the others."""
    all_of_them = {"": [*calm], **rough}
    return {
        what: scaled.tables_without_limits(directory, f"{name}-{number}", faults, **system)
        for number, (what, faults) in enumerate(all_of_them.items())
    }


def flapping(directory: Path, quick: bool) -> Iterator[Figure]:
    """Replication that stops and goes on every second, while most of many items have been written."""
    minutes = 10 if quick else 30
    system = {"sessions": 4000, "minutes": minutes + 5, "items": 200_000}
    often = {"period": "2 s", "duty": "50 %"}
    fault = {"at": "3 min", "for": f"{minutes} min", "replication": {}, "flapping": often}
    files = _files(directory, "flapping", system, {"replication that flaps every 2 s": [fault]}, ())
    yield from _ratios(files, 1.5, 1 if quick else 2)


def edges(directory: Path, _quick: bool) -> Iterator[Figure]:
    """A thousand stops of replication, or faults of a service, within an hour, against none."""
    error = {"service": "api", "region": scaled.FIRST_OF_MANY, "mode": "error", "share": "5 %"}
    for what, fault in {"stops of replication": {"replication": {}}, "faults of a service": error}.items():
        none, many = (worker("engine", _in_an_hour(directory, what, fault, count)) for count in (0, 1000))
        ms = (many["cpu"] - none["cpu"]) / (2 * 1000) * 1e3
        yield Figure(f"1,000 {what}", "at most 0.6 ms for each edge", f"{ms:.2f} ms", ms <= 0.6)


def _in_an_hour(directory: Path, name: str, fault: Fault, count: int) -> Path:
    each_s = 3400 / max(count, 1)
    when = [{"at": f"{60 + each_s * n:.3f} s", "for": f"{each_s / 2:.3f} s"} for n in range(count)]
    faults = [one | fault for one in when]
    return scaled.tables_without_limits(directory, f"{name}-{count}", faults, sessions=1000, minutes=60)


def sizes(directory: Path, quick: bool) -> Iterator[Figure]:
    """Regions, and tables that each request asks: what one more of them adds to a request."""
    for what, counts, most in (("regions", (2, 20), 0.2), ("tables", (1, 14), 2.0)):
        few, many = (
            scaled.tables_without_limits(
                directory, f"{what}-{count}", [], sessions=2000, minutes=3 if quick else 12, reads=4,
                **{what: count},
            )
            for count in counts
        )  # fmt: skip
        first, last = _us(few), _us(many)
        each = (last - first) / (counts[1] - counts[0])
        measured = f"{each:.2f} µs ({counts[0]}: {first:.2f} µs, {counts[1]}: {last:.2f} µs a request)"
        yield Figure(f"one more of {what}", f"at most {most:g} µs a request", measured, each <= most)


def popular_items(directory: Path, _quick: bool) -> Iterator[Figure]:
    """Ten million items with a popularity, lowered."""
    popularity: dict[str, Any] = {"popularity": {"zipf": 0.9}, "sessions": 2, "minutes": 1}
    few, many = (
        worker("lowering", scaled.tables_without_limits(directory, f"items-{n}", [], items=n, **popularity))
        for n in (10, 10_000_000)
    )
    seconds, size = many["seconds"] - few["seconds"], (many["memory"] - few["memory"]) / 2**20
    what = "ten million items with a popularity, lowered"
    yield Figure(what, "at most 1 s", f"{seconds:.2f} s, {size:.0f} MiB", seconds <= 1)


BENCHMARKS: dict[str, Callable[[Path, bool], Iterator[Figure]]] = {
    "clocks": wrong_clocks,
    "flapping": flapping,
    "edges": edges,
    "sizes": sizes,
    "items": popular_items,
}
