"""Two versions of the simulator side by side: the working tree, and a commit in a place of its own."""

import json
import resource
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import scaled
from benchmarks.measuring import ENVIRONMENT, SIMULATOR

PROBE = Path(__file__).with_name("probe.py")


class RefusedError(Exception):
    """A version cannot do what it is asked for; says why."""


@dataclass(frozen=True)
class Taken:
    """What something took."""

    seconds: float
    """Of the processor, its children's included,"""
    requests: float
    """for so many requests; 1 where the whole is counted."""


@dataclass(frozen=True)
class Version:
    """A version of the simulator with all that lies beside it."""

    root: Path
    cache: Path | None = None
    """Where it keeps its machine code; None: where users' is."""

    def environment(self) -> dict[str, str]:
        """Variables with which Python finds this version and no other."""
        own = {"PYTHONPATH": str(self.root), "PYTHONSAFEPATH": "1"}
        return ENVIRONMENT | own | ({} if self.cache is None else {"SIMULATOR_CACHE_DIR": str(self.cache)})

    def python(self, *arguments: str) -> str:
        """What a Python of this version prints; RefusedError if it ends with a code."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=self.root, env=self.environment(),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            lines = done.stderr.strip().splitlines() or [f"it ended with code {done.returncode}"]
            raise RefusedError(lines[0] if done.returncode == 2 else lines[-1])
        return done.stdout

    def engine(self, file: Path) -> Taken:
        """A run of a file, its kernels loaded."""
        return Taken(**json.loads(self.python(str(PROBE), str(file))))

    def process(self, *arguments: str) -> Taken:
        """A command of the simulator from start to exit."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.python(*SIMULATOR[1:], *arguments)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return Taken(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, 1)

    def made(self, maker: str, *given: Any, place: Path) -> Path:
        """The file that a function of this version's `benchmarks.scaled` writes."""
        code = (
            "import json, pathlib, sys; from benchmarks import scaled; "
            "print(getattr(scaled, sys.argv[1])(pathlib.Path(sys.argv[2]), *json.loads(sys.argv[3])))"
        )
        place.mkdir(exist_ok=True)
        return Path(self.python("-c", code, maker, str(place), json.dumps(given)).strip())


TODAY = Version(scaled.ROOT)
"""The working tree, with what is not committed."""


@contextmanager
def checked_out(commit: str, root: Path = scaled.ROOT) -> Iterator[Version]:
    """A commit with an empty cache, in a directory that is removed afterwards."""
    archive = git(root, "archive", "--format=tar", commit)
    with TemporaryDirectory(prefix="simulator-") as name:
        place = Path(name)
        with tarfile.open(fileobj=BytesIO(archive)) as tar:
            tar.extractall(place / "tree", filter="data")
        yield Version(place / "tree", place / "cache")


def git(root: Path, *arguments: str) -> bytes:
    """What Git prints; RefusedError if it cannot."""
    try:
        command = ["git", "-C", str(root), *arguments]
        return subprocess.run(command, capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise RefusedError("Git is not installed") from None
    except subprocess.CalledProcessError as error:
        raise RefusedError(error.stderr.decode(errors="replace").strip().splitlines()[-1]) from None


def last_kept(history: Path) -> tuple[str, str]:
    """The commit of the last record of a history, and the record's name.

    A record says its commit itself; where it does not, or that is of a history which has been rewritten, it
    is the one that changed the record last. RefusedError if there is none.
    """
    for file in sorted(history.glob("*.json"), reverse=True):
        said = json.loads(file.read_text()).get("commit", "")
        for commit in filter(None, (said, *_changes(file))):
            if _exists(history, commit):
                return commit, file.stem
    raise RefusedError(f"no record of {history} belongs to a commit; name one with --against")


def _changes(file: Path) -> Sequence[str]:
    return git(file.parent, "log", "-1", "--format=%H", "--", file.name).decode().split()


def _exists(place: Path, commit: str) -> bool:
    try:
        git(place, "cat-file", "-e", f"{commit}^{{commit}}")
    except RefusedError:
        return False
    return True


def head(root: Path = scaled.ROOT) -> str:
    """The commit of a working tree; empty outside a repository."""
    try:
        return git(root, "rev-parse", "HEAD").decode().strip()
    except RefusedError:
        return ""
