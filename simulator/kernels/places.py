"""Where machine code is kept: files for each entry and what it depends on, in a directory of the user's.

Environments and checkouts of the same user share it: a file's name holds its key (`simulator.kernels.keys`)
and nothing of where the package lies. A file begins with a digest of the rest, and names that of the library
beside it, so that a damaged one is never loaded. Wheels bring what was compiled elsewhere with them.
"""

import hashlib
import json
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from simulator.kernels.libraries import Code, UnusableError, function_of, linked

VARIABLE = "SIMULATOR_CACHE_DIR"
"""The environment variable that names another directory."""

SHIPPED = Path(__file__).parent / "compiled"
"""What came with the package, if anything did."""

SUFFIX, LIBRARY = ".kernel", ".so"
KEPT_BYTES = 128 * 2**20
"""Least recently used files beyond this go: some forty versions of all kernels."""

_NAME = "multiregion-simulator"
_HEAD = b"simulator machine code 2\n"
_DIGEST_BYTES = 32


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
    return next((place for place in [*places(), SHIPPED] if any(place.glob(f"*{SUFFIX}"))), None)


def _paths(name: str) -> Iterator[Path]:
    """Where a file may lie. The name of what was shipped says nothing of compilers: any may be installed."""
    yield SHIPPED / (name.rpartition("-")[0] + SUFFIX)
    for place in places():
        yield place / (name + SUFFIX)


def has(name: str) -> bool:
    """Tell whether there is a file of a name, be it sound or not."""
    return any(os.path.exists(path) for path in _paths(name))


def load(name: str) -> tuple[Any, str] | None:
    """The native function of what was written under a name, and what it returns; None if nothing was.

    UnusableError if all there is cannot be used.
    """
    trouble = None
    for path in _paths(name):
        try:
            content = path.read_bytes()
        except OSError:
            continue
        try:
            code = _unwrapped(content, path)
            _touch(path)
            return function_of(code), code.returns
        except UnusableError as error:
            trouble = error
    if trouble is not None:
        raise trouble
    return None


def _touch(path: Path) -> None:
    """It is used now, so others go before it when there are too many."""
    if path.parent != SHIPPED:
        with suppress(OSError):
            os.utime(path)


def _unwrapped(content: bytes, path: Path) -> Code:
    begin = len(_HEAD) + _DIGEST_BYTES
    body = content[begin:]
    if content[:begin] != _HEAD + hashlib.sha256(body).digest():
        raise UnusableError(f"{path} is damaged")
    line, _, rest = body.partition(b"\n")
    told = json.loads(line)
    if told["library"] is None:
        return Code(told["returns"], rest)
    library = path.with_suffix(LIBRARY)
    if told["library"] != _digest_of(library):
        raise UnusableError(f"{library} is damaged")
    return Code(told["returns"], library=library)


def _digest_of(library: Path) -> str:
    with suppress(OSError):
        return hashlib.sha256(library.read_bytes()).hexdigest()
    return ""


def write(name: str, code: Code, place: Path) -> None:
    """Keep machine code under a name; whoever reads meanwhile sees all of it or nothing.

    As a library if one can be linked and loaded, else as the compiler's object. OSError if it cannot be kept.
    """
    unfinished = place / f"{name}.{uuid4().hex}.unfinished"
    library = place / f"{name}.{uuid4().hex}{LIBRARY}.unfinished"
    try:
        digest = _digest_of(library) if _linked(code, library) else None
        told = json.dumps({"returns": code.returns, "library": digest}).encode()
        body = told + b"\n" + (b"" if digest else code.content)
        unfinished.write_bytes(_HEAD + hashlib.sha256(body).digest() + body)
        if digest:
            library.replace(place / (name + LIBRARY))
        unfinished.replace(place / (name + SUFFIX))
    finally:
        unfinished.unlink(missing_ok=True)
        library.unlink(missing_ok=True)


def _linked(code: Code, library: Path) -> bool:
    """Tell whether a library was made that can be loaded from where it lies."""
    if not linked(code.content, library):
        return False
    with suppress(UnusableError):
        function_of(Code(code.returns, library=library))
        return True
    return False


def prune(place: Path, kept_bytes: int = KEPT_BYTES) -> None:
    """Remove what was used longest ago, and what a writer that was killed has left.

    Call while nobody else writes.
    """
    alone = (one for one in place.glob(f"*{LIBRARY}") if not one.with_suffix(SUFFIX).exists())
    for unfinished in [*place.glob("*.unfinished"), *alone]:
        with suppress(OSError):
            unfinished.unlink()
    with suppress(OSError):
        found = [(path.stat(), path) for path in place.glob(f"*{SUFFIX}")]
        for about, path in sorted(found, key=_last_used, reverse=True):
            library = path.with_suffix(LIBRARY)
            kept_bytes -= about.st_size + (library.stat().st_size if library.exists() else 0)
            if kept_bytes < 0:
                path.unlink(missing_ok=True)
                library.unlink(missing_ok=True)


def _last_used(found: tuple[os.stat_result, Path]) -> float:
    return found[0].st_mtime
