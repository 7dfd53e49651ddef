"""The lowered plan: a checked experiment as integers and arrays, the only input of both planes.

Index conventions: `location` counts every place (the topology's regions first, so a region index is a
location index), `population`, `name` (DNS), `store`, `operation`, `step`, `distribution`, `resolver`.
All times are integer nanoseconds. Arrays are read-only.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.plan.timeline import ChangePlan, FaultPlan

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DataPlan:
    """What the data plane needs. One row per entity; see each group's comment for the first axis."""

    seed: int
    duration_ns: int
    window_ns: int
    lag_step_ns: int  # width of replication-lag buckets
    region_count: int
    fault_windows_ns: Ints  # [fault window, 2] start and end of each fault's action, for session continuity

    # distributions
    dist_kind: Ints
    dist_a: Floats
    dist_b: Floats

    # network [location, location]: median round-trip time; sigma of its log-normal jitter
    rtt_ns: Ints
    rtt_sigma: float
    retransmit_ns: int  # first retransmission timeout, doubling (RFC 6298)
    retransmit_longest_ns: int  # and the longest

    # populations
    pop_near: Ints  # location
    pop_sessions: Ints  # closed: number of concurrent sessions; open: 0
    pop_gap_ns: Floats  # open: mean gap between candidate arrivals at the busiest hour; closed: 0
    pop_profile: Floats  # [population, 24] acceptance probability by hour of day
    pop_lead_ns: Ints  # open: candidates start this long before time zero
    pop_length: Ints  # distribution of session length
    pop_think: Ints  # distribution
    pop_last_mile: Ints  # distribution, round trip
    pop_mix_first: Ints  # first row in mix_*
    pop_mix_count: Ints
    mix_cumulative: Floats  # cumulative share, last = 1.0
    mix_operation: Ints
    pop_policy: Ints
    pop_patience_ns: Ints  # NEVER_NS when unlimited
    pop_sign_up: Floats  # share of the sessions starting in the run that register
    pop_bots: Ints  # 1: bots
    pop_surge_base: Floats  # factor of the load when no surge acts: 1, bots 0
    pop_surge_most: Floats  # the highest that the run's surges add up to
    pop_dns_fixed_ns: Ints  # device cache: fixed lifetime, -1 when it follows the TTL
    pop_dns_floor_ns: Ints  # device cache that follows the TTL: its floor
    pop_dns_negative_ns: Ints  # device cache of empty answers and failures
    pop_resolver_first: Ints
    pop_resolver_count: Ints
    day_offset_ns: int  # time of day at time zero

    # resolvers
    resolver_extend_ns: Ints  # 0: honest
    resolver_rtt_ns: int  # resolver to authoritative server and back
    resolver_try_timeout_ns: int
    resolver_tries: int
    resolver_failure_ns: int  # how long a failure is cached

    # names
    name_ttl_ns: Ints
    negative_ttl_ns: int

    # policies of clients: how a caller waits, tries again, and holds back (docs/model-request-path.md §6)
    policy_attempts: Ints
    policy_connect_timeout_ns: Ints  # -1: none of its own
    policy_timeout_ns: Ints
    policy_base_ns: Ints
    policy_throttle_base_ns: Ints
    policy_cap_ns: Ints
    policy_jitter: Ints  # 1: full jitter, 0: none
    policy_quota: Ints  # tokens; 0: no quota
    policy_cost: Ints
    policy_timeout_cost: Ints
    policy_throttle_cost: Ints
    policy_keep_alive_ns: Ints  # 0: a connection per attempt
    policy_age_ns: Ints  # age limit of a connection, for calls; 0: none
    policy_adaptive: Ints
    policy_window: Ints  # results that the breaker remembers, at most 120; 0: no breaker
    policy_least: Ints
    policy_threshold: Floats
    policy_open_ns: Ints
    policy_probes: Ints

    # services and sites; the last service is identity
    site_compute: Ints  # [service, region] kind
    site_first: Ints  # [service, region] first instance
    site_count: Ints  # [service, region] instances
    site_gateway: Ints  # [service, region] 1 if there is a gateway
    stage_gap_ns: Ints  # [service, region] 0: no limit
    stage_slack_ns: Ints
    method_gap_ns: Ints  # [operation, region] 0: no limit
    method_slack_ns: Ints
    account_gap_ns: Ints  # [region]
    account_slack_ns: Ints
    service_timeout_ns: Ints  # [service] the gateway's, NEVER_NS when there is none
    service_overhead: Ints  # [service] distribution
    service_verifies: Ints  # [service] NOBODY, GATEWAY, INSTANCE
    lambda_limit: Ints  # [region] concurrent executions of the account
    lambda_reserved: Ints  # [service, region] 0: none
    lambda_rate_gap_ns: Ints  # [service, region] invocation bucket
    lambda_rate_slack_ns: Ints
    lambda_scale_gap_ns: int  # scaling bucket
    lambda_scale_slack_ns: int
    lambda_init: Ints  # [service, region] distribution
    lambda_idle_ns: Ints  # [service, region]
    lambda_provisioned: Ints  # [service, region]
    node_workers: Ints  # [service, region]
    node_queue: Ints  # [service, region]
    balancer_timeout_ns: int  # to connect to a target
    instance_service: Ints
    instance_region: Ints
    instance_zone: Ints  # -1: in none
    zone_count: Ints  # [region]

    # calls
    call_policy: Ints  # [service, store]
    endpoint_ttl_ns: int
    in_region_rtt_ns: int
    applied_share: float  # of the writes that fail with a 500

    # operations; the last is the token request
    op_service: Ints
    op_name: Ints  # name index, -1 for the token request
    op_step_first: Ints
    op_step_count: Ints
    op_writes: Ints  # 1 if any step writes
    step_kind: Ints
    step_dist: Ints
    step_store: Ints  # store, -1 for compute
    step_own: Ints  # 1: the session's own item
    step_miss: Ints  # the table behind a cache, -1: none
    step_miss_dist: Ints
    step_idempotent: Ints

    # stores: tables, buckets and caches alike; a store is its number
    store_kind: Ints
    store_items: Ints
    store_item_first: Ints  # first global item number
    store_replica: Ints  # [store, region] 1 where there is a replica
    store_zipf: Ints  # 1: alias rows hold its popularity; 0: uniform
    alias_probability: Floats  # by global item number (length 0 when no table is Zipf)
    alias_item: Ints  # local item number
    lag_mu: Floats  # [store, origin, target] ln(median ns)
    lag_sigma: Floats  # [store, origin, target]
    catch_up_num: Ints  # [store] catch-up multiple = num / 100
    store_write_milli: Ints  # [store] thousandths of a unit
    store_read_milli: Ints
    store_limited: Ints  # [store] 1: it has limits of capacity
    store_provisioned: Ints  # [store] 1: provisioned, 0: on demand
    store_rate: Floats  # [store, region, 2] write and read units a second: provisioned, or warm throughput
    store_partitions: Ints  # [store]
    store_partition_first: Ints  # [store] first in the pool of partitions
    partition_rate: Floats  # [2] write and read units a second
    partition_slack_ns: int
    store_slack_ns: Ints  # [store] burst
    cache_ttl_ns: Ints  # [store] NEVER_NS: none

    # content networks
    op_cdn: Ints  # [operation] -1: none
    cdn_origin_first: Ints
    cdn_origin_count: Ints
    origin_region: Ints
    cdn_ttl_ns: Ints
    cdn_error_ttl_ns: Ints
    cdn_attempts: Ints
    cdn_connect_timeout_ns: Ints
    cdn_entry_first: Ints  # first of its items in the edges' caches

    # identity
    issuer_region: Ints  # empty: no tokens
    issuer_home: Ints  # [region] the issuer whose keys a verifier there trusts, with regional keys
    keys_shared: int
    token_lifetime_ns: int
    keys_cache_ns: int
    keys_fetch_limit_ns: int
    verifier_count: int  # of each region's gateways


