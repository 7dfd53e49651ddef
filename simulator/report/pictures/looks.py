"""Colours and dashes, legends, and marks that every picture uses alike."""

from collections.abc import Iterator
from typing import Any

from matplotlib.axes import Axes

from simulator.records import dataclass
from simulator.report.pictures.stack import Stack
from simulator.report.words import plural, region_name
from simulator.result.series import Counts, Windows

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#F0E442", "#000000")
FAULT = "#D55E00"
GREY = "#555555"
ALARM = "#7B3294"
_DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (2, 1.5)), (0, (7, 2, 1.5, 2)))
_REGIONS_MOST = len(COLOURS)
_BREAK = [(-1.0, -0.5), (1.0, 0.5)]  # a short slanted stroke


def colour(number: int) -> str:
    """The colour of a line by its number in the picture."""
    return COLOURS[number % len(COLOURS)]


def dash(number: int) -> Any:
    """The dashes of a line by its number in the picture."""
    return _DASHES[number % len(_DASHES)]


def legend_above(axes: Axes, *, columns: int = 3, **options: Any) -> None:
    """A legend above the panel, where no data is."""
    legend = axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.01, 1.0),
        frameon=False,
        ncols=columns,
        fontsize=9,
        borderaxespad=0.1,
        columnspacing=1.5,
        handlelength=2.2,
        **options,
    )
    if isinstance(axes.figure, Stack):
        axes.figure.legend_rows[axes] = -(-len(legend.get_texts()) // columns)


def mark_cut_axis(axes: Axes) -> None:
    """Two strokes through the foot of the vertical axis: it does not begin at 0."""
    axes.plot(
        [0, 0],
        [-0.012, 0.012],
        transform=axes.transAxes,
        marker=_BREAK,
        markersize=8,
        linestyle="none",
        color="black",
        clip_on=False,
    )


@dataclass(frozen=True)
class RegionLine:
    """A region, or several together, as every picture draws it."""

    label: str
    colour: str
    columns: tuple[int, ...]
    """Its columns of the windows' second axis."""

    def of(self, table: Counts) -> Counts:
        """[W] what a table [W, R] of the windows has of it."""
        counts: Counts = table[:, list(self.columns)].sum(axis=1)
        return counts


def region_lines(windows: Windows) -> Iterator[RegionLine]:
    """The regions to which any attempt was sent; of many, those with the most, and the rest as one."""
    sent = windows.begun.sum(axis=0) + windows.served.sum(axis=0)
    used = [region for region in range(len(windows.regions)) if sent[region]]
    kept = used
    if len(used) > _REGIONS_MOST:
        busiest = sorted(used, key=lambda region: -int(sent[region]))[: _REGIONS_MOST - 1]
        kept = [region for region in used if region in busiest]
    for number, region in enumerate(kept):
        yield RegionLine(region_name(windows.regions[region]), colour(number), (region,))
    rest = tuple(region for region in used if region not in kept)
    if rest:
        yield RegionLine(plural(len(rest), "more region"), colour(len(kept)), rest)
