"""Hop: making a connection, TCP and TLS 1.3: two round trips before the request can be sent
(docs/model.md §4.3).
"""

from simulator.data_plane.compiling import kernel
from simulator.data_plane.queue import REQUEST
from simulator.data_plane.waiting import answer, fall_silent, proceed
from simulator.seam import BLACK_HOLE, REFUSED, REFUSED_OUTCOME


@kernel
def connect(plan, memory, a, place, t):  # type: ignore[no-untyped-def]
    """The first packet of a new connection reaches the region's door."""
    attempts, world = memory.attempts, memory.world
    region, backward_ns = attempts.region[a], attempts.backward_ns[a]
    if world.link_cut[place, region] or world.region_mode[region] == BLACK_HOLE:
        fall_silent(plan, memory, a)
    elif world.region_mode[region] == REFUSED:
        answer(plan, memory, a, t + backward_ns, REFUSED_OUTCOME)
    elif world.link_cut[region, place]:
        fall_silent(plan, memory, a)
    else:
        attempts.resets[a] = world.region_resets[region]
        send_request(plan, memory, a, t + 2 * backward_ns + attempts.forward_ns[a])


@kernel
def send_request(plan, memory, a, t):  # type: ignore[no-untyped-def]
    """The handshakes are done at t: send the request unless the client has given up by then."""
    attempts = memory.attempts
    if t > memory.sessions.deadline_ns[attempts.slot[a]]:
        fall_silent(plan, memory, a)
        return
    attempts.sent[a] = 1
    proceed(plan, memory, a, t + attempts.forward_ns[a], REQUEST)


@kernel
def keep_connection(plan, memory, a, population, t):  # type: ignore[no-untyped-def]
    """After a response the connection stays open, if the client keeps connections alive."""
    attempts, sessions = memory.attempts, memory.sessions
    name = plan.op_name[attempts.operation[a]]
    if name < 0 or plan.pop_keep_alive_ns[population] == 0:
        return
    s = attempts.slot[a]
    sessions.connection_region[s, name] = attempts.region[a]
    sessions.connection_used_ns[s, name] = t
    sessions.connection_resets[s, name] = attempts.resets[a]


@kernel
def close_connection(plan, memory, s, operation):  # type: ignore[no-untyped-def]
    """A failed attempt leaves no usable connection to its name."""
    name = plan.op_name[operation]
    if name >= 0:
        memory.sessions.connection_region[s, name] = -1


@kernel
def usable_connection(plan, memory, s, population, name, t):  # type: ignore[no-untyped-def]
    """The region of a kept-alive connection that has not idled out, or -1."""
    sessions = memory.sessions
    region = sessions.connection_region[s, name]
    if region < 0 or t - sessions.connection_used_ns[s, name] > plan.pop_keep_alive_ns[population]:
        return -1
    return region
