"""Tasks that this process and others do, as it is heard in this one."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any, Generic, TypeVar

from simulator.explore.beside import Claims, Helper, Round, Word
from simulator.explore.packing import Parcel
from simulator.explore.team import Team, warn

T = TypeVar("T")
R = TypeVar("R")

Heard = Callable[[int, R], None]
"""Is told the number of each task and what came of it, in their order, while the others go on."""


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


class Sharing(Generic[T, R]):
    """Tasks that this process and others do."""

    def __init__(self, team: Team, one: Callable[[T], R], tasks: Sequence[T], done: InOrder[R]) -> None:
        self._team, self._one, self._tasks, self._done = team, one, tasks, done
        self._failures: dict[int, Exception] = {}
        self._claims: Claims | None = None
        self._at_work: list[Helper] = []

    def play(self, numbers: Sequence[int], others: int) -> None:
        """Do these tasks, so far as workers live; what dead ones leave a second time, not by this process.

        Raises what it raises of the first that fails.
        """
        with self.begun(numbers, others):
            self.rest()
        if (left := self._done.left()) and not self._failures:
            with self.begun(left, min(others, len(left))):
                self._hear_out()
        self.conclude()

    @contextmanager
    def begun(self, numbers: Sequence[int], others: int) -> Iterator[None]:
        """While so many others do these tasks, if there are any; they leave what they have not begun then."""
        team, self._numbers, self._claims = self._team, numbers, None
        team.start(others)
        if team.claims is None or not team.helpers:
            yield
            return
        team.rounds += 1
        self._first, self._end = team.claims.taken(), team.claims.taken() + len(numbers)
        try:
            parcel = self._parcel()
        except OSError as error:  # a full disk
            warn("cannot share the work: %s", error)
            yield
            return
        self._claims = claims = team.claims
        with parcel:
            self._at_work = team.helpers[:others]
            _shared.append(self)
            for helper in self._at_work:
                helper.tell(parcel.message)
            try:
                yield
            finally:
                _shared.remove(self)
                if self._at_work:
                    claims.stop(self._end)
        if claims.is_stuck:
            team.end()

    def rest(self) -> None:
        """Do a share of what others have begun, and hear them out."""
        while self._claims is not None and (place := self._claims.take(self._end)) is not None:
            number = self._numbers[place - self._first]
            try:
                found = self._one(self._tasks[number])
            except Exception as error:
                self._fail(number, error)
            else:
                self._done.take(number, found)
            self.hear()
        self._hear_out()

    def conclude(self) -> None:
        """Do here what is left of the tasks before the first that has failed, and raise what that raises."""
        first = min(self._failures, default=len(self._tasks))
        for number in self._done.left():
            if number < first:
                self._done.take(number, self._one(self._tasks[number]))
        if self._failures:
            raise self._failures[first]

    def _parcel(self) -> Parcel:
        tasks = [self._tasks[number] for number in self._numbers]
        return Parcel(Round(self._team.rounds, self._first, self._end, self._one, tasks))

    def _fail(self, number: int, error: Exception) -> None:
        self._failures[number] = error
        if self._claims is not None:
            self._claims.stop(self._end)

    def _hear_out(self) -> None:
        while self._at_work:
            self._hear(None)

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
        elif word.number != self._team.rounds:
            return  # of a round that was given up
        elif word.place is None:
            self._at_work.remove(helper)
        elif word.failed:
            self._fail(self._numbers[word.place], pickle.loads(word.found))
        else:
            self._done.take(self._numbers[word.place], pickle.loads(word.found))

    def _bury(self, helper: Helper) -> None:
        doing = self._called(helper.doing() - self._first)
        warn("a process that shares the work %s; it was doing %s", helper.ended(), doing)
        self._at_work.remove(helper)
        self._team.helpers.remove(helper)
        helper.end()

    def _called(self, place: int) -> str:
        """The name of a task, if it has one that is `called` so, or its number."""
        if not 0 <= place < len(self._numbers):
            return "nothing yet"
        number = self._numbers[place]
        return getattr(self._tasks[number], "called", "") or f"task {number + 1} of {len(self._tasks)}"


_shared: list[Sharing[Any, Any]] = []


def breathe(_passed_ns: int = 0) -> None:
    """Hear what others have done, in the middle of a long task: the `Progress` of a run that is one.

    So it is told at once, and Ctrl-C is noticed.
    """
    if _shared:
        _shared[-1].hear()


def forget() -> None:
    """In a copy of this process: what that shares out, this one does not."""
    _shared.clear()
