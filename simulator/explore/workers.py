"""Many runs on several processes: the one way in which work is shared among workers."""

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")

Heard = Callable[[int, R], None]
"""Is told the number of each task and what came of it, in their order, while the others go on."""


class Crew(Protocol):
    """Whoever does many tasks: processes of this machine, or a cluster."""

    is_remote: bool
    """Whether tasks are done on machines that may keep nothing for this one."""

    def do(self, one: Callable[[T], R], tasks: Sequence[T], *, heard: Heard[R] = ...) -> list[R]:
        """What a function makes of each task, in their order: the same whoever does it.

        `one` is a function of a module, perhaps with `functools.partial`. Raises what it raises.
        """


def nobody(_number: int, _found: object) -> None:
    """Nobody who listens."""


class InOrder(Generic[R]):
    """What comes of tasks, in whatever order; told in theirs."""

    def __init__(self, count: int, heard: Heard[R]) -> None:
        self._found: dict[int, R] = {}
        self._count, self._heard, self._told = count, heard, 0

    def left(self) -> list[int]:
        """The numbers of the tasks of which nothing has come yet."""
        return [number for number in range(self._count) if number not in self._found]

    def take(self, number: int, found: R) -> None:
        """Something has come of a task."""
        self._found[number] = found
        while self._told in self._found:
            self._told += 1
            self._heard(self._told - 1, self._found[self._told - 1])

    def all(self) -> list[R]:
        """What came of all of them."""
        return [self._found[number] for number in range(self._count)]


class Workers:
    """Processes of this machine. They start when they are first needed and stay warm for all that follows.

    Where a worker dies, as for lack of memory, Python ends the others, too: new ones are started and do what
    is left. What has been left twice by dying workers is done by this process. Use as a context: when it is
    left, the workers end; at once if that is by an exception, as Ctrl-C.
    """

    is_remote = False

    def __init__(self, processes: int) -> None:
        self._processes = max(processes, 1)
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            _end(self._pool, at_once=kind is not None)
            self._pool = None

    def do(self, one: Callable[[T], R], tasks: Sequence[T], *, heard: Heard[R] = nobody) -> list[R]:
        """See `Crew`."""
        done = InOrder(len(tasks), heard)
        is_shared = self._processes > 1 and len(tasks) > 1
        while left := done.left():
            if is_shared:
                self._share(one, tasks, done)
            if len(done.left()) == len(left):
                done.take(left[0], one(tasks[left[0]]))
        return done.all()

    def _share(self, one: Callable[[T], R], tasks: Sequence[T], done: InOrder[R]) -> None:
        """Have the workers do what is left; return early if one of them dies, with what is done by then."""
        if self._pool is None:
            context = get_context("spawn")
            self._pool = ProcessPoolExecutor(
                self._processes, mp_context=context, initializer=_leave_interrupts_to_others
            )
        try:
            futures = {number: self._pool.submit(one, tasks[number]) for number in done.left()}
        except BrokenProcessPool:
            self._pool = None
            return
        for number, future in futures.items():
            try:
                done.take(number, future.result())
            except BrokenProcessPool:
                self._pool = None


def _leave_interrupts_to_others() -> None:
    """Ctrl-C reaches every process of a terminal; whoever started the workers ends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end(pool: ProcessPoolExecutor, *, at_once: bool) -> None:
    if at_once:
        for process in _processes_of(pool):
            process.terminate()
    pool.shutdown(wait=True, cancel_futures=True)


def _processes_of(pool: ProcessPoolExecutor) -> Iterator[Any]:
    """Those of a pool, which keeps them for itself."""
    yield from [*(getattr(pool, "_processes", None) or {}).values()]


def on_workers(
    one: Callable[[T], R], tasks: Sequence[T], processes: int, *, heard: Heard[R] = nobody
) -> list[R]:
    """What a function makes of each task, in their order, by workers that end then; see `Workers`."""
    with Workers(min(processes, len(tasks))) as workers:
        return workers.do(one, tasks, heard=heard)
