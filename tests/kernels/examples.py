"""Kernels of tests: one that calls another in most cases, and a third in few."""

from simulator.kernels.compiling import kernel


@kernel
def seldom(x):  # type: ignore[no-untyped-def]
    """Where a loop is."""
    found = x
    for i in range(x):
        found = found * 31 % (i + 7) // (i + 3) + found * 17 % (i + 5)  # a remark
    return found


@kernel
def often(x):  # type: ignore[no-untyped-def]
    if x < 1000:
        return x + 1
    return seldom(x) + seldom(x + 1)


def calling(x):  # type: ignore[no-untyped-def]
    return often(x) + often(2 * x)
