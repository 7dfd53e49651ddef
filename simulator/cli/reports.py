"""Reports of a gate in other programs' formats: `--report junit:results.xml`, and what `--format` prints."""

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from simulator.cli.failing import fail
from simulator.cli.places import check_writable
from simulator.cli.saying import say

NAMES = ("text", "json", "junit", "github", "markdown")

_FORM = re.compile(r"([^:=]*)[:=](.*)", re.DOTALL)
_JOB_PAGE = "GITHUB_STEP_SUMMARY"
_REPOSITORY = "GITHUB_WORKSPACE"


class _Report(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A format and the file that it is written to, as `junit:results.xml`."""

    name = "FORMAT:FILE"

    def __init__(self, names: Sequence[str], example: str) -> None:
        self._names, self._example = names, example

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, tuple):
            return value
        found = _FORM.fullmatch(value)
        if found is None or not found[2]:
            self.fail(f"'{value}' names no file; write for example {self._example}", param, ctx)
        if found[1] not in self._names:
            self.fail(f"'{found[1]}' is no format; one of: {', '.join(self._names)}", param, ctx)
        return found[1], found[2]


REPORT = _Report(NAMES, "junit:results.xml")
REPORT_OF_CHECK = _Report(("json", "sarif", "github"), "sarif:findings.sarif")

Reports = Sequence[tuple[str, str]]
"""Formats, each with the file that it is written to."""


def check_reports(reports: Reports) -> None:
    """Leave before anything slow if a report could not be written, or two are meant for one file."""
    places: dict[str, str] = {}
    for format_, file in reports:
        if Path(file).is_dir():
            fail(f"cannot write the report to {file}: it is a directory")
        if _is_added_to(Path(file)) and Path(file).exists():
            if not os.access(file, os.W_OK):
                fail(f"cannot write to {file}: no permission to write to it")
        else:
            check_writable(Path(os.path.realpath(file)).parent, of=file)
        other = places.setdefault(os.path.realpath(file), format_)
        if other != format_:
            fail(f"two reports, {other} and {format_}, are meant for {file}")


def report_text(format_: str, played: Sequence[Any], fail_on: str) -> str:
    """A report of files."""
    from simulator.gate.formats import FORMATS

    return FORMATS[format_](played, fail_on, os.environ.get(_REPOSITORY))


def write_reports(reports: Reports, played: Sequence[Any], fail_on: str) -> None:
    """Write each report."""
    for format_, file in reports:
        put(file, report_text(format_, played, fail_on))


def put(file: str, text: str) -> None:
    """Write a report; that it cannot be written is said, and changes no verdict."""
    try:
        _write(Path(file), text)
    except OSError as error:
        say(f"cannot write to {file}: {error.strerror or error}; the verdict stands", err=True)


def _is_added_to(path: Path) -> bool:
    """Whether others write there, too: the page of a job, or what is no file of a disk, as /dev/stderr."""
    page = os.environ.get(_JOB_PAGE, "")
    is_page = bool(page) and os.path.realpath(page) == os.path.realpath(path)
    return is_page or (path.exists() and not path.is_file())


def _write(path: Path, text: str) -> None:
    """All of a file or nothing, but for what others write to; of a link, what it leads to."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if _is_added_to(path):
        with path.open("a", encoding="utf-8") as page:
            page.write(text)
        return
    whole = Path(os.path.realpath(path))
    unfinished = whole.with_name(f".{whole.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(whole)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
