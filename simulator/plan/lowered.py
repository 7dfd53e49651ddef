"""The lowered plan: a checked experiment as integers and arrays, the only input of both planes.

Index conventions: `location` counts every place (the topology's regions first, so a region index is a
location index), `population`, `name` (DNS), `table`, `operation`, `step`, `distribution`, `resolver`.
All times are integer nanoseconds. Arrays are read-only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.plan.timeline import NEVER_NS as NEVER_NS
from simulator.plan.timeline import ChangePlan, FaultPlan

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# kinds of distribution; parameters a, b
CONSTANT = 0  # a = value
LOGNORMAL = 1  # a = ln(median), b = sigma
EXPONENTIAL = 2  # a = mean
UNIFORM = 3  # a = low, b = high
LOG_UNIFORM = 4  # a = ln(low), b = ln(high)

# kinds of step
COMPUTE = 0
READ = 1
WRITE = 2

# policies of a name (as text in NamePlan; the data plane sees answers only)


@dataclass(frozen=True)
class DataPlan:
    """What the data plane needs. One row per entity; see each group's comment for the first axis."""

    seed: int
    duration_ns: int
    window_ns: int
    bucket_ns: int  # width of replication-lag buckets
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
    pop_timeout_ns: Ints
    pop_attempts: Ints
    pop_backoff_base_ns: Ints
    pop_backoff_cap_ns: Ints
    pop_patience_ns: Ints  # NEVER_NS when unlimited
    pop_keep_alive_ns: Ints  # 0: a connection per attempt
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

    # operations; the last is the token request
    op_name: Ints  # name index, -1 for the token request
    op_step_first: Ints
    op_step_count: Ints
    op_writes: Ints  # 1 if any step writes
    step_kind: Ints
    step_dist: Ints
    step_table: Ints  # -1 for compute
    step_own: Ints  # 1: the session's own item

    # tables
    table_items: Ints
    table_item_first: Ints  # first global item number
    table_replica: Ints  # [table, region] 1 where there is a replica
    table_zipf: Ints  # 1: alias rows hold its popularity; 0: uniform
    alias_probability: Floats  # by global item number (length 0 when no table is Zipf)
    alias_item: Ints  # local item number
    lag_mu: Floats  # [table, origin, target] ln(median ns)
    lag_sigma: Floats  # [table, origin, target]
    catch_up_num: Ints  # [table] catch-up multiple = num / 100
    # identity
    issuer_region: Ints  # empty: no tokens
    token_lifetime_ns: int


@dataclass(frozen=True)
class NamePlan:
    """One DNS name as Route 53 sees it."""

    name: str
    policy: str
    regions: tuple[int, ...]  # regions with a record
    order: tuple[int, ...]  # failover order
    weights: dict[int, int]
    geography: dict[str, int]
    standby: frozenset[int]
    health_check: str | None


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
class ControlPlan:
    """What the control plane needs."""

    names: tuple[NamePlan, ...]
    checks: dict[str, CheckPlan]
    status_to_answer: tuple[int, float, float]  # distribution: kind, a, b
    change_propagation: tuple[int, float, float]
    faults: tuple[FaultPlan, ...]  # in file order
    changes: tuple[ChangePlan, ...]
    location_country: tuple[str, ...]
    location_continent: tuple[str, ...]


@dataclass(frozen=True)
class Assumption:
    """One catalog default that a run used."""

    name: str
    value: str
    label: str
    source: str


@dataclass(frozen=True)
class Plan:
    """A lowered experiment."""

    data: DataPlan
    control: ControlPlan
    locations: tuple[str, ...]
    populations: tuple[str, ...]
    tables: tuple[str, ...]
    operations: tuple[str, ...]  # "service.operation"; last is "token"
    assumptions: tuple[Assumption, ...]

    @property
    def regions(self) -> tuple[str, ...]:
        """Names of the topology's regions, by region index."""
        return self.locations[: self.data.region_count]
