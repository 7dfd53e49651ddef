"""Gateways: their token buckets (docs/model-request-path.md §1)."""

from simulator.plan.lowered import DataPlan
from tests.twin.buckets import Limit, limit
from tests.twin.counts import Counts

METHOD, STAGE, ACCOUNT = 0, 1, 2


class Gateways:
    """The buckets of all gateways."""

    def __init__(self, plan: DataPlan, counts: Counts) -> None:
        self._plan, self._counts = plan, counts
        regions, operations = range(plan.region_count), range(len(plan.op_service))
        services = range(len(plan.site_compute))
        self._methods = {
            (o, r): limit(plan.method_gap_ns[o, r], plan.method_slack_ns[o, r])
            for o in operations
            for r in regions
        }
        self._stages = {
            (s, r): limit(plan.stage_gap_ns[s, r], plan.stage_slack_ns[s, r])
            for s in services
            for r in regions
        }
        self._accounts = [limit(plan.account_gap_ns[r], plan.account_slack_ns[r]) for r in regions]

    def admits(self, operation: int, region: int, t: int) -> bool:
        """Ask the buckets in their order, charging each that conforms."""
        service = int(self._plan.op_service[operation])
        for number, bucket in enumerate(self._in_order(operation, service, region)):
            if not bucket.take(t):
                self._counts.gateway_throttled[number, service, region] += 1
                return False
        return True

    def _in_order(self, operation: int, service: int, region: int) -> tuple[Limit, Limit, Limit]:
        stage = self._stages[service, region]
        return self._methods[operation, region], stage, self._accounts[region]
