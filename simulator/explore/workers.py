"""Many runs on several processes: the one way in which work is shared among workers."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

from simulator.explore.beside import MOST, Claims, Helper, Prepare, Round, Word
from simulator.explore.packing import Parcel

T = TypeVar("T")
R = TypeVar("R")

Heard = Callable[[int, R], None]
"""Is told the number of each task and what came of it, in their order, while the others go on."""


class Crew(Protocol):
    """Whoever does many tasks: processes of this machine, or a cluster."""

    is_remote: bool
    """Whether tasks are done on machines that may keep nothing for this one."""

    def do(
        self,
        one: Callable[[T], R],
        tasks: Sequence[T],
        *,
        heard: Heard[R] = ...,
        costs: Sequence[float] | None = ...,
    ) -> list[R]:
        """What a function makes of each task, in their order: the same whoever does it.

        `one` is a function of a module, perhaps with `functools.partial`. With `costs`, what takes longest is
        begun first. Raises what it raises of the first task that fails.
        """


def _warn(text: str, *what: object) -> None:
    """Tell the log, which Python shows on standard error unless told otherwise."""
    import logging  # rarely needed, and a command waits for this module before it starts its processes

    logging.getLogger("simulator.explore").warning(text, *what)


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
    """Processes of this machine, of which this one is the first.

    The others start when they are first needed, or at once with `start`, and stay warm for all that follows.
    Where one dies, as for lack of memory, that is logged, and what it was doing is done by a new one; what
    has been left twice by dying workers is done by this process. Use as a context: when it is left, the
    workers end. Within `standing`, the work is done by those who stand there.
    """

    is_remote = False

    def __init__(self, processes: int, prepare: Prepare | None = None) -> None:
        self._others = min(max(processes, 1), MOST) - 1
        self._prepare = prepare
        self._helpers: list[Helper] = []
        self._claims: Claims | None = None
        self._rounds = 0

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._end()

    def start(self, most: int | None = None) -> None:
        """Start the other processes now, or at most so many; they prepare themselves meanwhile."""
        context = get_context("spawn")
        wanted = self._others if most is None else min(most, self._others)
        try:
            self._claims = self._claims or Claims(context)
            while len(self._helpers) < wanted:
                self._helpers.append(Helper(context, self._claims, self._prepare))
        except (ImportError, OSError) as error:  # no room for them, or a system without shared locks
            _warn("cannot start more processes (%s); %d do the work", error, len(self._helpers) + 1)
            self._others = len(self._helpers)

    def _end(self) -> None:
        for helper in self._helpers:
            helper.end()
        self._helpers, self._claims = [], None

    def do(
        self,
        one: Callable[[T], R],
        tasks: Sequence[T],
        *,
        heard: Heard[R] = nobody,
        costs: Sequence[float] | None = None,
    ) -> list[R]:
        """See `Crew`."""
        done, whose = InOrder(len(tasks), heard), _standing[-1] if _standing else self
        others = min(self._others, whose._others, len(tasks) - 1)
        if others > 0:
            numbers = sorted(range(len(tasks)), key=lambda number: -costs[number] if costs else 0)
            _Sharing(whose, one, tasks, done).play(numbers, others)
        for number in done.left():
            done.take(number, one(tasks[number]))
        return done.all()


class _Sharing(Generic[T, R]):
    """Tasks that this process and others do."""

    def __init__(self, crew: Workers, one: Callable[[T], R], tasks: Sequence[T], done: InOrder[R]) -> None:
        self._crew, self._one, self._tasks, self._done = crew, one, tasks, done
        self._failures: dict[int, Exception] = {}
        self._at_work: list[Helper] = []

    def play(self, numbers: Sequence[int], others: int) -> None:
        """Do these tasks, so far as workers live; what dead ones leave a second time, not by this process."""
        self._round(numbers, others, plays=True)
        if (left := self._done.left()) and not self._failures:
            self._round(left, min(others, len(left)), plays=False)
        if self._failures:
            first = min(self._failures)
            for number in self._done.left():
                if number < first:
                    self._done.take(number, self._one(self._tasks[number]))
            raise self._failures[first]

    def _round(self, numbers: Sequence[int], others: int, *, plays: bool) -> None:
        crew, self._numbers = self._crew, numbers
        crew.start(others)
        if crew._claims is None or not crew._helpers:
            return
        crew._rounds += 1
        self._claims, self._first = crew._claims, crew._claims.taken()
        self._end = self._first + len(numbers)
        try:
            parcel = self._parcel()
        except OSError as error:  # a full disk
            _warn("cannot share the work: %s", error)
            return
        with parcel:
            self._at_work = crew._helpers[:others]
            _shared.append(self)
            for helper in self._at_work:
                helper.tell(parcel.message)
            try:
                self._share(plays)
            except BaseException:
                self._claims.stop(self._end)
                raise
            finally:
                _shared.remove(self)
        if self._claims.is_stuck:
            crew._end()

    def _parcel(self) -> Parcel:
        tasks = [self._tasks[number] for number in self._numbers]
        return Parcel(Round(self._crew._rounds, self._first, self._end, self._one, tasks))

    def _share(self, plays: bool) -> None:
        while plays and (place := self._claims.take(self._end)) is not None:
            number = self._numbers[place - self._first]
            try:
                found = self._one(self._tasks[number])
            except Exception as error:
                self._fail(number, error)
            else:
                self._done.take(number, found)
            self.hear()
        while self._at_work:
            self._hear(None)

    def _fail(self, number: int, error: Exception) -> None:
        self._failures[number] = error
        self._claims.stop(self._end)

    def hear(self) -> None:
        """Hear what has been said by now."""
        self._hear(0)

    def _hear(self, timeout_s: float | None) -> None:
        """Hear all that is said; wait so long for the first word, None: until somebody says one."""
        while self._at_work:
            by_line: dict[Any, Helper] = {helper.line: helper for helper in self._at_work}
            said = wait([*by_line], timeout_s)
            if not said:
                return
            for line in said:
                self._heed(by_line[line], by_line[line].hear())
            timeout_s = 0

    def _heed(self, helper: Helper, word: Word | None) -> None:
        if word is None:
            self._bury(helper)
        elif word.number != self._crew._rounds:
            return  # of a round that was given up
        elif word.place is None:
            self._at_work.remove(helper)
        elif word.failed:
            self._fail(self._numbers[word.place], pickle.loads(word.found))
        else:
            self._done.take(self._numbers[word.place], pickle.loads(word.found))

    def _bury(self, helper: Helper) -> None:
        doing = self._called(helper.doing() - self._first)
        _warn("a process that shares the work %s; it was doing %s", helper.ended(), doing)
        self._at_work.remove(helper)
        self._crew._helpers.remove(helper)
        helper.end()

    def _called(self, place: int) -> str:
        """The name of a task, if it has one that is `called` so, or its number."""
        if not 0 <= place < len(self._numbers):
            return "nothing yet"
        number = self._numbers[place]
        return getattr(self._tasks[number], "called", "") or f"task {number + 1} of {len(self._tasks)}"


_shared: list[_Sharing[Any, Any]] = []


def breathe(_passed_ns: int = 0) -> None:
    """Hear what others have done, in the middle of a long task: the `Progress` of a run that is one.

    So it is told at once, and Ctrl-C is noticed.
    """
    if _shared:
        _shared[-1].hear()


_AT_ONCE = 7
"""So many processes are started before it is known how much there is to do."""

_standing: list[Workers] = []


@contextmanager
def standing(processes: int, prepare: Prepare | None = None) -> Iterator[Any]:
    """Workers who do all that is shared within the body, as one set for a whole command; some start now."""
    with Workers(processes, prepare) as crew:
        crew.start(_AT_ONCE)
        _standing.append(crew)
        try:
            yield crew
        finally:
            _standing.remove(crew)


def on_workers(
    one: Callable[[T], R],
    tasks: Sequence[T],
    processes: int,
    *,
    heard: Heard[R] = nobody,
    costs: Sequence[float] | None = None,
) -> list[R]:
    """What a function makes of each task, in their order, by workers that end then; see `Workers`."""
    with Workers(min(processes, len(tasks))) as workers:
        return workers.do(one, tasks, heard=heard, costs=costs)
