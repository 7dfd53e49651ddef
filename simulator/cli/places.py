"""Directories that a user names to be written to."""

import os
from typing import Any

import click


class _Directory(click.Path):
    """A directory, there or yet to be made; an empty name is a variable that was not set, not a place."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> Any:
        if not os.fspath(value):
            self.fail("the name of the directory is empty; write '.' for the working directory", param, ctx)
        return super().convert(value, param, ctx)


DIRECTORY = _Directory(file_okay=False)
