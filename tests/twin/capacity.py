"""Capacity of tables: buckets of tables and partitions, growth on demand (docs/model-request-path.md §4)."""

from collections import defaultdict

from simulator.plan.lowered import DataPlan
from tests.twin.buckets import TokenBucket
from tests.twin.counts import Counts
from tests.twin.network import Network

WRITES, READS = 0, 1

MINUTE_NS = 60 * 10**9
MINUTES_OF_A_PERIOD = 30
LEAST_RATE = 1e-6
"""Units a second that a table never falls below, whatever strikes it."""

Kind = tuple[int, int, int]
"""Table, region, WRITES or READS."""


class Capacities:
    """What tables can take."""

    def __init__(self, plan: DataPlan, network: Network, counts: Counts) -> None:
        self._plan, self._network, self._counts = plan, network, counts
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

    def send_copy(self, store: int, replica: int, t: int) -> int:
        """A copied write takes its share of a replica's capacity: when it counts as sent."""
        kind = store, replica, WRITES
        self._count(kind)
        if not self._plan.store_limited[store]:
            return t
        sent_ns = self._tables[kind].waits_until(t, int(self._plan.store_slack_ns[store]))
        self._charge_table(kind, t)
        self._counts.copies_delayed[store, replica] += sent_ns > t
        return sent_ns

    def _count(self, kind: Kind) -> None:
        store, region, which = kind
        self._counts.units_milli[which, store, region] += self._cost(kind)

    def _partition(self, kind: Kind, item: int) -> TokenBucket:
        return self._partitions[kind, item % int(self._plan.store_partitions[kind[0]])]

    def _charge_table(self, kind: Kind, t: int) -> None:
        self._tables[kind].charge(t, self._gap_ns(kind, self._rate(kind, t)))
        self._minutes[kind][t // MINUTE_NS] += self._cost(kind)

    def _cost(self, kind: Kind) -> int:
        store, _, which = kind
        return int((self._plan.store_write_milli if which == WRITES else self._plan.store_read_milli)[store])

    def _gap_ns(self, kind: Kind, rate: float) -> int:
        return int(self._cost(kind) * 10**6 / rate + 0.5)

    def _rate(self, kind: Kind, t: int) -> float:
        """Units a second that a table has at t."""
        store, region, which = kind
        rate = float(self._plan.store_rate[store, region, which])
        if not self._plan.store_provisioned[store]:
            rate = max(rate, 2.0 * (self._highest_minute(kind, t) / 60_000.0))
        return max(rate * self._network.endpoints[store, region].capacity, LEAST_RATE)

    def _highest_minute(self, kind: Kind, t: int) -> int:
        """In thousandths of a unit, of the half hours that are over."""
        minute = t // MINUTE_NS
        over = minute - minute % MINUTES_OF_A_PERIOD
        return max((units for m, units in self._minutes[kind].items() if m < over), default=0)
