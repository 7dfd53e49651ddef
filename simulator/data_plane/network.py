"""Hop: the network between a client, a region, and other regions (docs/model.md §4.2)."""

import math

from simulator.data_plane.compiling import entry, kernel
from simulator.data_plane.draws import ATTEMPT, nanoseconds, normal_quantile, uniform, words

_LOSSES_MAX = 30


@entry
def losses_in_a_row(loss, u, most):  # type: ignore[no-untyped-def]
    """How often a message is lost before it gets through: the largest n with u < loss^n, at most `most`."""
    n = 0
    chance = loss
    while n < most and u < chance:
        n += 1
        chance *= loss
    return n


@kernel
def retransmission_ns(plan, loss, u):  # type: ignore[no-untyped-def]
    """Time lost to retransmissions whose timeout doubles from its first value up to a longest one (RFC
    6298).
    """
    lost_ns, timeout_ns = 0, plan.retransmit_ns
    for _ in range(losses_in_a_row(loss, u, _LOSSES_MAX)):
        lost_ns += timeout_ns
        timeout_ns = min(2 * timeout_ns, plan.retransmit_longest_ns)
    return lost_ns


@kernel
def jitter_of(plan, word):  # type: ignore[no-untyped-def]
    """The factor of an attempt's round trips: log-normal around 1."""
    return math.exp(plan.rtt_sigma * normal_quantile(uniform(word)))


@kernel
def one_way_ns(plan, world, origin, target, last_mile_ns, jitter):  # type: ignore[no-untyped-def]
    """Delay of one message on a link that loses nothing."""
    distance = plan.rtt_ns[origin, target] / 2 * jitter * world.link_factor[origin, target]
    return last_mile_ns // 2 + nanoseconds(distance) + world.link_add_ns[origin, target]


@kernel
def path_delays_ns(plan, world, session, attempt, place, region, last_mile_ns, jitter_word):  # type: ignore[no-untyped-def]
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
