"""Whether a run began cold, and whether that matters (docs/measures.md, "Capacity")."""

from simulator.measure.shares import share
from simulator.outcome import Outcome
from simulator.result.capacity import ColdBegin

_LOOKED_AT_NS = 5 * 60 * 10**9
_OF_RUN = 6  # at most a sixth of it
_WORTH_SAYING = 0.01  # cold starts and misses, of the actions begun meanwhile


def cold_begin(outcome: Outcome) -> ColdBegin | None:
    """The begin of a run that was colder than the rest, before anything broke; None if it was not.

    More than twice as many environments were started and looks missed as in an equal part of the rest.
    """
    t, data = outcome.tallies, outcome.plan.data
    until_ns = min(_LOOKED_AT_NS, data.duration_ns // _OF_RUN)
    starts = [fault.start_ns for fault in outcome.plan.control.faults]
    windows = (min([until_ns, *starts]) - data.window_first_ns) // data.window_ns
    cold, all_cold = int(t.window_cold[:windows].sum()), int(t.window_cold.sum())
    begun, bad = int(t.window_begun[:windows].sum()), int(t.window_bad[:windows].sum())
    if data.warm_up_ns or cold <= _WORTH_SAYING * begun or cold == 0:
        return None
    end_ns = data.window_first_ns + windows * data.window_ns
    if cold * (data.duration_ns - end_ns) <= 2 * (all_cold - cold) * end_ns:
        return None
    return ColdBegin(until_s=end_ns / 10**9, share=cold / all_cold, bad_share=share(bad, begun))
