"""External dependencies: the way to them, and what calls bring about (docs/model-request-path.md §3.1)."""

from typing import Any

from simulator.boundary.causes import EXTERNALS
from simulator.boundary.kinds import EXTERNAL
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED_CALL, TIMEOUT_CALL, UP
from simulator.plan.lowered import DataPlan
from tests.twin.databases import Passing
from tests.twin.effects import Effects

WORD_OF_HANDSHAKES = 2


def is_external(plan: DataPlan, store: int) -> bool:
    """Whether a store is an external dependency."""
    return int(plan.store_kind[store]) == EXTERNAL


class Outside(Passing):
    """The way of one call's tries to an external."""

    def __init__(self, plane: Any, request: Any, effect: Any) -> None:
        super().__init__(plane, request, effect)
        home = int(plane.plan.store_home[effect.store])
        self._home = None if home < 0 else home
        self._latency_ns = int(plane.plan.store_way_ns[effect.store])

    @property
    def _is_elsewhere(self) -> bool:
        return self._home not in (None, self._region)

    def way_ns(self, lane: int, word: int = 0) -> int:
        """There and back, as the links are now."""
        if self._home is None:
            return self._latency_ns
        if self._home == self._region:
            return 0
        there = self._leg_ns(self._region, self._home, lane, word)
        return there + self._leg_ns(self._home, self._region, lane, word + 1)

    def handshakes_ns(self, lane: int) -> int:
        """How long a new connection takes."""
        if self._home == self._region:
            return super().handshakes_ns(lane)
        return 2 * self.way_ns(lane, WORD_OF_HANDSHAKES)

    def _mode_there(self) -> int:
        """What is met at home; the request meets the faults on its way and there."""
        home, plane = self._home, self._plane
        assert home is not None
        self._request.meet("link", self._region, home)
        self._request.meet("link", home, self._region)
        if home >= plane.plan.region_count:
            return UP
        self._request.meet("region", home)
        return int(plane.network.regions[home].mode)

    def mode_of_new(self, takes_ns: int, limit_ns: int) -> int:
        """How the external looks to a connection that is made now."""
        modes, links = [int(self.endpoint.mode)], self._plane.network.links
        if self._is_elsewhere:
            modes.append(self._mode_there())
            there, back = links[self._region, self._home], links[self._home, self._region]
            modes.append(BLACK_HOLE if there.cut or back.cut else UP)
        is_late = 0 <= limit_ns < takes_ns
        return BLACK_HOLE if max(modes) == UP and is_late else max(modes)

    def failure(self) -> int | None:
        """Why the external does not get the call; None if it does."""
        if not self._is_elsewhere:
            return None
        mode = self._mode_there()
        if self._plane.network.links[self._region, self._home].cut or mode == BLACK_HOLE:
            return TIMEOUT_CALL
        return None if mode == UP else REFUSED_CALL

    def loses_answers(self) -> bool:
        """Whether nothing comes back from its home."""
        return self._is_elsewhere and bool(self._plane.network.links[self._home, self._region].cut)

    def held_by(self) -> int:
        """What holds a request whose call has failed."""
        return EXTERNALS


class Ask(Effects):
    """A call to an external."""

    def __init__(self, request: Any, step: int, region: int, store: int) -> None:
        super().__init__(request, step, region, store)
        self.is_write = bool(self._plane.plan.step_writes[self._row])

    def is_throttled(self) -> bool:
        """It has no limits."""
        return False

    def apply(self) -> None:
        """Bring about what it is for."""
        if not self.is_write:
            return
        plan, counts, session = self._plane.plan, self._plane.counts, self._request.session
        number = [s for s in range(len(plan.store_kind)) if is_external(plan, s)].index(self.store)
        deed = self._request.action, self._step
        if deed in session.effects and plan.step_idempotent[self._row]:
            counts["deduplicated"] += 1
            counts.effects_left_out[number] += 1
            return
        counts.effects[number] += 1
        counts["double_applied"] += deed in session.effects
        counts.effects_again[number] += deed in session.effects
        session.effects.add(deed)
