"""Hop: from a name to an answer, through the device's cache, its resolver, and Route 53 (docs/model.md §5).

An answer is a set of regions as bits; 0 is an empty answer, FAILURE none at all.
"""

from simulator.boundary.outcomes import EMPTY, FAILING, LOSING
from simulator.data_plane.clients.sessions import BEFORE_NS, thought_ns
from simulator.kernels.compiling import entry, kernel
from simulator.randomness.draws import ATTEMPT, RESOLVER, SESSION, uniform, uniform_of, words
from simulator.randomness.losses import losses_in_a_row

FAILURE = -1
_LONG_AGO_NS = -(2**62)
_NEXT_NAME = 0.7548776662466927  # spreads the ages of a resolver's answers over its names
FROM_DEVICE, FROM_RESOLVER, FROM_AUTHORITY = 0, 1, 2


@kernel
def every_region(plan, weights, name, place):
    """All regions with a positive weight (multivalue and simple answers)."""
    answer = 0
    for region in range(plan.region_count):
        if weights[name, place, region] > 0:
            answer |= 1 << region
    return answer


@kernel
def one_region(plan, weights, name, place, u):
    """One region drawn by weight; empty if no weight is positive."""
    total = 0
    for region in range(plan.region_count):
        total += weights[name, place, region]
    x = int(u * total)
    cumulative = 0
    for region in range(plan.region_count):
        cumulative += weights[name, place, region]
        if cumulative > x:
            return 1 << region
    return 0


@kernel
def ask_authority(plan, world, name, place, session, attempt):
    """Ask the authoritative server: the answer and how long it took."""
    mode = world.authoritative_mode[name]
    if mode == FAILING:
        return FAILURE, plan.resolver_rtt_ns
    if mode == EMPTY:
        return 0, plan.resolver_rtt_ns
    w = words(plan.seed, ATTEMPT, session, attempt, 1)
    lost = 0
    if mode == LOSING:
        lost = losses_in_a_row(world.authoritative_share[name], uniform(w[1]), plan.resolver_tries)
        if lost == plan.resolver_tries:
            return FAILURE, lost * plan.resolver_try_timeout_ns
    if world.answer_every[name, place]:
        answer = every_region(plan, world.answer_weight, name, place)
    else:
        answer = one_region(plan, world.answer_weight, name, place, uniform(w[0]))
    return answer, lost * plan.resolver_try_timeout_ns + plan.resolver_rtt_ns


@kernel
def resolver_lifetime_ns(plan, resolver, name, answer):
    """How long a resolver keeps an answer: its TTL, or longer where it extends TTLs.

    An empty one by RFC 2308.
    """
    if answer == FAILURE:
        return plan.resolver_failure_ns
    if answer == 0:
        return plan.negative_ttl_ns
    return max(plan.name_ttl_ns[name], plan.resolver_extend_ns[resolver])


@kernel
def first_answer(plan, world, name, place, resolver):
    """What a resolver was told of a name before the run: Route 53's answer as it is at time zero."""
    if world.answer_every[name, place]:
        return every_region(plan, world.answer_weight, name, place)
    u = uniform_of(plan.seed, RESOLVER, resolver, name, 1, 0)
    return one_region(plan, world.answer_weight, name, place, u)


@entry("plan", "memory")
def begin_names(plan, memory):
    """Give every resolver an answer of some age for each name, as if it had been asked all along."""
    cache = memory.resolvers
    for population in range(len(plan.pop_near)):
        first = plan.pop_resolver_first[population]
        for resolver in range(first, first + plan.pop_resolver_count[population]):
            for name in range(len(plan.name_ttl_ns)):
                answer = first_answer(plan, memory.world, name, plan.pop_near[population], resolver)
                phase = (plan.resolver_phase[resolver] + name * _NEXT_NAME) % 1.0
                cache.answer[resolver, name], cache.first_answer[resolver, name] = answer, answer
                lifetime_ns = resolver_lifetime_ns(plan, resolver, name, answer)
                cache.expiry_ns[resolver, name] = int(phase * lifetime_ns)


