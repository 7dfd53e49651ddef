"""Store kind: a table. Its replicas have capacity in units (docs/model-request-path.md §4)."""

from simulator.data_plane.owners import is_awaited
from simulator.data_plane.stores.delivery import deliver
from simulator.data_plane.stores.remembering import is_duplicate, may_apply
from simulator.data_plane.stores.replicas import INITIAL, kind_of_write, take_read, take_write
from simulator.data_plane.stores.strong import read_latest, write_strongly
from simulator.data_plane.stores.throughput import READS, WRITES, has_capacity, use_units
from simulator.data_plane.stores.versions import is_forked
from simulator.kernels.compiling import kernel


@kernel
def admit_to_table(plan, memory, a, store, item, row, writes, t):
    """Tell whether the table has what the call needs; a write that would be left out needs nothing."""
    region = memory.attempts.region[a]
    forked = is_forked(memory.world, store, region)
    if not plan.store_limited[store] or (writes and not forked and is_duplicate(plan, memory, a, row, t)):
        return True
    if writes:
        deliver(plan, memory, store, region, t)
    return has_capacity(plan, memory, store, region, item, WRITES if writes else READS, t)


@kernel
def use_table(plan, memory, a, store, item, row, writes, t):
    """Read or write the item, for units."""
    if is_forked(memory.world, store, memory.attempts.region[a]):
        use_fork(plan, memory, a, store, item, row, writes, t)
        return
    if writes:
        if may_apply(plan, memory, a, row, t):
            write_in_table(plan, memory, a, store, item, row, t)
        return
    region = memory.attempts.region[a]
    use_units(plan, memory, store, region, item, READS, t)
    if plan.step_consistent[row]:
        use_units(plan, memory, store, region, item, READS, t)
    if plan.step_quorum[row]:
        read_latest(plan, memory, a, store, item, t)
    else:
        take_read(plan, memory, a, store, item, t)


@kernel
def use_fork(plan, memory, a, store, item, row, writes, t):
    """A replica that was forked is another table: what is written there is none of this one's.

    It is written all the same, so whoever hears of a failure afterwards does not know.
    """
    counts, attempts, region = memory.counts, memory.attempts, memory.attempts.region[a]
    use_units(plan, memory, store, region, item, WRITES if writes else READS, t)
    if writes:
        attempts.ambiguous[a] = 1
        counts.writes[store] += 1
        counts.lost[store] += 1
        counts.fork_writes[store] += 1
        return
    if plan.step_consistent[row]:
        use_units(plan, memory, store, region, item, READS, t)
    counts.reads[store] += 1
    counts.fork_reads[store] += 1
    attempts.wrong[a] = 0
    if is_awaited(memory, a):
        memory.sessions.version[attempts.slot[a]] = INITIAL


@kernel
def write_in_table(plan, memory, a, store, item, row, t):
    """Write the item, here or with another member of a strong table."""
    region = memory.attempts.region[a]
    deliver(plan, memory, store, region, t)
    use_units(plan, memory, store, region, item, WRITES, t)
    if plan.step_quorum[row]:
        write_strongly(plan, memory, a, store, item, kind_of_write(plan, row), t)
    else:
        take_write(plan, memory, a, store, item, kind_of_write(plan, row), t)
