"""The processes among which a command shares what it plays."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from simulator.cli.failing import cleaning_up
from simulator.cli.interrupts import end_at_once

_AT_ONCE = 7
"""So many processes are started before it is known how much there is to do."""


@contextmanager
def sharing(jobs: int, *, surely: bool = True) -> Iterator[None]:
    """While the body runs, whatever is shared is done by the same processes.

    They are copies of this one, made when there is something to share, or start now (`standing`), unless it
    is not yet known whether there `surely` will be something.

    Only in the program itself: whoever calls its commands from their own has processes started as needed.
    """
    if jobs < 2 or signal.getsignal(signal.SIGINT) is not end_at_once:
        yield
        return
    from simulator.explore.warming import warm
    from simulator.explore.workers import standing

    with cleaning_up(), standing(jobs, warm, _AT_ONCE if surely else 0):
        yield