@kernel
def recall(plan, memory, s, population, name):
    """What a device in use since before the run holds of a name: the answer of its resolver.

    Its age follows from how often the device acts.
    """
    sessions = memory.sessions
    sessions.device_expiry_ns[s, name] = _LONG_AGO_NS
    answer = memory.resolvers.first_answer[sessions.resolver[s], name]
    lifetime_ns = device_lifetime_ns(plan, population, answer, plan.name_ttl_ns[name])
    if answer <= 0 or lifetime_ns == 0:
        return
    number = sessions.number[s]
    gap_ns, since_ns = thought_ns(plan, population, number)
    acts = -(-lifetime_ns // max(gap_ns, 1))  # from one lookup to the next
    act = int(uniform_of(plan.seed, SESSION, number, 0, 2, 2) * acts)
    sessions.device_answer[s, name] = answer
    sessions.device_expiry_ns[s, name] = lifetime_ns - since_ns - act * gap_ns


@kernel
def ask_resolver(plan, memory, s, name, place, attempt, t):
    """Ask the session's resolver: answer, time it took beyond the last mile, time to live, source."""
    cache = memory.resolvers
    resolver = memory.sessions.resolver[s]
    if t < cache.expiry_ns[resolver, name]:
        return cache.answer[resolver, name], 0, cache.expiry_ns[resolver, name] - t, FROM_RESOLVER
    session = memory.sessions.number[s]
    answer, took_ns = ask_authority(plan, memory.world, name, place, session, attempt)
    lifetime_ns = resolver_lifetime_ns(plan, resolver, name, answer)
    cache.answer[resolver, name] = answer
    cache.expiry_ns[resolver, name] = t + lifetime_ns
    return answer, took_ns, lifetime_ns, FROM_AUTHORITY


@kernel
def device_lifetime_ns(plan, population, answer, to_live_ns):
    """How long a device keeps an answer: a fixed time, or its time to live with a floor."""
    if answer <= 0:
        return plan.pop_dns_negative_ns[population]
    if plan.pop_dns_fixed_ns[population] >= 0:
        return plan.pop_dns_fixed_ns[population]
    return max(to_live_ns, plan.pop_dns_floor_ns[population])


@kernel
def knows_address(memory, s, name, t):
    """Tell whether it is known what a session finds for a name at t: its device's answer, or its resolver's.

    Nobody changes an answer that the resolver still keeps at t.
    """
    sessions = memory.sessions
    if t < sessions.device_expiry_ns[s, name]:
        return True
    return t < memory.resolvers.expiry_ns[sessions.resolver[s], name]


@kernel
def count_lookup(counts, source, answer):
    """Count one lookup by where its answer came from."""
    counts.lookups[source] += 1
    if answer == FAILURE:
        counts.lookup_failures[0] += 1
    elif answer == 0:
        counts.lookup_empties[0] += 1


@kernel
def look_up(plan, memory, s, population, name, attempt, t):
    """Look a name up at t: the answer, how long it takes, and its source."""
    sessions = memory.sessions
    if sessions.device_expiry_ns[s, name] == BEFORE_NS:
        recall(plan, memory, s, population, name)
    if t < sessions.device_expiry_ns[s, name]:
        answer = sessions.device_answer[s, name]
        count_lookup(memory.counts, FROM_DEVICE, answer)
        return answer, 0, FROM_DEVICE
    place = plan.pop_near[population]
    answer, took_ns, to_live_ns, source = ask_resolver(plan, memory, s, name, place, attempt, t)
    lifetime_ns = device_lifetime_ns(plan, population, answer, to_live_ns)
    sessions.device_answer[s, name] = answer
    sessions.device_expiry_ns[s, name] = t + lifetime_ns
    count_lookup(memory.counts, source, answer)
    return answer, sessions.last_mile_ns[s] + took_ns, source


@kernel
def choose_region(answer, u):
    """The client's choice among the regions of an answer."""
    left = answer
    several = 0
    while left:
        several += left & 1
        left >>= 1
    skip = int(u * several)
    region = 0
    while True:
        if (answer >> region) & 1:
            if skip == 0:
                return region
            skip -= 1
        region += 1
