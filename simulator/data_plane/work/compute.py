"""Hop: the compute of a site (docs/model-request-path.md §2).

Who works on a request, and what an instance does when it is done or lost.
"""

from simulator.boundary.causes import DEAD_NODES, NO_OTHER_ANSWER
from simulator.boundary.kinds import LAMBDA, NEVER_NS, NODES
from simulator.boundary.outcomes import BLACK_HOLE, ERROR, NO_STATUS, OWN_5XX, REFUSED, RESET, UP
from simulator.data_plane.doors import door_mode
from simulator.data_plane.held import note
from simulator.data_plane.long_times import add_times
from simulator.data_plane.meeting import meet_loss
from simulator.data_plane.work.fronts import count_work, leave_front, note_peak, pass_on_to_compute
from simulator.data_plane.work.instances import forget
from simulator.data_plane.work.jobs import answer, fall_silent
from simulator.data_plane.work.lambdas import discard, invoke, release
from simulator.data_plane.work.nodes import balance, count_queue, dequeue, take_next, takes_it
from simulator.data_plane.work.progress import start_work
from simulator.kernels.compiling import entry, kernel

EVERY_ZONE, ITSELF = -1, -2  # what an instance is lost with, if it is not a zone


@kernel
def dispatch(plan, memory, a, t):
    """Hand a request to the compute of its site."""
    attempts = memory.attempts
    service, region = plan.op_service[attempts.operation[a]], attempts.region[a]
    kind = plan.site_compute[service, region]
    pass_on_to_compute(plan, memory, a, t)
    if kind == LAMBDA:
        invoke(plan, memory, a, service, region, t)
    elif kind == NODES:
        balance(plan, memory, a, service, region, t)
    else:
        i = plan.site_first[service, region]
        if not plan.site_balanced[service, region] or takes_it(plan, memory, a, i, UP, service, region, t):
            start_work(plan, memory, a, i, 0, t)


@kernel
def end_work(plan, memory, a, t, failed):
    """An instance is done with a request, which ends with a 5xx or not, and free for the next."""
    attempts, counts, i = memory.attempts, memory.counts, memory.attempts.instance[a]
    service, region = plan.op_service[attempts.operation[a]], attempts.region[a]
    add_times(counts.busy_time, (service, region), 1, t - attempts.started_ns[a])
    add_times(counts.compute_time, (service, region), 1, attempts.compute_ns[a])
    if plan.metered:
        count_work(plan, memory, a, service, region, failed, t)
        note_peak(plan, memory, service, region, t)
    memory.instances.busy[i] -= 1
    memory.sites.in_use[service, region] -= 1
    kind = plan.site_compute[service, region]
    if kind == LAMBDA:
        release(plan, memory, service, region, i, t)
    elif kind == NODES:
        take_next(plan, memory, i, service, region, t)


@kernel
def is_lost(memory, a):
    """Tell whether the instance that works on a request has been lost since it began."""
    attempts = memory.attempts
    return memory.instances.generation[attempts.instance[a]] != attempts.generation[a]


@kernel
def lose_work(plan, memory, a, t):
    """Work of a lost instance: reset if the site has refused since, 502 if its zone refused, else silence."""
    attempts, world = memory.attempts, memory.world
    service, region = plan.op_service[attempts.operation[a]], attempts.region[a]
    meet_loss(plan, memory, a, attempts.instance[a])
    if world.site_resets[service, region] != attempts.resets[a]:
        note(memory, a, NO_OTHER_ANSWER)
        answer(plan, memory, a, t + attempts.backward_ns[a], RESET)
    elif memory.instances.loss[attempts.instance[a]] == REFUSED:
        note(memory, a, DEAD_NODES)
        leave_front(plan, memory, a, OWN_5XX, t)
        answer(plan, memory, a, t + attempts.backward_ns[a], ERROR)
    else:
        is_down = door_mode(plan, world, service, region) != UP
        note(memory, a, NO_OTHER_ANSWER if is_down else DEAD_NODES)
        if is_down:
            attempts.gateway_deadline_ns[a] = NEVER_NS
        fall_silent(plan, memory, a)


@kernel
def lose_waiting(plan, memory, i, service, region, zone, mode, t):
    """What waits at a node goes down with it."""
    attempts = memory.attempts
    while memory.instances.length[i] > 0:
        a = dequeue(memory, i, service, region, t)
        meet_loss(plan, memory, a, i)
        note(memory, a, NO_OTHER_ANSWER if zone == EVERY_ZONE else DEAD_NODES)
        if mode == REFUSED:
            outcome = RESET if zone == EVERY_ZONE else ERROR
            leave_front(plan, memory, a, OWN_5XX if outcome == ERROR else NO_STATUS, t)
            answer(plan, memory, a, t + attempts.backward_ns[a], outcome)
        else:
            if zone == EVERY_ZONE:
                attempts.gateway_deadline_ns[a] = NEVER_NS
            fall_silent(plan, memory, a)


@kernel
def note_loss(plan, memory, i, zone):
    """Note by which faults an instance is lost."""
    world, region = memory.world, plan.instance_region[i]
    for word in range(plan.fault_words):
        taken_down = world.region_faults[region, word]
        if zone == ITSELF:
            taken_down = world.instance_faults[i, word]
        elif zone != EVERY_ZONE:
            taken_down = world.zone_faults[region, zone, word]
        memory.instances.lost_by[i, word] = taken_down


@kernel
def lose_instance(plan, memory, i, zone, mode, t):
    """An instance and all that it works on are lost."""
    instances, sites = memory.instances, memory.sites
    service, region = plan.instance_service[i], plan.instance_region[i]
    if plan.metered:
        note_peak(plan, memory, service, region, t)
    sites.in_use[service, region] -= instances.busy[i]
    if plan.site_compute[service, region] == LAMBDA and instances.busy[i]:
        sites.region_in_use[region] -= 1
        discard(plan, memory, service, region, i)
    instances.busy[i] = 0
    instances.generation[i] += 1
    instances.loss[i] = BLACK_HOLE if zone == EVERY_ZONE else mode
    note_loss(plan, memory, i, zone)
    forget(plan, memory, i)
    lose_waiting(plan, memory, i, service, region, zone, mode, t)


@entry("plan", "memory", int, int, int, int)
def lose_instances(plan, memory, region, zone, mode, t):
    """A region, or one zone of it, goes down with its instances."""
    for i in range(len(plan.instance_region)):
        if plan.instance_region[i] == region and zone in (EVERY_ZONE, plan.instance_zone[i]):
            lose_instance(plan, memory, i, zone, mode, t)


@entry("plan", "memory", int, int, int)
def lose_node(plan, memory, i, mode, t):
    """A node goes down by itself."""
    lose_instance(plan, memory, i, ITSELF, mode, t)


@entry("plan", "memory", int)
def settle_queues(plan, memory, t):
    """At the end of the run: what still waits has waited until now."""
    attempts = memory.attempts
    for i in range(len(plan.instance_region)):
        service, region = plan.instance_service[i], plan.instance_region[i]
        a = memory.instances.head[i]
        for _ in range(memory.instances.length[i]):
            waited_ns = t - attempts.queued_ns[a]
            add_times(memory.counts.queue_wait_time, (service, region), 1, waited_ns)
            a = attempts.queue_next[a]
    for service in range(len(plan.site_compute)):
        for region in range(plan.region_count):
            count_queue(memory, service, region, 0, t)
