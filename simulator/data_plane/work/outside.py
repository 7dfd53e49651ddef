"""Hop: the way from an instance to an external dependency (docs/model-request-path.md §3.1).

An external has an endpoint in each region, as a store has: the callers' name, connections and faults of it.
What answers is at its home, in another region or elsewhere, or, without a home, a round trip away.
"""

from simulator.boundary.kinds import EXTERNAL
from simulator.boundary.outcomes import BLACK_HOLE, UP
from simulator.data_plane.meeting import meet_host, meet_link
from simulator.data_plane.work.endpoints import FINE
from simulator.data_plane.work.passing import leg_ns, verdict_of_way
from simulator.kernels.compiling import kernel

HOMELESS = -1
_HANDSHAKE_WORD = 2  # of the lane whose words 0 and 1 are those of the call itself


@kernel
def is_external(plan, store):
    """Tell whether a store is an external dependency."""
    return plan.externals > 0 and plan.store_kind[store] == EXTERNAL


@kernel
def number_of(plan, store):
    """The number of an external among all: they are the last stores."""
    return store - len(plan.store_kind) + plan.externals


@kernel
def is_elsewhere(plan, store, region):
    """Tell whether a store is an external whose home is another place than a region."""
    return is_external(plan, store) and plan.store_home[store] not in (HOMELESS, region)


@kernel
def way_ns(plan, memory, a, store, word):
    """How long it takes to an external and back."""
    region, home = memory.attempts.region[a], plan.store_home[store]
    if not is_elsewhere(plan, store, region):
        return plan.store_way_ns[store]
    return leg_ns(plan, memory, a, region, home, word) + leg_ns(plan, memory, a, home, region, word + 1)


@kernel
def handshakes_ns(plan, memory, a, store):
    """How long a new connection takes (TCP and TLS 1.3): two round trips, in the region or to an external."""
    if not is_external(plan, store) or plan.store_home[store] == memory.attempts.region[a]:
        return 2 * plan.in_region_rtt_ns
    return 2 * way_ns(plan, memory, a, store, _HANDSHAKE_WORD)


@kernel
def mode_of_home(plan, memory, a, store):
    """What a request to the home of an external runs into: UP, REFUSED or BLACK_HOLE."""
    world, region, home = memory.world, memory.attempts.region[a], plan.store_home[store]
    meet_link(plan, memory, a, region, home)
    meet_link(plan, memory, a, home, region)
    if home < plan.region_count:
        meet_host(plan, memory, a, home)
    if world.link_cut[region, home]:
        return BLACK_HOLE
    return world.region_mode[home] if home < plan.region_count else UP


@kernel
def mode_when_connecting(plan, memory, a, store, handshake_ns, limit_ns):
    """What a new connection to a store runs into; handshakes beyond the connect timeout come to nothing."""
    world, region, home = memory.world, memory.attempts.region[a], plan.store_home[store]
    mode = world.endpoint_mode[store, region]
    if is_elsewhere(plan, store, region):
        mode = max(mode, mode_of_home(plan, memory, a, store))
        if world.link_cut[home, region]:
            mode = BLACK_HOLE
    is_late = is_external(plan, store) and 0 <= limit_ns < handshake_ns
    return BLACK_HOLE if is_late and mode == UP else mode


@kernel
def reach_home(plan, memory, a, store):
    """Ask an external over an open connection: FINE, UNANSWERED, or the cause of a failure."""
    if not is_elsewhere(plan, store, memory.attempts.region[a]):
        return FINE
    mode = mode_of_home(plan, memory, a, store)
    return verdict_of_way(memory, a, store, plan.store_home[store], mode)
