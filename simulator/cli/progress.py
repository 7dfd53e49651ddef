"""What is seen of a compilation and a run on standard error: bars on a terminal, else lines.

What draws bars is imported where there are any: that takes longer than many a run.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from simulator.cli.saying import say
from simulator.kernels.progress import BEGIN, ended, watched_by

if TYPE_CHECKING:
    from rich.progress import TaskID

    from simulator.cli.bars import Bars

Report = Callable[[int], None]
"""Hears the simulated nanoseconds that have passed."""


def shown(duration_ns: int = 0) -> AbstractContextManager[Report | None]:
    """Show what is compiled while the body runs; yields what to call with the simulated time, if anything."""
    return _bars(duration_ns) if sys.stderr is not None and sys.stderr.isatty() else _lines()


class _Lines:
    """Tells of a compilation in a line at its begin and one at its end."""

    def begin(self, _total: int) -> None:
        say(BEGIN, err=True)

    def compiled(self, _done: int, _total: int) -> None:
        pass

    def end(self, done: int) -> None:
        say(ended(done), err=True)

    def say(self, text: str) -> None:
        say(text, err=True)


def told() -> AbstractContextManager[None]:
    """Tell in lines what is compiled while the body runs, which prints lines of its own."""
    return _lines()


@contextmanager
def _lines() -> Iterator[None]:
    with watched_by(_Lines()):
        yield None


class _Bar(_Lines):
    """Shows a compilation as a bar, which goes when the simulation begins."""

    def __init__(self, bars: "Bars") -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def begin(self, total: int) -> None:
        self._bars.console.print(BEGIN, markup=False, highlight=False)
        self._task = self._bars.add_task("compiled", total=total, at=f"0 of {total}")

    def compiled(self, done: int, total: int) -> None:
        if self._task is not None:
            self._bars.change(self._task, done, total, f"{done} of {total}")

    def end(self, done: int) -> None:
        if self._task is not None:
            self._bars.remove_task(self._task)
        self.say(ended(done))

    def say(self, text: str) -> None:
        self._bars.console.print(text, markup=False, highlight=False)


def _new_bars() -> "Bars":
    from simulator.cli.bars import Bars

    return Bars()


@contextmanager
def _bars(duration_ns: int) -> Iterator[Report]:
    from simulator.report.words import duration

    with _new_bars() as bars:
        whole = duration(duration_ns / 10**9)
        simulated: list[TaskID] = []  # none before the first report: what comes first may be compilation

        def report(ns: int) -> None:
            if not simulated:
                simulated.append(bars.add_task("simulating", total=duration_ns, at=""))
            bars.change(simulated[0], ns, duration_ns, f"{duration(ns / 10**9)} of {whole}")

        with watched_by(_Bar(bars)):
            yield report


Counted = Callable[[int, int], None]
"""Hears how many of how many are done."""


@contextmanager
def counted(what: str) -> Iterator[Counted]:
    """Show how many of something are done, on a terminal; what is compiled is shown as for a run."""
    if sys.stderr is None or not sys.stderr.isatty():
        with _lines():
            yield lambda _done, _of: None
        return
    with _new_bars() as bars:
        tasks: list[TaskID] = []

        def heard(done: int, of: int) -> None:
            if not tasks:
                tasks.append(bars.add_task(what, total=of, at=""))
            bars.change(tasks[0], done, of, f"{done} of {of}")

        with watched_by(_Bar(bars)):
            yield heard


@contextmanager
def counted_runs(count: int | None) -> Iterator[Callable[[int, object], None]]:
    """Show how many runs are done, of how many if that is known; yields what hears of each."""
    done = 0
    with counted("runs") as tell:

        def heard(_number: int, _record: object) -> None:
            nonlocal done
            done += 1
            tell(done, done if count is None else count)

        yield heard
