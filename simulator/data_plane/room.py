"""Pools grow between two events, when one of them has no room for another."""

from simulator.data_plane import loop, pools
from simulator.data_plane.queue_arrays import grown_queue
from simulator.data_plane.stores.delivery import compact
from simulator.kernels.blocks import Block
from simulator.plan.lowered import DataPlan


def make_room(spec: DataPlan, plan: Block, memory: Block, short: int) -> None:
    """Let what is short of room grow, twofold."""
    if short == loop.QUEUE_FULL:
        memory.replace("queue", grown_queue(memory.queue))
    elif short == loop.SESSIONS_FULL:
        fresh = pools.new_sessions(spec, 2 * len(memory.sessions.free))
        memory.replace("sessions", pools.grown(memory.sessions, fresh))
        if memory.stateful_users[0]:
            clients = pools.new_clients(spec, len(fresh.free))
            memory.replace("user_clients", pools.with_rows_of(clients, memory.user_clients))
    elif short == loop.ATTEMPTS_FULL:
        fresh = pools.new_attempts(spec, 2 * len(memory.attempts.free))
        memory.replace("attempts", pools.grown(memory.attempts, fresh))
    elif short == loop.DEEDS_FULL:
        fresh = pools.new_deeds(spec, 2 * len(memory.deeds.free))
        memory.replace("deeds", pools.grown(memory.deeds, fresh))
    elif short == loop.TOKENS_FULL:
        fresh = pools.new_tokens(spec, 2 * len(memory.tokens.free))
        memory.replace("tokens", pools.grown(memory.tokens, fresh))
    else:
        _compact_versions(spec, plan, memory)


def _compact_versions(spec: DataPlan, plan: Block, memory: Block) -> None:
    """Drop versions and lanes that can never be read again; grow what that leaves less than half free."""
    compact(plan, memory, int(memory.queue.time_ns[0]))
    for name, new in (
        ("versions", pools.new_versions),
        ("lanes", pools.new_lanes),
        ("copies", pools.new_copies),
    ):
        pool = getattr(memory, name)
        if 2 * pool.free_count[0] < len(pool.free):
            memory.replace(name, pools.grown(pool, new(spec, 2 * len(pool.free))))
