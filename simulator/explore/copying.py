"""Whether more processes may be copies of this one, as warm as it is, in place of ones that begin anew."""

import os
import sys

_NOT_COPIED = {"numba", "llvmlite", "matplotlib", "dask", "distributed"}
"""Libraries with a state of their own in other languages, or with threads: nobody promises it survives."""

_THREADS = "/proc/self/task"
"""A folder for each, of libraries' own threads, too."""


def can_be_copied() -> bool:
    """Whether a copy of this process is as sound as itself: on Linux, with nobody but this thread in it.

    Elsewhere libraries of the system do not survive it; and what another thread has locked just then stays
    locked for ever.
    """
    if sys.platform != "linux" or not _NOT_COPIED.isdisjoint(sys.modules):
        return False
    try:
        return len(os.listdir(_THREADS)) == 1
    except OSError:  # a container that shows nothing of it
        return False
