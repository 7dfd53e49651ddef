"""The compiled data plane behind the seam: advance, look, change."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.data_plane import layout, loop
from simulator.data_plane.blocks import Block
from simulator.data_plane.replication import replication_clock_ns
from simulator.data_plane.tallies import lives_through_fault
from simulator.data_plane.versions import LIVE, lose_origin, mark_at_risk, prune_all, settle_all
from simulator.plan.lowered import DataPlan
from simulator.seam import BLACK_HOLE, REFUSED, SESSION_CLASSES, UP, AtRisk, Tallies, TracedAttempt

TRACE_OFF, TRACE_ALL = -2, -1

_TRACE_ROWS = 65_536
_SMALLEST_POOL = 1024


class CompiledPlane:
    """Serves every request of a plan in compiled code. `trace` follows one session's number, all, or none."""

    def __init__(self, plan: DataPlan, trace: int = TRACE_OFF) -> None:
        self._spec = plan
        self._plan = layout.plan_arrays(plan)
        self._now_ns = 0
        self._settled = False  # whether all versions are settled at the present instant
        self._traced: list[NDArray[np.int64]] = []
        self._memory = self._new_memory(trace)
        loop.begin(self._plan, self._memory)

    def _new_memory(self, trace: int) -> Block:
        plan, closed = self._spec, int(self._spec.pop_sessions.sum())
        return Block(
            "memory",
            world=layout.new_world(plan),
            queue=layout.new_queue(2 * closed + _SMALLEST_POOL),
            sessions=layout.new_sessions(plan, closed + _SMALLEST_POOL),
            attempts=layout.new_attempts(_SMALLEST_POOL),
            versions=layout.new_versions(plan, _SMALLEST_POOL),
            item_head=np.full(int(plan.table_items.sum()), -1, np.int64),
            resolvers=layout.new_resolvers(plan),
            counts=layout.new_counts(plan),
            trace=layout.new_trace(trace, _TRACE_ROWS),
        )

    # advance

    def advance(self, to_ns: int) -> None:
        """Run every event with time < `to_ns`."""
        if to_ns == self._now_ns and self._settled:
            return
        while (short := loop.advance(self._plan, self._memory, to_ns)) != loop.ARRIVED:
            self._make_room(short)
        self._settled = self._settled and to_ns == self._now_ns
        self._now_ns = to_ns

    def _make_room(self, short: int) -> None:
        memory, plan = self._memory, self._spec
        if short == loop.QUEUE_FULL:
            memory.replace("queue", layout.grown_queue(memory.queue))
        elif short == loop.SESSIONS_FULL:
            fresh = layout.new_sessions(plan, 2 * len(memory.sessions.free))
            memory.replace("sessions", layout.grown(memory.sessions, fresh))
        elif short == loop.ATTEMPTS_FULL:
            fresh = layout.new_attempts(2 * len(memory.attempts.free))
            memory.replace("attempts", layout.grown(memory.attempts, fresh))
        elif short == loop.VERSIONS_FULL:
            self._compact_versions()
        else:
            self._flush_trace()

    def _compact_versions(self) -> None:
        """Drop versions that can never be read again; grow only if that leaves less than half free."""
        versions = self._memory.versions
        prune_all(self._plan, self._memory, int(self._memory.queue.events[0, 0]))
        if 2 * versions.free_count[0] < len(versions.free):
            fresh = layout.new_versions(self._spec, 2 * len(versions.free))
            self._memory.replace("versions", layout.grown(versions, fresh))

    def _flush_trace(self) -> None:
        trace = self._memory.trace
        self._traced.append(trace.rows[: trace.count[0]].copy())
        trace.count[0] = 0

    def traced(self) -> list[TracedAttempt]:
        """The finished attempts of the followed sessions, in order of finish."""
        if self._memory.trace.session[0] == TRACE_OFF:
            return []
        self._flush_trace()
        return [TracedAttempt(*map(int, row)) for rows in self._traced for row in rows]

    # look

    def _pending(self, table: int, origin: int, target: int) -> NDArray[np.int64]:
        """Write times of the acknowledged writes of `origin` not yet visible in `target`."""
        versions, world = self._memory.versions, self._memory.world
        if origin == target or not self._spec.table_replica[table, [origin, target]].all():
            return np.empty(0, np.int64)
        clock_ns = replication_clock_ns(self._plan, world, table, origin, target, self._now_ns)
        chosen = (versions.state != 0) & (versions.table == table) & (versions.origin == origin)
        times: NDArray[np.int64] = versions.time_ns[chosen & (versions.due_ns[:, target] > clock_ns)]
        return times

    def oldest_pending_ns(self, table: int, origin: int, target: int) -> int:
        """Write time of the oldest acknowledged write of `origin` not yet visible in `target`; -1 if none."""
        times = self._pending(table, origin, target)
        return int(times.min()) if len(times) else -1

    def pending_copies(self, table: int, origin: int, target: int) -> int:
        """Number of acknowledged writes of `origin` not yet visible in `target`."""
        return len(self._pending(table, origin, target))

    def sessions_in_progress(self) -> int:
        """Sessions started and not ended."""
        sessions = self._memory.sessions
        return len(sessions.free) - int(sessions.free_count[0])

    # change

    def set_region(self, region: int, mode: int, error_share: float, factor: float, add_ns: int) -> None:
        """Set how a region looks to a caller; leaving UP kills its work in progress, refusing breaks connections."""
        world = self._memory.world
        before = world.region_mode[region]
        world.region_outages[region] += before == UP and mode != UP
        world.region_resets[region] += before != REFUSED and mode == REFUSED
        world.region_mode[region] = mode
        world.region_error_share[region] = error_share
        world.region_factor[region] = factor
        world.region_add_ns[region] = add_ns

    def mark_at_risk(self, region: int) -> list[AtRisk]:
        """A region's data has become unreachable: mark and count the writes visible nowhere else, per table."""
        self._settle()
        marks = []
        for table in np.flatnonzero(self._spec.table_replica[:, region]):
            writes, oldest_ns = mark_at_risk(self._plan, self._memory, table, region, self._now_ns)
            marks.append(AtRisk(int(table), region, self._now_ns, int(writes), int(oldest_ns)))
        return marks

    def lose_region(self, region: int) -> None:
        """The region is gone for good: its undelivered writes are lost."""
        self._settle()
        lose_origin(self._plan, self._memory, region, self._now_ns)
        self._memory.world.region_lost[region] = 1
        self._settled = False
        self.set_region(region, BLACK_HOLE, 0.0, 1.0, 0)

    def set_link(self, origin: int, target: int, cut: bool, loss: float, factor: float, add_ns: int) -> None:
        """Set one directed link between locations."""
        world = self._memory.world
        world.link_cut[origin, target] = cut
        world.link_loss[origin, target] = loss
        world.link_factor[origin, target] = factor
        world.link_add_ns[origin, target] = add_ns

    def set_replication(self, table: int, origin: int, target: int, running: bool) -> None:
        """Stop or resume one directed replicator."""
        world, pair, now_ns = self._memory.world, (table, origin, target), self._now_ns
        if bool(world.replicating[pair]) == running:
            return
        self._settle()  # at the pace so far
        clock_ns = int(replication_clock_ns(self._plan, world, *pair, now_ns))
        world.replicating[pair] = running
        world.resumed_ns[pair] = now_ns
        world.resumed_clock_ns[pair] = clock_ns
        faster = int(self._spec.catch_up_num[table]) - 100
        world.caught_up_ns[pair] = now_ns - (clock_ns - now_ns) * 100 // faster if running else now_ns

    def set_clock(self, region: int, skew_ns: int) -> None:
        """Set the error of a region's clock."""
        self._memory.world.region_skew_ns[region] = skew_ns

    def set_answer(self, name: int, location: int, weights: NDArray[np.int64], every: bool) -> None:
        """Set what Route 53 answers at a location: one region drawn by weight, or every region of weight > 0."""
        self._memory.world.answer_weight[name, location] = weights
        self._memory.world.answer_every[name, location] = every

    def set_authoritative(self, name: int, mode: int, share: float) -> None:
        """Set how a name's authoritative servers behave."""
        self._memory.world.authoritative_mode[name] = mode
        self._memory.world.authoritative_share[name] = share

    # the end

    def _settle(self) -> None:
        if not self._settled:
            settle_all(self._plan, self._memory, self._now_ns)
            self._settled = True

    def finish(self) -> Tallies:
        """Settle what is visible now and return the tallies."""
        self._settle()
        counts, versions = self._memory.counts, self._memory.versions
        live = versions.state == LIVE
        alive, during = self._sessions_at_end()
        plain = {
            name: _value(getattr(counts, name), name)
            for name in Tallies.__dataclass_fields__
            if name in counts.fields
        }
        return Tallies(
            **plain | {"sessions_during_fault": counts.sessions_during_fault + during},
            attempts_in_flight=int(counts.attempts_started[0] - counts.attempts.sum()),
            token_in_flight=int(counts.token_started[0] - counts.token_attempts.sum()),
            actions_in_flight=int(counts.actions_started[0] - counts.actions.sum()),
            sessions_alive=alive,
            pending=self._per_table(live),
            risk_pending=self._per_table(live & (versions.at_risk == 1)),
        )

    def _per_table(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        tables = self._memory.versions.table[chosen]
        return np.bincount(tables, minlength=len(self._spec.table_items)).astype(np.int64)

    def _sessions_at_end(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Sessions still alive by class so far: all, and those alive during a fault."""
        sessions = self._memory.sessions
        alive, during = np.zeros((2, len(SESSION_CLASSES)), np.int64)
        for s in np.flatnonzero(sessions.number >= 0):
            alive[sessions.trouble[s]] += 1
            start_ns = max(int(sessions.start_ns[s]), 0)
            during[sessions.trouble[s]] += lives_through_fault(self._plan, start_ns, self._now_ns)
        return alive, during


def _value(array: NDArray[np.int64], name: str) -> Any:
    """A counter as its tally: an array, or a plain number where the tally is one."""
    return int(array[0]) if Tallies.__dataclass_fields__[name].type in (int, "int") else array.copy()
