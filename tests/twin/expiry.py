"""Time to live: when an item has expired, and when it is gone (docs/model-stores.md §1)."""

from typing import TYPE_CHECKING

from simulator.boundary.kinds import NEVER_NS
from simulator.plan.lowered import DataPlan
from simulator.randomness.draws import EXPIRY
from tests.twin.draws import Draws

if TYPE_CHECKING:
    from tests.twin.tables import Written

OF_THE_INITIAL = 1
"""The lane of the draws of what was written before time zero."""


class Expiry:
    """What becomes of items that nobody writes anew."""

    def __init__(self, plan: DataPlan, draws: Draws) -> None:
        self._plan, self._draws = plan, draws

    def times_ns(self, store: int, number: int, w: "Written | None") -> tuple[int, int] | None:
        """When what is seen of an item expires, and when it is deleted; None if it never does."""
        live_ns, within_ns = int(self._plan.store_live_ns[store]), int(self._plan.store_expired_ns[store])
        if live_ns == NEVER_NS or (w is not None and w.deletes):
            return None
        if w is None:
            age, delay = (self._draws.uniform(EXPIRY, number, 0, OF_THE_INITIAL, word) for word in (0, 1))
            expires_ns = live_ns - int(age * live_ns)
        else:
            expires_ns, delay = w.time_ns + live_ns, self._draws.uniform(EXPIRY, number, w.time_ns, 0, 0)
        return expires_ns, expires_ns + int(delay * within_ns)

    def has_expired(self, store: int, number: int, w: "Written | None", t: int) -> bool:
        """Whether its time to live is over."""
        times_ns = self.times_ns(store, number, w)
        return times_ns is not None and t >= times_ns[0]

    def is_gone(self, store: int, number: int, w: "Written | None", t: int) -> bool:
        """Whether it has been deleted since, or has never been there."""
        if w is None and self._plan.store_empty[store]:
            return True
        times_ns = self.times_ns(store, number, w)
        return times_ns is not None and t >= times_ns[1]
