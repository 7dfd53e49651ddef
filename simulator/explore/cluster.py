"""Many runs on more machines than one: the workers of a Dask cluster, in place of processes of this machine.

What needs `dask.distributed` (the extra `cluster`) stands here and is imported when a cluster is asked for.
"""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType
from typing import Any, TypeVar

from simulator.errors import UsageError
from simulator.explore.sharing import Heard, InOrder
from simulator.explore.workers import nobody

T = TypeVar("T")
R = TypeVar("R")

_ANSWERS_WITHIN_S = 10

_ALONE = threading.Lock()  # a worker with several threads plays one run at a time


class Cluster:
    """The workers of the scheduler at an address, such as `tcp://10.0.0.5:8786`. Use as a context.

    A worker that dies costs nothing but time: the scheduler gives what it was doing to another one. What
    workers keep dying of is done by this process. Every worker needs the same version of the simulator;
    whoever finds another one says so. UsageError if nobody answers at the address, or if it has no workers.
    """

    is_remote = True

    def __init__(self, address: str) -> None:
        self._address = address
        self._client: Any = None

    def __enter__(self) -> "Cluster":
        try:
            from distributed import Client
        except ImportError:
            raise UsageError(
                "a cluster needs dask.distributed; install the extra: multiregion-simulator[cluster]"
            ) from None
        try:
            self._client = Client(self._address, timeout=_ANSWERS_WITHIN_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise UsageError(
                f"no scheduler answers at '{self._address}': {error}; write it as tcp://10.0.0.5:8786"
            ) from None
        try:
            self._client.wait_for_workers(1, timeout=_ANSWERS_WITHIN_S)
        except TimeoutError:
            self._client.close()
            raise UsageError(f"the scheduler at '{self._address}' has no workers") from None
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._client.close()  # what nobody waits for any more is given up

    def do(
        self,
        one: Callable[[T], R],
        tasks: Sequence[T],
        *,
        heard: Heard[R] = nobody,
        costs: Sequence[float] | None = None,
    ) -> list[R]:
        """See `Crew`. The scheduler decides what is begun first."""
        from distributed import KilledWorker, as_completed

        done = InOrder(len(tasks), heard)
        futures = self._client.map(partial(alone, one), tasks, pure=False)
        numbers = {future.key: number for number, future in enumerate(futures)}
        for future in as_completed(futures, loop=self._client.loop):
            number = numbers[future.key]
            try:
                done.take(number, future.result())
            except KilledWorker:
                done.take(number, one(tasks[number]))
            except ModuleNotFoundError as error:
                raise UsageError(f"a worker lacks '{error.name}'; install the simulator there, too") from None
        return done.all()


def alone(one: Callable[[T], R], task: T) -> R:
    """What a function makes of a task, while no other thread of this process does one."""
    with _ALONE:
        return one(task)
