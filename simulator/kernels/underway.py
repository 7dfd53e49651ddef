"""The compilation under way in this process: nobody else compiles meanwhile, and someone may watch.

Two processes that find no machine code would both compile all of it. So the first takes a lock in the cache
directory, and the other waits for what the first will have written. The operating system releases the lock
of a process that was killed.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from simulator.kernels import places
from simulator.kernels.keys import called_by
from simulator.kernels.libraries import Code
from simulator.kernels.progress import watcher

_LOCK = "compiling.lock"


class Compilation:
    """What is compiled between the first kernel that is missing and the end of the outermost `together`."""

    def __init__(self) -> None:
        self._depth = 0
        self._one = RLock()
        self._reset()

    def _reset(self) -> None:
        self._alone = self._begun = False
        self._place: Path | None = None
        self._lock: Any = None
        self._done = self._total = 0

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is missing meanwhile is compiled as one."""
        with self._one:
            self._depth += 1
            try:
                yield
                if self._depth == 1 and self._begun:
                    self._end()
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._release()

    def alone(self) -> None:
        """Something is missing: wait for the process that compiles now, if any, and keep others from it.

        Look again afterwards.
        """
        if self._alone:
            return
        self._alone = True
        self._place, trouble = places.writable()
        if trouble:
            kept = f"kept in {self._place}" if self._place else "not kept"
            watcher().say(f"{trouble}; machine code is {kept}. {places.VARIABLE} names another directory.")
        if self._place is not None:
            self._lock = _locked(self._place / _LOCK)

    def expect(self, entries: Iterable[Any]) -> None:
        """These have to be compiled, with all kernels that they reach."""
        missing = [*entries]
        parts = sum(not getattr(one, "translated", False) for one in called_by(*missing))
        self._total = max(self._total, self._done + len(missing) + parts)
        if not self._begun:
            self._begun = True
            watcher().begin(self._total)

    def one_more(self) -> None:
        """A kernel is compiled, or loaded."""
        if self._begun:
            self._done += 1
            self._total = max(self._total, self._done)
            watcher().compiled(self._done, self._total)

    def keep(self, name: str, code: Code) -> None:
        """Write machine code to the cache, if it may be written."""
        if self._place is None:
            return
        try:
            places.write(name, code, self._place)
        except OSError as error:  # the disk is full
            reason = error.strerror or error
            watcher().say(f"cannot write to {self._place}: {reason}; machine code is not kept")
            self._place = None

    def _end(self) -> None:
        if self._place is not None:
            places.prune(self._place)
        watcher().end(self._done)

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()
        self._reset()


def _locked(path: Path) -> Any:
    """A lock on a file, taken; None where there are no such locks."""
    from filelock import FileLock, Timeout  # which a run that compiles nothing need not import

    lock = FileLock(path)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            watcher().say("Another process is compiling the simulator; waiting for it …")
            lock.acquire()
    except (OSError, NotImplementedError):
        return None
    return lock


COMPILATION = Compilation()
"""The one of this process; Numba, too, compiles one thing at a time."""
