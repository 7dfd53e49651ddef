"""Hop: tokens: who asks for which, and verifiers with their cached keys (docs/model-request-path.md §5).

Amazon API Gateway developer guide, *http-api-jwt-authorizer*: keys cached up to two hours, fetch limit 1.5 s.
"""

from simulator.boundary.causes import KEY_CACHES, MISSING_KEYS, REFUSED_TOKENS
from simulator.boundary.outcomes import REFUSED, UP
from simulator.data_plane.held import note
from simulator.data_plane.meeting import meet_key, meet_link, meet_site
from simulator.kernels.compiling import entry, kernel
from simulator.randomness.draws import SESSION, VERIFIER, uniform_of

SIGN_UP, SIGN_IN, REFRESH, FORCED = 0, 1, 2, 3
UNBOUND, NO_TOKEN = -1, -2
_NEVER_HAD_NS = -(2**62)


@entry("plan", "memory")
def begin_verifiers(plan, memory):
    """Gateways' verifiers fetched their keys at different times before the run."""
    for region in range(plan.region_count):
        for verifier in range(plan.verifier_count):
            phase = uniform_of(plan.seed, VERIFIER, region, verifier, 0, 0)
            fetched_ns = -int(phase * plan.keys_cache_ns)
            memory.verifiers.expiry_ns[region, verifier] = fetched_ns + plan.keys_cache_ns


@kernel
def is_reachable(plan, memory, a, region, issuer):
    """Tell whether a verifier can fetch an issuer's keys for a request."""
    world, identity = memory.world, len(plan.site_compute) - 1
    meet_site(plan, memory, a, identity, issuer)
    meet_link(plan, memory, a, region, issuer)
    meet_link(plan, memory, a, issuer, region)
    if world.site_mode[identity, issuer] != UP:
        return False
    return not world.link_cut[region, issuer] and not world.link_cut[issuer, region]


@kernel
def fetch_keys(plan, memory, a, region):
    """The issuer whose keys a verifier gets now (-1: none), and how long that takes."""
    world, identity = memory.world, len(plan.site_compute) - 1
    memory.counts.key_fetches[region] += 1
    first = plan.issuer_region[0] if plan.keys_shared else plan.issuer_home[region]
    if is_reachable(plan, memory, a, region, first):
        return first, plan.rtt_ns[region, first]
    if plan.keys_shared:
        for number in range(1, len(plan.issuer_region)):
            other = plan.issuer_region[number]
            if is_reachable(plan, memory, a, region, other):
                return other, plan.rtt_ns[region, other]
    memory.counts.key_fetches_failed[region] += 1
    return -1, 0 if world.site_mode[identity, first] == REFUSED else plan.keys_fetch_limit_ns


@kernel
def is_trusted(plan, region, issuer):
    """Tell whether a verifier with all keys of its own accepts a token of an issuer."""
    return plan.keys_shared == 1 or issuer == UNBOUND or issuer == plan.issuer_home[region]


@kernel
def judge_token(plan, memory, a, region, issuer, expiry_ns, held, t):
    """A verifier judges a token: delay, accepted, and its keys' expiry and whether they hold the key."""
    delay_ns = 0
    if t >= expiry_ns:
        source, delay_ns = fetch_keys(plan, memory, a, region)
        if source < 0:
            memory.counts.tokens_rejected[region] += 1
            return delay_ns, False, expiry_ns, held
        meet_key(plan, memory, a, source)
        expiry_ns, held = t + plan.keys_cache_ns, 1 - memory.world.key_removed[source]
    accepted = held == 1 and is_trusted(plan, region, issuer)
    memory.counts.tokens_rejected[region] += not accepted
    return delay_ns, accepted, expiry_ns, held


