"""Files as they were in a revision of their Git repository: `main:experiments/outage.yaml`."""

import subprocess
from pathlib import Path, PurePosixPath
from posixpath import normpath

from simulator.errors import Problem, UsageError
from simulator.records import dataclass

_NO_GIT = "git cannot be run, so no revision can be read: {}"
_LONGEST_S = 60


@dataclass(frozen=True)
class Revision:
    """Files of a revision, by paths from the working directory."""

    commit: str
    """The whole hash."""
    named: str
    """As the user named it."""
    directory: str
    """The directory in the repository from which paths begin."""

    def name(self, path: Path) -> str:
        """A file's name in messages."""
        return f"{self.named}:{path}"

    def text(self, path: Path) -> str | Problem:
        """The text of a file in the revision, or why there is none."""
        if not self.has(path):
            return Problem(self.name(path), 1, 1, "there is no such file in this revision")
        found = _git("show", f"{self.commit}:{self._place(path)}")
        try:
            return found.stdout.decode("utf-8")
        except UnicodeDecodeError:
            return Problem(self.name(path), 1, 1, "this is not a text file in UTF-8")

    def has(self, path: Path) -> bool:
        """Whether the revision has such a file."""
        found = _git("cat-file", "-t", f"{self.commit}:{self._place(path)}")
        return found.stdout.strip() == b"blob"

    def beside(self, path: Path) -> list[Path]:
        """The YAML files of a file's directory in the revision, by name."""
        place = PurePosixPath(self._place(path)).parent
        found = _git("ls-tree", "--name-only", self.commit, f"{place}/")
        names = [PurePosixPath(line).name for line in found.stdout.decode("utf-8", "replace").splitlines()]
        return [path.parent / name for name in sorted(names) if name.endswith((".yaml", ".yml"))]

    def _place(self, path: Path) -> str:
        return normpath(f"{self.directory}{path.as_posix()}")


def split_revision(name: str) -> tuple[str, str] | None:
    """Revision and path of a name such as `main:outage.yaml`; None if it is the name of a file."""
    revision, colon, path = name.partition(":")
    if not colon or not revision or not path or Path(name).exists():
        return None
    return None if len(revision) == 1 and path.startswith(("\\", "/")) else (revision, path)


def revision(named: str) -> Revision:
    """A revision by its name; UsageError if there is no such revision, or no repository."""
    inside = _git("rev-parse", "--show-prefix")
    if inside.returncode:
        raise UsageError(
            f"'{named}' names a revision, but the working directory is in no Git repository: "
            f"{inside.stderr.decode('utf-8', 'replace').strip()}"
        )
    found = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{named}^{{commit}}")
    if found.returncode:
        raise UsageError(f"the Git repository has no revision '{named}'; name a branch, a tag or a commit")
    return Revision(found.stdout.decode().strip(), named, inside.stdout.decode().rstrip("\n"))


def _git(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(
            ["git", *arguments],
            capture_output=True,
            check=False,
            timeout=_LONGEST_S,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(_NO_GIT.format(error)) from None
