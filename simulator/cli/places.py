"""Directories that a user names to be written to."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from simulator.cli.failing import cleaning_up, fail
from simulator.cli.saying import say


class _Directory(click.Path):
    """A directory, there or yet to be made; an empty name is a variable that was not set, not a place."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> Any:
        if not os.fspath(value):
            self.fail("the name of the directory is empty; write '.' for the working directory", param, ctx)
        return super().convert(value, param, ctx)


DIRECTORY = _Directory(file_okay=False)


def check_writable(out: Path, *, of: str = "") -> None:
    """Leave before anything slow if nothing could be written to a directory; leave nothing behind yet.

    `of` is what the user named, if that is a file in it. Permissions do not tell all, above all not to an
    administrator, so something is made in the place and taken away at once.
    """
    place = out.absolute()
    while not os.path.lexists(place):
        place = place.parent
    if not place.is_dir():
        fail(f"cannot write to {of or out}: {place} is not a directory")
    trial = place / f".simulator-{os.getpid()}"
    try:
        trial.mkdir()
        trial.rmdir()
    except OSError as error:
        why = error.strerror or error
        fail(f"cannot write to {of or out}: nothing can be made in {place} ({why}); name another place")


def written(out: str | Path, write: Callable[[], list[Path]], but: str = "") -> str:
    """Write files to a directory, and tell which; that it cannot be done is said, and changes nothing else.

    `but` is what holds although they could not be written.
    """
    try:
        with cleaning_up():
            paths = write()
    except OSError as error:
        say(f"cannot write to {out}: {error.strerror or error}{but}", err=True)
        return ""
    return f"Written to {out}: {', '.join(sorted(path.name for path in paths))}"
