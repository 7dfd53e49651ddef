"""Tables that never cut a figure: the narrower the terminal, the more lines a row takes.

Whatever stands in them is text: names cannot give colours, and nothing in them steers the terminal.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.text import Text

from simulator.units import printable

_GAP = 2
_TEXT_LEAST = 20  # columns; a narrower text is put on a line of its own
_NOTHING = ("", "–")
_KEPT = "\ue000"  # stands for a blank at which no line may end: rich breaks at every other
_IN_A_FIGURE = re.compile(
    r"(?<=\d) (?=(?:%|×|ns|us|ms|s|min|minutes|h|d|KB|MB|GB)(?:\W|$))"  # 51.8 ms
    r"|(?<=\d [hd]) (?=\d+ )|(?<=\d min) (?=\d+(?:\.\d+)? )"  # 1 h 8 min 10.5 s
)


class _Row(NamedTuple):
    name: Text
    figures: tuple[Text, ...]
    bar: Text
    text: Text


class Rows:
    """Rows of a name, figures, perhaps a bar, and perhaps a text that may be wrapped.

    As wide as they are, where there is room; else without the bars; then with the texts, and then the
    figures, below the names; and at last with one figure a line.
    """

    def __init__(self, name: str = "", *figures: str, text: str = "") -> None:
        self._header = _Row(_dim(name), tuple(map(_dim, figures)), Text(), _dim(text))
        self._rows: list[_Row] = []

    def add(
        self, name: str | Text, *figures: str | Text, bar: Text | None = None, text: str | Text = ""
    ) -> None:
        """Add a row; it has as many figures as the header."""
        cells = tuple(map(as_text, figures))
        self._rows.append(_Row(as_text(name), cells, bar or Text(), as_text(text)))

    def __bool__(self) -> bool:
        return bool(self._rows)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        return self._lines(console, options.max_width)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        parts = (self._widest(cell) for cell in (_name, _bar, _text))
        widths = [*self._figure_widths(), *(width for width in parts if width)]
        whole = min(sum(widths) + _GAP * max(len(widths) - 1, 0), options.max_width)
        return Measurement(whole, whole)

    def _lines(self, console: Console, room: int) -> Iterator[Text]:
        names, bars, text = (self._widest(cell) for cell in (_name, _bar, _text))
        figures = self._figure_widths()
        on_one_line = names + sum(_GAP + width for width in figures)
        with_text = on_one_line + (_GAP + min(text, _TEXT_LEAST) if text else 0)
        with_bar = with_text + (_GAP + bars if bars else 0)
        if max(with_bar, with_text) <= room:
            yield from self._wide(console, room, (names, *figures), bars)
        elif with_text <= room:
            yield from self._wide(console, room, (names, *figures), 0)
        elif on_one_line <= room:
            yield from self._texts_below(console, room, (names, *figures))
        elif sum(_GAP + width for width in figures) <= room:
            yield from self._figures_below(console, room, figures)
        else:
            yield from self._one_figure_a_line(console, room)

    def _widest(self, cell: Callable[[_Row], Text]) -> int:
        return max((cell(row).cell_len for row in (self._header, *self._rows)), default=0)

    def _figure_widths(self) -> tuple[int, ...]:
        rows = [self._header.figures, *(row.figures for row in self._rows)]
        return tuple(max(cell.cell_len for cell in cells) for cells in zip_longest(*rows, fillvalue=Text()))

    def _with_header(self) -> Sequence[_Row]:
        header = self._header
        is_empty = not any((header.name, *header.figures, header.text))
        return self._rows if is_empty else [header, *self._rows]

    def _wide(self, console: Console, room: int, widths: Sequence[int], bars: int) -> Iterator[Text]:
        for row in self._with_header():
            line = _columns(row, widths)
            if bars:
                line = _padded(line, sum(widths) + _GAP * (len(widths) - 1)) + Text(" " * _GAP) + row.bar
            if row.text:
                left = sum(widths) + _GAP * len(widths) + (bars + _GAP if bars else 0)
                first, *rest = wrapped(row.text, console, room - left)
                yield _padded(line, left) + first
                yield from (Text(" " * left) + one for one in rest)
            else:
                yield line

    def _texts_below(self, console: Console, room: int, widths: Sequence[int]) -> Iterator[Text]:
        for row in self._with_header():
            if row is not self._header or row.figures:
                yield _columns(row, widths)
            yield from self._text_of(row, console, room)

    def _figures_below(self, console: Console, room: int, widths: Sequence[int]) -> Iterator[Text]:
        for row in self._with_header():
            if row is not self._header:
                yield _folded(row.name)
            if any(row.figures):
                yield _columns(row._replace(name=Text()), (0, *widths))
            yield from self._text_of(row, console, room)

    def _one_figure_a_line(self, console: Console, room: int) -> Iterator[Text]:
        widest = max((cell.cell_len for cell in self._header.figures), default=0)
        for row in self._rows:
            yield _folded(row.name)
            for head, figure in zip(self._header.figures, row.figures, strict=False):
                yield (
                    Text(" " * 2 * _GAP) + _padded(head, widest) + Text(" " * _GAP if widest else "") + figure
                )
            yield from self._text_of(row, console, room)

    def _text_of(self, row: _Row, console: Console, room: int) -> Iterator[Text]:
        if row is not self._header and row.text.plain not in _NOTHING:
            head, margin = Text(f"{self._header.text.plain}: ") if self._header.text else Text(), 2 * _GAP
            for line in wrapped(head + row.text, console, room - margin):
                yield Text(" " * margin) + line


class Sentences:
    """A body in whose sentences a number never stands apart from its unit. Tables are left as they are."""

    def __init__(self, body: RenderableType) -> None:
        self._body = body

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, self._body)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for part in self._body.renderables if isinstance(self._body, Group) else [self._body]:
            if isinstance(part, Text):
                yield from wrapped(part, console, options.max_width)
            elif isinstance(part, Group):
                yield Sentences(part)
            else:
                yield part


def wrapped(text: Text, console: Console, room: int) -> Iterator[Text]:
    """The lines of a text; one ends within a figure only where there is no room for it."""
    kept = text.copy()
    kept.plain = _IN_A_FIGURE.sub(_KEPT, kept.plain)
    for line in kept.wrap(console, max(room, 1), overflow="fold"):
        line.plain = line.plain.replace(_KEPT, " ")
        line.rstrip()
        yield line


def as_text(value: str | Text) -> Text:
    """A name or figure as the text that it is: no markup, no control characters."""
    return value if isinstance(value, Text) else Text(printable(value))


def _name(row: _Row) -> Text:
    return row.name


def _bar(row: _Row) -> Text:
    return row.bar


def _text(row: _Row) -> Text:
    return row.text


def _dim(head: str) -> Text:
    return Text(head, style="dim")


def _folded(text: Text) -> Text:
    text.overflow = "fold"
    return text


def _padded(text: Text, width: int) -> Text:
    return Text.assemble(text, " " * (width - text.cell_len))  # the padding is not of the text's style


def _columns(row: _Row, widths: Sequence[int]) -> Text:
    """The name on the left, figures on the right of their columns."""
    line = _padded(row.name, widths[0]) if row.figures else Text.assemble(row.name)
    for figure, width in zip(row.figures, widths[1:], strict=False):
        line = line + Text(" " * (_GAP + width - figure.cell_len)) + figure
    return line
