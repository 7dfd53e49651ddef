"""The picture of a comparison: how each design fared over time, and what the figures that count are."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from simulator.report.pictures.lettering import as_text
from simulator.report.pictures.looks import FAULT, GREY, colour, dash, legend_above
from simulator.report.pictures.scales import Scale, scale_of, set_ticks, unit_of
from simulator.report.words import share, title
from simulator.result.comparison import Comparison, Course, Row, Span

_FIGURES_MOST = 6
_COLUMNS = 3
_TIMES_INCHES, _FIGURE_INCHES, _REST_INCHES = 3.0, 0.75, 1.2
_ROW_INCHES = 0.28


@as_text
def picture(found: Comparison) -> Figure:
    """Success over time with every design, and below it each figure that differs, with its intervals."""
    rows = [row for row in found.counting if any(one.change != "same" for one in row.differences)]
    rows = [row for row in rows if any(span.value is not None for span in row.values)][:_FIGURES_MOST]
    lines = -(-len(rows) // _COLUMNS)
    below = _FIGURE_INCHES + _ROW_INCHES * len(found.designs)
    figure = Figure(figsize=(9, _TIMES_INCHES + lines * below + _REST_INCHES), layout="constrained")
    figure.suptitle(title(found.designs[0].experiment), fontsize=13, fontweight="bold")
    grid = figure.add_gridspec(1 + lines, _COLUMNS, height_ratios=[_TIMES_INCHES, *[below] * lines])
    _draw_courses(figure.add_subplot(grid[0, :]), found)
    for number, row in enumerate(rows):
        _draw_row(figure.add_subplot(grid[1 + number // _COLUMNS, number % _COLUMNS]), row, found)
    return figure


def _draw_courses(axes: Axes, found: Comparison) -> None:
    first = found.courses[0]
    longest_s = max(course.duration_s for course in found.courses)
    scale = scale_of(longest_s)
    for start_s, end_s in dict.fromkeys(span for one in found.courses for span in one.fault_spans_s):
        axes.axvspan(scale.of(start_s), scale.of(end_s), color=FAULT, alpha=0.1, linewidth=0)
    axes.axhline(100 * first.objective, color=GREY, linestyle=":", linewidth=1)
    for number, (design, course) in enumerate(zip(found.designs, found.courses, strict=True)):
        label = title(f"{design.name}  {design.said}")
        label = label if len(label) <= 90 else f"{label[:89]}…"
        _draw_course(axes, course, scale, number, label)
    _set_limits(axes, found.courses)
    axes.set_ylabel("actions that succeed in time (%)")
    axes.set_xlabel(f"simulated time ({scale.unit}), seed {found.seeds[0]}; dotted: {share(first.objective)}")
    axes.set_xlim(0, float(scale.of(longest_s)))
    set_ticks(axes.xaxis, scale, longest_s)
    axes.spines[["top", "right"]].set_visible(False)
    legend_above(axes, columns=1)


def _draw_course(axes: Axes, course: Course, scale: Scale, number: int, label: str) -> None:
    axes.step(
        scale.of(course.start_s),
        100 * course.success,
        where="post",
        color=colour(number),
        linestyle=dash(number),
        linewidth=1.6,
        label=label,
    )


def _set_limits(axes: Axes, courses: Sequence[Course]) -> None:
    lowest = min(float(np.nanmin(100 * course.success, initial=100)) for course in courses)
    bottom = 0.0 if lowest < 50 else 5 * np.floor(min(lowest, 98) / 5)
    axes.set_ylim(bottom - 0.03 * (100 - bottom), 100 + 0.05 * (100 - bottom))


def _draw_row(axes: Axes, row: Row, found: Comparison) -> None:
    """A dot for the median of each design, and a line for the interval in which it lies."""
    factor, unit = unit_of(row.unit, [span.value for span in row.values])
    for number, span in enumerate(row.values):
        _draw_span(axes, span, len(row.values) - 1 - number, factor, number)
    axes.set_yticks(range(len(row.values)), [one.name for one in reversed(found.designs)])
    axes.set_ylim(-0.6, len(row.values) - 0.4)
    axes.set_title(f"{row.key.replace('_', ' ')}{f' ({unit})' if unit else ''}", fontsize=9, loc="left")
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.margins(x=0.12)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    if all((span.low if span.low is not None else span.value or 0.0) >= 0 for span in row.values):
        axes.set_xlim(0, axes.get_xlim()[1])


def _draw_span(axes: Axes, span: Span, place: int, factor: float, number: int) -> None:
    if span.value is None:
        axes.text(0.02, place, span.said, transform=axes.get_yaxis_transform(), va="center", fontsize=8)
        return
    low = span.value if span.low is None else span.low
    high = span.value if span.high is None else span.high
    axes.hlines(place, factor * low, factor * high, color=colour(number), linewidth=2)
    axes.plot(factor * span.value, place, "o", color=colour(number), markersize=5)
