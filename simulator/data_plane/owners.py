"""Whose a job is: the owner of a piece of work in a region (docs/design.md, *Jobs and their owners*).

What an owner means at each end of a job is in `simulator.data_plane.work.jobs`, and nowhere else.
"""

from simulator.data_plane.queue import PATH_SHIFT
from simulator.kernels.compiling import kernel

NOBODY = 0
"""Whoever asked has given up: the job runs on, and its end is told to nobody."""
SESSION = 1
"""A user's client waits for the answer."""
CALLER = 2
"""The work of another job waits: this one is a nested request (docs/model-request-path.md §3.2)."""


@kernel
def is_awaited(memory, a):
    """Tell whether a session waits for the end of a job, and nobody in between."""
    return memory.attempts.owner[a] == SESSION


@kernel
def is_users(memory, a):
    """Tell whether a session waits for a job, through all callers in between."""
    attempts = memory.attempts
    while attempts.owner[a] == CALLER:
        a = attempts.caller[a, 0]
    return attempts.owner[a] == SESSION


@kernel
def is_nested(attempts, a):
    """Tell whether a job is a request of a service, and not a user's own."""
    return attempts.attempt[a] >> PATH_SHIFT > 0


@kernel
def is_own_session(memory, a):
    """Tell whether the session that made the attempt still lives (its slot may have passed to another)."""
    return memory.sessions.number[memory.attempts.slot[a]] == memory.attempts.number[a]
