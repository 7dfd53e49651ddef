"""Hop: the network between a client, a region, and other regions (docs/model.md §4.2)."""

import math

from simulator.kernels.bits import quotient
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import ATTEMPT, nanoseconds, normal_quantile, uniform, words
from simulator.randomness.losses import losses_in_a_row
from simulator.times import AGES_NS

_LOSSES_MAX = 30


@kernel
def retransmission_ns(plan, loss, u):
    """Time lost to retransmissions, whose timeout doubles from its first to a longest value (RFC 6298)."""
    lost_ns, timeout_ns = 0, plan.retransmit_ns
    for _ in range(losses_in_a_row(loss, u, _LOSSES_MAX)):
        lost_ns += timeout_ns
        timeout_ns = min(2 * timeout_ns, plan.retransmit_longest_ns)
    return lost_ns


@kernel
def jitter_of(plan, word):
    """The factor of an attempt's round trips: log-normal around 1."""
    if plan.rtt_sigma == 0.0:
        return 1.0
    return math.exp(plan.rtt_sigma * normal_quantile(uniform(word)))


@kernel
def one_way_ns(plan, world, origin, target, last_mile_ns, jitter):
    """Delay of one message on a link that loses nothing."""
    distance = plan.rtt_ns[origin, target] / 2 * jitter * world.link_factor[origin, target]
    way_ns = quotient(last_mile_ns, 2) + nanoseconds(distance) + world.link_add_ns[origin, target]
    return min(way_ns, AGES_NS)


@kernel
def delays_between_sites_ns(plan, world, session, attempt, origin, target):
    """Forward and backward delay between a service and one that it calls."""
    jitter_word = words(plan.seed, ATTEMPT, session, attempt, 0)[0]
    if origin == target:
        way_ns = nanoseconds(plan.in_region_rtt_ns / 2 * jitter_of(plan, jitter_word))
        return way_ns, way_ns
    return path_delays_ns(plan, world, session, attempt, origin, target, 0, jitter_word)


@kernel
def path_delays_ns(plan, world, session, attempt, place, region, last_mile_ns, jitter_word):
    """Forward and backward delay between a client and a region, as the links are now."""
    jitter = jitter_of(plan, jitter_word)
    forward_ns = one_way_ns(plan, world, place, region, last_mile_ns, jitter)
    backward_ns = one_way_ns(plan, world, region, place, last_mile_ns, jitter)
    forward_loss, backward_loss = world.link_loss[place, region], world.link_loss[region, place]
    if forward_loss > 0.0 or backward_loss > 0.0:
        w = words(plan.seed, ATTEMPT, session, attempt, 1)
        forward_ns += retransmission_ns(plan, forward_loss, uniform(w[2]))
        backward_ns += retransmission_ns(plan, backward_loss, uniform(w[3]))
    return forward_ns, backward_ns
