"""What is heard of a compilation: whoever runs the simulator may watch it; else it is logged."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

_log = logging.getLogger("simulator.kernels")


class Watcher(Protocol):
    """Who hears of a compilation. A run that finds its machine code in the cache tells nothing."""

    def begin(self, total: int) -> None:
        """Some of `total` kernels have to be compiled."""

    def compiled(self, done: int, total: int) -> None:
        """So many of them are compiled; `total` may have become clearer."""

    def end(self, done: int) -> None:
        """All is compiled that was needed."""

    def say(self, text: str) -> None:
        """Something that a user should know, in a line."""


class _Log:
    """Tells the log `simulator.kernels`, which Python shows on standard error unless told otherwise."""

    def begin(self, total: int) -> None:
        _log.warning(BEGIN)

    def compiled(self, done: int, total: int) -> None:
        pass

    def end(self, done: int) -> None:
        _log.warning(ended(done))

    def say(self, text: str) -> None:
        _log.warning("%s", text)


BEGIN = "Compiling the simulator for this machine, once …"


def ended(done: int) -> str:
    """What is said when so many kernels have been compiled."""
    return f"Compiled {done} kernel{'' if done == 1 else 's'}; later runs start at once."


_LOG = _Log()
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


def watcher() -> Watcher:
    """Who watches now."""
    return _watcher.get() or _LOG


@contextmanager
def watched_by(other: Watcher) -> Iterator[None]:
    """Let somebody else watch meanwhile."""
    token = _watcher.set(other)
    try:
        yield
    finally:
        _watcher.reset(token)
