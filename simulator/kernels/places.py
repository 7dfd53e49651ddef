"""Where machine code is kept: one file for each entry and what it depends on, in a directory of the user's.

Environments and checkouts of the same user share it: a file's name holds its key (`simulator.kernels.keys`)
and nothing of where the package lies. A file begins with a digest of the rest, so that a damaged one is never
loaded.
"""

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

VARIABLE = "SIMULATOR_CACHE_DIR"
"""The environment variable that names another directory."""

SUFFIX = ".kernel"
KEPT_BYTES = 128 * 2**20
"""Least recently used files beyond this go: some forty versions of all kernels."""

_NAME = "multiregion-simulator"
_HEAD = b"simulator machine code 1\n"
_DIGEST_BYTES = 32


class DamagedError(Exception):
    """A file of machine code that is not what was written."""


def places() -> list[Path]:
    """The directories in which machine code may lie: the chosen one or the user's, then a private one.

    The private one is temporary, for homes that cannot be written.
    """
    return [*_chosen(), *_temporary()]


def _chosen() -> Iterator[Path]:
    if chosen := os.environ.get(VARIABLE):
        yield Path(chosen).expanduser()
        return
    with suppress(RuntimeError):  # nobody knows where the home is
        yield _user_caches() / _NAME


def _user_caches() -> Path:
    """The platform's place for caches of a user."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _temporary() -> Iterator[Path]:
    """A temporary directory, unless somebody else could write it: what lies there is executed."""
    user = os.getuid() if hasattr(os, "getuid") else None  # on Windows it is the user's anyway
    directory = Path(tempfile.gettempdir()) / (_NAME if user is None else f"{_NAME}-{user}")
    try:
        about = directory.lstat()
    except OSError:
        yield directory  # to be made
        return
    if user is None or (about.st_uid == user and stat.S_ISDIR(about.st_mode) and not about.st_mode & 0o077):
        yield directory


def writable() -> tuple[Path | None, str]:
    """The best of the directories in which files can be made, made if need be; and why not a better one."""
    trouble = ""
    for place in places():
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.mkdir(mode=0o700 if place in _temporary() else 0o777, exist_ok=True)
            with tempfile.TemporaryFile(dir=place):
                return place, trouble
        except OSError as error:
            trouble = trouble or f"cannot write to {place}: {error.strerror or error}"
    return None, trouble


def kept_in() -> Path | None:
    """The best of the directories in which there is machine code; None if there is none."""
    return next((place for place in places() if any(place.glob(f"*{SUFFIX}"))), None)


def has(name: str) -> bool:
    """Tell whether there is a file of a name, be it sound or not."""
    return any((place / (name + SUFFIX)).is_file() for place in places())


def read(name: str) -> bytes | None:
    """What was written under a name; None if nothing was. DamagedError if it is not that any more."""
    for place in places():
        path = place / (name + SUFFIX)
        try:
            content = path.read_bytes()
        except OSError:
            continue
        with suppress(OSError):
            os.utime(path)  # used now
        return _unwrapped(content, path)
    return None


def _unwrapped(content: bytes, path: Path) -> bytes:
    begin = len(_HEAD) + _DIGEST_BYTES
    body = content[begin:]
    if content[:begin] != _HEAD + hashlib.sha256(body).digest():
        raise DamagedError(f"{path} is damaged")
    return body


def write(name: str, body: bytes, place: Path) -> None:
    """Keep machine code under a name; whoever reads meanwhile sees all of it or nothing.

    OSError if it cannot be kept.
    """
    unfinished = place / f"{name}.{uuid4().hex}.unfinished"
    try:
        unfinished.write_bytes(_HEAD + hashlib.sha256(body).digest() + body)
        unfinished.replace(place / (name + SUFFIX))
    finally:
        unfinished.unlink(missing_ok=True)


def prune(place: Path, kept_bytes: int = KEPT_BYTES) -> None:
    """Remove what was used longest ago, and what a writer that was killed has left.

    Call while nobody else writes.
    """
    for unfinished in place.glob("*.unfinished"):
        with suppress(OSError):
            unfinished.unlink()
    with suppress(OSError):
        found = [(path.stat(), path) for path in place.glob(f"*{SUFFIX}")]
        for about, path in sorted(found, key=_last_used, reverse=True):
            kept_bytes -= about.st_size
            if kept_bytes < 0:
                path.unlink(missing_ok=True)


def _last_used(found: tuple[os.stat_result, Path]) -> float:
    return found[0].st_mtime
