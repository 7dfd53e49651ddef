"""The failback hazard: updates lost while a region catches up (docs/measures.md, "Loss").

A region that returns, or a link that heals, has a backlog. Until it is worked off, what users write there
builds on old versions and takes newer ones away, or is itself taken away.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.events import (
    REPLICATION_RESUMED,
    REPLICATION_STOPPED,
    EventKind,
)
from simulator.boundary.subjects import (
    OfReplicator,
    Subject,
)
from simulator.measure.overtaken import worst_minute
from simulator.measure.replication import Pair, pairs
from simulator.outcome import Outcome
from simulator.plan.lowered import DataPlan
from simulator.records import dataclass
from simulator.result.loss import Failback


@dataclass(frozen=True)
class _CatchUp:
    """A replicator that works off its backlog."""

    pair: Pair
    from_ns: int
    to_ns: int

    @property
    def regions(self) -> tuple[int, int]:
        """Both, in ascending order: updates are lost in either direction."""
        return min(self.pair.origin, self.pair.target), max(self.pair.origin, self.pair.target)


def hazards(outcome: Outcome) -> list[Failback]:
    """Every time that updates were lost because a region had not yet caught up; most of them first."""
    found = sorted(_catch_ups(outcome), key=lambda one: (one.regions, one.from_ns))
    made = []
    for _, of_regions in groupby(found, key=lambda one: one.regions):
        for together in _overlapping(list(of_regions), outcome.plan.data):
            hazard = _hazard(outcome, together)
            if hazard.lost_updates:
                made.append(hazard)
    return sorted(made, key=lambda one: -one.lost_updates)


def _catch_ups(outcome: Outcome) -> Iterator[_CatchUp]:
    """From each resumption to the end of the last step with unusual lag before the next stop."""
    stopped, resumed = _times(outcome, REPLICATION_STOPPED), _times(outcome, REPLICATION_RESUMED)
    data = outcome.plan.data
    for pair in pairs(outcome):
        stops = [*stopped[pair.subject], data.duration_ns]
        behind = outcome.tallies.lag_step_late[pair.key]
        for start_ns in resumed[pair.subject]:
            end_ns = stops[min(bisect_right(stops, start_ns), len(stops) - 1)]
            first, last = start_ns // data.lag_step_ns, -(-end_ns // data.lag_step_ns)
            late = np.flatnonzero(behind[first:last])
            if len(late):
                caught_up_ns = (first + int(late[-1]) + 1) * data.lag_step_ns
                yield _CatchUp(pair, start_ns, min(caught_up_ns, end_ns))


def _times(outcome: Outcome, kind: EventKind[OfReplicator]) -> defaultdict[Subject, list[int]]:
    """When it happened, by replicator, in order."""
    found: defaultdict[Subject, list[int]] = defaultdict(list)
    for event in outcome.events_of(kind):
        found[event.subject].append(event.at_ns)
    return found


def _overlapping(found: list[_CatchUp], data: DataPlan) -> Iterator[list[_CatchUp]]:
    """Those of a pair of regions that share a window, table by table and in both directions, together."""
    together: list[_CatchUp] = []
    end = 0
    for one in found:
        first, last = _window_numbers(one.from_ns, one.to_ns, data)
        if together and first >= end:
            yield together
            together = []
        together.append(one)
        end = max(end, last)
    yield together


def _window_numbers(from_ns: int, to_ns: int, data: DataPlan) -> tuple[int, int]:
    """The first window of a span, and that behind its last."""
    first = (from_ns - data.window_first_ns) // data.window_ns
    return first, -(-(to_ns - data.window_first_ns) // data.window_ns)


def _hazard(outcome: Outcome, together: list[_CatchUp]) -> Failback:
    """What was lost between two regions while one of them caught up with the other."""
    plan = outcome.plan
    from_ns, to_ns = min(one.from_ns for one in together), max(one.to_ns for one in together)
    stores = sorted({one.pair.store for one in together})
    a, b = together[0].regions
    in_b, in_a = (_windows(outcome, stores, pair, from_ns, to_ns) for pair in ((a, b), (b, a)))
    by_store = in_b.sum(axis=1) + in_a.sum(axis=1)
    behind, ahead = _behind(together)
    return Failback(
        region=plan.regions[behind],
        behind=plan.regions[ahead],
        from_s=from_ns / 10**9,
        to_s=to_ns / 10**9,
        lost_updates=int(by_store.sum()),
        worst_minute=worst_minute(outcome, (in_b + in_a).sum(axis=0)),
        tables={plan.stores[s]: int(n) for s, n in zip(stores, by_store, strict=True) if n},
    )


def _behind(together: list[_CatchUp]) -> tuple[int, int]:
    """The region that had most to receive, and the one that had written it."""
    first, last = together[0].from_ns, max(one.to_ns for one in together)

    def copies(one: _CatchUp) -> int:
        data, t = one.pair.outcome.plan.data, one.pair.outcome.tallies
        steps = slice(first // data.lag_step_ns, -(-last // data.lag_step_ns))
        late = t.lag_step_late[one.pair.key][steps] > 0
        return int(t.lag_step_count[one.pair.key][steps][late].sum())

    most = max(together, key=copies).pair
    return most.target, most.origin


def _windows(
    outcome: Outcome, stores: list[int], pair: tuple[int, int], from_ns: int, to_ns: int
) -> NDArray[np.int64]:
    """Lost updates [store, window] of a pair that were overtaken in the windows of a span."""
    first, end = _window_numbers(from_ns, to_ns, outcome.plan.data)
    windows = outcome.tallies.lost_updates[stores, *pair].copy()
    windows[:, :first], windows[:, end:] = 0, 0
    return windows
