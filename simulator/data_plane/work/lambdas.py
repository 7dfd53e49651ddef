"""Hop: Lambda: concurrency, scaling, cold starts (docs/model-request-path.md §2).

AWS Lambda developer guide, *lambda-concurrency* and *scaling-behavior*: 1,000 environments, 1,000 more per
10 s and function.
"""

from simulator.boundary.causes import COLD_STARTS, LAMBDA_LIMITS
from simulator.boundary.outcomes import OWN_5XX, STATUS_5XX, STATUS_OF
from simulator.data_plane.held import note
from simulator.data_plane.tallies import window_of
from simulator.data_plane.token_buckets import take
from simulator.data_plane.work.fronts import leave_front
from simulator.data_plane.work.instances import forget
from simulator.data_plane.work.jobs import answer
from simulator.data_plane.work.progress import start_work
from simulator.kernels.compiling import entry, kernel
from simulator.randomness.draws import STEP as STEP_STREAM
from simulator.randomness.draws import nanoseconds, sample, uniform_of

_NO_ENVIRONMENT = -1
_INIT_LANE = 4  # of the attempt's STEP draws: behind those of 16 steps


@kernel
def has_room(plan, memory, service, region):
    """Tell whether the account's and the function's concurrency leave room for one more."""
    sites, account = memory.sites, plan.lambda_limit[region]
    reserved = memory.world.reserved[service, region]
    limit = int((reserved if reserved > 0 else account) * memory.world.site_capacity[service, region])
    return sites.region_in_use[region] < account and sites.in_use[service, region] < limit


@kernel
def discard(plan, memory, service, region, i):
    """An environment is gone; its number is free again."""
    sites = memory.sites
    count = sites.unborn_count[service, region]
    sites.unborn[plan.site_first[service, region] + count] = i
    sites.unborn_count[service, region] = count + 1


@kernel
def still_lives(plan, memory, service, region, i, t):
    """Tell whether an idle environment has neither been idle for too long nor been lost."""
    instances = memory.instances
    provisioned = i - plan.site_first[service, region] < memory.world.provisioned[service, region]
    fresh = provisioned or t - instances.released_ns[i] <= plan.lambda_idle_ns[service, region]
    return fresh and instances.generation[i] == instances.released_generation[i]


@kernel
def idle_environment(plan, memory, service, region, t):
    """The environment that was released last, if it still lives; dead ones that are met are discarded."""
    sites, first = memory.sites, plan.site_first[service, region]
    while sites.idle_count[service, region] > 0:
        sites.idle_count[service, region] -= 1
        i = sites.idle[first + sites.idle_count[service, region]]
        if still_lives(plan, memory, service, region, i, t):
            return i
        discard(plan, memory, service, region, i)
    return _NO_ENVIRONMENT


@kernel
def new_environment(plan, memory, service, region, t):
    """Start another environment, if the function may scale that fast."""
    sites = memory.sites
    gap_ns, slack_ns = plan.lambda_scale_gap_ns, plan.lambda_scale_slack_ns
    if sites.unborn_count[service, region] == 0:
        return _NO_ENVIRONMENT
    if not take(memory.token_buckets.scaling, service, region, gap_ns, slack_ns, t):
        return _NO_ENVIRONMENT
    sites.unborn_count[service, region] -= 1
    i = sites.unborn[plan.site_first[service, region] + sites.unborn_count[service, region]]
    forget(plan, memory, i)
    memory.counts.cold_starts[service, region] += 1
    memory.counts.window_cold[window_of(plan, t)] += 1
    return i


@kernel
def init_ns(plan, memory, a, service, region):
    """How long a cold start takes."""
    attempts, dist = memory.attempts, plan.lambda_init[service, region]
    u = uniform_of(plan.seed, STEP_STREAM, attempts.number[a], attempts.attempt[a], _INIT_LANE, 0)
    return nanoseconds(sample(plan.dist_kind[dist], plan.dist_a[dist], plan.dist_b[dist], u))


@kernel
def status_of_throttled(plan, service, region):
    """The status of an answer for a throttled function: a 5xx is of the front's own making."""
    status = STATUS_OF[plan.lambda_throttled[service, region]]
    return OWN_5XX if status == STATUS_5XX else status


@kernel
def invoke(plan, memory, a, service, region, t):
    """Run a request in an idle environment, in a new one, or turn it away."""
    world = memory.world
    gap_ns, slack_ns = world.invocation_gap_ns[service, region], world.invocation_slack_ns[service, region]
    i, cold_ns = _NO_ENVIRONMENT, 0
    allowed = take(memory.token_buckets.invocation, service, region, gap_ns, slack_ns, t)
    if allowed and has_room(plan, memory, service, region):
        i = idle_environment(plan, memory, service, region, t)
        if i == _NO_ENVIRONMENT:
            i = new_environment(plan, memory, service, region, t)
            note(memory, a, COLD_STARTS)
            cold_ns = 0 if i == _NO_ENVIRONMENT else init_ns(plan, memory, a, service, region)
    if i == _NO_ENVIRONMENT:
        memory.counts.lambda_throttled[service, region] += 1
        note(memory, a, LAMBDA_LIMITS)
        memory.attempts.turned_away[a] = 1
        leave_front(plan, memory, a, status_of_throttled(plan, service, region), t)
        answer(plan, memory, a, t + memory.attempts.backward_ns[a], plan.lambda_throttled[service, region])
        return
    memory.sites.region_in_use[region] += 1
    start_work(plan, memory, a, i, cold_ns, t)


@kernel
def release(plan, memory, service, region, i, t):
    """An environment has done its work and waits for more."""
    memory.sites.region_in_use[region] -= 1
    put_idle(plan, memory, service, region, i, t)


@kernel
def put_idle(plan, memory, service, region, i, t):
    """An environment waits for work from now on, on top of the others."""
    sites, instances = memory.sites, memory.instances
    sites.idle[plan.site_first[service, region] + sites.idle_count[service, region]] = i
    sites.idle_count[service, region] += 1
    instances.released_ns[i], instances.released_generation[i] = t, instances.generation[i]


@entry("plan", "memory", int, int, int, int)
def provision(plan, memory, service, region, count, t):
    """Environments below a number are kept warm from now on: those that are not there are started."""
    sites, first, kept = memory.sites, plan.site_first[service, region], 0
    memory.world.provisioned[service, region] = count
    for place in range(first, first + sites.unborn_count[service, region]):
        i = sites.unborn[place]
        if i - first < count:
            forget(plan, memory, i)
            put_idle(plan, memory, service, region, i, t)
        else:
            sites.unborn[first + kept] = i
            kept += 1
    sites.unborn_count[service, region] = kept
