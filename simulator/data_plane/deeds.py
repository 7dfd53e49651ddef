"""What an action has applied: kept while its session or any of its requests, however late, knows it.

What it is asked for is in `simulator.data_plane.stores.remembering` (docs/model-request-path.md §3).
"""

from simulator.kernels.compiling import kernel

NONE = -1
BARRED = -2  # in place of a version that an old writer alone had, and that has been forgotten


@kernel
def new_deed(memory):
    """Take a slot for an action that may write, held by its session."""
    deeds = memory.deeds
    count = deeds.free_count[0] - 1
    deeds.free_count[0] = count
    deed = deeds.free[count]
    deeds.holders[deed], deeds.applied[deed], deeds.token[deed] = 1, 0, NONE
    return deed


@kernel
def hold(memory, deed):
    """One more knows it; nobody need where there is nothing to know."""
    if deed != NONE:
        memory.deeds.holders[deed] += 1


@kernel
def let_go(memory, deed):
    """One less knows it; the last gives the slot back, and those of its tokens."""
    deeds = memory.deeds
    if deed == NONE:
        return
    deeds.holders[deed] -= 1
    if deeds.holders[deed] == 0:
        release_tokens(memory.tokens, deeds.token[deed])
        count = deeds.free_count[0]
        deeds.free[count] = deed
        deeds.free_count[0] = count + 1


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
