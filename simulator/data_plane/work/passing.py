"""Hop: a call is passed on to the region that serves it, where that is not the caller's own.

Only databases with one writer have such places (docs/model-stores.md §4). Aurora's write forwarding does this
(Amazon Aurora guide, *aurora-global-database-write-forwarding*), or the application's own connection.
"""

from simulator.boundary.causes import BLOCKED_COMMITS, NO_WRITER, PROMOTION, STORES
from simulator.boundary.outcomes import (
    BLACK_HOLE,
    NO_WRITER_CALL,
    REFUSED,
    REFUSED_CALL,
    TIMEOUT_CALL,
)
from simulator.data_plane.meeting import meet_endpoint, meet_host, meet_link
from simulator.data_plane.network import retransmission_ns
from simulator.data_plane.work.call_state import call_lane, is_write
from simulator.data_plane.work.endpoints import FINE, close_endpoint
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import CALL, nanoseconds, uniform_of
from simulator.times import AGES_NS

UNANSWERED = -4  # it has arrived, and its answer will not
NOWHERE = -1
_LANES = 1024  # beyond those of the tries' own draws


@kernel
def serving_place(plan, memory, a, store):
    """The region in which a call of an attempt to a store is served; NOWHERE without a writer."""
    region = memory.attempts.region[a]
    if is_write(plan, memory.attempts, a):
        return memory.world.write_place[store, region]
    return memory.world.read_place[store, region]


@kernel
def leg_ns(plan, memory, a, origin, target, word):
    """How long a message of a call takes from one region to another."""
    world, attempts = memory.world, memory.attempts
    distance = plan.rtt_ns[origin, target] / 2 * world.link_factor[origin, target]
    leg = nanoseconds(distance) + world.link_add_ns[origin, target]
    if world.link_loss[origin, target] > 0.0:
        lane = _LANES + call_lane(attempts, a)
        u = uniform_of(plan.seed, CALL, attempts.number[a], attempts.attempt[a], lane, word)
        leg += retransmission_ns(plan, world.link_loss[origin, target], u)
    return min(leg, AGES_NS)


@kernel
def round_trip_ns(plan, memory, a, place):
    """How much longer a call takes that is passed on."""
    region = memory.attempts.region[a]
    return leg_ns(plan, memory, a, region, place, 0) + leg_ns(plan, memory, a, place, region, 1)


@kernel
def is_out_of_reach(memory, origin, place):
    """Tell whether nothing that one region asks another is answered: either link is cut, or it is down."""
    world = memory.world
    cut = world.link_cut[origin, place] or world.link_cut[place, origin]
    return cut or world.region_mode[place] != 0


@kernel
def verdict_without_writer(memory, a, store):
    """A commit that is blocked is not answered; where nobody takes writes, that is said."""
    if not memory.world.commits_blocked[store]:
        return NO_WRITER_CALL
    close_endpoint(memory.instances, memory.attempts.instance[a], store)
    return TIMEOUT_CALL


@kernel
def pass_on(plan, memory, a, store, place):
    """Ask the region that serves a call: FINE, UNANSWERED, or the cause of a failure."""
    if place == NOWHERE:
        return verdict_without_writer(memory, a, store)
    world, region = memory.world, memory.attempts.region[a]
    meet_link(plan, memory, a, region, place)
    meet_link(plan, memory, a, place, region)
    meet_host(plan, memory, a, place)
    meet_endpoint(plan, memory, a, store, place)
    mode = max(world.region_mode[place], world.endpoint_mode[store, place])
    return verdict_of_way(memory, a, store, place, BLACK_HOLE if world.link_cut[region, place] else mode)


@kernel
def verdict_of_way(memory, a, store, place, mode):
    """What becomes of a request to a place that runs into a mode there: FINE, UNANSWERED, or a failure."""
    verdict = FINE
    if mode == BLACK_HOLE:
        verdict = TIMEOUT_CALL
    elif mode == REFUSED:
        verdict = REFUSED_CALL
    elif memory.world.link_cut[place, memory.attempts.region[a]]:
        verdict = UNANSWERED
    if verdict != FINE:
        close_endpoint(memory.instances, memory.attempts.instance[a], store)
    return verdict


@kernel
def cause_of_passing(plan, memory, a, store):
    """What holds a request whose call could not be passed on, or has failed where it was served."""
    place, region = serving_place(plan, memory, a, store), memory.attempts.region[a]
    if place == NOWHERE and memory.world.commits_blocked[store]:
        return BLOCKED_COMMITS
    if place == NOWHERE:
        return PROMOTION if memory.world.promoting[store] else NO_WRITER
    writes = is_write(plan, memory.attempts, a)
    return NO_WRITER if writes and place != region and is_out_of_reach(memory, region, place) else STORES
