"""The picture of a sweep: lines with their intervals along one axis, or a heat map over two."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from simulator.report.pictures.lettering import as_text
from simulator.report.pictures.looks import colour
from simulator.report.pictures.scales import unit_of
from simulator.report.words import name, title
from simulator.result.comparison import Span
from simulator.result.numbers import Numbers, numbers_of
from simulator.result.sweep import Sweep, Varied

_FIGURES_MOST = 4
_PANEL_INCHES, _REST_INCHES = 2.2, 1.1
_WIDE = 20  # from this ratio on, values are better seen on a logarithmic axis


def has_picture(found: Sweep) -> bool:
    """Whether a sweep can be drawn: along one axis, or over two."""
    return len(found.axes) <= 2 and any(len(axis.values) > 1 for axis in found.axes)


@as_text
def picture(found: Sweep) -> Figure:
    """Figures along the axis, or over both; the figures that do not differ are left out."""
    figures = [one for one in found.figures if _differs(found, one)][:_FIGURES_MOST] or [*found.figures[:1]]
    if len(found.axes) == 2 and len(found.axes[0].values) > 1 and len(found.axes[1].values) > 1:
        return _maps(found, figures)
    return _lines(found, figures)


def _differs(found: Sweep, figure: Varied) -> bool:
    return len({point.figures[figure.key].said for point in found.points}) > 1


def _lines(found: Sweep, figures: Sequence[Varied]) -> Figure:
    figure = Figure(figsize=(9, _PANEL_INCHES * len(figures) + _REST_INCHES), layout="constrained")
    figure.suptitle(title(found.experiment), fontsize=13, fontweight="bold")
    panels = figure.subplots(len(figures), 1, sharex=True, squeeze=False)[:, 0]
    axis = max(found.axes, key=lambda one: len(one.values))
    numbers = numbers_of(axis.values)
    for number, (axes, one) in enumerate(zip(panels, figures, strict=True)):
        spans = [point.figures[one.key] for point in found.points]
        _draw_line(axes, _places(axis.values, numbers), spans, one, number)
    _label(panels[-1], axis.path, axis.values, numbers)
    return figure


def _places(values: Sequence[str], numbers: Numbers | None) -> np.ndarray:
    return np.arange(len(values), dtype=float) if numbers is None else np.array(numbers.values)


def _draw_line(axes: Axes, at: np.ndarray, spans: Sequence[Span], figure: Varied, number: int) -> None:
    factor, unit = unit_of(figure.unit, [span.value for span in spans])
    order = np.argsort(at, kind="stable")
    middle, low, high = (
        np.array([np.nan if value is None else factor * value for value in column])[order]
        for column in zip(*((span.value, span.low, span.high) for span in spans), strict=True)
    )
    axes.fill_between(at[order], low, high, color=colour(number), alpha=0.2, linewidth=0)
    axes.plot(at[order], middle, "o-", color=colour(number), markersize=4, linewidth=1.5, clip_on=False)
    for place, value in zip(at, spans, strict=True):
        if value.value is None:
            axes.text(place, 0.02, value.said, transform=axes.get_xaxis_transform(), fontsize=8, ha="center")
    axes.set_title(f"{figure.key.replace('_', ' ')}{f' ({unit})' if unit else ''}", loc="left", fontsize=10)
    axes.grid(color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    if np.nanmin(np.append(low, 0.0)) >= 0:
        axes.set_ylim(bottom=0)


def _label(axes: Axes, path: str, values: Sequence[str], numbers: Numbers | None) -> None:
    """The values as they were given stand at their places; those of a wide range logarithmically."""
    places = _places(values, numbers)
    if numbers is not None and places.min() > 0 and places.max() / places.min() >= _WIDE:
        axes.set_xscale("log")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_locator(FixedLocator([float(place) for place in places]))
    axes.set_xticklabels([name(value, 18) for value in values])
    axes.set_xlabel(name(path, 60))
    if len(values) > 8:
        axes.tick_params(axis="x", rotation=45)


def _maps(found: Sweep, figures: Sequence[Varied]) -> Figure:
    down, across = found.axes
    columns = 1 if len(figures) == 1 else 2
    rows = -(-len(figures) // columns)
    height = 1.0 + 0.42 * len(down.values)
    figure = Figure(figsize=(9, rows * (height + 0.6) + 0.6), layout="constrained")
    figure.suptitle(title(found.experiment), fontsize=13, fontweight="bold")
    for number, one in enumerate(figures):
        _draw_map(figure.add_subplot(rows, columns, number + 1), found, one)
    figure.supxlabel(name(across.path, 60), fontsize=10)
    figure.supylabel(name(down.path, 60), fontsize=10)
    return figure


def _draw_map(axes: Axes, found: Sweep, figure: Varied) -> None:
    """A field for each point with its median; darker is worse, or more of what has no sense."""
    down, across = found.axes
    spans = [point.figures[figure.key] for point in found.points]
    factor, unit = unit_of(figure.unit, [span.value for span in spans])
    values = np.array([np.nan if span.value is None else factor * span.value for span in spans])
    field = values.reshape(len(down.values), len(across.values))
    known = values[~np.isnan(values)]
    wide = known.size and known.min() > 0 and known.max() / known.min() >= _WIDE
    colours = "cividis" if figure.better == "higher" else "cividis_r"
    image = axes.imshow(field, aspect="auto", cmap=colours, norm=LogNorm() if wide else None)
    for place, span in enumerate(spans):
        row, column = divmod(place, len(across.values))
        shade = float(np.asarray(image.norm(values[place]))) if span.value is not None else 0.0
        dark = (shade > 0.5) != (figure.better == "higher") and span.value is not None
        look = {"color": "white" if dark else "black", "fontsize": 8}
        axes.text(column, row, span.said, ha="center", va="center", **look)  # type: ignore[arg-type]
    axes.set_xticks(range(len(across.values)), [name(value, 14) for value in across.values], fontsize=8)
    axes.set_yticks(range(len(down.values)), [name(value, 14) for value in down.values], fontsize=8)
    axes.set_title(f"{figure.key.replace('_', ' ')}{f' ({unit})' if unit else ''}", loc="left", fontsize=10)
