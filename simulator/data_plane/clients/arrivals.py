"""Arrivals: which sessions begin, and when (docs/model.md §3)."""

from simulator.boundary.kinds import ORDINAL_BITS
from simulator.data_plane.clients.sessions import (
    draw_in_progress_ns,
    draw_ns,
    start_session,
)
from simulator.data_plane.numbers import ordinal_of, population_of
from simulator.data_plane.queue import CLIENT_PHASE, START, order_of, push
from simulator.kernels.bits import quotient, remainder
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import ARRIVAL, SESSION, nanoseconds, sample, uniform, uniform_of, words

_HOUR_NS = 3_600_000_000_000
_HOURS = 7 * 24  # of a week
_WEEKS_NS = 5000 * _HOURS * _HOUR_NS  # before all that a run knows of


@kernel
def session_length_ns(plan, number, word):
    """How long a session is due to last."""
    return draw_ns(plan, plan.pop_length[population_of(number)], word)


@kernel
def push_start(plan, memory, number, t):
    """Schedule the start of a session."""
    if t < plan.duration_ns:
        push(memory.queue, t, order_of(number, 0, CLIENT_PHASE), START, 0)


@kernel
def begin_chains(plan, memory, population):
    """Put the first session of each chain of a closed population in progress, and schedule its successor."""
    for chain in range(plan.pop_sessions[population]):
        number = (population << ORDINAL_BITS) | chain
        own, w = words(plan.seed, SESSION, number, 0, 0), words(plan.seed, SESSION, number, 0, 1)
        length_ns = draw_in_progress_ns(plan, plan.pop_length[population], own[0], w[3])
        start_ns = -int(uniform(w[0]) * length_ns)
        if is_present(plan, population, chain, start_ns):
            start_session(plan, memory, number, own, start_ns, length_ns)
        push_start(plan, memory, number + plan.pop_sessions[population], start_ns + length_ns)


@kernel
def begin_arrivals(plan, memory, population):
    """Schedule the first candidate of an open population."""
    push_candidate(plan, memory, population, 0, -plan.pop_lead_ns[population])


@kernel
def push_candidate(plan, memory, population, candidate, t):
    """Schedule a candidate one gap after t."""
    u = uniform_of(plan.seed, ARRIVAL, population, candidate, 0, 0)
    mean_ns = plan.pop_gap_ns[population] / plan.pop_surge_most[population]
    gap_ns = nanoseconds(sample(plan.pop_gap_kind[population], mean_ns, 0.0, u))
    push_start(plan, memory, (population << ORDINAL_BITS) | candidate, t + gap_ns)


@kernel
def start(plan, memory, number, t):
    """A session of a chain, or a candidate of an open population, is due to start."""
    population = population_of(number)
    candidate = ordinal_of(number)
    if plan.pop_sessions[population] > 0:
        own = words(plan.seed, SESSION, number, 0, 0)
        length_ns = session_length_ns(plan, number, own[0])
        if is_present(plan, population, candidate, t):
            start_session(plan, memory, number, own, t, length_ns)
        push_start(plan, memory, number + plan.pop_sessions[population], t + length_ns)
        return
    if is_accepted(plan, memory.world, population, candidate, t):
        start_candidate(plan, memory, number, t)
    push_candidate(plan, memory, population, candidate + 1, t)


@kernel
def is_accepted(plan, world, population, candidate, t):
    """Thin the candidates of the busiest hour and the highest surge to the rate of now."""
    share = profile_at(plan, population, t) * world.surge[population] / plan.pop_surge_most[population]
    return share >= 1.0 or uniform_of(plan.seed, ARRIVAL, population, candidate, 0, 1) < share


@kernel
def is_present(plan, population, ordinal, t):
    """Tell whether a closed population's session that is due to start takes place."""
    share = profile_at(plan, population, t)
    return share >= 1.0 or uniform_of(plan.seed, ARRIVAL, population, ordinal, 0, 1) < share


@kernel
def profile_at(plan, population, t):
    """The share of the busiest hour, at the hour of the week."""
    hour = quotient(_WEEKS_NS + t + plan.day_offset_ns, _HOUR_NS)
    return plan.pop_profile[population, remainder(hour, _HOURS)]


@kernel
def start_candidate(plan, memory, number, t):
    """Start an open session, unless it would have ended before the run."""
    own = words(plan.seed, SESSION, number, 0, 0)
    length_ns = session_length_ns(plan, number, own[0])
    if t + length_ns > 0:
        start_session(plan, memory, number, own, t, length_ns)
