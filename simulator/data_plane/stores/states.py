"""The state of an item, which conditions of writes compare (docs/model-stores.md §5)."""

from simulator.data_plane.stores.expiry import is_there
from simulator.data_plane.stores.versions import NONE
from simulator.kernels.compiling import kernel

NOTHING = -1  # in place of the number of a version
_INITIAL = 0


@kernel
def state_of(plan, memory, store, item, v, t):
    """The state of an item whose version is v: its number, or that nothing is there."""
    if not is_there(plan, memory, store, item, v, t):
        return NOTHING
    return _INITIAL if v == NONE else memory.versions.number[v]


@kernel
def note_state(plan, memory, a, store, item, row, v, t):
    """An attempt has read version v of an item; a later step of it may ask whether that has changed."""
    slot = plan.step_remembers[row]
    if slot >= 0:
        memory.attempts.seen[a, slot] = state_of(plan, memory, store, item, v, t)
