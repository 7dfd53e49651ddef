"""Every picture that a report may have, and when it has something to show."""

from collections.abc import Callable
from typing import NamedTuple

from matplotlib.figure import Figure
from matplotlib.text import Text

from simulator.report.pictures.canvas import DRAWING
from simulator.report.pictures.damage import damage, was_read_wrongly
from simulator.report.pictures.lettering import Draw
from simulator.report.pictures.monitoring import metrics, was_monitored
from simulator.report.pictures.names import answers_changed, names
from simulator.report.pictures.recovery import recovery, was_not_ok
from simulator.report.pictures.replication import replication, was_copied
from simulator.report.pictures.service import service
from simulator.report.pictures.widths import width_of
from simulator.report.png import DPI
from simulator.result.whole import Result


class Picture(NamedTuple):
    """A picture, and whether a result has anything for it: what would be empty is not drawn."""

    draw: Draw
    has_data: Callable[[Result], bool]


PICTURES = {
    "service.png": Picture(service, lambda _: True),
    "replication.png": Picture(replication, was_copied),
    "dns.png": Picture(names, answers_changed),
    "recovery.png": Picture(recovery, was_not_ok),
    "damage.png": Picture(damage, was_read_wrongly),
    "metrics.png": Picture(metrics, was_monitored),
}


def pictures_of(result: Result) -> dict[str, Draw]:
    """The pictures that have something to show, by the names of their files."""
    return {name: one.draw for name, one in PICTURES.items() if one.has_data(result)}


def make_ready() -> None:
    """Do what the first picture would have to: find the font, and make the canvas."""
    with DRAWING:
        width_of(Text(0, 0, "ready", figure=Figure(dpi=DPI)))
