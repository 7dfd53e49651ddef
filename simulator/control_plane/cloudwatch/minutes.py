"""One minute's points of all series at once: what they hold, whether they exist, and when they can be seen.

Specification: docs/monitoring.md §2. A kernel, since this happens at every minute between two stretches of
the data plane, when nothing of it is in the processor's caches: dozens of operations on small arrays took
ten times as long there as by themselves.
"""

import numpy as np

from simulator.control_plane.cloudwatch.adding_up import COUNT, HIGH, LOW, TOTAL
from simulator.kernels.compiling import entry, kernel
from simulator.kernels.kinds import float64, int64
from simulator.randomness.draws import CANARY, METRIC, nanoseconds, sample, uniform_of

ONE_SAMPLE, ONES, ZEROS_AND_ONES, ALIKE = range(4)
"""How the samples of a series lie: one a period; ones; zeros and ones; all alike."""

NOTHING, SAMPLES, A_SUM = range(3)
"""What a point needs to be there."""

NOT_SHARED, NO_CANARY = -1, -1


@kernel
def sum_of(sums, series, now, before, counted):
    """What some elements of a reading's row add up to: counters since the reading before, gauges now."""
    total = 0.0
    for place in range(sums.first[series], sums.first[series + 1]):
        element = sums.element[place]
        value = now[element] - before[element] if element < counted else now[element]
        total += value * sums.times[place]
    return total


@kernel
def ones_of(points, series, now, before, place):
    """Ones among the samples that belong to one of the last minutes, by its place."""
    element = points.ones.element[points.ones.first[series] + place]
    return (now[element] - before[element]) * points.ones.times[points.ones.first[series] + place]


@kernel
def own_ones(points, series, now, before, minute):
    """Those that belong to the minute itself; others are noted: they belong to minutes before."""
    count = points.ones.first[series + 1] - points.ones.first[series]
    own = 0.0
    for place in range(count):
        ones = ones_of(points, series, now, before, place)
        back = (minute - place) % count
        if back == 0:
            own = ones
        elif ones != 0.0:
            late = points.late_count[0]
            points.late_minute[late], points.late_series[late] = minute - back, series
            points.late_ones[late] = ones
            points.late_count[0] = late + 1
    return own


@kernel
def shared(points, series, total):
    """The share of each of those among whom a value is, on top of what it has anyway; NaN: none is there."""
    among = points.among[series]
    if among == NOT_SHARED:
        return total
    return min(points.base[series] + total / among, points.most[series]) if among > 0 else np.nan


@kernel
def with_failures(points, series, total, minute):
    """Some runs of a canary fail by themselves: they count as such, and do not succeed."""
    canary = points.canary[series]
    if canary == NO_CANARY:
        return total
    is_count, failed = points.canary_counts[series], 0.0
    runs = np.int64(total if is_count else total / 100.0)
    for run in range(runs):
        u = uniform_of(points.seed, CANARY, canary, 1 + minute, run, 0)
        failed += u < points.canary_share[series]
    return failed if is_count else total - 100.0 * failed


@kernel
def put_values(points, series, total, samples):
    """Count, total, least and greatest, by how samples lie."""
    lies, values = points.lies[series], points.values
    count = 1.0 if lies == ONE_SAMPLE else samples
    low = high = total / count if count > 0.0 else 0.0
    if lies == ZEROS_AND_ONES:
        low, high = 1.0 if total >= count else 0.0, 1.0 if total > 0.0 else 0.0
    values[COUNT, series], values[TOTAL, series] = count, total
    values[LOW, series], values[HIGH, series] = low, high


@kernel
def is_there(points, series):
    """Tell whether a series has a point, by its rule; what nobody can tell (NaN) is not there."""
    count, total, needs = points.values[COUNT, series], points.values[TOTAL, series], points.needs[series]
    if np.isnan(total):
        return False
    return needs == NOTHING or (count > 0.0 if needs == SAMPLES else total != 0.0)


@kernel
def measure(points, series, now, before, minute):
    """What a point of a series holds, unless its spread has told that before."""
    if points.is_timed[series]:
        return
    total = sum_of(points.total, series, now, before, points.counted)
    if points.is_known[series]:
        total = points.known[series]
    total += own_ones(points, series, now, before, minute)
    total = with_failures(points, series, shared(points, series, total), minute)
    put_values(points, series, total, sum_of(points.samples, series, now, before, points.counted))


@kernel
def publish(points, series, minute, end_ns):
    """When a point can be seen: after a delay of its own, and not before an earlier one."""
    u = uniform_of(points.seed, METRIC, series, minute, 0, 0)
    delay_ns = nanoseconds(sample(points.delay_kind, points.delay_a, points.delay_b, u))
    points.last_ns[series] = max(points.last_ns[series], end_ns + delay_ns)


@kernel
def write(points, series, minute, day_values, day_published_ns, row):
    """Write a point into its day."""
    for place in range(4):
        day_values[place, row, series] = points.values[place, series]
    day_published_ns[row, series] = points.last_ns[series]
    points.latest[series] = minute


@entry("points", int64[::1], int64[::1], int, int, float64[:, :, ::1], int64[:, ::1], int)
def make_points(points, now, before, minute, end_ns, day_values, day_published_ns, row):
    """The points of a minute that ends at an instant, from its reading and the one before.

    Those of longer periods are only told to be there.
    """
    points.late_count[0] = 0
    for series in range(len(points.lies)):
        measure(points, series, now, before, minute)
        points.there[series] = not points.is_dark[series] and is_there(points, series)
        if points.there[series]:
            publish(points, series, minute, end_ns)
            if not points.is_slow[series]:
                write(points, series, minute, day_values, day_published_ns, row)
