"""Sums of times over many of something: exact, however many and however long (simulator/times.py)."""

from simulator.kernels.bits import quotient, remainder
from simulator.kernels.compiling import kernel

_SECOND_NS = 10**9


@kernel
def add_times(totals, place, number, took_ns):
    """Something took so long, so many times: add it to the seconds, and nanoseconds below one, of a place.

    Of what lasts as long as a run (less than 2^55 ns) there are at most 2^32, and otherwise one, of at most
    2^62 ns; so no product leaves 64 bits.
    """
    seconds, below = place + (0,), place + (1,)  # noqa: RUF005  (kernels cannot unpack)
    below_ns = totals[below] + number * remainder(took_ns, _SECOND_NS)
    totals[seconds] += number * quotient(took_ns, _SECOND_NS) + quotient(below_ns, _SECOND_NS)
    totals[below] = remainder(below_ns, _SECOND_NS)
