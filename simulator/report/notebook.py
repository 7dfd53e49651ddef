"""What the cell of a notebook shows of a result: what the terminal says, and below it the main picture."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import field
from html import escape
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType

from simulator.errors import UsageError
from simulator.records import dataclass
from simulator.report import alarms, plans, restores, terminal
from simulator.report.comparison import terminal as comparison_terminal
from simulator.report.placing import png_of, quiet_drawing
from simulator.report.replications import print_replications
from simulator.report.request_path import capacity
from simulator.report.sweep import terminal as sweep_terminal
from simulator.report.sweep.boundary import boundary_lines
from simulator.result.boundary import Boundary
from simulator.result.comparison import Comparison
from simulator.result.replications import Replications
from simulator.result.shown import Bundle, Shown
from simulator.result.sweep import Sweep
from simulator.result.whole import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS = 92  # fit beside the prompt of a cell
_PRE = '<pre style="white-space: pre; line-height: 1.25; font-size: 90%">{code}</pre>'
_IMG = '<img src="data:image/png;base64,{data}" alt="{alt}" style="max-width: 760px; width: 100%">'


_TABLES: dict[str, Callable[[Result], RenderableType | None]] = {
    "alarms": alarms.table,
    "capacity": capacity,
    "plans": plans.table,
    "restores": restores.table,
}


@dataclass(frozen=True)
class Picture:
    """A picture of a result, which the cell of a notebook shows."""

    name: str
    """Which one: `service`, `recovery` …"""
    png: bytes = field(repr=False)
    """The bytes of its file."""

    def _repr_png_(self) -> bytes:
        return self.png


def picture(result: Result, name: str = "service") -> Picture:
    """One picture of a run: service, recovery, dns, replication, damage or metrics, as those of its report.

    UsageError if there is no such picture, or this run has nothing for it.
    """
    from simulator.report.pictures.album import PICTURES, pictures_of

    drawn = {file.removesuffix(".png"): draw for file, draw in pictures_of(result).items()}
    if name not in drawn:
        known = f"{name}.png" in PICTURES
        why = f"this run has nothing for the picture '{name}'" if known else f"there is no picture '{name}'"
        raise UsageError(f"{why}; it has {', '.join(drawn)}")
    with quiet_drawing():
        return Picture(name, png_of(drawn[name](result)))


@dataclass(frozen=True)
class Table:
    """A table of a result, which the cell of a notebook shows as it stands on the terminal."""

    text: str
    """Its lines."""

    def __repr__(self) -> str:
        return self.text


def table(result: Result, name: str) -> Table:
    """One of the tables that `--verbose` prints of a run: alarms, capacity, plans or restores.

    UsageError if there is no such table, or this run has nothing for it.
    """
    if name not in _TABLES:
        raise UsageError(f"there is no table '{name}'; it is one of {', '.join(_TABLES)}")
    found = _TABLES[name](result)
    if found is None:
        raise UsageError(f"this run has nothing for the table '{name}'")
    console = _console()
    console.print(found)
    return Table(_text_of(console))


def bundle_of(found: Shown) -> Bundle:
    """What a notebook shows of a result, as plain text and as HTML with the main picture."""
    console = _console()
    _say(found, console)
    text = _text_of(console)
    said = console.export_html(inline_styles=True, code_format=_PRE)
    with quiet_drawing():
        images = [_IMG.format(data=b64encode(png_of(one)).decode(), alt=escape(alt))
                  for alt, one in _pictures(found)]  # fmt: skip
    return {"text/plain": text, "text/html": "\n".join([said, *images])}


def _console() -> Console:
    """A console that keeps what it is told; within a notebook, rich's own would show it there and then."""
    return Console(width=_COLUMNS, file=StringIO(), record=True, highlight=False, force_jupyter=False)


def _text_of(console: Console) -> str:
    return "\n".join(line.rstrip() for line in console.export_text(clear=False).splitlines())


def _say(found: Shown, console: Console) -> None:
    match found:
        case Result():
            terminal.print_result(found, console)
        case Comparison():
            comparison_terminal.print_comparison(found, console)
        case Sweep():
            sweep_terminal.print_sweep(found, console)
        case Replications():
            print_replications(found, console)
        case Boundary():
            console.print("\n".join(boundary_lines(found)), markup=False)


def _pictures(found: Shown) -> Iterator[tuple[str, "Figure"]]:
    """The main picture with what it shows, drawn; matplotlib is slow to import, so nothing does before."""
    match found:
        case Result():
            from simulator.report.pictures.service import service

            yield "Service over time", service(found)
        case Comparison():
            from simulator.report.comparison.picture import picture as compared

            yield "Designs side by side", compared(found)
        case Sweep():
            from simulator.report.sweep.picture import has_picture
            from simulator.report.sweep.picture import picture as swept

            if has_picture(found):
                yield "Figures by what is varied", swept(found)
        case Replications():
            from simulator.report.pictures.replications import replications

            yield "Figures over all runs", replications(found)
