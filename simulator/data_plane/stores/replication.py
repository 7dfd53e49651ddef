"""Replication clocks: when a copied write becomes visible in another region (docs/model.md §6).

Each directed replicator has a clock that equals the time while all is well, stands still while it is
stopped, and after that runs `catch_up` times as fast as time until it has caught up. A write is visible
when the clock reaches its due time.
"""

from simulator.kernels.compiling import entry, kernel


@entry("plan", "world", int, int, int, int)
def replication_clock_ns(plan, world, store, origin, target, t):
    """The replicator's clock at t."""
    if not world.replicating[store, origin, target]:
        return world.resumed_clock_ns[store, origin, target]
    if t >= world.caught_up_ns[store, origin, target]:
        return t
    whole, rest = divmod(t - world.resumed_ns[store, origin, target], 100)  # the product may not fit
    run_ns = whole * plan.catch_up_num[store] + rest * plan.catch_up_num[store] // 100
    return min(t, world.resumed_clock_ns[store, origin, target] + run_ns)


@kernel
def visible_at_ns(plan, world, store, origin, target, due_ns):
    """When a running replicator's clock has reached `due_ns`, if not before its last resumption."""
    if due_ns >= world.caught_up_ns[store, origin, target]:
        return due_ns
    ahead_ns = due_ns - world.resumed_clock_ns[store, origin, target]
    num = plan.catch_up_num[store]
    resumed_ns = world.resumed_ns[store, origin, target]
    whole, rest = divmod(ahead_ns, num)
    return max(due_ns, resumed_ns, resumed_ns + whole * 100 + (rest * 100 + num - 1) // num)
