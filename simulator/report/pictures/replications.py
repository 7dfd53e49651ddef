"""The picture of many runs: of each figure the share of runs in which it is no more than so much."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulator.boundary.measure_terms import Unit
from simulator.records import dataclass
from simulator.report.pictures.lettering import as_text
from simulator.report.pictures.looks import COLOURS, FAULT, GREY
from simulator.report.pictures.scales import scale_of
from simulator.report.verdict import asked_words
from simulator.report.words import VERDICT_WORDS, plural, title
from simulator.result.replications import MAIN, Estimate, Replications, Spread
from simulator.result.whole import Bounds

_PANEL_INCHES, _REST_INCHES = 2.1, 0.9
_PANELS_MOST = 6


@dataclass(frozen=True)
class _Panel:
    """A figure with what each run measured of it, and what is expected."""

    heading: str
    spread: Spread
    values: tuple[float | None, ...]
    bounds: Bounds | None = None


@as_text
def replications(found: Replications) -> Figure:
    """A panel for each figure that is expected, then for the main ones: at most six."""
    panels = [*_panels(found)][:_PANELS_MOST]
    height = _PANEL_INCHES * max(len(panels), 1) + _REST_INCHES
    figure = Figure(figsize=(9, height), layout="constrained")
    figure.suptitle(title(found.recipe.experiment), fontsize=13, fontweight="bold")
    rows = figure.subplots(max(len(panels), 1), 1, squeeze=False)[:, 0]
    for axes, panel in zip(rows, panels, strict=False):
        _draw(axes, panel)
    if not panels:
        rows[0].set_axis_off()
    rows[0].set_title(f"{VERDICT_WORDS[found.verdict]}: {plural(found.played, 'run')}", fontsize=11)
    _explain(figure, [*rows])
    return figure


def _explain(figure: Figure, rows: Sequence[Axes]) -> None:
    """One legend below all panels, of what any of them shows."""
    handles = dict[str, Artist]()
    for axes in rows:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    figure.legend(
        [*handles.values()], [*handles], loc="outside lower left", ncols=4, frameon=False, fontsize=9
    )


def _panels(found: Replications) -> Iterator[_Panel]:
    told = set[str]()
    for number, one in enumerate(found.expectations):
        values = tuple(run.measured[number] for run in found.runs)
        if one.figure.median is not None:
            told.add(one.figure.key)
            yield _Panel(asked_words(one.expectation, one.figure.measure), one.figure, values, one.bounds)
    for key in MAIN:
        spread = found.figure(key)
        if spread is not None and key not in told:
            yield _Panel(key.replace("_", " "), spread, tuple(run.figures.get(key) for run in found.runs))


def _draw(axes: Axes, panel: _Panel) -> None:
    """Steps from 0 to as many runs as have a value; the rest never come to one."""
    known = sorted(one for one in panel.values if one is not None)
    count = max(panel.spread.runs, 1)
    by, unit = _scaled(panel.spread.unit, max(known, default=0.0))
    at = [by(one) for one in known]
    steps = 100 * np.arange(1, len(known) + 1) / count
    axes.step([*at[:1], *at], [0.0, *steps] if at else [], where="post", color=COLOURS[0], label="runs")
    for bound in () if panel.bounds is None else (panel.bounds.at_least, panel.bounds.at_most):
        if bound is not None:
            axes.axvline(by(bound), color=FAULT, linestyle="--", linewidth=1.2, label="bound")
    if panel.bounds is not None and panel.bounds.in_ is not None:
        axes.axhline(100 * panel.bounds.in_, color=GREY, linestyle=":", linewidth=1)
    axes.set_xlim(axes.get_xlim())  # what is shaded without an end reaches that of the axis
    _shade(axes, panel.spread.median, by, COLOURS[0], "median")
    _shade(axes, panel.spread.tail, by, COLOURS[1], "95 % of runs are not worse")
    axes.set_ylim(-3, 103)
    axes.set_ylabel("runs (%)")
    axes.set_xlabel(f"{panel.heading} ({unit})" if unit else panel.heading)
    axes.spines[["top", "right"]].set_visible(False)


def _scaled(unit: Unit, most: float) -> tuple[Any, str]:
    """What turns a value into what the axis shows, and in which unit."""
    if unit == "s":
        scale = scale_of(most)
        return lambda value: float(scale.of(value)), scale.unit
    return (lambda value: 100 * value, "%") if unit == "share" else (float, "")


def _shade(axes: Axes, one: Estimate | None, by: Any, colour: str, label: str) -> None:
    """The interval of a quantile; an end that is not bounded is that of the axis."""
    if one is None or one.value is None:
        return
    ends = zip((one.low, one.high), axes.get_xlim(), strict=True)
    low, high = (edge if end is None else by(end) for end, edge in ends)
    axes.axvspan(low, high, color=colour, alpha=0.2, linewidth=0, label=f"{label}, interval")
    axes.axvline(by(one.value), color=colour, linewidth=1)
