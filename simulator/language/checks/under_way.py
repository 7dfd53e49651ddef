"""How many copies of objects are on their way when a run begins, estimated from the files."""

import math

from simulator import catalog
from simulator.language.models.steps import Put
from simulator.language.models.stores import Bucket
from simulator.language.models.topology import Topology
from simulator.language.models.users import Population
from simulator.units import Z99

_MOST = 2**22  # of a directed pair (docs/model.md §6)


def copies_under_way(population: Population, actions_per_s: float, topology: Topology) -> float:
    """Copies of what a population has put into buckets before the run, at so many actions a second."""
    total = sum(population.actions.values()) or 1.0
    return sum(
        min(actions_per_s * weight / total * _mean_lag_s(topology.buckets[bucket]), _MOST)
        * (len(topology.buckets[bucket].replicas) - 1)
        for action, weight in population.actions.items()
        for bucket in _puts(action, topology)
    )


def _puts(action: str, topology: Topology) -> list[str]:
    """The buckets into which an action puts something."""
    return [
        step.put
        for name, service in topology.services.items()
        for operation, steps in service.operations.items()
        if action in (operation, f"{name}.{operation}")
        for step in steps
        if isinstance(step, Put) and step.put in topology.buckets
    ]


def _mean_lag_s(bucket: Bucket) -> float:
    control = ".time_control" if bucket.time_control else ""
    written, name = bucket.replication_lag, f"s3.replication_lag{control}"
    median_ns = written.median or catalog.duration_ns(f"{name}.median")
    p99_ns = written.p99 or catalog.duration_ns(f"{name}.p99")
    sigma = math.log(max(p99_ns / median_ns, 1.0)) / Z99
    return median_ns / 1e9 * math.exp(min(sigma * sigma / 2, 50.0))
