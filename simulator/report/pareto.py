"""Designs by what they cost and what they promise: those that no other beats in both are the Pareto front."""

import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulator.records import dataclass
from simulator.report.pictures.lettering import as_text
from simulator.report.pictures.looks import GREY, colour
from simulator.report.pictures.scales import scale_of
from simulator.report.words import title
from simulator.result.costs import Money

FIGURES = ("recovery_time", "recovery_point")
"""What money is set against: how long, and how much is missing."""


_CLAIM_COLUMNS = 110
_NAMED_MOST = 12
"""With more places than this, the front alone is named."""
_SEEN = 0.02
"""Places that are nearer than this share of the panel are named together."""


@dataclass(frozen=True)
class Offer:
    """One design: what it costs, and its figures in seconds; None: there is none, or it is endless."""

    mark: str
    """What stands beside it."""
    cost: Money
    seconds: dict[str, float | None]
    said: str = ""
    """What the mark stands for; empty if it says all."""


def front(offers: Sequence[Offer], key: str) -> list[Offer]:
    """The offers that no other beats in money and time: none is as cheap and as quick, and better in one."""
    told = [(one, one.seconds[key]) for one in offers if one.seconds.get(key) is not None]

    def is_beaten(usd: float, seconds: float) -> bool:
        return any(
            other.cost.usd_month <= usd
            and (theirs or 0.0) <= seconds
            and (other.cost.usd_month < usd or (theirs or 0.0) < seconds)
            for other, theirs in told
        )

    kept = [one for one, seconds in told if not is_beaten(one.cost.usd_month, seconds or 0.0)]
    return sorted(kept, key=lambda one: one.cost.usd_month)


def drawable(offers: Sequence[Offer]) -> list[str]:
    """The figures in which offers differ by what can be seen."""
    return [key for key in FIGURES if _differ([one.seconds.get(key) for one in offers])]


def _differ(values: Sequence[float | None]) -> bool:
    known = [one for one in values if one is not None]
    return len(known) > 1 and max(known) - min(known) > _SEEN * max(known)


@as_text
def picture(offers: Sequence[Offer], heading: str) -> Figure:
    """A panel for each figure: money to the right, time upwards; the front joined, what is beaten in grey."""
    keys = drawable(offers)
    figure = Figure(figsize=(9, 3.2 * len(keys) + 1.0), layout="constrained")
    figure.suptitle(title(heading), fontsize=13, fontweight="bold")
    panels = figure.subplots(len(keys), 1, sharex=True, squeeze=False)[:, 0]
    for axes, key in zip(panels, keys, strict=True):
        _draw(axes, offers, key)
    most = _most_usd(offers)
    panels[-1].set_xlim(0, 1.15 * most)
    panels[-1].set_xlabel("US dollars a month in peace, of what has a price")
    lines = [f"{one.mark}  {one.said}" for one in offers if one.said]
    lines += textwrap.wrap(_claim(offers), _CLAIM_COLUMNS)
    panels[0].set_title("\n".join(lines), fontsize=9, loc="left", color=GREY)
    return figure


def _claim(offers: Sequence[Offer]) -> str:
    """What the line says, and what it cannot say for want of prices."""
    missing = dict.fromkeys(price for one in offers for price in one.cost.unpriced)
    said = "joined: no other is as cheap and as good"
    if not missing:
        return said
    listed = ", ".join(missing)
    return f"{said}, as far as there are prices; in no sum, though designs may differ in it: {listed}"


def _most_usd(offers: Sequence[Offer]) -> float:
    """The most that an offer costs; 1 if none of what they have has a price."""
    return max(one.cost.usd_month for one in offers) or 1.0


def _draw(axes: Axes, offers: Sequence[Offer], key: str) -> None:
    told = [one for one in offers if one.seconds.get(key) is not None]
    best = front(told, key)
    scale = scale_of(max(one.seconds[key] or 0.0 for one in told))

    def place(one: Offer) -> tuple[float, float]:
        return one.cost.usd_month, float(scale.of(one.seconds[key] or 0.0))

    most = _most_usd(offers), max(place(one)[1] for one in told) or 1.0
    axes.step(*zip(*map(place, best), strict=True), where="post", color=colour(0), linewidth=1.2, alpha=0.6)
    for one in told:
        is_best = one in best
        axes.plot(*place(one), "o", color=colour(0) if is_best else GREY, markersize=6 if is_best else 4)
    named = told if len(told) <= _NAMED_MOST else best
    together: dict[tuple[int, int], list[Offer]] = {}
    for one in named:
        spot = (round(at / end / _SEEN / 2) for at, end in zip(place(one), most, strict=True))
        together.setdefault((next(spot), next(spot)), []).append(one)
    for there in together.values():
        _name(axes, place(there[0]), there, any(one in best for one in there))
    axes.set_ylabel(f"{key.replace('_', ' ')} ({scale.unit})")
    axes.set_ylim(0, 1.18 * most[1])
    axes.grid(color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _name(axes: Axes, at: tuple[float, float], there: Sequence[Offer], is_best: bool) -> None:
    marks = ", ".join(one.mark for one in there)
    axes.annotate(
        marks, at, xytext=(7, 5), textcoords="offset points", fontsize=9, color="black" if is_best else GREY
    )
