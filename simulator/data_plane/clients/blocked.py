"""What web ACLs do to users: who has been blocked, and for how long (docs/measures.md, "Web ACLs")."""

from simulator.boundary.kinds import NEVER_NS
from simulator.kernels.compiling import kernel


@kernel
def begin_unblocked(sessions, s):
    """A session begins."""
    sessions.blocked_since_ns[s, 0], sessions.was_blocked[s, 0] = NEVER_NS, 0


@kernel
def hear_of_block(memory, s, population):
    """A user has heard that an action is blocked."""
    sessions = memory.sessions
    memory.counts.users_blocked[population] += 1 - sessions.was_blocked[s, 0]
    sessions.was_blocked[s, 0] = 1
    if sessions.blocked_since_ns[s, 0] == NEVER_NS:
        sessions.blocked_since_ns[s, 0] = sessions.action_start_ns[s]


@kernel
def end_block(memory, s, population, t):
    """A user who may have been blocked is served well, or leaves: count the time that this took."""
    since_ns = memory.sessions.blocked_since_ns[s, 0]
    if since_ns != NEVER_NS:
        memory.counts.blocked_ms[population] += (t - since_ns) // 1_000_000
        memory.sessions.blocked_since_ns[s, 0] = NEVER_NS
