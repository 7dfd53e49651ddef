"""Store kind: a database with one writer, and readers that follow its log (docs/model-stores.md §4).

Its versions lie in lanes as those of tables do, and are copied by the same queues
(`simulator.data_plane.stores.replicas`). What differs: a write is made where the writer is, in the order of
its log, and discards nothing.
"""

from simulator.data_plane.stores.remembering import may_apply
from simulator.data_plane.stores.replicas import kind_of_write, take_read, take_write
from simulator.kernels.compiling import kernel


@kernel
def use_database(plan, memory, a, store, item, row, writes, t):
    """Read or write the item where the database does so for the caller's region."""
    if not writes:
        take_read(plan, memory, a, store, item, t)
    elif may_apply(plan, memory, a, row, t):
        take_write(plan, memory, a, store, item, kind_of_write(plan, row), t)