@dataclass(frozen=True)
class NamePlan:
    """One DNS name as Route 53 sees it."""

    name: str
    routing: str  # policy, as users write it
    regions: tuple[int, ...]  # regions with a record
    order: tuple[int, ...]  # failover order
    weights: dict[int, int]
    geography: dict[str, int]
    standby: frozenset[int]
    health_check: str | None
    service: int = 0
    target_health: bool = False
    """Whether a region counts as unhealthy while its gateway or load balancer is down."""


@dataclass(frozen=True)
class CheckPlan:
    """One health check definition."""

    name: str
    protocol: str  # http, https, tcp
    interval_ns: int
    threshold: int
    checker_locations: tuple[int, ...]  # one per checker, 16 by default
    connect_timeout_ns: int
    answer_timeout_ns: int  # after connecting; HTTP and HTTPS only
    healthy_share: float  # healthy while more than this share of checkers agree (0.18)


@dataclass(frozen=True)
class BalancerPlan:
    """The load balancer of one site of nodes: how it learns of dead ones."""

    service: int
    region: int
    interval_ns: int
    timeout_ns: int
    unhealthy_threshold: int
    healthy_threshold: int


@dataclass(frozen=True)
class CacheFailoverPlan:
    """One cache in one region: where its primary is, and how long a replica takes to become primary."""

    store: int
    region: int
    zone: int
    replicas: int
    takes: tuple[int, float, float]  # distribution


@dataclass(frozen=True)
class ControlPlan:
    """What the control plane needs."""

    names: tuple[NamePlan, ...]
    checks: dict[str, CheckPlan]
    status_to_answer: tuple[int, float, float]  # distribution: kind, a, b
    change_propagation: tuple[int, float, float]
    faults: tuple[FaultPlan, ...]  # in file order
    changes: tuple[ChangePlan, ...]
    balancers: tuple[BalancerPlan, ...]
    cache_primaries: tuple[CacheFailoverPlan, ...]
    location_country: tuple[str, ...]
    location_continent: tuple[str, ...]


@dataclass(frozen=True)
class Assumption:
    """One catalog default that a run used."""

    name: str
    """Its name in the catalog."""
    value: str
    """Its value, with its unit."""
    label: str
    """documented, measured, derived or assumed; a result lists the assumed ones."""
    source: str
    """Where it comes from."""


@dataclass(frozen=True)
class Plan:
    """A lowered experiment."""

    data: DataPlan
    control: ControlPlan
    locations: tuple[str, ...]
    populations: tuple[str, ...]
    stores: tuple[str, ...]  # stores: tables, buckets, caches
    services: tuple[str, ...]  # last is "identity"
    operations: tuple[str, ...]  # "service.operation"; last is "token"
    assumptions: tuple[Assumption, ...]
    memory: dict[tuple[int, int], tuple[int, int, int]] = field(default_factory=dict)
    """By service and region that runs on Lambda or nodes: that kind, bytes of an instance, bytes that a
    request takes (0 on Lambda). Only measures need it."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Names of the topology's regions, by region index."""
        return self.locations[: self.data.region_count]
