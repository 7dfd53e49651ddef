"""One attempt: the client that waits, and the request that goes its way whether or not anybody waits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulator.data_plane.draws import ATTEMPT, STEP
from simulator.plan.lowered import COMPUTE, READ
from simulator.seam import (
    BLACK_HOLE,
    DNS_EMPTY,
    DNS_FAILURE,
    ERROR,
    REFUSED,
    REFUSED_OUTCOME,
    RESET,
    SUCCEEDED,
    TIMEOUT,
    UNKNOWN,
    TracedAttempt,
)
from tests.twin.clock import rank
from tests.twin.names import AUTHORITATIVE

REGION_PHASE, RESPONSE_PHASE, TIMER_PHASE = 1, 2, 3
NOWHERE, NO_READ, INITIAL = -1, -2, -1


@dataclass
class Connection:
    """A kept-alive connection."""

    region: int
    used_ns: int
    resets: int  # of the region, when it was made


class Request:
    """One attempt of a session's operation (or token request) at the present instant."""

    def __init__(self, session: Any, operation: int, patience_end_ns: int) -> None:
        self.session, self.plane, self.operation = session, session.plane, operation
        plan, self.population = self.plane.plan, session.population
        self.env, self.attempt_number, self.action = self.plane.env, session.attempts, session.actions - 1
        self.action_item = session.action_item
        self.place = int(plan.pop_near[self.population])
        self.begin_ns = self.env.now
        self.deadline_ns = min(self.begin_ns + int(plan.pop_timeout_ns[self.population]), patience_end_ns)
        self.name = int(plan.op_name[operation])
        self.is_token = operation == len(plan.op_name) - 1
        self.region = NOWHERE
        self.connection: Connection | None = None
        self.reused = False
        self.sent = False
        self.version = NO_READ
        self.reply = self.env.event()

    def _uniform(self, stream: int, lane: int, word: int) -> float:
        return float(self.plane.draws.uniform(stream, self.session.number, self.attempt_number, lane, word))

    # the client's side

    def attempt(self) -> Iterator[Any]:
        """Send, wait, give up at the deadline: the outcome."""
        self._begin()
        who = (self.session.number, self.attempt_number)
        yield self.reply | self.env.at(self.deadline_ns, rank(*who, TIMER_PHASE))
        if self.reply.triggered:
            outcome = int(self.reply.value)
        else:
            outcome = UNKNOWN if self.sent and self.plane.plan.op_writes[self.operation] else TIMEOUT
        self._keep_or_close(outcome)
        self._report(outcome)
        return outcome

    def _begin(self) -> None:
        plan, session, now = self.plane.plan, self.session, self.begin_ns
        self.plane.counts["token_started" if self.is_token else "attempts_started"] += 1
        if self.is_token:
            self.region = int(plan.issuer_region[session.tries % len(plan.issuer_region)])
            self._depart(now)
            return
        kept = session.connections.get(self.name)
        if kept is not None and now - kept.used_ns <= plan.pop_keep_alive_ns[self.population]:
            self.connection, self.region, self.reused, self.sent = kept, kept.region, True, True
            self.plane.attempt_begun(self, "window_pinned")
            self._depart(now)
            return
        found = self.plane.names.look_up(
            session.device, self.population, session.resolver, session.last_mile_ns, self.name,
            (session.number, self.attempt_number), now,
        )  # fmt: skip
        if not found.answer:
            outcome = DNS_FAILURE if found.answer is None else DNS_EMPTY
            self.env.process(self._answer(found.took_ns, outcome))
            return
        self.region = sorted(found.answer)[int(self._uniform(ATTEMPT, 0, 1) * len(found.answer))]
        fresh = found.source == AUTHORITATIVE
        self.plane.attempt_begun(self, "window_fresh" if fresh else "window_cached")
        self._depart(now + found.took_ns)

    def _depart(self, t: int) -> None:
        session, network = self.session, self.plane.network
        self.forward_ns, self.backward_ns = network.delays_ns(
            session.number, self.attempt_number, self.place, self.region, session.last_mile_ns
        )
        self.env.process(self._travel(t))

    def _keep_or_close(self, outcome: int) -> None:
        if self.is_token:
            return
        self.session.connections.pop(self.name, None)
        if outcome in (SUCCEEDED, ERROR) and self.plane.plan.pop_keep_alive_ns[self.population] > 0:
            assert self.connection is not None
            resets = self.connection.resets
            self.session.connections[self.name] = Connection(self.region, self.env.now, resets)

    def _report(self, outcome: int) -> None:
        traced = TracedAttempt(
            self.session.number, self.attempt_number, self.begin_ns, self.env.now,
            self.operation, self.region, outcome, self.version,
        )  # fmt: skip
        self.plane.attempt_ended(traced, self.is_token)

    # the request's way

    def _wait_until(self, t: int) -> Any:
        return self.env.at(t, rank(self.session.number, self.attempt_number, REGION_PHASE))

    @property
    def _door(self) -> Any:
        return self.plane.network.regions[self.region]

    def _is_cut(self, there: bool) -> bool:
        ends = (self.place, self.region) if there else (self.region, self.place)
        return bool(self.plane.network.links[ends].cut)

    def _travel(self, t: int) -> Iterator[Any]:
        """From the client to the region and back; silence is a return."""
        outcome = SUCCEEDED
        if self.reused:
            yield self._wait_until(t + self.forward_ns)
        else:
            outcome = yield from self._connect(t)
        if outcome == SUCCEEDED:
            outcome = self._knock()
        if outcome == SUCCEEDED:
            outcome = yield from self._work()
        if outcome is not None:
            yield from self._answer(self.backward_ns, outcome)

    def _connect(self, t: int) -> Iterator[Any]:
        """Open a connection and send the request: succeeded when it stands at the door, None for silence."""
        yield self._wait_until(t + self.forward_ns)
        if self.env.now > self.deadline_ns or self._is_cut(there=True) or self._door.mode == BLACK_HOLE:
            return None
        if self._door.mode == REFUSED:
            return REFUSED_OUTCOME
        if self._is_cut(there=False):
            return None
        self.connection = Connection(self.region, self.env.now, self._door.resets)
        sent_ns = self.env.now + 2 * self.backward_ns + self.forward_ns
        if sent_ns > self.deadline_ns:
            return None
        self.sent = True
        yield self._wait_until(sent_ns + self.forward_ns)
        return SUCCEEDED

    def _knock(self) -> int | None:
        """The request stands at the region's door: accepted (succeeded), turned away, or None for silence."""
        assert self.connection is not None
        if self._is_cut(there=True) or self._door.mode == BLACK_HOLE:
            return None
        if self._door.mode == REFUSED:
            return RESET if self.reused else REFUSED_OUTCOME
        if self._door.resets != self.connection.resets:
            return RESET
        return ERROR if self._uniform(ATTEMPT, 0, 2) < self._door.error_share else SUCCEEDED

    def _work(self) -> Iterator[Any]:
        """The operation's steps, one after the other, unless the region goes down meanwhile."""
        plan, outages, factor = self.plane.plan, self._door.outages, self._door.factor
        first = int(plan.op_step_first[self.operation])
        count = int(plan.op_step_count[self.operation])
        t = self.env.now + self._door.add_ns
        for step in range(count):
            sampled = self.plane.draws.sample(
                int(plan.step_dist[first + step]), self._uniform(STEP, step // 4, step % 4)
            )
            t += int(sampled * factor + 0.5)
            yield self._wait_until(t)
            touches_table = plan.step_kind[first + step] != COMPUTE
            if (touches_table or step == count - 1) and self._door.outages != outages:
                assert self.connection is not None
                return RESET if self._door.resets != self.connection.resets else None
            if touches_table:
                self._touch(first + step, step)
        return None if self._is_cut(there=False) else SUCCEEDED

    def _touch(self, row: int, step: int) -> None:
        plan, tables, session = self.plane.plan, self.plane.tables, self.session
        table = int(plan.step_table[row])
        if plan.step_own[row]:
            number = tables.own_item_number(table, session.own_item)
        else:
            number = tables.item_number(table, self.action_item)
        if plan.step_kind[row] == READ:
            self._read(table, number)
            return
        tables.write(table, number, self.region, session.number, self.attempt_number, step)
        rows = range(int(plan.op_step_first[self.operation]), row)
        is_first_write = all(plan.step_kind[earlier] in (COMPUTE, READ) for earlier in rows)
        if is_first_write and not session.ended and session.actions - 1 - self.action < 64:
            self.plane.counts["double_applied"] += self.action in session.applied
            session.applied.add(self.action)

    def _read(self, table: int, number: int) -> None:
        session, read = self.session, self.plane.tables.read(table, number, self.region, self.session.number)
        if not session.ended:
            violation = session.remember((table, number), read)
            self.plane.counts.monotonic_violations[table] += violation
        if self.env.now <= self.deadline_ns:
            self.version = INITIAL
            if read is not None:
                self.version = read.session << 20 | (read.attempt << 4 | read.step) % 2**20

    def _answer(self, after_ns: int, outcome: int) -> Iterator[Any]:
        """Something arrives at the client, in time or not."""
        yield self.env.at(
            self.env.now + after_ns, rank(self.session.number, self.attempt_number, RESPONSE_PHASE)
        )
        if self.env.now <= self.deadline_ns:
            self.reply.succeed(outcome)
