"""Capacity of tables: buckets of tables and partitions, growth on demand (docs/model-request-path.md §4)."""

from collections import defaultdict

from simulator.plan.lowered import DataPlan
from tests.twin.buckets import TokenBucket
from tests.twin.counts import Counts
from tests.twin.network import Network

WRITES, READS = 0, 1

MINUTE_NS = 60 * 10**9
MINUTES_OF_A_PERIOD = 30
PERIOD_NS = MINUTES_OF_A_PERIOD * MINUTE_NS
LEAST_RATE = 1e-6
"""Units a second that a table never falls below, whatever strikes it."""

Kind = tuple[int, int, int]
"""Table, region, WRITES or READS."""


class Capacities:
    """What tables can take."""

    def __init__(self, plan: DataPlan, network: Network, counts: Counts) -> None:
        self._plan, self._network, self._counts = plan, network, counts
        self.rates = plan.store_rate.copy()
        """Units a second, [table, region, WRITES or READS]."""
        self._tables: dict[Kind, TokenBucket] = defaultdict(TokenBucket)
        self._partitions: dict[tuple[Kind, int], TokenBucket] = defaultdict(TokenBucket)
        self._minutes: dict[Kind, dict[int, int]] = defaultdict(lambda: defaultdict(int))  # milli-units

    def admits(self, kind: Kind, item: int, t: int) -> bool:
        """Whether a table and the item's partition can take a request at t."""
        plan, store = self._plan, kind[0]
        if not plan.store_limited[store]:
            return True
        slack_ns, partition = int(plan.store_slack_ns[store]), self._partition(kind, item)
        fits = self._tables[kind].conforms(t, slack_ns)
        return fits and partition.conforms(t, plan.partition_slack_ns)

    def charge(self, kind: Kind, item: int, t: int) -> None:
        """Take what a request costs."""
        self._count(kind)
        if self._plan.store_limited[kind[0]]:
            self._charge_table(kind, t)
            rate = float(self._plan.partition_rate[kind[2]])
            self._partition(kind, item).charge(t, self._gap_ns(kind, rate))

    def partition_free_ns(self, store: int, replica: int, item: int) -> float:
        """Since when, or from when on, a partition has a write's units beside those of a copy."""
        kind = store, replica, WRITES
        gap_ns = self._gap_ns(kind, float(self._plan.partition_rate[WRITES]))
        return self._partition(kind, item).tat_ns - self._plan.partition_slack_ns + gap_ns

    def table_free_ns(self, store: int, replica: int, t: int) -> int:
        """The first instant from t on at which a table has a write's units beside those of a copy."""
        kind, slack_ns = (store, replica, WRITES), int(self._plan.store_slack_ns[store])
        while True:
            gap_ns = self._gap_ns(kind, self._rate(kind, t))
            free_ns = self._tables[kind].waits_until(t, slack_ns - gap_ns)
            phase_ns = self._phase_ns(kind)
            grows_ns = ((t + phase_ns) // PERIOD_NS + 1) * PERIOD_NS - phase_ns
            if self._plan.store_provisioned[store] or free_ns < grows_ns:
                return free_ns
            t = grows_ns

    def partition_of(self, store: int, item: int) -> int:
        """In which partition an item is."""
        return item % int(self._plan.store_partitions[store])

    def is_limited(self, store: int) -> bool:
        """Whether a table has limits."""
        return bool(self._plan.store_limited[store])

    def take_copy(self, store: int, replica: int) -> None:
        """A copy takes units when it arrives, in a table with limits those that it has waited for."""
        self._count((store, replica, WRITES))

    def charge_copy(self, store: int, replica: int, item: int, t: int) -> None:
        """What a copy takes from a table with limits and the item's partition."""
        kind = store, replica, WRITES
        self._charge_table(kind, t)
        self._partition(kind, item).charge(t, self._gap_ns(kind, float(self._plan.partition_rate[WRITES])))

    def delayed(self, store: int, replica: int) -> None:
        """A copy had to wait for units."""
        self._counts.copies_delayed[store, replica] += 1

    def _count(self, kind: Kind) -> None:
        store, region, which = kind
        self._counts.units_milli[which, store, region] += self._cost(kind)

    def _partition(self, kind: Kind, item: int) -> TokenBucket:
        return self._partitions[kind, self.partition_of(kind[0], item)]

    def _charge_table(self, kind: Kind, t: int) -> None:
        self._tables[kind].charge(t, self._gap_ns(kind, self._rate(kind, t)))
        self._minutes[kind][(t + self._phase_ns(kind)) // MINUTE_NS] += self._cost(kind)

    def _phase_ns(self, kind: Kind) -> int:
        return int(self._plan.growth_phase_ns[kind[0], kind[1]])

    def _cost(self, kind: Kind) -> int:
        store, _, which = kind
        return int((self._plan.store_write_milli if which == WRITES else self._plan.store_read_milli)[store])

    def _gap_ns(self, kind: Kind, rate: float) -> int:
        return int(self._cost(kind) * 10**6 / rate + 0.5)

    def _rate(self, kind: Kind, t: int) -> float:
        """Units a second that a table has at t."""
        store, region, which = kind
        rate = float(self.rates[store, region, which])
        if not self._plan.store_provisioned[store]:
            rate = max(rate, 2.0 * (self._highest_minute(kind, t) / 60_000.0))
        return max(rate * self._network.endpoints[store, region].capacity, LEAST_RATE)

    def _highest_minute(self, kind: Kind, t: int) -> int:
        """In thousandths of a unit, of the half hours that are over."""
        minute = (t + self._phase_ns(kind)) // MINUTE_NS
        over = minute - minute % MINUTES_OF_A_PERIOD
        return max((units for m, units in self._minutes[kind].items() if m < over), default=0)
