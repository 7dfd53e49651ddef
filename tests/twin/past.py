"""What an instance that is there at time zero has from before the run.

Specification: docs/model-request-path.md §3, §5, §6, "at time zero".
"""

import math
from dataclasses import dataclass

from tests.twin.clients import Client, Policy
from tests.twin.draws import CONNECTION, VERIFIER, Draws
from tests.twin.identity import Keys


@dataclass
class Connection:
    """An instance's connection to a store."""

    used_ns: int
    until_ns: float
    resets: int


class Past:
    """The long life before time zero of one instance."""

    def __init__(self, draws: Draws, index: int) -> None:
        self._draws, self._index, self._plan = draws, index, draws.plan

    def keys(self) -> Keys:
        """The keys that it fetched some time ago."""
        cache_ns = self._plan.keys_cache_ns
        fetched_ns = -int(self._draws.uniform(VERIFIER, self._index, 0, 1, 0) * cache_ns)
        return Keys(fetched_ns + cache_ns, True)

    def client(self, policy: Policy) -> Client:
        """A client all of whose calls have succeeded."""
        client = Client(policy)
        client.breaker.results.extend([False] * policy.window)
        return client

    def _uniform(self, store: int, word: int) -> float:
        entity = self._index * len(self._plan.store_items) + store
        return self._draws.uniform(CONNECTION, entity, 0, 1, word)

    def _life_ns(self, store: int, age_ns: int) -> tuple[int, int]:
        """When a connection with an age was opened, and when it will be too old."""
        whole = math.sqrt(0.25 + 2 * self._uniform(store, 0)) * age_ns
        opened_ns = -int(self._uniform(store, 1) * whole + 0.5)
        return opened_ns, opened_ns + int(whole + 0.5)

    def connection(self, store: int, policy: Policy, t: int) -> Connection | None:
        """The connection to a store that it finds when it first needs one, at t."""
        if policy.keep_alive_ns == 0:
            return None
        if policy.age_ns == 0:
            return Connection(-t, math.inf, 0)
        return Connection(-t, self._life_ns(store, policy.age_ns)[1], 0)

    def name_until_ns(self, store: int, policy: Policy) -> int:
        """Until when it keeps the address of a store's endpoint."""
        ttl_ns, w = self._plan.endpoint_ttl_ns, self._uniform(store, 2)
        if policy.keep_alive_ns == 0:
            return ttl_ns - int(w * ttl_ns)
        if policy.age_ns == 0:
            return 0
        earlier = int(w * -(-ttl_ns // policy.age_ns))
        return self._life_ns(store, policy.age_ns)[0] - earlier * policy.age_ns + ttl_ns
