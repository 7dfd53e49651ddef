"""The first layer of the terminal: what a reader must know, in 24 lines of 80 columns.

`PARTS` lists its parts in order. Each gives sentences, the weightiest first; where lines are short, later
ones are left to the second layer.
"""

from collections.abc import Callable, Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.text import Text

from simulator.report import (
    alarms,
    assumed,
    cold,
    countermeasures,
    damage,
    databases,
    detectors,
    externals,
    faults,
    gist,
    limits,
    out_of_memory,
    plans,
    restores,
    scaling,
    shedding,
    slices,
    verdict,
    web_acls,
    writes,
)
from simulator.report.tables import Rows, Sentences
from simulator.result.whole import Judgement, Result

_LINES = 22  # of 24: one is the prompt's, one says what was written
_COLUMNS = 80
_EXPECTATIONS = (4, 1)  # lines of them: first folded to four, and to one before `_KEPT` is cut
_CUT = ("Sessions", "Good again", "Limits")
_KEPT = ("Writes", "Damage", "Restores", "Plans", "Recovery", "Pairs")
"""Parts in the order in which further sentences are left out; parts that are not named come first."""

_LEAST = ("Scaling", "By whom", "Begin", "Limits")
"""Parts that are left out as a whole, before what the reader can do about it."""

_REMEDIES = ("Why", "Failback")
"""Parts whose further sentences are remedies: these are left out if nothing else makes room."""

Part = Callable[[Result], Iterator[str]]

PARTS: dict[str, Part] = {
    "Faults": faults.gist,
    "Failback": writes.failback,
    "Recovery": gist.recovery,
    "Good again": gist.ladder,
    "Why": gist.why,
    "Pairs": countermeasures.gist,
    "Sessions": gist.sessions,
    "By whom": slices.gist,
    "Bots": slices.bots,
    "Unusual": detectors.gist,
    "Blocked": web_acls.gist,
    "Shed": shedding.gist,
    "Writes": writes.gist,
    "Damage": damage.gist,
    "Restores": restores.gist,
    "Databases": databases.gist,
    "Externals": externals.gist,
    "Alarms": alarms.gist,
    "Plans": plans.gist,
    "Memory": out_of_memory.gist,
    "Scaling": scaling.gist,
    "Limits": limits.gist,
    "Begin": cold.gist,
    "Assumed": assumed.gist,
}


def summary(result: Result, console: Console, *, whole: bool = False) -> RenderableType:
    """The first layer for a console; `whole` leaves nothing out, however long it gets."""
    found = {label: [*part(result)] for label, part in PARTS.items()}
    room = max(_LINES, _LINES * _COLUMNS // console.width)
    most = len(result.expectations) if whole else min(len(result.expectations), room)  # a line each, at least
    asked = _Expectations(result.expectations, console)
    while not whole and asked.lines(most) + _lines(_made(result, found, []), console) > room:
        if most > _EXPECTATIONS[0]:
            most -= 1
        elif sentences := next(
            (found[label] for label, least in _to_cut() if len(found[label]) > least), None
        ):
            sentences.pop()
        elif most > _EXPECTATIONS[1]:
            most -= 1
        elif sentences := next((found[label] for label in _KEPT if len(found[label]) > 1), None):
            sentences.pop()
        elif whole_part := next((found[label] for label in _LEAST if found[label]), None):
            whole_part.clear()
        elif found["Assumed"] != (foremost := [*assumed.gist(result, 1)]):
            found["Assumed"] = foremost
        elif sentences := next((found[label] for label in _REMEDIES if len(found[label]) > 1), None):
            sentences.pop()
        else:
            break
    return _made(result, found, asked.shown(most))


def _to_cut() -> Iterator[tuple[str, int]]:
    """Parts whose further sentences go first, and how many of theirs stay."""
    yield "Failback", 2  # what took most, and the remedy
    yield "Why", 2  # what held people, and what shortens it
    yield from ((label, 1) for label in PARTS if label not in (*_CUT, *_KEPT, *_REMEDIES))
    yield from ((label, 1) for label in _CUT)


class _Expectations:
    """Expectations folded to some number of lines, which stay the same while others are left out."""

    def __init__(self, judgements: Sequence[Judgement], console: Console) -> None:
        self._judgements, self._console = judgements, console
        self._failing = sum(one.verdict != "met" for one in judgements)
        self._lines: dict[int, int] = {}

    def shown(self, most: int) -> list[Text]:
        """In at most so many lines, but all that are not met."""
        return verdict.expectations(self._judgements, self._console.width, most=most)

    def lines(self, most: int) -> int:
        """How many lines they take."""
        if most < len(self._judgements):
            most = max(most, min(self._failing + 1, len(self._judgements) - 1))  # fewer shows the same
        if most not in self._lines:
            self._lines[most] = _lines(Sentences(Group(*self.shown(most))), self._console)
        return self._lines[most]


def _made(result: Result, found: dict[str, list[str]], asked: list[Text]) -> RenderableType:
    rows = Rows()
    for label, sentences in found.items():
        if sentences:
            rows.add(Text(label, style="bold"), text=Text("; ".join(sentences)))
    blank = [Text("")] if rows else []
    return Sentences(Group(*verdict.head(result), *asked, *blank, rows))


def _lines(made: RenderableType, console: Console) -> int:
    return len(console.render_lines(made, pad=False))
