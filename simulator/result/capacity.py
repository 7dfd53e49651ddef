"""Capacity: how much the sites, tables, caches and edges took on, and what they turned away."""

from collections.abc import Mapping

from simulator.boundary.outcomes import GatewayLimit
from simulator.records import dataclass
from simulator.result.summaries import Summary


@dataclass(frozen=True)
class Site:
    """One service in one region."""

    service: str
    """The service."""
    region: str
    """The region."""
    compute: str
    """unlimited, lambda or nodes."""
    gateway: bool
    """Whether there is a gateway before it."""
    started: int
    """Requests whose work began."""
    gateway_throttled: Mapping[GatewayLimit, int]
    """Requests that the gateway turned away, by limit."""
    lambda_throttled: int
    """Requests that a limit of Lambda turned away: its throttles. They are neither started nor errors of the
    function, and the client gets what the gateway or load balancer answers."""
    overloaded: int
    """Requests that found a full queue, or no node."""
    shed: int
    """Requests that load shedding turned away at the door."""
    unreachable: int
    """Requests sent to a node that was down."""
    cold_starts: int
    """Requests that waited for a new environment."""
    cold_start_share: float | None
    """Their share of the requests whose work began; null but for Lambda."""
    queued: int
    """Requests that waited for a worker and got one."""
    peak_queue: int
    """The most that waited at once, over all nodes."""
    mean_queue: float | None
    """The average over time of those waiting; null but for nodes."""
    peak_in_use: int
    """The most requests at work at once."""
    most_at_once: int | None
    """The requests that can be at work at once, with what failover plans have added; null without a limit."""
    busy_s: float
    """The time for which finished work held an instance, summed, in seconds."""
    utilization: float | None
    """Its share of the time that all that was there could have worked; null without a limit."""
    cpu_share: float | None
    """The part of it in compute steps; null if there was no work."""
    memory_gb_s: float | None
    """Lambda's gigabyte-seconds; null but for Lambda."""
    peak_memory_share: float | None
    """At most this share of the nodes' memory was taken at once; null but for nodes."""


@dataclass(frozen=True)
class QueueWait(Summary):
    """How long the requests that nodes took had waited; one that found a free worker, 0 s."""

    waited: int
    """Those that did wait."""


@dataclass(frozen=True)
class TableCapacity:
    """One table with limits, or store that throttled all the same, in one region."""

    table: str
    """The table."""
    region: str
    """The region."""
    throttled_writes: int
    """Tries to write that it turned away."""
    throttled_reads: int
    """Tries to read that it turned away."""
    copies_delayed: int
    """Replicated writes that waited for its capacity."""


@dataclass(frozen=True)
class CacheHits:
    """One cache in one region."""

    cache: str
    """The cache."""
    region: str
    """The region."""
    hits: int
    """Looks that found what they sought."""
    misses: int
    """Looks that did not."""
    hit_ratio: float | None
    """The share of hits; null without looks."""


@dataclass(frozen=True)
class Edges:
    """The edges of all content networks together."""

    hits: int
    """Requests answered from the cache."""
    misses: int
    """Requests that went on to an origin."""
    errors: int
    """Requests answered from a cached error."""
    failovers: int
    """Tries at an origin beyond the first."""
    hit_ratio: float | None
    """The share of hits; null without requests."""


@dataclass(frozen=True)
class ColdBegin:
    """The begin of a run in which more environments started and more looks missed than later on."""

    until_s: float
    """What counts as the begin: up to this second, five minutes at most, a sixth of the run, and the first
    fault."""
    share: float
    """The share of the run's new environments and misses that falls in it."""
    bad_share: float | None
    """The share of the actions begun in it that were bad; null if none was."""


@dataclass(frozen=True)
class Capacity:
    """What has limits, and what they turned away."""

    limited: bool
    """Whether anything that requests meet has a limit."""
    sites: tuple[Site, ...]
    """One entry for each service and region in which it runs."""
    queue_wait: QueueWait
    """Waits for a worker of a node."""
    tables: tuple[TableCapacity, ...]
    """One entry for each table with limits, and region."""
    caches: tuple[CacheHits, ...]
    """One entry for each cache and region."""
    edges: Edges
    """The content networks."""
    cold_begin: ColdBegin | None
    """Where caches of data or Lambda environments began cold and it shows; null else, and with a warm-up."""
