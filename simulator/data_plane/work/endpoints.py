"""Hop: from an instance to a store's endpoint: its name, connections, and what they run into.

Rules: docs/model-request-path.md §3.4 and §3.5; AWS post-event summary 101925: an empty answer kills new
connections only.
"""

import math

from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.outcomes import (
    BLACK_HOLE,
    CONNECT_CALL,
    REFUSED,
    REFUSED_CALL,
    TIMEOUT_CALL,
)
from simulator.data_plane.layout import NOT_ASKED_NS
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import CONNECTION, uniform_of

FINE = -1
LATER = -3  # the fate of a try is decided in another event


@kernel
def recall(plan, memory, i, store, policy, t):
    """The connection and name that an instance has from before the run, at the first need of them (§3)."""
    instances, ttl_ns, age_ns = memory.instances, plan.endpoint_ttl_ns, plan.policy_age_ns[policy]
    entity = i * len(plan.store_items) + store
    instances.connection_limit_ns[i, store], instances.connection_used_ns[i, store] = NEVER_NS, -t
    connections_ago = uniform_of(plan.seed, CONNECTION, entity, 0, 1, 2)
    if plan.policy_keep_alive_ns[policy] == 0:
        instances.connection_limit_ns[i, store] = 0
        instances.name_expiry_ns[i, store] = ttl_ns - int(connections_ago * ttl_ns)
    elif age_ns > 0:
        life_ns = math.sqrt(0.25 + 2.0 * uniform_of(plan.seed, CONNECTION, entity, 0, 1, 0)) * age_ns
        opened_ns = -int(uniform_of(plan.seed, CONNECTION, entity, 0, 1, 1) * life_ns + 0.5)
        instances.connection_limit_ns[i, store] = opened_ns + int(life_ns + 0.5)
        asked_ns = opened_ns - int(connections_ago * ((ttl_ns + age_ns - 1) // age_ns)) * age_ns
        instances.name_expiry_ns[i, store] = asked_ns + ttl_ns


@kernel
def is_connected(plan, memory, i, store, policy, resets, t):
    """Tell whether an instance has a connection that it can use; `resets`: of what it leads to, so far."""
    instances = memory.instances
    if instances.connection_limit_ns[i, store] == NOT_ASKED_NS:
        recall(plan, memory, i, store, policy, t)
    if t >= instances.connection_limit_ns[i, store]:  # closed, or too old
        return False
    idle_ns = t - instances.connection_used_ns[i, store]
    return idle_ns <= plan.policy_keep_alive_ns[policy] and instances.connection_resets[i, store] == resets


@kernel
def leads_nowhere(plan, memory, i, store, t):
    """Ask for the endpoint's name: the cached answer, or a new one, which is cached.

    An empty one is cached by RFC 2308.
    """
    instances = memory.instances
    if t >= instances.name_expiry_ns[i, store]:
        empty = memory.world.endpoint_empty[store, plan.instance_region[i]]
        instances.name_empty[i, store] = empty
        instances.name_expiry_ns[i, store] = t + (plan.negative_ttl_ns if empty else plan.endpoint_ttl_ns)
    return instances.name_empty[i, store] == 1


@kernel
def age_limit_ns(plan, i, store, policy, t):
    """When a connection opened at t becomes too old."""
    age_ns = plan.policy_age_ns[policy]
    if age_ns == 0:
        return NEVER_NS
    u = uniform_of(plan.seed, CONNECTION, i * len(plan.store_items) + store, t, 0, 0)
    return t + int(age_ns * (0.5 + u) + 0.5)


@kernel
def open_connection(plan, memory, i, store, policy, mode, t):
    """Open a connection to what looks so: FINE, or the cause of a failure."""
    region = plan.instance_region[i]
    if mode == BLACK_HOLE:
        return CONNECT_CALL
    if mode == REFUSED:
        return REFUSED_CALL
    memory.counts.connections_opened[store, region] += 1
    open_endpoint(plan, memory, i, store, policy, memory.world.endpoint_resets[store, region], t)
    return FINE


@kernel
def open_endpoint(plan, memory, i, store, policy, resets, t):
    """A connection of an instance is open, to what has been reset so often."""
    instances = memory.instances
    instances.connection_limit_ns[i, store] = age_limit_ns(plan, i, store, policy, t)
    instances.connection_used_ns[i, store] = t
    instances.connection_resets[i, store] = resets


@kernel
def close_endpoint(instances, i, store):
    """Close an instance's connection to a store."""
    instances.connection_limit_ns[i, store] = 0


@kernel
def reach_endpoint(plan, memory, i, store):
    """Send a request on an open connection: FINE, or the cause of a failure, which closes it."""
    mode = memory.world.endpoint_mode[store, plan.instance_region[i]]
    if mode in (BLACK_HOLE, REFUSED):
        close_endpoint(memory.instances, i, store)
        return TIMEOUT_CALL if mode == BLACK_HOLE else REFUSED_CALL
    return FINE
