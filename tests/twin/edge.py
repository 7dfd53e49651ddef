"""Content networks: edges, what they keep, and their origins (docs/model-request-path.md §7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulator.boundary.causes import NEGATIVE_ANSWERS, STORES, WEB_ACLS
from simulator.boundary.kinds import READ
from simulator.boundary.outcomes import BLACK_HOLE, BLOCKED, ERROR, OVERLOADED, REFUSED, SUCCEEDED, UNKNOWN
from simulator.randomness.draws import STEP
from tests.twin.draws import CALL
from tests.twin.effects import Read, Write
from tests.twin.fronts import Front
from tests.twin.shedding import AT_EDGE, is_shed

LANES_OF_AN_ORIGIN = 64


@dataclass(frozen=True)
class Entry:
    """What an edge knows of an object: that it is there, or that it could not be had."""

    outcome: int
    expiry_ns: int
    damaged: bool


class Edges:
    """The caches of all edges, by content network, place and item."""

    def __init__(self) -> None:
        self._entries: dict[tuple[int, int, int], Entry] = {}

    def get(self, key: tuple[int, int, int], t: int) -> Entry | None:
        """What is valid at t."""
        entry = self._entries.get(key)
        return entry if entry is not None and t < entry.expiry_ns else None

    def put(self, key: tuple[int, int, int], outcome: int, expiry_ns: int, damaged: bool = False) -> None:
        """Keep something in the place of what was there."""
        self._entries[key] = Entry(outcome, expiry_ns, damaged)


class EdgeJourney:
    """The way of one request to the edge at the users' place, and from there to origins."""

    def __init__(self, request: Any, network: int) -> None:
        self.request, self.plane, self.env, self._network = request, request.plane, request.env, network
        session, net = request.session, self.plane.network
        self._jitter = net.jitter(session.number, request.attempt_number)
        half_way_ns = net.half_way_ns(request.place, request.place, self._jitter)
        self._delay_ns = session.last_mile_ns // 2 + half_way_ns  # there, and back
        plan = self.plane.plan
        self._row = int(plan.op_step_first[request.operation])
        self._bucket = int(plan.step_store[self._row])
        first, count = int(plan.cdn_origin_first[network]), int(plan.cdn_origin_count[network])
        self._origins = plan.origin_region[first : first + count].tolist()

    def _of(self, column: str) -> int:
        return int(getattr(self.plane.plan, f"cdn_{column}")[self._network])

    def travel(self, t: int) -> Iterator[Any]:
        """From the client at t to the edge and back."""
        request = self.request
        yield request.wait_until(t + self._delay_ns)
        if request.kept_resets is None:
            sent_ns = self.env.now + 3 * self._delay_ns
            if self.env.now > request.deadline_ns or sent_ns > request.deadline_ns:
                return
            request.resets = 0  # the edge breaks no connections
            request.send(sent_ns)
            yield request.wait_until(sent_ns + self._delay_ns)
        front = Front(self.plane, (int(self.plane.plan.op_service[request.operation]), 0))
        front.arrive()
        is_get = self.plane.plan.step_kind[self._row] == READ
        if self._is_blocked():
            outcome = BLOCKED
        else:
            outcome = yield from self._get() if is_get else self._put()
        front.leave(outcome, False)
        yield from request.arrive(self._delay_ns, outcome)

    def _is_blocked(self) -> bool:
        """Whether a web ACL stands before the edges and does not let the request in."""
        acl = self.plane.web_acls.stands(self.request, 0, at_cloudfront=True)
        is_blocked = acl is not None and not self.plane.web_acls.lets_in(acl, self.request)
        if is_blocked:
            self.request.note(WEB_ACLS)
        return is_blocked

    def _is_shed(self) -> bool:
        """Whether the edge turns away what it would ask an origin for."""
        return is_shed(self.request, int(self.plane.plan.op_service[self.request.operation]), 0, AT_EDGE)

    def _get(self) -> Iterator[Any]:
        counts, edges = self.plane.counts, self.plane.edges
        key = self._network, self.request.place, Read(self.request, 0, -1, self._bucket).item
        known = edges.get(key, self.env.now)
        if known is not None:
            if known.outcome != SUCCEEDED:
                self.request.note(NEGATIVE_ANSWERS)
            if known.damaged:
                counts["edge_wrong"] += 1
                self.request.be_misled(self._bucket)
            counts["edge_hits" if known.outcome == SUCCEEDED else "edge_errors"] += 1
            return known.outcome
        if self._is_shed():
            return OVERLOADED
        counts["edge_misses"] += 1
        self.plane.note_cold()
        for number, region in enumerate(self._origins):
            counts["origin_failovers"] += number > 0
            failure = yield from self._ask(number, region, Read(self.request, 0, region, self._bucket))
            if failure is None:
                edges.put(key, SUCCEEDED, self.env.now + self._of("ttl_ns"), self.request.read_damage)
                return SUCCEEDED
        edges.put(key, ERROR, self.env.now + self._of("error_ttl_ns"))
        return ERROR

    def _put(self) -> Iterator[Any]:
        if self._is_shed():
            return OVERLOADED
        region = self._origins[0]
        failure = yield from self._ask(0, region, Write(self.request, 0, region, self._bucket))
        return SUCCEEDED if failure is None else failure

    def _ask(self, number: int, region: int, effect: Any) -> Iterator[Any]:
        """One origin: None when its answer is at the edge, the outcome when it is given up."""
        asked_ns, there_ns = self.env.now, self.plane.network.half_way_ns(
            self.request.place, region, self._jitter
        )  # fmt: skip
        yield self.request.wait_until(asked_ns + there_ns)
        back_ns, failure = self.env.now + there_ns, self._failure(number, region)
        if failure is not None:
            self.request.note(STORES)
        if failure == BLACK_HOLE:
            patience_ns = self._of("attempts") * self._of("connect_timeout_ns")
            yield self.request.wait_until(max(asked_ns + patience_ns, self.env.now))
            return ERROR
        if failure is None:
            back_ns += self._takes_ns(region)
            effect.apply()
        yield self.request.wait_until(back_ns)
        return failure if failure is None else UNKNOWN if failure == UNKNOWN else ERROR

    def _failure(self, number: int, region: int) -> int | None:
        """Silence (BLACK_HOLE), REFUSED, a 5xx (UNKNOWN), or None."""
        network, endpoint = self.plane.network, self.plane.network.endpoints[self._bucket, region]
        self.request.meet("link", self.request.place, region)
        if not network.links[self.request.place, region].cut:
            self.request.meet("endpoint", self._bucket, region)
            self.request.meet("region", region)
        modes = endpoint.mode, network.regions[region].mode
        if network.links[self.request.place, region].cut or BLACK_HOLE in modes:
            return BLACK_HOLE
        if REFUSED in modes:
            return REFUSED
        u = self.request.uniform(CALL, LANES_OF_AN_ORIGIN * number, 1)
        return UNKNOWN if u < endpoint.error_share else None

    def _takes_ns(self, region: int) -> int:
        plan, endpoint = self.plane.plan, self.plane.network.endpoints[self._bucket, region]
        sampled = self.plane.draws.sample(int(plan.step_dist[self._row]), self.request.uniform(STEP, 0, 0))
        return int(sampled * endpoint.factor + 0.5) + int(endpoint.add_ns)
