"""The network, and the doors of sites and endpoints: what a request meets on its way."""

import math
from dataclasses import dataclass
from typing import Any

from simulator.boundary.looks import WELL, Look
from simulator.boundary.outcomes import REFUSED, UP
from simulator.plan.lowered import DataPlan
from simulator.randomness.draws import ATTEMPT, normal_quantile
from tests.twin.draws import Draws, retransmissions_ns


@dataclass
class Region:
    """Up or not, and for how long it has been down."""

    mode: int = UP
    down_since_ns: int | None = None
    down_before_ns: int = 0  # in past outages
    refusals: int = 0  # times it began to refuse

    def change(self, now_ns: int, mode: int) -> bool:
        """Take on another mode; whether it has just gone down."""
        went_down = self.mode == UP and mode != UP
        if went_down:
            self.down_since_ns = now_ns
        if self.mode != UP and mode == UP and self.down_since_ns is not None:
            self.down_before_ns, self.down_since_ns = self.down_ns(now_ns), None
        self.refusals += self.mode != REFUSED and mode == REFUSED
        self.mode = mode
        return went_down

    def down_ns(self, now_ns: int) -> int:
        """For how long it has been down in all."""
        return self.down_before_ns + (0 if self.down_since_ns is None else now_ns - self.down_since_ns)


class Door:
    """How a site, or a store's endpoint, looks to a caller: its attributes are those of its look."""

    def __init__(self) -> None:
        self.look = WELL
        self.resets = 0  # times it began to refuse

    def __getattr__(self, name: str) -> Any:
        return getattr(self.look, name)

    def change(self, look: Look) -> None:
        """Take on another look."""
        self.resets += self.look.mode != REFUSED and look.mode == REFUSED
        self.look = look


class BalancedDoor:
    """The door of a load balancer, which is there while its region is; its look is that of its targets."""

    def __init__(self, region: Region) -> None:
        self.targets, self.region = WELL, region

    def change(self, look: Look) -> None:
        """Its targets take on another look."""
        self.targets = look

    @property
    def mode(self) -> int:
        """As a caller meets it."""
        return self.region.mode

    @property
    def resets(self) -> int:
        """Times that connections to it broke."""
        return self.region.refusals

    @property
    def error_share(self) -> float:
        """It makes no errors of its own while targets are there."""
        return 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.targets, name)


class Network:
    """Regions, the doors of sites (by face of their service) and endpoints, and links between places."""

    def __init__(self, plan: DataPlan, draws: Draws) -> None:
        self._plan, self._draws = plan, draws
        places, regions = range(len(plan.rtt_ns)), range(plan.region_count)
        self.links = {(a, b): WELL for a in places for b in places}
        self.regions = [Region() for _ in regions]
        faces = enumerate(plan.face_service.tolist())
        self.sites = {(face, r): self._door(service, r) for face, service in faces for r in regions}
        self.endpoints = {(t, r): Door() for t in range(len(plan.store_items)) for r in regions}
        self.zones = {(r, z): UP for r in regions for z in range(int(plan.zone_count[r]))}

    def _door(self, service: int, region: int) -> Door | BalancedDoor:
        balanced = self._plan.site_balanced[service, region]
        return BalancedDoor(self.regions[region]) if balanced else Door()

    def jitter(self, session: int, attempt: int) -> float:
        """By what an attempt's round trips are longer than the median."""
        u = self._draws.uniform(ATTEMPT, session, attempt, 0, 0)
        return math.exp(self._plan.rtt_sigma * float(normal_quantile(u)))

    def in_region_ns(self, session: int, attempt: int) -> int:
        """From a service to another in its region."""
        return int(self._plan.in_region_rtt_ns / 2 * self.jitter(session, attempt) + 0.5)

    def half_way_ns(self, a: int, b: int, jitter: float) -> int:
        """Half a round trip over a link without faults."""
        return int(int(self._plan.rtt_ns[a, b]) / 2 * jitter + 0.5)

    def delays_ns(
        self, session: int, attempt: int, place: int, region: int, last_mile_ns: int
    ) -> tuple[int, int]:
        """Forward and backward delay of an attempt that begins now."""
        jitter = self.jitter(session, attempt)
        forward = self._one_way_ns(place, region, last_mile_ns, jitter, (session, attempt, 1, 2))
        backward = self._one_way_ns(region, place, last_mile_ns, jitter, (session, attempt, 1, 3))
        return forward, backward

    def _one_way_ns(
        self, a: int, b: int, last_mile_ns: int, jitter: float, word: tuple[int, int, int, int]
    ) -> int:
        link = self.links[a, b]
        distance = int(int(self._plan.rtt_ns[a, b]) / 2 * jitter * link.factor + 0.5)
        delay = last_mile_ns // 2 + distance + link.add_ns
        if link.loss:
            u = self._draws.uniform(ATTEMPT, *word)
            delay += retransmissions_ns(
                link.loss, u, self._plan.retransmit_ns, self._plan.retransmit_longest_ns
            )
        return delay
