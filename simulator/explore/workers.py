"""Many runs on several processes: the one way in which work is shared among workers."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def on_workers(
    one: Callable[[T], R],
    tasks: Sequence[T],
    processes: int,
    *,
    heard: Callable[[int, R], None] = lambda _number, _found: None,
) -> list[R]:
    """What a function makes of each task, in their order: the same for any number of processes.

    `one` is a function of a module, perhaps with `functools.partial`. Where a worker dies, as for lack of
    memory, its pool is gone, and what is left is done by this process, one after the other. `heard` is told
    the number of each task and what came of it, in their order, while the others go on. Raises what `one`
    raises.
    """
    workers, done = min(processes, len(tasks)), list[R]()
    if workers > 1:
        context = get_context("spawn")
        with suppress(BrokenProcessPool), ProcessPoolExecutor(workers, mp_context=context) as pool:
            for found in pool.map(one, tasks):
                done.append(found)
                heard(len(done) - 1, found)
    for task in tasks[len(done) :]:
        done.append(one(task))
        heard(len(done) - 1, done[-1])
    return done
