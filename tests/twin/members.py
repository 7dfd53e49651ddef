"""Members of strong tables: whom each reaches, and how long another one takes to answer.

Specification: docs/model-stores.md §3.
"""

import math

from simulator.boundary.looks import Look
from simulator.plan.lowered import DataPlan
from simulator.randomness.draws import normal_quantile
from tests.twin.draws import QUORUM, Draws, retransmissions_ns
from tests.twin.network import Network

TRIES = 64
STEPS = 16

Try = tuple[int, int, int]
"""Session, attempt, lane of draws."""


class Members:
    """Of all strong tables of a plan."""

    def __init__(self, plan: DataPlan, draws: Draws, network: Network) -> None:
        self._plan, self._draws, self._network = plan, draws, network
        self._apart: set[tuple[int, frozenset[int]]] = set()
        self.behind: dict[tuple[int, int], int] = {}
        """Of a member that has returned: how many writes there had been then."""

    def of(self, store: int) -> list[int]:
        """The places of a table's members, the witness last."""
        plan = self._plan
        witness = int(plan.store_witness[store])
        replicas = [region for region in range(plan.region_count) if plan.store_replica[store, region]]
        return replicas if witness < 0 else [*replicas, witness]

    def reached_from(self, store: int, region: int) -> list[int]:
        """The other members that one reaches."""
        others = [place for place in self.of(store) if place != region]
        return [place for place in others if (store, frozenset((region, place))) not in self._apart]

    def set_reach(self, store: int, one: int, other: int, reached: bool) -> list[int]:
        """Two of them do or do not reach each other: the replicas that have a quorum again."""
        pair, replicas = (
            (store, frozenset((one, other))),
            {*self.of(store)} - {self._plan.store_witness[store]},
        )
        alone = [region for region in (one, other) if not self.reached_from(store, region)]
        (self._apart.discard if reached else self._apart.add)(pair)
        return [region for region in alone if reached and region in replicas]

    def nearest(self, store: int, region: int, who: Try) -> tuple[int, int] | None:
        """The member that answers first, and after which time; None without a quorum."""
        reached = self.reached_from(store, region)
        if not reached:
            return None
        session, attempt, lane = who
        u = self._draws.uniform(QUORUM, session, attempt, lane, 0)
        jitter = math.exp(self._plan.rtt_sigma * float(normal_quantile(u)))
        others = [place for place in self.of(store) if place != region]
        found = []
        for place in reached:
            losses = session, attempt, STEPS * TRIES + 2 * lane + others.index(place)
            there_ns = self._way_ns((region, place), jitter, losses, 0)
            found.append((there_ns + self._way_ns((place, region), jitter, losses, 1), others.index(place)))
        took_ns, number = min(found)
        return others[number], took_ns

    def _way_ns(self, way: tuple[int, int], jitter: float, who: Try, word: int) -> int:
        link: Look = self._network.links[way]
        way_ns = int(int(self._plan.rtt_ns[way]) / 2 * jitter * link.factor + 0.5) + link.add_ns
        if link.loss:
            u = self._draws.uniform(QUORUM, *who, word)
            way_ns += retransmissions_ns(
                link.loss, u, self._plan.retransmit_ns, self._plan.retransmit_longest_ns
            )
        return way_ns
