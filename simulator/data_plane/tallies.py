"""Counting: histograms, windows, and what a finished attempt, action or session adds."""

from simulator.boundary.causes import CALLED_SERVICES
from simulator.boundary.outcomes import ARRIVING, SIGNED_IN, SUCCEEDED
from simulator.kernels.bits import bit_length, quotient
from simulator.kernels.compiling import entry, kernel

NOT_PRESENT = -1

_EXACT = 256  # values below have a bin each; above, 128 bins an octave (relative width at most 1/128)


@entry(int)
def bin_of(value):
    """The histogram bin of a non-negative integer; see `simulator.measure.histogram`."""
    if value < _EXACT:
        return value
    exponent = bit_length(value) - 8
    return 128 * exponent + (value >> exponent)


@kernel
def value_of(number):
    """The middle of a histogram bin."""
    if number < _EXACT:
        return number
    exponent, mantissa = number // 128 - 1, number % 128 + 128
    return (mantissa << exponent) + (1 << exponent) // 2


@kernel
def watch(memory, row, took_ns):
    """Something took so long: note it if it is watched."""
    watched = memory.watched
    if watched.declared[row]:
        number = bin_of(took_ns)
        watched.latency[row, number] += 1
        watched.lowest[row] = min(watched.lowest[row], number)
        watched.highest[row] = max(watched.highest[row], number)


@kernel
def watched_service(plan, service, region):
    """The row of a service in a region among what may be watched; populations come first."""
    return len(plan.pop_near) + service * plan.region_count + region


@kernel
def watched_store(plan, store, region):
    """The row of a store in a region among what may be watched; services come before."""
    return watched_service(plan, len(plan.site_compute) + store, region)


@kernel
def watched_front(plan, service, region):
    """The row of a front among what may be watched; stores come before."""
    return watched_store(plan, len(plan.store_kind) + service, region)


@kernel
def watched_integration(plan, service, region):
    """The row of what is behind a front."""
    return watched_front(plan, len(plan.site_compute) + service, region)


@kernel
def watched_work(plan, service, region):
    """The row of a site's work."""
    return watched_integration(plan, len(plan.site_compute) + service, region)


@kernel
def watched_served(plan, store, region, writes):
    """The row of what a store takes for reads, or for writes."""
    return watched_work(plan, len(plan.site_compute) + writes * len(plan.store_kind) + store, region)


@kernel
def window_of(plan, t):
    """The window that holds an instant; the first for what was under way when counting began."""
    return quotient(max(t - plan.window_first_ns, 0), plan.window_ns)


@kernel
def window_after(plan, t):
    """The first window that starts when an instant has come, or is over."""
    return quotient(max(t - plan.window_first_ns, 0) + plan.window_ns - 1, plan.window_ns)


@kernel
def count_begin(plan, counts, begin_ns, population, region, pinned, fresh):
    """An attempt begins towards a region: on a kept connection, a fresh answer, or a cached one."""
    window = window_of(plan, begin_ns)
    counts.window_sent[window, population, region] += 1
    if pinned:
        counts.window_pinned[window, region] += 1
    elif fresh:
        counts.window_fresh[window, region] += 1
    else:
        counts.window_cached[window, region] += 1


@kernel
def count_attempt(plan, counts, begin_ns, end_ns, region, outcome, turned_away):
    """An attempt of a user's operation has ended."""
    counts.attempts[outcome] += 1
    counts.attempt_latency[bin_of(end_ns - begin_ns)] += 1
    if region < 0:
        return
    counts.attempts_by_region[region, outcome] += 1
    window = window_of(plan, end_ns)
    if outcome == SUCCEEDED:
        counts.window_served[window, region] += 1
    else:
        counts.window_failed_region[window, region] += 1
        counts.window_rejected[window, region] += turned_away


@kernel
def mix_row(plan, population, operation):
    """The row of a population's mix that holds an operation."""
    return plan.mix_row[population, operation]


