"""Annotations of GitHub's pull requests: what is wrong, at its line.

Their form: GitHub, "Workflow commands for GitHub Actions" (setting an error message); what is escaped: the
toolkit of GitHub's actions (`packages/core/src/command.ts`).
"""

from collections.abc import Iterator, Sequence

from simulator.gate.played import Played
from simulator.gate.saying import Told, fails, path_from, told_of

_OF_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_OF_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def github(played: Sequence[Played], fail_on: str, root: str | None = None) -> str:
    """A line for each expectation that is not met: an error if it fails the gate, or else a warning."""
    return "".join(f"{line}\n" for one in played for line in _lines(one, fail_on, root))


def annotation(level: str, file: str, line: int | None, column: int | None, title: str, message: str) -> str:
    """One annotation; `level` is error, warning or notice."""
    given = {"file": file, "line": line, "col": column, "title": title}
    properties = ",".join(
        f"{key}={str(value).translate(_OF_PROPERTY)}" for key, value in given.items() if value is not None
    )
    return f"::{level} {properties}::{message.translate(_OF_TEXT)}"


def _lines(one: Played, fail_on: str, root: str | None) -> Iterator[str]:
    for told in told_of(one):
        if told.state != "passed":
            yield _line(path_from(told.file, root), one, told, fail_on)


def _line(path: str, one: Played, told: Told, fail_on: str) -> str:
    level = "error" if fails(told, fail_on) else "warning"
    more = [] if told.state == "error" else [one.dominated, one.command]
    message = "\n".join(filter(None, [told.message, *more]))
    return annotation(level, path, told.line, told.column, one.experiment or "simulator", message)
