"""A sweep on the terminal: a row for each point, or a field of two axes."""

from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from simulator.report.costs import usd
from simulator.report.tables import Rows
from simulator.report.words import name, plural, seeds_words, title
from simulator.result.sweep import Point, Sweep, Varied

_FIGURES_MOST = 4
_COLUMNS_MOST = 8


def print_sweep(found: Sweep, console: Console, *, verbose: bool = False) -> None:
    """Print the figures that were asked for, or count, at each point; with `verbose`, with intervals."""
    for part in parts(found, verbose=verbose):
        console.print(part)


def parts(found: Sweep, *, verbose: bool = False) -> Iterator[RenderableType]:
    """All that is said of a sweep."""
    yield Text(
        f"{plural(len(found.points), 'point')} on the same users ({seeds_words(found.seeds)}); medians",
        style="bold",
    )
    paths = ", ".join(name(axis.path, 60) for axis in found.axes)
    yield Padding(Text(f"{title(found.said)}, by {paths}"), (0, 0, 1, 2))
    if len(found.axes) == 2 and not verbose and len(found.axes[1].values) <= _COLUMNS_MOST:
        for figure in found.figures[:1]:
            said = [point.figures[figure.key].said for point in found.points]
            yield from _field(found, figure.key.replace("_", " "), said)
        costs = [usd(point.cost.usd_month) for point in found.points if point.cost is not None]
        if costs:
            yield from _field(found, "a month", costs)
        yield Text("Other figures are in the files of --out, and with -v.", style="dim")
        return
    yield Padding(_rows(found, verbose), (0, 0, 0, 2))


def _rows(found: Sweep, verbose: bool) -> Rows:
    figures = found.figures if verbose else _differing(found)[:_FIGURES_MOST]
    heads = [*(figure.key.replace("_", " ") for figure in figures), *(["met"] if _is_judged(found) else [])]
    table = Rows("", *heads, *(["a month"] if found.points[0].cost else []))
    for point in found.points:
        cells = [_cell(point, figure, verbose) for figure in figures]
        met = [f"{point.verdicts.get('met', 0)} of {len(found.seeds)}"] if _is_judged(found) else []
        cost = [] if point.cost is None else [usd(point.cost.usd_month)]
        table.add(name(", ".join(point.values)), *cells, *met, *cost)
    return table


def _differing(found: Sweep) -> list[Varied]:
    """The figures that are not the same at all points first."""
    said = {one.key: {point.figures[one.key].said for point in found.points} for one in found.figures}
    return sorted(found.figures, key=lambda one: len(said[one.key]) == 1)


def _cell(point: Point, figure: Varied, verbose: bool) -> str:
    span = point.figures[figure.key]
    return (span.range_said or span.said) if verbose else span.said


def _is_judged(found: Sweep) -> bool:
    return any({*point.verdicts} - {"no_expectations"} for point in found.points)


def _field(found: Sweep, what: str, said: Sequence[str]) -> Iterator[RenderableType]:
    """What is said of each point, in the order of the points."""
    down, across = found.axes
    yield Text(f"{what}, by {name(down.path)} and, to the right, {name(across.path)}")
    table = Rows("", *(name(value, 16) for value in across.values))
    width = len(across.values)
    for row, value in enumerate(down.values):
        table.add(name(value), *said[row * width : (row + 1) * width])
    yield Padding(table, (0, 0, 1, 2))
