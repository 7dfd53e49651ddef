"""What each client asks for, as access logs tell: only where a detector looks (docs/monitoring.md §7)."""

from simulator.boundary.outcomes import NO_STATUS, OWN_5XX, STATUS_4XX, STATUS_5XX, STATUS_OF
from simulator.data_plane.numbers import address_of, ordinal_of, population_of
from simulator.kernels.compiling import kernel


@kernel
def forget_asked(plan, memory, s):
    """Somebody else has the slot now."""
    if plan.watches_clients:
        for count in range(len(plan.op_service) + 2):
            memory.sessions.asked[s, count] = 0


@kernel
def note_asked(plan, memory, s, operation, outcome):
    """A try has ended: if it was answered with a status, it counts for its address, or its session."""
    if plan.watches_clients == 0 or STATUS_OF[outcome] == NO_STATUS:
        return
    number = memory.sessions.number[s]
    address = address_of(plan, population_of(number), ordinal_of(number))
    if address >= 0:
        count_asked(plan, memory.addresses.asked, address, operation, STATUS_OF[outcome])
    else:
        count_asked(plan, memory.sessions.asked, s, operation, STATUS_OF[outcome])


@kernel
def count_asked(plan, asked, row, operation, status):
    """Add an answer to a row."""
    operations = len(plan.op_service)
    asked[row, operation] += 1
    if status == STATUS_4XX:
        asked[row, operations] += 1
    elif status in (STATUS_5XX, OWN_5XX):
        asked[row, operations + 1] += 1
