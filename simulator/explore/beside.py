"""Processes beside this one: how they begin, hear of tasks, take them, and hand back what came of them.

Every process knows all tasks of a round and takes the next one from a shared counter when it is free. So
nobody has to be asked for work, whatever the others are computing just then.
"""

import gc
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import Context
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from queue import SimpleQueue
from typing import Any

from simulator.explore.packing import unpack
from simulator.records import dataclass

Prepare = Callable[[], None]
"""What a process does before its first task; a function of a module."""

_STUCK_S = 10.0
"""Whoever holds the counter for so long was killed."""


class Claims:
    """Which task is the next that nobody has taken; known to all processes."""

    def __init__(self, context: BaseContext) -> None:
        self._next = context.Value("q", 0)
        self.is_stuck = False

    def taken(self) -> int:
        """How many have been taken since the beginning, where the next round begins."""
        count: int = self._next.value
        return count

    def take(self, end: int) -> int | None:
        """The next place before an end; None if all are taken."""
        with self._alone() as is_alone:
            place: int = self._next.value
            if not is_alone or place >= end:
                return None
            self._next.value = place + 1
            return place

    def stop(self, end: int) -> None:
        """Nobody takes more before this end."""
        with self._alone() as is_alone:
            if is_alone:
                self._next.value = max(self._next.value, end)

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """While nobody else takes one; whether that could be had."""
        lock = self._next.get_lock()
        if not lock.acquire(True, _STUCK_S):
            self.is_stuck = True
            yield False
            return
        try:
            yield True
        finally:
            lock.release()


@dataclass(frozen=True)
class Round:
    """Some tasks, as every process is told of them."""

    number: int
    first: int
    end: int
    one: Callable[[Any], Any]
    tasks: Sequence[Any]
    """In the order in which they are taken."""


@dataclass(frozen=True)
class Word:
    """What a process says of a round: what came of a task, or that there is no more to take."""

    number: int
    place: int | None = None
    """The task's place in the round; None at the end."""
    found: bytes = b""
    failed: bool = False
    """Whether what was found is an exception."""


class Helper:
    """A process beside this one, as this one sees it."""

    def __init__(
        self,
        context: BaseContext,
        claims: Claims,
        prepare: Prepare | None,
        *,
        copy_with: Sequence[Connection] | None = None,
    ) -> None:
        """If it is a copy of this process, it begins with the lines that this one has to others."""
        self.line, theirs = context.Pipe()
        self._doing = context.RawValue("q", -1)  # which it writes before it does the task
        given = (theirs, claims, self._doing, prepare)
        target = work if copy_with is None else partial(_work_as_copy, [*copy_with, self.line])
        self._process = context.Process(target=target, args=given, daemon=True)  # type: ignore[attr-defined]
        with _interrupts_kept_from_it():
            self._process.start()
        theirs.close()

    def tell(self, message: bytes) -> None:
        """Tell it of a round."""
        with suppress(OSError):  # it has died, as whoever listens to it will find
            self.line.send_bytes(message)

    def hear(self) -> Word | None:
        """What it says; None if it has died."""
        try:
            word: Word = pickle.loads(self.line.recv_bytes())
        except (EOFError, OSError):
            return None
        return word

    def doing(self) -> int:
        """The place of the task that it has taken last, counted as `Claims` does; -1 before the first."""
        place: int = self._doing.value
        return place

    def ended(self) -> str:
        """How it ended, in words."""
        self._process.join(1)
        code = self._process.exitcode
        if code is not None and code < 0:
            return f"was killed (signal {-code})"
        return "ended" if code is None else f"ended with code {code}"

    def end(self) -> None:
        """End it at once: what it has told is here, and what it keeps on disk is kept whole or not at all."""
        self._process.terminate()
        self._process.join()
        self.line.close()


@contextmanager
def _interrupts_kept_from_it() -> Iterator[None]:
    """A process that begins now never hears of Ctrl-C, which reaches every process of a terminal.

    Whoever began it ends it. Windows has no such masks: there it hears none as soon as it works.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


# in the other process


def _work_as_copy(lines: Sequence[Connection], *given: Any) -> None:
    """The same in a copy, once it has let go of what is the first process's; nobody hears what it compiles.

    Whoever listens at the other end of a line hears that this process is gone when nobody holds it any more.
    Output that a bar stands in for is not this process's.
    """
    for line in lines:
        line.close()
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    Context().run(work, *given)


def work(line: Connection, claims: Claims, doing: Any, prepare: Prepare | None) -> None:
    """Do tasks until whoever began this process is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # what is imported stays
    if prepare is not None:
        with suppress(Exception):  # whatever it is, the first task will meet it
            prepare()
    gc.freeze()
    gc.enable()
    words: SimpleQueue[Word] = SimpleQueue()
    threading.Thread(target=_say, args=(words, line), daemon=True).start()
    while (message := _heard(line)) is not None:
        _play(unpack(message), claims, doing, words)


def _heard(line: Connection) -> bytes | None:
    """The next round's message; None if nobody is there to send one."""
    try:
        return line.recv_bytes()
    except (EOFError, OSError):
        return None


def _play(given: Round, claims: Claims, doing: Any, words: "SimpleQueue[Word]") -> None:
    """Do tasks of a round until all are taken."""
    while (place := claims.take(given.end)) is not None:
        at = place - given.first
        doing.value = place
        try:
            found = pickle.dumps(given.one(given.tasks[at]), pickle.HIGHEST_PROTOCOL)
            words.put(Word(given.number, at, found))
        except Exception as error:
            words.put(Word(given.number, at, _packed_error(error), failed=True))
    words.put(Word(given.number))


def _packed_error(error: Exception) -> bytes:
    """An exception that can be raised elsewhere, with where it came from."""
    error.add_note("".join(traceback.format_exception(error)).rstrip())
    with suppress(Exception):
        body = pickle.dumps(error)
        pickle.loads(body)
        return body
    return pickle.dumps(RuntimeError("\n".join(error.__notes__)))


def _say(words: "SimpleQueue[Word]", line: Connection) -> None:
    """Say what comes, while the next task is under way; end the process if nobody listens any more."""
    while True:
        try:
            line.send_bytes(pickle.dumps(words.get(), pickle.HIGHEST_PROTOCOL))
        except OSError:
            os._exit(1)


MOST = 60 if sys.platform == "win32" else 10_000
"""As many processes as one can listen to at once."""
