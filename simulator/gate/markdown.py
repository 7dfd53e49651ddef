"""A summary in Markdown, for the page of a job or the comment of a pull request."""

import re
from collections.abc import Iterator, Sequence

from simulator.gate.line import WORDS, bound_of, total
from simulator.gate.pages import path_from
from simulator.gate.played import Played
from simulator.gate.saying import Told, told_of
from simulator.report.words import duration
from simulator.units import printable

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_MARKS = {"PASS": "✅", "FAIL": "❌", "INCONCLUSIVE": "⚠️", "INVALID": "❌", "DEFECT": "❌"}


def markdown(played: Sequence[Played], fail_on: str, root: str | None = None) -> str:
    """A table with a row for each file, and below it what is not met. `fail_on` changes nothing in it."""
    lines = [f"### {escaped(total(played, len(played)))}", "", *_table(played, root)]
    for one in played:
        lines += _details(one, root)
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """A text that Markdown shows as it is, in one line."""
    return _SPECIAL.sub(r"\\\1", printable(" ".join(text.split())))


def code(text: str) -> str:
    """A text as code, whatever it holds."""
    text = printable(" ".join(text.split())).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _table(played: Sequence[Played], root: str | None) -> Iterator[str]:
    yield "| | Experiment | Recovery time | Recovery point | Lost | Not met |"
    yield "|---|---|---|---|---|---|"
    for one in played:
        mark = _MARKS[WORDS[one.verdict]]
        cells = [mark, f"{escaped(one.experiment)} {code(path_from(one.file, root))}".strip()]
        yield f"| {' | '.join([*cells, *_figures(one)])} |"


def _figures(one: Played) -> Iterator[str]:
    if one.problems or one.defect:
        yield from ("", "", "", "invalid" if one.problems else "a defect of the simulator")
        return
    open_ = "" if one.recovery_shown else ", not shown"
    yield _beside(one, "recovery_time", one.recovery_time_s, open_)
    yield _beside(one, "recovery_point", one.recovery_point_s)
    more = f", {one.overwritten_writes:,} overwritten" if one.overwritten_writes else ""
    yield f"{one.lost_writes:,}{more}"
    yield f"{len(one.failing)} of {len(one.expectations)}"


def _beside(one: Played, measure: str, seconds: float | None, more: str = "") -> str:
    if seconds is None:
        return "–"
    bound = bound_of(one, measure)
    return f"{duration(seconds)}{more}{'' if bound is None else f' (≤ {duration(bound)})'}"


def _details(one: Played, root: str | None) -> Iterator[str]:
    """What is not met in a file; nothing if all is well."""
    found = [told for told in told_of(one) if told.state != "passed"]
    if not found:
        return
    yield from ("", f"**{escaped(one.experiment or path_from(one.file, root))}**", "")
    yield from (_item(path_from(told.file, root), told) for told in found)
    if one.failing:
        more = f"{escaped(one.dominated)}; " if one.dominated else ""
        yield f"- {more}to see it again: {code(one.command)}"


def _item(path: str, told: Told) -> str:
    place = path if told.line is None else f"{path}:{told.line}"
    return f"- {code(place)} {escaped(told.message)}"
