"""Reading while the run goes on: kernels that write one row of counters, gauges and latencies, and spreads.

What can be read is in `simulator.boundary.readings`. Nothing but the row, and what the reader itself
remembers, is changed.
"""

import numpy as np

from simulator.boundary.kinds import LAMBDA
from simulator.boundary.outcomes import HISTOGRAM_BINS
from simulator.data_plane.tallies import value_of
from simulator.data_plane.work.fronts import minute_of
from simulator.data_plane.work.lambdas import still_lives
from simulator.kernels.compiling import entry, kernel

SESSIONS, AT_WORK, QUEUE_LENGTH, IDLE, PEAK_AT_WORK = range(5)  # places in `reader.gauge_first`
_NONE = -1


@kernel
def read_counters(counts, reader):
    """The counters that are wanted, one after the other."""
    for place in range(len(reader.element)):
        reader.row[place] = counts.every[reader.element[place]]


@kernel
def read_sessions(memory, row, first):
    """Sessions in progress, by population."""
    sessions = memory.populations.sessions
    for population in range(len(sessions)):
        row[first + population] = sessions[population]


@kernel
def read_sites(plan, values, row, first):
    """What is kept for each site."""
    for service in range(len(plan.site_compute)):
        for region in range(plan.region_count):
            row[first + service * plan.region_count + region] = values[service, region]


@kernel
def idle_of(plan, memory, service, region, t):
    """Environments of a function that would take a request at t."""
    count, first = 0, plan.site_first[service, region]
    for place in range(memory.sites.idle_count[service, region]):
        count += still_lives(plan, memory, service, region, memory.sites.idle[first + place], t)
    return count


@kernel
def read_idle(plan, memory, row, first, t):
    """Idle environments of every function."""
    for service in range(len(plan.site_compute)):
        for region in range(plan.region_count):
            is_function = plan.site_compute[service, region] == LAMBDA
            count = idle_of(plan, memory, service, region, t) if is_function else 0
            row[first + service * plan.region_count + region] = count


@kernel
def read_peaks(plan, memory, row, first, t):
    """The most requests at work in the minute that ends at t, or in which t is."""
    sites, minute = memory.sites, minute_of(plan, t - 1)
    for service in range(len(plan.site_compute)):
        for region in range(plan.region_count):
            is_noted = sites.peak_minute[service, region] == minute
            peak = sites.minute_peak[service, region] if is_noted else sites.in_use[service, region]
            row[first + service * plan.region_count + region] = peak * plan.metered


@kernel
def read_gauges(plan, memory, reader, t):
    """The gauges that are wanted, each in its place."""
    row, first = reader.row, reader.gauge_first
    if first[SESSIONS] != _NONE:
        read_sessions(memory, row, first[SESSIONS])
    if first[AT_WORK] != _NONE:
        read_sites(plan, memory.sites.in_use, row, first[AT_WORK])
    if first[QUEUE_LENGTH] != _NONE:
        read_sites(plan, memory.sites.queue_length, row, first[QUEUE_LENGTH])
    if first[IDLE] != _NONE:
        read_idle(plan, memory, row, first[IDLE], t)
    if first[PEAK_AT_WORK] != _NONE:
        read_peaks(plan, memory, row, first[PEAK_AT_WORK], t)


@kernel
def count_new(watched, reader, number):
    """How many of what is watched have ended since the reading before."""
    row, count = reader.watched[number], 0
    for bin_number in range(watched.lowest[row], watched.highest[row] + 1):
        count += watched.latency[row, bin_number] - reader.seen[number, bin_number]
    return count


@kernel
def percentile_of_new(watched, reader, number, share, count):
    """The smallest value that at least `share` of the new ones do not exceed; -1 if there are none."""
    row, passed = reader.watched[number], 0
    rank = max(np.int64(np.ceil(share * count)), 1)
    for bin_number in range(watched.lowest[row], watched.highest[row] + 1):
        passed += watched.latency[row, bin_number] - reader.seen[number, bin_number]
        if passed >= rank:
            return value_of(bin_number)
    return _NONE


