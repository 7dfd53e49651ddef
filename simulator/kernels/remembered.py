"""What was found out about sources that have not changed since: their digests, versions of compilers.

Walking all kernels at each start would take longer than loading their machine code. So what was found is kept
beside it, under a digest of where each source of the package lies, how large it is, and when it was written
and last changed in any way, which no copy can set back. A process whose modules may be older than those files
neither reads nor writes it.
"""

import atexit
import hashlib
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType

from simulator.kernels.shelves import Shelf

_SHELF = Shelf(".keys", 2**20)
_ROOT = str(Path(__file__).parents[1])
_PACKAGE = __name__.partition(".")[0]
_COMPILERS = ("numba", "llvmlite", "numpy")
_SLACK_NS = 2 * 10**9
"""By how much the clocks of a disk and of this machine may differ, and how coarse times of files may be."""


class Remembered:
    """Texts by name, kept as long as no source changes."""

    def __init__(self) -> None:
        self._known: dict[str, str] | None = None
        self._key: str | None = None
        self._is_new = False

    @property
    def is_sound(self) -> bool:
        """Whether this process is as new as its sources, so that it may keep what it has made by them."""
        self._all()
        return self._key is not None

    def of_function(self, function: FunctionType, find: Callable[[], str]) -> str:
        """What is remembered of a function of the package, but of no other; else it is found out."""
        ours = function.__module__.partition(".")[0] == _PACKAGE
        if not ours or not function.__code__.co_filename.startswith(_ROOT):
            return find()
        return self.of(f"{function.__module__}.{function.__qualname__}", find)

    def of(self, name: str, find: Callable[[], str]) -> str:
        """What is remembered under a name; else it is found out."""
        known = self._all()
        if name not in known:
            known[name] = find()
            self._note()
        return known[name]

    def _all(self) -> dict[str, str]:
        if self._known is None:
            self._key = _key()
            kept = _SHELF.read(self._key) if self._key else None
            self._known = {} if kept is None else json.loads(kept)
        return self._known

    def _note(self) -> None:
        if self._key and not self._is_new:
            self._is_new = True
            atexit.register(self._keep)

    def _keep(self) -> None:
        if self._key:
            _SHELF.keep(self._key, json.dumps(self._known).encode())
            _SHELF.prune()


def _key() -> str | None:
    """A digest of where sources are and when they were changed; None if modules may be older than they."""
    imported_ns = getattr(sys.modules[_PACKAGE], "_IMPORTED_NS", 0)
    told, newest_ns = [repr((_ROOT, sys.implementation.cache_tag))], 0
    for path, about in _sources(_ROOT):
        told.append(f"{path} {about.st_size} {about.st_mtime_ns} {about.st_ctime_ns}")
        newest_ns = max(newest_ns, about.st_mtime_ns, about.st_ctime_ns)
    if newest_ns + _SLACK_NS > imported_ns:
        return None
    return hashlib.sha256("\n".join([*sorted(told), *_compilers()]).encode()).hexdigest()[:32]


def _sources(directory: str) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(directory) as entries:
        for entry in entries:
            if entry.name.endswith((".py", ".yaml")):
                yield entry.path, entry.stat()
            elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
                yield from _sources(entry.path)


def _compilers() -> Iterator[str]:
    """Which compilers are there, found without importing one."""
    for name in _COMPILERS:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            yield f"no {name}"
        else:
            about = os.stat(spec.origin)
            yield f"{spec.origin} {about.st_size} {about.st_mtime_ns} {about.st_ctime_ns}"


REMEMBERED = Remembered()
"""The one of this process."""
