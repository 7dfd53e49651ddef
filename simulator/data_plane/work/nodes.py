"""Hop: a load balancer and its nodes: workers and bounded queues (docs/model-request-path.md §2)."""

from simulator.boundary.causes import DEAD_NODES, ERRORS, NO_NODES, QUEUES
from simulator.boundary.outcomes import ERROR, OVERLOADED, OWN_5XX, REFUSED, UP
from simulator.data_plane.doors import errs, face_of, share_at
from simulator.data_plane.held import note
from simulator.data_plane.long_times import add_times
from simulator.data_plane.meeting import meet_instance
from simulator.data_plane.queue import DEATH, FIRST, push
from simulator.data_plane.tallies import bin_of
from simulator.data_plane.work.fronts import leave_front
from simulator.data_plane.work.jobs import QUEUED, answer, fall_silent, limit_waiting
from simulator.data_plane.work.progress import start_work
from simulator.kernels.bits import remainder
from simulator.kernels.compiling import entry, kernel

NONE = -1


@kernel
def next_node(plan, memory, service, region):
    """The load balancer's next node in turn, of those that it believes alive; of all if none is; or NONE."""
    world, sites, first = memory.world, memory.sites, plan.site_first[service, region]
    count = world.target_count[service, region]
    if count == 0:
        count = world.nodes_there[service, region]
    if count == 0:
        return NONE
    turn = sites.next_target[service, region]
    sites.next_target[service, region] = turn + 1
    return world.targets[first + remainder(turn, count)]


@kernel
def workers_of(plan, memory, service, region):
    """How many requests a node works on at once, as much of it as is left."""
    share = memory.world.site_capacity[service, region]
    return int(plan.node_workers[service, region] * share + 0.5)


@kernel
def balance(plan, memory, a, service, region, t):
    """Hand a request to a node: it is worked on, waits, is turned away, or the node is not there for it."""
    i = next_node(plan, memory, service, region)
    if i == NONE:
        memory.counts.overloaded[service, region] += 1
        note(memory, a, NO_NODES)
        answer(plan, memory, a, t + memory.attempts.backward_ns[a], OVERLOADED)
        return
    by_zone = memory.world.zone_mode[region, plan.instance_zone[i]]
    if not takes_it(plan, memory, a, i, max(by_zone, memory.world.instance_mode[i]), service, region, t):
        return
    if memory.instances.busy[i] < workers_of(plan, memory, service, region):
        start_work(plan, memory, a, i, 0, t)
    elif memory.instances.length[i] < plan.node_queue[service, region]:
        enqueue(plan, memory, a, i, service, region, t)
    else:
        memory.counts.overloaded[service, region] += 1
        note(memory, a, QUEUES)
        answer(plan, memory, a, t + memory.attempts.backward_ns[a], OVERLOADED)
    if memory.instances.busy[i] + memory.instances.length[i] > plan.node_room[service, region]:
        run_out_of_memory(memory, i, t)


@kernel
def run_out_of_memory(memory, i, t):
    """A node has more requests than it has room for: time stops behind this instant, so that it is killed.

    The out-of-memory killer takes the process at once (Linux kernel documentation, memory management).
    """
    memory.instances.killed[i] = 1
    if memory.stop_ns[0] != t + 1:
        memory.stop_ns[0] = t + 1
        push(memory.queue, t + 1, FIRST, DEATH, 0)


@kernel
def takes_it(plan, memory, a, i, own_mode, service, region, t):
    """Tell whether a target takes a request; else its application or the load balancer has answered."""
    face = face_of(plan, memory, a)
    meet_instance(plan, memory, a, i)
    mode = own_mode if own_mode != UP else memory.world.site_mode[face, region]
    if mode != UP:
        memory.counts.unreachable[service, region] += 1
        meet_dead_node(plan, memory, a, mode, t)
        return False
    if errs(plan, memory, a, share_at(memory, face, region, i)):
        note(memory, a, ERRORS)
        memory.counts.door_errors[service, region] += plan.metered
        answer(plan, memory, a, t + memory.attempts.backward_ns[a], ERROR)
        return False
    return True


@kernel
def meet_dead_node(plan, memory, a, mode, t):
    """A target that refuses is a 502 at once; a silent one a 504 when the balancer gives up connecting."""
    attempts = memory.attempts
    note(memory, a, DEAD_NODES)
    if mode == REFUSED:
        leave_front(plan, memory, a, OWN_5XX, t)
        answer(plan, memory, a, t + attempts.backward_ns[a], ERROR)
    else:
        attempts.gateway_deadline_ns[a] = min(attempts.gateway_deadline_ns[a], t + plan.balancer_timeout_ns)
        fall_silent(plan, memory, a)


@kernel
def count_queue(memory, service, region, change, t):
    """The queue of a site grows or shrinks: its integral over time goes on from here."""
    sites, counts = memory.sites, memory.counts
    length = sites.queue_length[service, region]
    waited_ns = t - sites.queue_since_ns[service, region]
    add_times(counts.queue_integral_time, (service, region), length, waited_ns)
    sites.queue_since_ns[service, region] = t
    sites.queue_length[service, region] = length + change
    counts.peak_queue[service, region] = max(counts.peak_queue[service, region], length + change)


@kernel
def enqueue(plan, memory, a, i, service, region, t):
    """Put a request at the end of a node's queue."""
    attempts, instances = memory.attempts, memory.instances
    attempts.state[a], attempts.queue_next[a], attempts.queued_ns[a] = QUEUED, NONE, t
    if instances.length[i] == 0:
        instances.head[i] = a
    else:
        attempts.queue_next[instances.tail[i]] = a
    instances.tail[i] = a
    instances.length[i] += 1
    count_queue(memory, service, region, 1, t)
    note(memory, a, QUEUES)
    limit_waiting(plan, memory, a)


@kernel
def dequeue(memory, i, service, region, t):
    """Take the request at the head of a node's queue."""
    attempts, instances = memory.attempts, memory.instances
    a = instances.head[i]
    instances.head[i] = attempts.queue_next[a]
    instances.length[i] -= 1
    attempts.state[a] = 0
    count_queue(memory, service, region, -1, t)
    add_times(memory.counts.queue_wait_time, (service, region), 1, t - attempts.queued_ns[a])
    return a


@kernel
def take_next(plan, memory, i, service, region, t):
    """Free workers take what waits, whether or not anybody still waits for it."""
    workers = workers_of(plan, memory, service, region)
    while memory.instances.length[i] > 0 and memory.instances.busy[i] < workers:
        a = dequeue(memory, i, service, region, t)
        memory.counts.queued[service, region] += 1
        memory.counts.queue_wait[bin_of(t - memory.attempts.queued_ns[a])] += 1
        start_work(plan, memory, a, i, 0, t)


@entry("plan", "memory", int, int, int)
def use_capacity(plan, memory, service, region, t):
    """More workers are there: start what waits, node by node."""
    first = plan.site_first[service, region]
    for i in range(first, first + plan.site_count[service, region]):
        take_next(plan, memory, i, service, region, t)
