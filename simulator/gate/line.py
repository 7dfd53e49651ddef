"""One line a file, and below it what is not met: for people who look at many files at once."""

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from simulator.gate.played import Played
from simulator.report.words import duration, name, plural, sentence
from simulator.result.whole import Judgement
from simulator.units import printable

WORDS = {
    "met": "PASS",
    "no_expectations": "PASS",
    "missed": "FAIL",
    "inconclusive": "INCONCLUSIVE",
    "invalid": "INVALID",
    "defect": "DEFECT",
}
"""How a line begins, by its verdict."""

_COUNTED = {
    "missed": "failed",
    "inconclusive": "inconclusive",
    "invalid": "invalid",
    "defect": "with a defect of the simulator",
}
_INDENT = " " * 5
_NAME_LEAST = 16


def line(one: Played, width: int) -> str:
    """The verdict of a file with its figures, in a line where there is room, and never with a figure cut."""
    figures = [*_figures(one)]
    room = max(width - len(_INDENT) - len("  ".join(["", *figures])), min(_NAME_LEAST, width - len(_INDENT)))
    head = f"{WORDS[one.verdict]} {_file(one.file, room)}"
    lines = [head]
    for figure in figures:
        whole = f"{lines[-1]}  {figure}"
        lines[-1:] = [whole] if len(whole) <= width else [lines[-1], f"{_INDENT}{figure}"]
    return "\n".join(lines)


def failures(one: Played, width: int) -> Iterator[str]:
    """What is not met and where, what the time went to, and how to see it again; nothing if all is well."""
    for judgement in one.failing:
        yield from _wrapped(f"{printable(one.place(judgement))}: {said(judgement)}", width)
    if one.failing and one.dominated:
        yield from _wrapped(sentence(one.dominated), width)
    if one.unwritten:
        yield from _wrapped(f"{one.unwritten}; the verdict stands", width)
    if one.failing:
        yield f"{_INDENT}{printable(one.command)}"


def said(judgement: Judgement) -> str:
    """An expectation that is not met, with what was measured beside what is allowed."""
    kind = {
        "not_exercised": "not exercised: ",
        "not_shown": f"{_shown_so_far(judgement)}not shown: ",
        "undecided": "undecided: ",
    }
    asked = judgement.expectation.replace(judgement.measure, judgement.measure.replace("_", " "), 1)
    return sentence(f"{asked}: {kind.get(judgement.verdict, '')}{judgement.reason}")


def total(played: Sequence[Played], of: int) -> str:
    """How many files passed, failed and so on."""
    passed = sum(WORDS[one.verdict] == "PASS" for one in played)
    parts = [f"{passed:,} passed"]
    for verdict, word in _COUNTED.items():
        if count := sum(one.verdict == verdict for one in played):
            parts.append(f"{count:,} {word}")
    if len(played) < of:
        parts.append(f"{of - len(played):,} not run")
    return f"{plural(of, 'experiment')}: {', '.join(parts)}"


def _figures(one: Played) -> Iterator[str]:
    """Recovery time beside its bound, recovery point, lost writes (`missing`: with overwritten ones)."""
    if one.problems:
        yield plural(len(one.problems), "problem")
        return
    if one.defect:
        yield "a defect of the simulator"
        return
    if one.recovery_time_s is not None:
        open_ = "" if one.recovery_shown else " not shown"
        yield f"RTO {duration(one.recovery_time_s)}{open_}{_allowed(one, 'recovery_time')}"
    if one.recovery_point_s is not None:
        yield f"RPO {duration(one.recovery_point_s)}{_allowed(one, 'recovery_point')}"
    missing = one.lost_writes + one.overwritten_writes
    yield f"missing {missing:,}" if one.overwritten_writes else f"lost {missing:,}"
    if one.failing:
        yield f"{len(one.failing)} of {len(one.expectations)} not met"
    elif not one.expectations:
        yield "nothing expected"


def _file(file: str, room: int) -> str:
    """A file's path where there is room, or else its name; of a long one both ends."""
    return name(file if len(file) <= room else PurePath(file).name, room)


def bound_of(one: Played, measure: str) -> float | None:
    """The bound in seconds of a measure that is narrowed to nothing; of several, the strictest."""
    bounds = [
        judgement.bounds.at_most
        for judgement in one.expectations
        if judgement.measure == measure and not judgement.scope and judgement.bounds.at_most is not None
    ]
    return min(bounds, default=None)


def _allowed(one: Played, measure: str) -> str:
    bound = bound_of(one, measure)
    return "" if bound is None else f" (≤ {duration(bound)})"


def _shown_so_far(judgement: Judgement) -> str:
    return "" if judgement.measured is None else f"{judgement.shown}, but "


def _wrapped(text: str, width: int) -> Iterator[str]:
    """A text in indented lines; words such as paths are never broken."""
    yield from textwrap.wrap(
        text,
        max(width, len(_INDENT) + 12),
        initial_indent=_INDENT,
        subsequent_indent=f"{_INDENT}  ",
        break_on_hyphens=False,
        break_long_words=False,
    )
