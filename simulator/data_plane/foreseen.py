"""What nothing can change any more is taken at once, and not queued (docs/model.md §1, *Foreseen*).

An event that is certain, and that touches nothing but its own session, counters and what only control
processes change, has the same effect whatever else happens before its instant. So it is taken as soon as it
is known, with the time that it has, if that lies before the next control instant. One at a time: what else an
event causes is queued.
"""

import numpy as np

from simulator.boundary.fields import NUMBER, by, table
from simulator.boundary.kinds import ENDLESS, NODES
from simulator.kernels.compiling import kernel
from simulator.plan.lowered import DataPlan

NOTHING = -1
_LONG_AGO_NS = -(2**62)


@table
class Foreseen:
    """The event that is taken next, whatever is queued, and how far may be looked ahead."""

    event: int = by(NUMBER, start=NOTHING, says="its kind, -1: none is foreseen")
    slot: int = by(NUMBER, says="that it carries")
    time_ns: int = by(NUMBER, says="when it happens")
    order: int = by(NUMBER, says="its rank among those of its time")
    now_ns: int = by(NUMBER, says="of the event that was queued and is being handled")
    until_ns: int = by(NUMBER, start=_LONG_AGO_NS, says="what happens before may be foreseen")
    is_on: int = by(
        NUMBER, start=lambda plan: np.array([may_foresee(plan)], np.int64), says="1: anything may"
    )


def may_foresee(plan: DataPlan) -> bool:
    """Tell whether a run stops nowhere but at control instants: its load kills no node."""
    return not ((plan.site_compute == NODES) & (plan.node_room < ENDLESS)).any()


@kernel
def look_ahead(foreseen, to_ns):
    """Nothing changes before `to_ns` but by what happens in the data plane."""
    if foreseen.is_on[0]:
        foreseen.until_ns[0] = to_ns


@kernel
def is_ahead(foreseen, t):
    """Tell whether others may act before t, so that what is shared with them has to wait until then."""
    return t > foreseen.now_ns[0]


@kernel
def is_foreseeable(foreseen, t):
    """Tell whether what happens at t, whatever else does, may be taken now."""
    return t < foreseen.until_ns[0] and foreseen.event[0] == NOTHING


@kernel
def foresee(foreseen, t, order, kind, slot):
    """Let an event be taken next."""
    foreseen.time_ns[0], foreseen.order[0], foreseen.event[0], foreseen.slot[0] = t, order, kind, slot


@kernel
def take_foreseen(foreseen):
    """The event that is foreseen: its time, order, kind and slot."""
    kind, foreseen.event[0] = foreseen.event[0], NOTHING
    return foreseen.time_ns[0], foreseen.order[0], kind, foreseen.slot[0]
