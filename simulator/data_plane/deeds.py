"""What an action has applied: kept while its session or any of its requests, however late, knows it.

What it is asked for is in `simulator.data_plane.stores.remembering` (docs/model-request-path.md §3).
"""

from simulator.kernels.compiling import kernel

NONE = -1
BARRED = -2  # in place of a version that an old writer alone had, and that has been forgotten


@kernel
def new_deed(plan, memory):
    """Take a slot for an action that may write, held by its session, or by its caller's."""
    deeds = memory.deeds
    count = deeds.free_count[0] - 1
    deeds.free_count[0] = count
    deed = deeds.free[count]
    deeds.holders[deed], deeds.applied[deed], deeds.token[deed] = 1, 0, NONE
    if plan.service_calls:
        deeds.first[deed, 0], deeds.next[deed, 0] = NONE, NONE
    return deed


@kernel
def deed_of_callee(plan, memory, deed, step):
    """What an action has applied in the service that a step calls, whichever of its requests; held by it."""
    if deed == NONE:
        return NONE
    deeds = memory.deeds
    found = deeds.first[deed, 0]
    while found != NONE and deeds.of_step[found, 0] != step:
        found = deeds.next[found, 0]
    if found == NONE:
        found = new_deed(plan, memory)
        deeds.next[found, 0], deeds.first[deed, 0] = deeds.first[deed, 0], found
        deeds.of_step[found, 0] = step
    return found


@kernel
def hold(memory, deed):
    """One more knows it; nobody need where there is nothing to know."""
    if deed != NONE:
        memory.deeds.holders[deed] += 1


@kernel
def let_go(plan, memory, deed):
    """One less knows it; the last gives the slot back, and those of its tokens."""
    deeds = memory.deeds
    if deed == NONE:
        return
    deeds.holders[deed] -= 1
    if deeds.holders[deed] == 0:
        if plan.service_calls:
            let_go_of_callees(memory, deed)
        release_deed(memory, deed)


@kernel
def release_deed(memory, deed):
    """Give a slot back, and those of its tokens."""
    deeds = memory.deeds
    release_tokens(memory.tokens, deeds.token[deed])
    count = deeds.free_count[0]
    deeds.free[count] = deed
    deeds.free_count[0] = count + 1


@kernel
def let_go_of_callees(memory, deed):
    """Nobody knows a deed any more: nor, but for requests under way, those of the services called for it."""
    deeds = memory.deeds
    below = deeds.first[deed, 0]
    while below != NONE:
        following = deeds.next[below, 0]
        deeds.next[below, 0] = NONE
        deeds.holders[below] -= 1
        if deeds.holders[below] == 0:
            following = put_before(deeds, deeds.first[below, 0], following)
            release_deed(memory, below)
        below = following


@kernel
def put_before(deeds, first, following):
    """One list of deeds, and behind it another; what the two together begin with."""
    if first == NONE:
        return following
    last = first
    while deeds.next[last, 0] != NONE:
        last = deeds.next[last, 0]
    deeds.next[last, 0] = following
    return first


@kernel
def release_tokens(tokens, token):
    """Give the slots of a token and of those before it back."""
    while token != NONE:
        count = tokens.free_count[0]
        tokens.free[count] = token
        tokens.free_count[0] = count + 1
        token = tokens.before[token]


@kernel
def store_token(memory, deed, step, version):
    """A step has stored its token with a version that it has written."""
    tokens = memory.tokens
    count = tokens.free_count[0] - 1
    tokens.free_count[0] = count
    token = tokens.free[count]
    tokens.step[token], tokens.before[token] = step, memory.deeds.token[deed]
    tokens.version[token], tokens.number[token] = version, memory.versions.number[version]
    memory.deeds.token[deed] = token
