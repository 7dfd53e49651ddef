"""The picture of what metrics showed, beside what happened: when one could have seen what."""

import textwrap
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from simulator.report.pictures.capacity import draw_capacity
from simulator.report.pictures.frame import clock, panels
from simulator.report.pictures.lettering import as_text
from simulator.report.pictures.looks import ALARM, COLOURS, GREY, legend_above
from simulator.report.pictures.service import draw_success
from simulator.report.pictures.strips import alarm_strips, episode_strips
from simulator.report.words import name as name_of
from simulator.report.words import title
from simulator.result.alarms import Alarm, Band, Numbers
from simulator.result.monitoring import KeptMetric
from simulator.result.whole import Result

_TRUTH_INCHES, _METRIC_INCHES = 2.3, 1.15
_METRICS_MOST = 6
_LINES_MOST = 5
_BANDS_MOST = 3
_LABEL_COLUMNS = 18
"""Labels of axes are broken, so that they do not reach into the panels beside theirs."""


def was_monitored(result: Result) -> bool:
    """Whether any metric has a point."""
    return result.monitoring is not None and any(one.points for one in result.monitoring.metrics)


@as_text
def metrics(result: Result) -> Figure:
    """What happened, and below it each metric: a step as it was, a dot when it could be seen."""
    found = _by_name(result)
    shown = [*found][:_METRICS_MOST]
    banded = _banded(result)
    scaled = [one for one in result.scaling or () if one.actions][:_LINES_MOST]
    heights = (_TRUTH_INCHES, *[_METRIC_INCHES] * (len(shown) + len(banded) + bool(scaled)))
    alarms = alarm_strips(result)
    finding = "metrics (lines), and when one could see them (dots)"
    finding += "; alarms above" if alarms else ""
    if len(found) > len(shown):
        finding += f"; {len(found) - len(shown)} more in metrics.csv"
    figure, (truth, *below) = panels(
        result, title(result.recipe.experiment), finding, [*episode_strips(result), *alarms], heights
    )
    draw_success(truth, result)
    for axes, name in zip(below, shown, strict=False):
        _draw(axes, found[name], result)
    for axes, (alarm, band) in zip(below[len(shown) :], banded, strict=False):
        _draw_band(axes, alarm, band, result)
    if scaled:
        draw_capacity(below[-1], scaled, result)
    return figure


def _banded(result: Result) -> list[tuple[Alarm, Band]]:
    """The alarms that have a band, those first that spoke."""
    assert result.monitoring is not None
    found = [(one, one.band) for one in result.monitoring.alarms if one.band is not None]
    return sorted(found, key=lambda item: not item[0].alarms)[:_BANDS_MOST]


def _by_name(result: Result) -> dict[str, list[KeptMetric]]:
    """The metrics that have points, by their names; those that changed before those that never did."""
    assert result.monitoring is not None
    found: dict[str, list[KeptMetric]] = {}
    for one in result.monitoring.metrics:
        if one.points and not one.copied:
            found.setdefault(one.metric, []).append(one)
    return dict(sorted(found.items(), key=lambda item: min(map(_dullness, item[1]))))


def _dullness(kept: KeptMetric) -> int:
    """0 for a metric that changed, 1 for one that was not always there, 2 for one with nothing to show."""
    return 0 if kept.lowest != kept.highest else 1 if kept.without else 2


def _draw(axes: Axes, kept: list[KeptMetric], result: Result) -> None:
    """One metric: its busiest subjects, each in a colour."""
    loudest = sorted(kept, key=lambda one: -(one.highest or 0.0))[:_LINES_MOST]
    for one, colour in zip([one for one in kept if one in loudest], cycle(COLOURS), strict=False):
        _draw_line(axes, one, colour, result)
    unit = "" if one.unit in ("Count", "None") else f" ({one.unit.lower()})"
    label = f"{one.metric.partition('.')[2].replace('_', ' ')}{unit}"
    axes.set_ylabel(textwrap.fill(label, _LABEL_COLUMNS), fontsize=8)
    axes.set_title(f"{one.namespace} {one.name}, {one.statistic}", fontsize=8, loc="right", color=GREY)
    axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.margins(y=0.15)
    if all(one.lowest == one.highest == 0 for one in loudest):
        axes.set_ylim(-0.1, 1)
    legend_above(axes)


def _draw_band(axes: Axes, alarm: Alarm, band: Band, result: Result) -> None:
    """What an alarm saw, and the band in which it was expected; what lies outside is marked."""
    scale = clock(result)
    axes.fill_between(
        scale.of(band.begin_s), band.lower, band.upper, color=GREY, alpha=0.3, linewidth=0, label="expected"
    )
    begins, line = _with_gaps(band.begin_s, np.full(len(band.begin_s), 60.0), band.value)
    axes.plot(scale.of(begins), line, color=COLOURS[0], linewidth=1.2, label=name_of(alarm.alarm))
    outside = (band.value < band.lower) | (band.value > band.upper)
    axes.plot(scale.of(band.begin_s[outside]), band.value[outside], ".", color=ALARM, markersize=4)
    axes.set_ylabel("value", fontsize=8)
    axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.margins(y=0.15)
    legend_above(axes)


def _draw_line(axes: Axes, kept: KeptMetric, colour: str, result: Result) -> None:
    """Steps over the periods that have points, broken where there is none; a dot when each was published."""
    points, scale = kept.series, clock(result)
    values = points.of(kept.statistic)
    begins, line = _with_gaps(points.begin_s, points.period_s, values)
    axes.plot(scale.of(begins), line, color=colour, linewidth=1.2, label=kept.of)
    axes.plot(scale.of(points.published_s), values, ".", color=colour, markersize=3)


def _with_gaps(begin_s: Numbers, period_s: Numbers, values: Numbers) -> tuple[Numbers, Numbers]:
    """Each point as a level from its begin to its end, and nothing where the next does not follow at once."""
    ends = begin_s + period_s
    is_followed = np.append(np.isclose(begin_s[1:], ends[:-1]), False)
    times = np.column_stack([begin_s, ends, ends]).ravel()
    levels = np.column_stack([values, values, np.where(is_followed, values, np.nan)]).ravel()
    return times, levels
