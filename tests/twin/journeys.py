"""A request's way to its site and back: network, door, gateway, compute. Silence is a return.

Specification: docs/model.md §4, docs/model-request-path.md §1.
"""

from collections.abc import Iterator
from typing import Any

from simulator.boundary.causes import (
    DEAD_NODES,
    ERRORS,
    GATEWAY_LIMITS,
    KEPT_CONNECTIONS,
    NO_OTHER_ANSWER,
    WEB_ACLS,
)
from simulator.boundary.kinds import GATEWAY, NEVER_NS
from simulator.boundary.outcomes import (
    BLACK_HOLE,
    BLOCKED,
    ERROR,
    GATEWAY_TIMEOUT,
    OVERLOADED,
    REFUSED,
    REFUSED_OUTCOME,
    RESET,
    SUCCEEDED,
    THROTTLED,
    UNAUTHORIZED,
    UNKNOWN,
    UP,
)
from simulator.randomness.draws import ATTEMPT, STEP
from tests.twin.fronts import Front
from tests.twin.shedding import AT_DOOR, AT_EDGE, is_shed
from tests.twin.work import Work

RESPONSE_PHASE, TIMER_PHASE = 2, 3
INITIALIZATION_LANE = 4
OVERHEAD_LANE = 2


class Journey:
    """The way of one request, whether or not anybody waits for the answer."""

    def __init__(self, request: Any) -> None:
        self.request, self.plane, self.env = request, request.plane, request.env
        self._site_key = int(self.plane.plan.op_service[request.operation]), request.region
        self._door = self.plane.network.sites[self._site_key]
        face = int(self.plane.plan.op_face[request.operation, request.population])
        self.face_key = face, request.region  # as the site looks to this request, once it has come
        self.face = self.plane.network.sites[self.face_key]
        self._forward_ns, self._backward_ns = request.delays_ns()
        request.meet("link", request.place, request.region)
        request.meet("link", request.region, request.place)
        self._is_over = False  # answered, or nobody is left who could answer
        self._resets = request.kept_resets  # of the site, when the connection was made
        self._front = Front(self.plane, self._site_key)

    def _is_cut(self, there: bool) -> bool:
        request = self.request
        ends = (request.place, request.region) if there else (request.region, request.place)
        request.meet("link", *ends)
        return bool(self.plane.network.links[ends].cut)

    # there

    def travel(self, t: int) -> Iterator[Any]:
        """From the client at t to an instance, or as far as it gets."""
        outcome: int | None = SUCCEEDED
        if self._resets is not None:
            yield self.request.wait_until(t + self._forward_ns)
        else:
            outcome = yield from self._connect(t)
        if outcome == SUCCEEDED:
            outcome = self._knock()
        if outcome == SUCCEEDED:
            outcome = yield from self._pass_gateway()
        if outcome == SUCCEEDED:
            self.pass_on()
            self.plane.sites[self._site_key].dispatch(self)
        elif outcome is not None:
            self.answer(outcome)

    def _connect(self, t: int) -> Iterator[Any]:
        """Open a connection and send the request: succeeded when it stands at the door, None for silence."""
        request, patient_until_ns = self.request, t + self.request.session.policy.next_address_ns
        if request.addresses and t + self._forward_ns + self._backward_ns > patient_until_ns:
            request.leaves_address(patient_until_ns, TIMER_PHASE)
            return None
        yield request.wait_until(t + self._forward_ns)
        if self.env.now > request.deadline_ns:
            return None
        if self._is_cut(there=True):
            request.leaves_address(patient_until_ns, TIMER_PHASE)
            return self._silence()
        request.meet("site", *self._site_key)
        if self._door.mode == BLACK_HOLE:
            request.leaves_address(patient_until_ns, TIMER_PHASE)
            return self._silence()
        if self._door.mode == REFUSED:
            leaves = request.leaves_address(self.env.now + self._backward_ns, RESPONSE_PHASE)
            return None if leaves else REFUSED_OUTCOME
        if self._is_cut(there=False):
            request.leaves_address(patient_until_ns, TIMER_PHASE)
            return self._silence()
        self._resets = self._door.resets
        request.connected(self._resets)
        sent_ns = self.env.now + 2 * self._backward_ns + self._forward_ns
        if sent_ns > request.deadline_ns:
            return None
        request.opened_ns = sent_ns
        request.send(sent_ns)
        yield request.wait_until(sent_ns + self._forward_ns)
        return SUCCEEDED

    def _knock(self) -> int | None:
        """The request stands at the door: let in (succeeded), turned away, or None for silence."""
        if self._is_blocked(at_cloudfront=True):
            return BLOCKED
        if is_shed(self.request, *self._site_key, AT_EDGE):
            return OVERLOADED
        self._front.arrive()
        if self._is_cut(there=True):
            return self._silence()
        self.request.meet("site", *self.face_key)
        if self.face.mode == BLACK_HOLE:
            return self._silence()
        if self.face.mode == REFUSED:
            return RESET if self.request.is_reused else REFUSED_OUTCOME
        if self._door.resets != self._resets:
            self.request.note(KEPT_CONNECTIONS)
            return RESET
        if self._is_blocked(at_cloudfront=False):
            return BLOCKED
        if is_shed(self.request, *self._site_key, AT_DOOR):
            return OVERLOADED
        if self.request.uniform(ATTEMPT, 0, 2) < self.face.error_share:
            self.request.note(ERRORS)
            self._front.count_door_error()
            return ERROR
        return SUCCEEDED

    def _is_blocked(self, at_cloudfront: bool) -> bool:
        """Whether a web ACL stands here and does not let the request in."""
        acls = self.plane.web_acls
        acl = acls.stands(self.request, self.request.region, at_cloudfront)
        is_blocked = acl is not None and not acls.lets_in(acl, self.request)
        if is_blocked:
            self.request.note(WEB_ACLS)
        return is_blocked

    def _silence(self) -> None:
        """Nobody is there, or nothing gets through."""
        self.request.note(NO_OTHER_ANSWER)

    def _pass_gateway(self) -> Iterator[Any]:
        """Buckets, authorizer, and from then on the gateway waits for the service."""
        plan, request, arrived_ns = self.plane.plan, self.request, self.env.now
        service, region = self._site_key
        if not plan.site_gateway[self._site_key]:
            return SUCCEEDED
        if not self.plane.gateways.admits(request.operation, region, arrived_ns):
            request.note(GATEWAY_LIMITS)
            return THROTTLED
        u = request.uniform(ATTEMPT, OVERHEAD_LANE, 1)
        overhead_ns = self.plane.draws.sample_ns(int(plan.service_overhead[service]), u)
        slow_back_ns = self._backward_ns + overhead_ns
        self._front.overhead_ns = int(overhead_ns)
        if plan.service_timeout_ns[service] < NEVER_NS:
            self.time_out_at(arrived_ns + int(plan.service_timeout_ns[service]), slow_back_ns)
        if plan.service_verifies[service] == GATEWAY:
            is_accepted = yield from self._authorize(region)
            if not is_accepted:
                self._front.overhead_ns = 0
                return UNAUTHORIZED
        self._backward_ns = slow_back_ns
        return self._pass_on()

    def _authorize(self, region: int) -> Iterator[Any]:
        """Whether one of the region's verifiers accepts the token."""
        request, identity = self.request, self.plane.identity
        keys = identity.verifier(region, request.uniform(ATTEMPT, OVERHEAD_LANE, 0))
        verdict = identity.verify(keys, request, region, self.env.now)
        if not verdict.accepted:
            request.note(verdict.refused_by)
        if verdict.took_ns:
            yield request.wait_until(self.env.now + verdict.took_ns)
        return verdict.accepted

    def _pass_on(self) -> int | None:
        """Succeeded unless the site has gone down while the authorizer waited, and the request with it."""
        self.request.meet("site", *self.face_key)
        if self.face.mode == UP:
            return SUCCEEDED
        if self._door.resets != self._resets:
            return RESET
        self._is_over = True
        return self._silence()

    # at work

    def initialization_ns(self, dist: int) -> int:
        """How long a new environment takes for this request."""
        return int(self.plane.draws.sample_ns(dist, self.request.uniform(STEP, INITIALIZATION_LANE, 0)))

    def begin_work(self, instance: Any, init_ns: int) -> None:
        """An instance takes the request."""
        self.env.start(Work(self, instance, init_ns).run())

    def lose(self, by_refusing_zone: bool, by: frozenset[int]) -> None:
        """The work is lost, and that is noticed now."""
        self.request.meet_all(by)
        if self._door.resets != self._resets:
            self._silence()
            self.answer(RESET)
        elif by_refusing_zone:
            self.request.note(DEAD_NODES)
            self.answer(ERROR, by_front=True)
        elif self._door.mode != UP:
            self._silence()
            self._is_over = True  # the gateway is gone, too
        else:
            self.request.note(DEAD_NODES)

    def lose_in_queue(self, by_region: bool, mode: int, by: frozenset[int]) -> None:
        """It waited at a node that goes down."""
        self.request.meet_all(by)
        self.request.note(NO_OTHER_ANSWER if by_region else DEAD_NODES)
        if mode == REFUSED:
            self.answer(RESET if by_region else ERROR, by_front=True)
        elif by_region:
            self._is_over = True

    # back

    @property
    def is_over(self) -> bool:
        """Whether somebody has answered, or nobody is left who could."""
        return self._is_over

    def time_out_at(self, t: int, backward_ns: int | None = None) -> None:
        """Whoever has passed the request on waits for an answer until t."""
        self.request.latest_read_ns = min(self.request.latest_read_ns, t)
        self.env.process(self._time_out(t, self._backward_ns if backward_ns is None else backward_ns))

    def _time_out(self, t: int, backward_ns: int) -> Iterator[Any]:
        yield self.request.timer(t)
        if not self._is_over:
            self._backward_ns, self._front.passed_ns = backward_ns, None
            outcome = UNKNOWN if self.plane.plan.op_writes[self.request.operation] else GATEWAY_TIMEOUT
            self.answer(outcome, by_front=True)

    def respond(self, outcome: int) -> None:
        """The work has ended, and the response leaves, if it can."""
        if self._is_cut(there=False):
            self._silence()
            if not self._is_over:
                self._front.leave(outcome, False)
            self._is_over = True
        self.answer(outcome)

    def pass_on(self) -> None:
        """The compute is asked."""
        self._front.passed_ns = self.env.now

    def answer(self, outcome: int, by_front: bool = False) -> None:
        """Send the first answer on its way; there is no second. The front makes some 5xx itself."""
        if not self._is_over:
            self._is_over = True
            self._front.leave(outcome, by_front)
            self.env.process(self.request.arrive(self._backward_ns, outcome))
