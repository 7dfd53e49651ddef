"""How long times can get, and why no sum of them leaves 64 bits. All are integer nanoseconds.

A run lasts at most LONGEST_RUN_NS, and an event happens before its end. Whatever happens later never happens;
so a duration beyond AGES_NS, and an instant beyond NEVER_NS, may as well be exactly that long or late. Each
is cut there where it is made, and then every sum fits without another look:

- A sampled duration, slowed by any factor, is at most AGES_NS (`randomness.draws.nanoseconds`); so are what
  the faults of one place add (`total_add_ns`) and one way over a link.
- A file's own durations (timeouts, lifetimes) are at most `units.LONGEST_NS`, a hundred years: 2.74 AGES_NS.
- A hop begins at the time of an event, which is before LONGEST_RUN_NS, a thirty-sixth of AGES_NS. The
  longest sum of a hop is a handshake on a slow link, twice back and once forth, with the look-up of a name
  ahead of it: less than 5 AGES_NS. An instance adds a cold start, keys and the addition of a fault, less than
  4 AGES_NS, before its steps. A call begins at NEVER_NS at the latest, and its timeout ends it: less than
  7 AGES_NS. 64 bits hold 8 AGES_NS.
- What has no such end, because any number of terms follow each other, is cut at NEVER_NS (4 AGES_NS) at each
  addition of at most AGES_NS: the steps of an operation, and what a table's buckets owe.
- A copy's lag is that of its pair, of a slow link, and what faults add, each at most AGES_NS; it finds units
  when its buckets, which owe NEVER_NS at most, have a write's more: less than 8 AGES_NS.
- Factors multiply as real numbers and are cut at FACTOR_MOST and FACTOR_LEAST (`total_factor`): the longest
  sample slowed at three places comes to 10^109 ns, which a real number holds, and so does its inverse.
- Sums over many of something (work, waits, lags of copies) are kept as whole seconds and the nanoseconds
  below one (`TIME_PART`), which `data_plane.long_times.add_times` carries: exact, for more than 10^11 years.
- Errors of clocks, which may be negative, are cut at NEVER_NS either way (`total_skew_ns`).
"""

import math
from collections.abc import Iterable

LONGEST_RUN_NS = 366 * 86_400 * 10**9
"""The longest run."""

AGES_NS = 2**60
"""A duration that outlasts every run: 36 years."""

NEVER_NS = 2**62
"""A time that no run reaches."""

HALF_HOUR_NS = 1_800 * 10**9
"""In steps of which tables on demand grow."""

FACTOR_MOST, FACTOR_LEAST = 1e30, 1e-30
"""What factors come to at most, and at least: with the one a nanosecond outlasts every run."""


def total_factor(factors: Iterable[float]) -> float:
    """The product of several factors, whatever their order."""
    return min(max(math.prod(sorted(factors), start=1.0), FACTOR_LEAST), FACTOR_MOST)


def total_add_ns(additions_ns: Iterable[int]) -> int:
    """What several faults add to a time."""
    return min(sum(additions_ns), AGES_NS)


def total_skew_ns(skews_ns: Iterable[int]) -> int:
    """By how much a clock is off if several faults move it."""
    return min(max(sum(skews_ns), -NEVER_NS), NEVER_NS)
