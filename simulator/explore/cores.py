"""On how many processors this process may run."""

import os


def cores() -> int:
    """How many, at least one: fewer than the machine has where somebody has given it only some."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