@kernel
def count_service(plan, counts, population, operation, start_ns, end_ns, outcome):
    """Count an action where it began, and tell whether it was good.

    One that was not is counted also in each window in which it still waited.
    """
    begun, row = window_of(plan, start_ns), mix_row(plan, population, operation)
    counts.population_begun[begun, population] += 1
    counts.operation_begun[begun, operation] += 1
    counts.begun_by_mix[row] += 1
    if outcome == SUCCEEDED and end_ns - start_ns <= plan.within_ns[population, operation]:
        return True
    counts.population_bad[begun, population] += 1
    counts.operation_bad[begun, operation] += 1
    counts.bad_by_mix[row] += 1
    count_wait(plan, counts, population, operation, begun, end_ns)
    return False


@kernel
def count_wrong(plan, counts, population, operation, took_ns):
    """An action has succeeded with a wrong answer; tell whether that alone keeps it from being good."""
    counts.wrong_by_mix[mix_row(plan, population, operation)] += 1
    return took_ns <= plan.within_ns[population, operation] and not plan.wrong_is_good


@kernel
def count_wait(plan, counts, population, operation, begun, end_ns):
    """An action begun in a window was not good: count the later windows in which it still waited."""
    ended = window_after(plan, end_ns)
    if ended <= begun + 1:
        return
    counts.population_waits_from[begun + 1, population] += 1
    counts.operation_waits_from[begun + 1, operation] += 1
    if ended < len(counts.population_waits_until):
        counts.population_waits_until[ended, population] += 1
        counts.operation_waits_until[ended, operation] += 1


@kernel
def count_held(plan, counts, start_ns, end_ns, cause, store):
    """Count what held an action that was not good, in each window in which it was or still waited.

    `store`: the called service that held it, if the cause is one.
    """
    begun = window_of(plan, start_ns)
    counts.window_held_from[begun, cause] += 1
    ended = max(window_after(plan, end_ns), begun + 1)
    if ended < len(counts.window_held_until):
        counts.window_held_until[ended, cause] += 1
    if cause == CALLED_SERVICES:
        callee = store - len(plan.store_kind) + plan.externals + plan.callees
        counts.window_called_from[begun, callee] += 1
        if ended < len(counts.window_called_until):
            counts.window_called_until[ended, callee] += 1


@kernel
def count_action(plan, counts, population, operation, start_ns, end_ns, outcome):
    """A user's action has ended."""
    counts.actions[outcome] += 1
    row = mix_row(plan, population, operation)
    counts.actions_by_mix[row, outcome] += 1
    counts.latency_by_mix[row, bin_of(end_ns - start_ns)] += 1
    window = window_of(plan, end_ns)
    if outcome == SUCCEEDED:
        counts.window_succeeded[window] += 1
    else:
        counts.window_failed[window] += 1


@kernel
def count_action_of_bot(plan, counts, population, operation, outcome):
    """A bot's action has ended."""
    counts.bot_actions[outcome] += 1
    counts.actions_by_mix[mix_row(plan, population, operation), outcome] += 1


@kernel
def presence(plan, start_ns, end_ns):
    """Whether a session was there when the first fault that it lived through began, or came meanwhile."""
    for window in range(len(plan.fault_windows_ns)):
        from_ns, until_ns = plan.fault_windows_ns[window, 0], plan.fault_windows_ns[window, 1]
        if max(start_ns, 0) < until_ns and end_ns > from_ns:
            return SIGNED_IN if start_ns < from_ns else ARRIVING
    return NOT_PRESENT


@kernel
def count_session(plan, counts, population, start_ns, end_ns, class_, cause):
    """A session has ended in a class; `cause` is the outcome of its first failed attempt, 0 for none."""
    counts.sessions_ended[class_] += 1
    if cause > 0:
        counts.sessions_by_cause[class_, cause] += 1
    present = presence(plan, start_ns, end_ns)
    if present != NOT_PRESENT:
        counts.sessions_by_presence[population, present, class_] += 1
