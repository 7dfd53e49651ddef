"""What is on its way between buckets at time zero (docs/model.md §6)."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulator.boundary.kinds import OBJECTS
from simulator.plan.lowered import DataPlan
from simulator.randomness.draws import UNDER_WAY, normal_quantile
from tests.twin.draws import Draws
from tests.twin.names import Names
from tests.twin.tables import Tables

if TYPE_CHECKING:
    from tests.twin.counts import Counts

LONGEST_NS = 366 * 86_400 * 10**9
MOST = 2**22


class UnderWay:
    """Writes of before the run: how many, how old, and when they are due."""

    def __init__(self, plan: DataPlan, draws: Draws, names: Names, stores: Tables) -> None:
        self._plan, self._draws, self._names, self._stores = plan, draws, names, stores

    def begin(self, counts: "Counts") -> None:
        """Put them on their way."""
        for store in range(len(self._plan.store_items)):
            if self._plan.store_kind[store] == OBJECTS:
                found = sorted(self._of(store), key=lambda one: one[:4])
                for number, (time_ns, origin, _, _, due_ns) in enumerate(found, -len(found)):
                    self._stores.send_earlier(store, origin, time_ns, number, due_ns)
                counts.under_way[store] += len(found)

    def _of(self, store: int) -> Iterator[tuple[int, int, int, int, dict[int, int]]]:
        """Of a bucket: time, origin, the pair's target, number among the pair's, dues of all replicas."""
        replicas = sorted(self._stores.surviving(store))
        for origin in replicas:
            rate = self._puts_per_s(store, origin)
            for target in replicas:
                if target != origin and rate > 0:
                    yield from self._of_pair(store, origin, target, rate, replicas)

    def _of_pair(
        self, store: int, origin: int, target: int, rate: float, replicas: list[int]
    ) -> Iterator[tuple[int, int, int, int, dict[int, int]]]:
        plan, way = self._plan, 64 * origin + target
        mu, sigma = float(plan.lag_mu[store, origin, target]), float(plan.lag_sigma[store, origin, target])
        u, v = (self._draws.uniform(UNDER_WAY, store, 0, way, word) for word in (0, 1))
        count = int(min(rate / 1e9 * math.exp(min(mu + sigma**2 / 2, 100.0)) + u, float(MOST)))
        for j in range(1, count + 1):
            q = max((v + j * 0.6180339887498949) % 1.0, 2.0**-53)
            lag = math.exp(mu + sigma * sigma + sigma * float(normal_quantile(q)))
            age = lag * self._draws.uniform(UNDER_WAY, store, j, way, 0)
            if age >= LONGEST_NS:
                continue
            time_ns = -int(age + 0.5)
            due_ns = {target: time_ns + int(min(lag + 0.5, 2.0**60))}
            for other in set(replicas) - {origin, target}:
                y = self._draws.uniform(UNDER_WAY, store, j, 4096 + 64 * way + other, 0)
                z = float(normal_quantile(y))
                lag = math.exp(plan.lag_mu[store, origin, other] + plan.lag_sigma[store, origin, other] * z)
                due_ns[other] = time_ns + int(min(lag + 0.5, 2.0**60))
            before = [due for other, due in due_ns.items() if other < target]
            if time_ns < 0 < due_ns[target] and not any(due > 0 for due in before):
                yield time_ns, origin, target, j, due_ns

    def _puts_per_s(self, store: int, origin: int) -> float:
        """How often users put an object into a replica."""
        plan, total = self._plan, 0.0
        for population in range(len(plan.pop_near)):
            first = int(plan.pop_mix_first[population])
            for row in range(first, first + int(plan.pop_mix_count[population])):
                puts = float(plan.put_rate[row, store])
                if puts > 0:
                    name = int(plan.op_name[plan.mix_operation[row]])
                    for share in self._shares(population, name, origin):
                        total += puts * share
        return total

    def _shares(self, population: int, name: int, origin: int) -> Iterator[float]:
        """The users of each resolver whose answer leads there, spread over the answer's regions."""
        first, before = int(self._plan.pop_resolver_first[population]), 0.0
        for resolver in range(first, first + int(self._plan.pop_resolver_count[population])):
            upto = float(self._plan.resolver_users_upto[resolver])
            share, before = upto - before, upto
            answer = self._names.first_answer(resolver, name)
            if answer and origin in answer:
                yield share / len(answer)
