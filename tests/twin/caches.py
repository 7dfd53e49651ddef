"""What is in the caches (docs/model-request-path.md §3, "cache")."""

from simulator.boundary.kinds import CACHE
from simulator.plan.lowered import DataPlan
from tests.twin.tables import Tables, Written

Place = tuple[int, int]
"""A cache and a region."""

_NEVER = -(2**62)


class Caches:
    """The contents of single-region caches, and when any cache was flushed."""

    def __init__(self, plan: DataPlan, stores: Tables) -> None:
        self._plan, self._tables = plan, stores
        self._filled_ns: dict[tuple[Place, int], int] = {}
        self._damaged: set[tuple[Place, int]] = set()
        self._flushed_ns: dict[Place, int] = {}

    def flush(self, place: Place, t: int) -> None:
        """Forget everything; what is filled at the same instant comes after."""
        self._flushed_ns[place] = t

    def is_single_region(self, cache: int) -> bool:
        """Whether each region has its own contents."""
        return bool(self._plan.store_kind[cache] == CACHE)

    def was_flushed(self, place: Place, item: int, t: int) -> bool:
        """Whether a look at t would be a hit if the cache had not been flushed."""
        flushed_ns = self._flushed_ns.pop(place, _NEVER)
        would_be = self.holds(place, item, t)
        self._flushed_ns[place] = flushed_ns
        return would_be and not self.holds(place, item, t)

    def holds(self, place: Place, item: int, t: int) -> bool:
        """Whether a look at t is a hit."""
        flushed_ns = self._flushed_ns.get(place, _NEVER)
        if self.is_single_region(place[0]):
            filled_ns = self._filled_ns.get((place, item), _NEVER)
            return filled_ns > _NEVER and flushed_ns <= filled_ns > t - int(self._plan.cache_ttl_ns[place[0]])
        held: Written | None = self._tables.held(place[0], item, place[1])
        return held is not None and held.time_ns >= flushed_ns

    def is_damaged(self, place: Place, item: int) -> bool:
        """Whether what a single-region cache holds is wrong."""
        return (place, item) in self._damaged

    def fill(self, place: Place, item: int, t: int, damaged: bool) -> None:
        """An item has been read from the table behind a single-region cache."""
        self._filled_ns[place, item] = t
        (self._damaged.add if damaged else self._damaged.discard)((place, item))
