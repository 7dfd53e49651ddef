"""Load balancers as a run has them: their checks of targets."""

from simulator.records import dataclass


@dataclass(frozen=True)
class BalancerPlan:
    """The load balancer of one site: how it learns of targets that are not well."""

    service: int
    region: int
    interval_ns: int
    timeout_ns: int
    unhealthy_threshold: int
    healthy_threshold: int
    deep: bool = False
    """Whether the page that is asked for calls the service's stores."""
    operation: int | None = None
    """The operation whose page it is; None: a page of its own."""
