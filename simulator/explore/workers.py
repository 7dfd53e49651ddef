"""Many runs on several processes: the one way in which work is shared among workers."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Protocol, TypeVar

from simulator.explore.beside import MOST, Prepare
from simulator.explore.copying import can_be_copied
from simulator.explore.sharing import Heard, InOrder, Sharing, forget
from simulator.explore.team import Team

T = TypeVar("T")
R = TypeVar("R")


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


def nobody(_number: int, _found: object) -> None:
    """Nobody who listens."""


class Workers:
    """Processes of this machine, of which this one is the first.

    The others start when they are first needed, or at once with `start`, and stay warm for all that follows.
    Where one dies, as for lack of memory, that is logged, and what it was doing is done by a new one; what
    has been left twice by dying workers is done by this process. Use as a context: when it is left, the
    workers end. Within `standing`, the work is done by those who stand there.
    """

    is_remote = False

    def __init__(self, processes: int, prepare: Prepare | None = None, *, copies: bool = False) -> None:
        """With `copies`, the others are copies of this process, where that is sound."""
        self._team = Team(min(max(processes, 1), MOST) - 1, prepare, _forget if copies else None)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._team.end()

    def start(self, most: int) -> None:
        """Start the other processes now, at most so many; they prepare themselves meanwhile."""
        self._team.start(most)

    def do(
        self,
        one: Callable[[T], R],
        tasks: Sequence[T],
        *,
        heard: Heard[R] = nobody,
        costs: Sequence[float] | None = None,
    ) -> list[R]:
        """See `Crew`."""
        team, done = self._whose(), InOrder(len(tasks), heard)
        others = min(self._team.most, team.most, len(tasks) - 1)
        if others > 0:
            numbers = sorted(range(len(tasks)), key=lambda number: -costs[number] if costs else 0)
            Sharing(team, one, tasks, done).play(numbers, others)
        for number in done.left():
            done.take(number, one(tasks[number]))
        return done.all()

    @contextmanager
    def ahead(self, one: Callable[[T], R], tasks: Sequence[T]) -> Iterator[Callable[[], list[R]]]:
        """While the body does something else, others begin with tasks of which it may turn out to need all.

        Yields what gives what came of them, as `do` does: then this process does its share. The body shares
        nothing else before; where it never asks, they are given up. Where no process can be copied, nobody
        begins: starting another for what may not be needed costs too much.
        """
        team, done = self._whose(), InOrder[R](len(tasks), nobody)
        others = min(self._team.most, team.most, len(tasks))
        if others < 1 or not team.makes_copies():
            yield lambda: self.do(one, tasks)
            return
        sharing = Sharing(team, one, tasks, done)

        def rest() -> list[R]:
            sharing.rest()
            sharing.conclude()
            return done.all()

        try:
            with sharing.begun(range(len(tasks)), others):
                yield rest
        finally:
            if done.left():
                team.end()

    def _whose(self) -> Team:
        return _standing[-1]._team if _standing else self._team


_standing: list[Workers] = []


def copies_stand_by() -> bool:
    """Whether those who would share work are copies of this process: they begin at once, and cost little."""
    return bool(_standing) and _standing[-1]._team.makes_copies()


def _forget() -> None:
    """In a copy of this process: nobody stands by for it."""
    _standing.clear()
    forget()


@contextmanager
def standing(processes: int, prepare: Prepare | None = None, at_once: int = 0) -> Iterator[Any]:
    """Workers who do all that is shared within the body, as one set for a whole command.

    They are copies of this process, made when there is something to share; where that is not sound, so many
    at most start `at_once`. Only for the program itself: nobody knows what another has begun.
    """
    with Workers(processes, prepare, copies=True) as crew:
        if not can_be_copied():
            crew.start(at_once)
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
