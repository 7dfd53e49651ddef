"""Reading while the run goes on: kernels that write one row of counters, gauges and latencies.

What can be read is in `simulator.boundary.readings`. Nothing but the row, and what the reader itself
remembers, is changed.
"""

import numpy as np

from simulator.boundary.kinds import LAMBDA
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


@entry("plan", "memory", "reader", int)
def read_row(plan, memory, reader, t):
    """Write everything that a reader wants into its row."""
    read_counters(memory.counts, reader)
    read_gauges(plan, memory, reader, t)
    for number in range(len(reader.watched)):
        read_latency(memory.watched, reader, number)