@kernel
def note_refusal(plan, memory, a, region, issuer, keys_expiry_ns, held, t):
    """Note why a verifier does not accept a token.

    It does not trust its issuer; or it could not fetch keys, or not that one; or it keeps a set without it.
    """
    publisher = plan.issuer_region[0] if plan.keys_shared else plan.issuer_home[region]
    if held == 1 and not is_trusted(plan, region, issuer):
        note(memory, a, REFUSED_TOKENS)
    elif t >= keys_expiry_ns or memory.world.key_removed[publisher]:
        note(memory, a, MISSING_KEYS)
    else:
        note(memory, a, KEY_CACHES)


@kernel
def judge_at_gateway(plan, memory, a, region, u, t):
    """One of the region's verifiers judges a request: delay, accepted."""
    verifiers, issuer = memory.verifiers, memory.attempts.token_issuer[a]
    if issuer == NO_TOKEN:
        memory.counts.tokens_rejected[region] += 1
        note(memory, a, REFUSED_TOKENS)
        return 0, False
    v = int(u * plan.verifier_count)
    delay_ns, accepted, expiry_ns, held = judge_token(
        plan, memory, a, region, issuer, verifiers.expiry_ns[region, v], verifiers.held[region, v], t
    )
    verifiers.expiry_ns[region, v], verifiers.held[region, v] = expiry_ns, held
    if not accepted:
        note_refusal(plan, memory, a, region, issuer, expiry_ns, held, t)
    return delay_ns, accepted


@kernel
def judge_at_instance(plan, memory, a, i, t):
    """An instance judges a request by its own cached keys: delay, accepted."""
    instances, issuer, region = memory.instances, memory.attempts.token_issuer[a], memory.attempts.region[a]
    if issuer == NO_TOKEN:
        memory.counts.tokens_rejected[region] += 1
        note(memory, a, REFUSED_TOKENS)
        return 0, False
    delay_ns, accepted, expiry_ns, held = judge_token(
        plan, memory, a, region, issuer, instances.keys_expiry_ns[i], instances.keys_held[i], t
    )
    instances.keys_expiry_ns[i], instances.keys_held[i] = expiry_ns, held
    if not accepted:
        note_refusal(plan, memory, a, region, issuer, expiry_ns, held, t)
    return delay_ns, accepted


@kernel
def kind_of_request(plan, sessions, s, population):
    """What a session asks of an issuer when its token has run out."""
    if sessions.token_expiry_ns[s] > _NEVER_HAD_NS:
        return REFRESH
    new = plan.pop_sign_up[population] > 0.0 and sessions.start_ns[s] >= 0
    if new and uniform_of(plan.seed, SESSION, sessions.number[s], 0, 2, 1) < plan.pop_sign_up[population]:
        return SIGN_UP
    return SIGN_IN


@kernel
def seek_token(memory, s, kind):
    """The session turns to an issuer before it goes on."""
    sessions = memory.sessions
    sessions.seeking_token[s], sessions.token_kind[s] = 1, kind
    sessions.tries[s], sessions.retry_cost[s] = 0, -1
    memory.counts.token_kinds[kind] += 1


@kernel
def issuer_of_try(plan, sessions, s):
    """The issuer that a try goes to: registrations always to the primary."""
    if sessions.token_kind[s] == SIGN_UP:
        return plan.issuer_region[0]
    return plan.issuer_region[(sessions.first_issuer[s] + sessions.tries[s]) % len(plan.issuer_region)]


@kernel
def turned_away(plan, memory, s):
    """A 401: its region's issuer is asked first from now on.

    Tell whether the client logs in again, which it does once an action.
    """
    sessions = memory.sessions
    if sessions.token_issuer[s] == NO_TOKEN or sessions.seeking_token[s]:
        return False
    sessions.first_issuer[s] = 0
    for number in range(len(plan.issuer_region)):
        if plan.issuer_region[number] == sessions.region[s]:
            sessions.first_issuer[s] = number
    return not sessions.renewed[s]


@kernel
def log_in_again(memory, s):
    """The client seeks another token."""
    memory.sessions.renewed[s] = 1
    memory.counts.forced_logins[0] += 1
    seek_token(memory, s, FORCED)
