"""How places are told on the pages of a repository: paths from its root, annotations of GitHub.

The form of annotations: GitHub, "Workflow commands for GitHub Actions" (setting an error message); what is
escaped in them: the toolkit of GitHub's actions (`packages/core/src/command.ts`).
"""

import os
from pathlib import PurePath

_OF_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_OF_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def path_from(file: str, root: str | None) -> str:
    """A file's path as pages of a repository want it: from its root, with slashes."""
    if root is None:
        return PurePath(file).as_posix()
    whole, top = os.path.realpath(file), os.path.realpath(root)
    inside = os.path.commonpath([whole, top]) == top
    return PurePath(os.path.relpath(whole, top) if inside else file).as_posix()


def annotation(level: str, file: str, line: int | None, column: int | None, title: str, message: str) -> str:
    """One annotation; `level` is error, warning or notice."""
    given = {"file": file, "line": line, "col": column, "title": title}
    properties = ",".join(
        f"{key}={str(value).translate(_OF_PROPERTY)}" for key, value in given.items() if value is not None
    )
    return f"::{level} {properties}::{message.translate(_OF_TEXT)}"
