"""Annotations of GitHub's pull requests: what is not met, at its line."""

from collections.abc import Iterator, Sequence

from simulator.gate.pages import annotation, path_from
from simulator.gate.played import Played
from simulator.gate.saying import Told, fails, told_of


def github(played: Sequence[Played], fail_on: str, root: str | None = None) -> str:
    """A line for each expectation that is not met: an error if it fails the gate, or else a warning."""
    return "".join(f"{line}\n" for one in played for line in _lines(one, fail_on, root))


def _lines(one: Played, fail_on: str, root: str | None) -> Iterator[str]:
    for told in told_of(one):
        if told.state != "passed":
            yield _line(path_from(told.file, root), one, told, fail_on)


def _line(path: str, one: Played, told: Told, fail_on: str) -> str:
    level = "error" if fails(told, fail_on) else "warning"
    more = [] if told.state == "error" else [one.dominated, one.command]
    message = "\n".join(filter(None, [told.message, *more]))
    return annotation(level, path, told.line, told.column, one.experiment or "simulator", message)
