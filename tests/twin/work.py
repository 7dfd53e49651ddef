"""The work of a request on an instance: its steps, one after the other.

Specification: docs/model-request-path.md §2 and §3.
"""

from collections.abc import Iterator
from typing import Any

from simulator.boundary.causes import ERRORS
from simulator.boundary.kinds import ABSENT, ASK, ASK_SERVICE, COMPUTE, GET, INSTANCE, READ
from simulator.boundary.outcomes import ERROR, SUCCEEDED, THROTTLED, THROTTLED_CALL, UNAUTHORIZED, UNKNOWN
from simulator.boundary.readings import of_work
from simulator.randomness.draws import STEP
from simulator.times import AGES_NS
from tests.twin.calls import DONE, FIRST_TRY_AFTER_A_MISS, LOST, Call
from tests.twin.counts import add_time
from tests.twin.draws import CALL
from tests.twin.effects import REFUSED, Effect, Look, Read, Write
from tests.twin.externals import Ask
from tests.twin.fronts import minute_of


class Work:
    """From its start on an instance to its end."""

    def __init__(self, journey: Any, instance: Any, init_ns: int) -> None:
        self._journey, self.request, self.instance = journey, journey.request, instance
        self.plane, self.env = journey.plane, journey.env
        self._site, self._generation = instance.site, instance.generation
        self.request.meet("site", *journey.face_key)
        self.request.meet("instance", instance.index)
        self.factor = journey.face.factor * instance.look.factor
        self._errs = instance.site.errs(journey, instance)
        self._add_ns = min(journey.face.add_ns + instance.look.add_ns, AGES_NS)
        self._rounds = 0  # begun anew after a refused condition
        self.ambiguous = False  # a write may have been applied
        self._began_ns, self._init_ns, self._computed_ns = self.env.now, init_ns, 0
        self._next_ns = self.env.now + init_ns  # when the next step begins

    @property
    def still_has_its_instance(self) -> bool:
        """Whether it is not lost, whoever knows."""
        return bool(self._generation == self.instance.generation)

    def is_lost(self) -> bool:
        """Look whether the instance has been lost meanwhile; whoever can still answer learns it."""
        if self.still_has_its_instance:
            return False
        self._journey.lose(self.instance.by_refusing_zone, self.instance.lost_by)
        return True

    def run(self) -> Iterator[Any]:
        """Check the token, do the steps, and end."""
        is_admitted = yield from self._check_token()
        if not is_admitted:
            return
        if self._errs:
            yield self.request.wait_until(self._next_ns)
            if not self.is_lost():
                self.request.note(ERRORS)
                self._end(ERROR)
            return
        self._next_ns += self._add_ns
        step, count = 0, int(self.plane.plan.op_step_count[self.request.operation])
        while step < count:
            fate = yield from self._do(step, is_last=step == count - 1)
            if fate == LOST:
                return
            if fate == REFUSED:
                again = self._next_round(step)
                if again is None:
                    self._end(SUCCEEDED)
                    return
                step = again
                continue
            step += 1
            if fate != DONE:
                self._end(self._outcome_of(fate))
                return
        self._end(SUCCEEDED)

    def _next_round(self, step: int) -> int | None:
        """The step with which a client begins anew whose condition was refused; None if it does not."""
        plan, request = self.plane.plan, self.request
        first = int(plan.op_step_first[request.operation])
        row = first + step
        client = self.instance.client(int(plan.step_store[row]))
        if not client.policy.retries_refused or self._rounds + 1 >= client.policy.attempts:
            return None
        if client.quota.grant(False, False) is None:
            self.plane.counts["call_retries_denied"] += 1
            return None
        self._rounds += 1
        u = float(request.uniform(CALL, 64 * step + self._rounds - 1, 3))
        self._next_ns = self.env.now + client.policy.backoff_ns(self._rounds, False, u)
        if plan.step_condition[row] == ABSENT:
            return step
        kinds, stores, own = (getattr(plan, f"step_{name}") for name in ("kind", "store", "own"))
        same = [
            read
            for read in range(step)
            if kinds[first + read] == READ
            and (stores[first + read], own[first + read]) == (stores[row], own[row])
        ]
        return same[-1]

    def _check_token(self) -> Iterator[Any]:
        """Whether the steps begin."""
        if self.plane.plan.service_verifies[self._site.service] != INSTANCE:
            return True
        request, region = self.request, self._site.region
        verdict = self.plane.identity.verify(self.instance.keys, request, region, self.env.now)
        self._next_ns += verdict.took_ns
        if not verdict.accepted:
            request.note(verdict.refused_by)
        if not verdict.accepted:
            yield request.wait_until(self._next_ns)
            if not self.is_lost():
                self._end(UNAUTHORIZED)
        return verdict.accepted

    def _outcome_of(self, failure: int) -> int:
        if self.ambiguous:
            return UNKNOWN
        return THROTTLED if failure == THROTTLED_CALL else ERROR

    def _end(self, outcome: int) -> None:
        counts = self.plane.counts
        add_time(counts.busy_time[self._site.key], self.env.now - self._began_ns)
        add_time(counts.compute_time[self._site.key], self._computed_ns)
        self._meter(outcome)
        self._site.release(self.instance)
        self._journey.respond(outcome)

    def _meter(self, outcome: int) -> None:
        """Note how long the work took and whether it failed, of the minute in which it was started."""
        plan, key = self.plane.plan, self._site.key
        if plan.metered:
            self.plane.watched[of_work(*key)].append(self.env.now - self._began_ns - self._init_ns)
            minute = minute_of(plan, self._began_ns) % self.plane.counts.work_errors.shape[-1]
            self.plane.counts.work_errors[*key, minute] += outcome in (ERROR, UNKNOWN)

    # steps

    def _do(self, step: int, is_last: bool) -> Iterator[Any]:
        plan = self.plane.plan
        row = int(plan.op_step_first[self.request.operation]) + step
        if plan.step_kind[row] == COMPUTE:
            self._compute(row, step)
            if is_last:
                yield self.request.wait_until(self._next_ns)
                return LOST if self.is_lost() else DONE
            return DONE
        if plan.step_kind[row] == ASK_SERVICE:
            return (yield from self._call(self.plane.service_call(self, step, row)))
        store = int(plan.step_store[row])
        if plan.step_kind[row] == GET:
            return (yield from self._get(row, step, store))
        kinds = {READ: Read, ASK: Ask}
        effect = self._effect(kinds.get(int(plan.step_kind[row]), Write), step, store)
        return (yield from self._call(Call(self, step, int(plan.step_dist[row]), effect)))

    def _compute(self, row: int, step: int) -> None:
        u = self.request.uniform(STEP, step // 4, step % 4)
        takes_ns = int(self.plane.draws.sample(int(self.plane.plan.step_dist[row]), u) * self.factor + 0.5)
        self._next_ns += takes_ns
        self._computed_ns += takes_ns

    def _effect(self, kind: Any, step: int, store: int) -> Any:
        return kind(self.request, step, self._site.region, store)

    def _call(self, call: Any) -> Iterator[Any]:
        fate = yield from call.run(self._next_ns)
        self._next_ns = self.env.now
        return fate

    def _get(self, row: int, step: int, store: int) -> Iterator[Any]:
        """Look into the cache; on a miss, or if that fails, read the table behind it."""
        plan, look = self.plane.plan, self._effect(Look, step, store)
        fate = yield from self._call(Call(self, step, int(plan.step_dist[row]), look))
        behind = int(plan.step_miss[row])
        if fate == LOST or look.is_hit or behind < 0:
            return fate
        read: Effect = self._effect(Read, step, behind)
        call = Call(self, step, int(plan.step_miss_dist[row]), read, FIRST_TRY_AFTER_A_MISS)
        missed, fate = fate == DONE, (yield from self._call(call))
        if missed and fate == DONE:
            look.fill()
        return fate
