"""What answers requests with a status, the gateway above all, as it would be metered (docs/monitoring.md §3).

Only where metrics are kept. A request at its front has an `arrived_ns`; it is answered once, by what leaves
first, or by the front itself at the gateway's deadline, whether or not anybody still waits. What happens at
such a deadline is an event of its own, which changes nothing but counters.
"""

from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.outcomes import NO_STATUS, OWN_5XX, STATUS_OF, STATUSES
from simulator.data_plane.queue import FRONT_DEADLINE, FRONT_LIMIT, TIMER_PHASE, is_of, order_of, push
from simulator.data_plane.tallies import watch, watched_front, watched_integration, watched_work
from simulator.kernels.compiling import kernel

_MINUTE_NS = 60 * 10**9
_MINUTES = 32  # that errors of work are told apart by
_STATUSES = len(STATUSES)


@kernel
def minute_of(plan, t):
    """The number of the clock's minute that holds an instant."""
    return (t + plan.day_offset_ns) // _MINUTE_NS


@kernel
def arrive(plan, memory, a, t):
    """A request is at its front."""
    if plan.metered:
        attempts = memory.attempts
        attempts.arrived_ns[a], attempts.passed_ns[a], attempts.overhead_ns[a] = t, NEVER_NS, 0


@kernel
def pass_on_to_compute(plan, memory, a, t):
    """The front passes a request on."""
    if plan.metered:
        memory.attempts.passed_ns[a] = t


@kernel
def is_open(plan, memory, a):
    """Tell whether a front still has to answer a request."""
    return plan.metered and memory.attempts.arrived_ns[a] < NEVER_NS


@kernel
def front_region(plan, memory, a):
    """The region of a front; edges are everywhere, and counted in the first."""
    return 0 if plan.op_cdn[memory.attempts.operation[a]] >= 0 else memory.attempts.region[a]


@kernel
def leave_front(plan, memory, a, status, t):
    """An answer leaves the front at t, unless one has before."""
    if not is_open(plan, memory, a):
        return
    attempts = memory.attempts
    arrived_ns, passed_ns = attempts.arrived_ns[a], attempts.passed_ns[a]
    attempts.arrived_ns[a] = NEVER_NS
    if status == NO_STATUS:
        return
    service, region = plan.op_service[attempts.operation[a]], front_region(plan, memory, a)
    count_answer(plan, memory, service, region, status, t - arrived_ns + attempts.overhead_ns[a])
    if passed_ns < NEVER_NS:
        watch(memory, watched_integration(plan, service, region), t - passed_ns)


@kernel
def count_answer(plan, memory, service, region, status, took_ns):
    """An answer, and how long it took."""
    memory.counts.answers[status, service, region] += 1
    watch(memory, watched_front(plan, service, region), took_ns)


@kernel
def leave_with(plan, memory, a, outcome, t):
    """The answer with an outcome leaves the front."""
    if plan.metered:
        leave_front(plan, memory, a, STATUS_OF[outcome], t)


@kernel
def leave_later(plan, memory, a, status, t):
    """The front answers at t, which is still to come: whatever becomes of the request until then."""
    attempts = memory.attempts
    if not is_open(plan, memory, a):
        return
    took_ns = t - attempts.arrived_ns[a]
    if status == OWN_5XX:
        took_ns += attempts.overhead_ns[a]
    attempts.arrived_ns[a] = NEVER_NS
    if t >= plan.duration_ns:
        return
    service, region = plan.op_service[attempts.operation[a]], front_region(plan, memory, a)
    site = service * plan.region_count + region
    what = (took_ns * len(plan.site_compute) * plan.region_count + site) * _STATUSES + status
    push(
        memory.queue, t, order_of(attempts.number[a], attempts.attempt[a], TIMER_PHASE), FRONT_DEADLINE, what
    )


@kernel
def reach_deadline(plan, memory, what):
    """The front's answer leaves that was decided before."""
    status, rest = what % _STATUSES, what // _STATUSES
    sites = len(plan.site_compute) * plan.region_count
    site, took_ns = rest % sites, rest // sites
    count_answer(plan, memory, site // plan.region_count, site % plan.region_count, status, took_ns)


@kernel
def time_out_by(plan, memory, a, t):
    """Nothing is answered before t: if that is behind the gateway's deadline, this answers then."""
    deadline_ns = memory.attempts.gateway_deadline_ns[a]
    if is_open(plan, memory, a) and t > deadline_ns:
        leave_later(plan, memory, a, OWN_5XX, deadline_ns)


@kernel
def limit_front(plan, memory, a):
    """A request waits for nobody knows how long, or what it has asked for does: its gateway will answer."""
    attempts = memory.attempts
    t = attempts.gateway_deadline_ns[a]
    if is_open(plan, memory, a) and t < plan.duration_ns:
        push(memory.queue, t, order_of(attempts.number[a], attempts.attempt[a], TIMER_PHASE), FRONT_LIMIT, a)


@kernel
def reach_front_limit(plan, memory, a, order, t):
    """The gateway answers, if nothing else has."""
    attempts = memory.attempts
    if is_of(order, attempts.number[a], attempts.attempt[a]):
        time_out_by(plan, memory, a, t + 1)


@kernel
def count_work(plan, memory, a, service, region, failed, t):
    """Work has ended: how long it took, and whether with a 5xx."""
    started_ns = memory.attempts.started_ns[a]
    watch(memory, watched_work(plan, service, region), t - started_ns - memory.attempts.initial_ns[a])
    minute = minute_of(plan, started_ns) % _MINUTES
    memory.counts.work_errors[service, region, minute] += failed


@kernel
def note_peak(plan, memory, service, region, t):
    """What is at work at a site is about to change, or has: the peak of the minute."""
    sites, minute = memory.sites, minute_of(plan, t)
    if sites.peak_minute[service, region] != minute:
        sites.peak_minute[service, region], sites.minute_peak[service, region] = minute, 0
    sites.minute_peak[service, region] = max(
        sites.minute_peak[service, region], sites.in_use[service, region]
    )