@kernel
def remember(watched, reader, number):
    """The next reading counts from here."""
    row = reader.watched[number]
    for bin_number in range(watched.lowest[row], watched.highest[row] + 1):
        reader.seen[number, bin_number] = watched.latency[row, bin_number]


@kernel
def read_latency(watched, reader, number):
    """One watched latency: its count, and its percentiles."""
    first, first_share = reader.latency_first[number], reader.share_first[number]
    count = count_new(watched, reader, number)
    reader.row[first] = count
    for place in range(reader.share_count[number]):
        share = reader.share[first_share + place]
        reader.row[first + 1 + place] = percentile_of_new(watched, reader, number, share, count)
    if count > 0:
        remember(watched, reader, number)


@kernel
def so_far(memory, reader, number, bin_number):
    """How often a value of a spread has occurred since the start of the run."""
    row = reader.spread_row[number]
    if row != _NONE:
        return memory.watched.latency[row, bin_number]
    pair = reader.spread_lag
    return memory.counts.lag[pair[number, 0], pair[number, 1], pair[number, 2], bin_number]


@kernel
def new_between(memory, reader, number, first, end):
    """How many of a spread are new in some bins."""
    count = 0
    for bin_number in range(first, end):
        count += so_far(memory, reader, number, bin_number) - reader.spread_seen[number, bin_number]
    return count


@kernel
def lags_so_far(memory, reader, number):
    """How many copies of a pair have become visible."""
    pair, steps, count = reader.spread_lag, memory.counts.lag_step_count, 0
    for step in range(reader.lag_steps):
        count += steps[pair[number, 0], pair[number, 1], pair[number, 2], step]
    return count


@kernel
def find_range(memory, reader, number):
    """The bins that may hold anything new of a spread, into `spread_range`.

    Of lags they are those that held some before, unless some are missing there.
    """
    found, row = reader.spread_range, reader.spread_row[number]
    if row != _NONE:
        found[number, 0] = memory.watched.lowest[row]
        found[number, 1] = memory.watched.highest[row] + 1
        return True
    total = lags_so_far(memory, reader, number)
    new = total - reader.spread_total[number]
    reader.spread_total[number] = total
    if new and new_between(memory, reader, number, found[number, 0], found[number, 1]) != new:
        found[number, 0], found[number, 1] = 0, HISTOGRAM_BINS
    return new != 0


@kernel
def read_spread(memory, reader, number, place):
    """Write the bins of a spread in which anything is new, and how much, from a place on; the one behind."""
    if not find_range(memory, reader, number):
        return place
    begin, seen = place, reader.spread_seen
    for bin_number in range(reader.spread_range[number, 0], reader.spread_range[number, 1]):
        count = so_far(memory, reader, number, bin_number)
        if count != seen[number, bin_number]:
            reader.spread_bin[place] = bin_number
            reader.spread_count[place] = count - seen[number, bin_number]
            seen[number, bin_number] = count
            place += 1
    if place > begin:
        narrow(reader, number, reader.spread_bin[begin], reader.spread_bin[place - 1] + 1)
    return place


@kernel
def narrow(reader, number, first, end):
    """All that has been found of a spread lies between these bins, or where it was found before."""
    reader.spread_lowest[number] = min(reader.spread_lowest[number], first)
    reader.spread_end[number] = max(reader.spread_end[number], end)
    reader.spread_range[number, 0] = reader.spread_lowest[number]
    reader.spread_range[number, 1] = reader.spread_end[number]


@entry("plan", "memory", "reader", int)
def read_row(plan, memory, reader, t):
    """Write everything that a reader wants into its row, and what is new of its spreads."""
    read_counters(memory.counts, reader)
    read_gauges(plan, memory, reader, t)
    for number in range(len(reader.watched)):
        read_latency(memory.watched, reader, number)
    place = 0
    for number in range(len(reader.spread_row)):
        reader.spread_first[number] = place
        place = read_spread(memory, reader, number, place)
        reader.spread_first[number + 1] = place
