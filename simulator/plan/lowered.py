"""The lowered plan: a checked experiment as integers and arrays, the only input of both planes.

Index conventions: `location` counts every place (the topology's regions first, so a region index is a
location index), `population`, `name` (DNS), `store`, `operation`, `step`, `distribution`, `resolver`.
All times are integer nanoseconds. Arrays are read-only.
"""

from dataclasses import field
from typing import TypeVar

from simulator.boundary.fields import (
    FACE,
    INSTANCE,
    LOCATION,
    NAME,
    NUMBER,
    OPERATION,
    POPULATION,
    REGION,
    RESOLVER,
    RULE,
    SERVICE,
    SNAPSHOT,
    STORE,
    UNIT_KIND,
    WEB_ACL,
    Axis,
    Floats,
    Ints,
    by,
    table,
)
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass

P = TypeVar("P")

DISTRIBUTION = Axis("distribution", lambda plan: len(plan.dist_kind))
MIX = Axis("operation of a population", lambda plan: len(plan.mix_operation))
POLICY = Axis("policy", lambda plan: len(plan.policy_attempts))
STEP = Axis("step", lambda plan: len(plan.step_kind))
ALIAS = Axis("item", lambda plan: len(plan.alias_item))
CDN = Axis("content network", lambda plan: len(plan.cdn_ttl_ns))
ORIGIN = Axis("origin", lambda plan: len(plan.origin_region))
ISSUER = Axis("issuer", lambda plan: len(plan.issuer_region))
FAULT_WINDOW = Axis("fault window", lambda plan: len(plan.fault_windows_ns))
BOUND = Axis("start, end", lambda _plan: 2)
HOUR = Axis("hour", lambda _plan: 7 * 24)


@table
class DataPlan:
    """What the data plane needs: integers and arrays, constant through the run."""

    seed: int = by(NUMBER, says="of every draw")
    duration_ns: int = by(NUMBER, says="of the run")
    warm_up_ns: int = by(NUMBER, says="how long the warm-up is")
    counts_from_ns: int = by(NUMBER, says="when the warm-up is over: what was before counts for nothing")
    metered: int = by(NUMBER, says="1: what only metrics need is counted, too")
    watches_clients: int = by(NUMBER, says="1: what each client asks for is counted, for a detector")
    window_ns: int = by(NUMBER, says="width of windows")
    window_first_ns: int = by(NUMBER, says="when the first starts: at most 0, with the first fault")
    lag_step_ns: int = by(NUMBER, says="width of replication-lag buckets")
    region_count: int = by(NUMBER, says="the first locations")
    fault_count: int = by(NUMBER, says="faults in the file")
    fault_words: int = by(NUMBER, says="words of bits that hold them")
    fault_windows_ns: Ints = by(FAULT_WINDOW, BOUND, says="when a fault acts, for session continuity")

    # distributions
    dist_kind: Ints = by(DISTRIBUTION, says="see simulator.randomness.draws")
    dist_a: Floats = by(DISTRIBUTION, says="first parameter")
    dist_b: Floats = by(DISTRIBUTION, says="second parameter")

    within_ns: Ints = by(POPULATION, OPERATION, says="an action that takes longer is not good")
    wrong_is_good: int = by(NUMBER, says="1: nor does a wrong answer keep an action from being good")

    # network
    rtt_ns: Ints = by(LOCATION, LOCATION, says="median round-trip time")
    rtt_sigma: float = by(NUMBER, says="of its log-normal jitter")
    retransmit_ns: int = by(NUMBER, says="first retransmission timeout, doubling (RFC 6298)")
    retransmit_longest_ns: int = by(NUMBER, says="and the longest")

    # populations
    pop_near: Ints = by(POPULATION, says="location")
    pop_sessions: Ints = by(POPULATION, says="closed: number of concurrent sessions; open: 0")
    pop_gap_ns: Floats = by(
        POPULATION, says="open: mean gap between candidates at the busiest hour; closed: 0"
    )
    pop_gap_kind: Ints = by(
        POPULATION, says="distribution of the gaps: exponential, or constant for canaries"
    )
    pop_profile: Floats = by(
        POPULATION, HOUR, says="acceptance probability by hour of the week, from Monday 00:00"
    )
    pop_lead_ns: Ints = by(POPULATION, says="open: candidates start this long before time zero")
    pop_length: Ints = by(POPULATION, says="distribution of session length")
    pop_think: Ints = by(POPULATION, says="distribution")
    pop_last_mile: Ints = by(POPULATION, says="distribution, round trip")
    pop_mix_first: Ints = by(POPULATION, says="first row in mix_*")
    pop_mix_count: Ints = by(POPULATION, says="rows in mix_*")
    mix_cumulative: Floats = by(MIX, says="cumulative share, last = 1.0")
    mix_operation: Ints = by(MIX, says="what is done")
    mix_row: Ints = by(POPULATION, OPERATION, says="row in mix_* in which it is done, -1: never")
    pop_policy: Ints = by(POPULATION, says="its client's policy")
    pop_patience_ns: Ints = by(POPULATION, says="NEVER_NS when unlimited")
    pop_sign_up: Floats = by(POPULATION, says="share of the sessions starting in the run that register")
    pop_bots: Ints = by(POPULATION, says="1: bots")
    pop_addresses: Ints = by(POPULATION, says="addresses that they share; 0: each has one of its own")
    pop_address_first: Ints = by(POPULATION, says="first of them among all that are shared")
    pop_surge_base: Floats = by(POPULATION, says="factor of the load when no surge acts: 1, bots 0")
    pop_surge_most: Floats = by(POPULATION, says="the highest that the run's surges add up to")
    pop_dns_fixed_ns: Ints = by(POPULATION, says="device cache: fixed lifetime, -1 when it follows the TTL")
    pop_dns_floor_ns: Ints = by(POPULATION, says="device cache that follows the TTL: its floor")
    pop_dns_negative_ns: Ints = by(POPULATION, says="device cache of empty answers and failures")
    pop_resolver_first: Ints = by(POPULATION, says="first of its resolvers")
    pop_resolver_count: Ints = by(POPULATION, says="how many it has")
    day_offset_ns: int = by(NUMBER, says="time since Monday 00:00 at time zero")

    # resolvers
    resolver_extend_ns: Ints = by(RESOLVER, says="0: honest")
    resolver_users_upto: Floats = by(RESOLVER, says="share of its population's users up to and with it")
    resolver_phase: Floats = by(RESOLVER, says="share of an answer's life that is left at time zero")
    resolver_rtt_ns: int = by(NUMBER, says="resolver to authoritative server and back")
    resolver_try_timeout_ns: int = by(NUMBER, says="how long it waits for an answer")
    resolver_tries: int = by(NUMBER, says="of a query")
    resolver_failure_ns: int = by(NUMBER, says="how long a failure is cached")

    # names
    name_ttl_ns: Ints = by(NAME, says="of its record")
    negative_ttl_ns: int = by(NUMBER, says="of an answer with no address")

    # policies of clients: how a caller waits, tries again, and holds back (docs/model-request-path.md §6)
    policy_attempts: Ints = by(POLICY, says="at most")
    policy_connect_timeout_ns: Ints = by(POLICY, says="-1: none of its own")
    policy_timeout_ns: Ints = by(POLICY, says="of an attempt")
    policy_base_ns: Ints = by(POLICY, says="first backoff")
    policy_throttle_base_ns: Ints = by(POLICY, says="first backoff after throttling")
    policy_cap_ns: Ints = by(POLICY, says="longest backoff")
    policy_jitter: Ints = by(POLICY, says="1: full jitter, 0: none")
    policy_quota: Ints = by(POLICY, says="tokens; 0: no quota")
    policy_cost: Ints = by(POLICY, says="of a retry")
    policy_timeout_cost: Ints = by(POLICY, says="of a retry after a timeout")
    policy_throttle_cost: Ints = by(POLICY, says="of a retry after throttling")
    policy_keep_alive_ns: Ints = by(POLICY, says="0: a connection per attempt")
    policy_age_ns: Ints = by(POLICY, says="age limit of a connection, for calls; 0: none")
    policy_retries_refused: Ints = by(POLICY, says="1: a refused condition begins another round")
    policy_next_address_ns: Ints = by(
        POLICY, says="how long one address of an answer is tried before the next; -1: no other is"
    )
    policy_repeats: Ints = by(POLICY, says="what it repeats by itself after a reset: nothing, reads, all")
    policy_adaptive: Ints = by(POLICY, says="1: it has an adaptive limiter")
    policy_window: Ints = by(POLICY, says="results that the breaker remembers, at most 120; 0: no breaker")
    policy_least: Ints = by(POLICY, says="results before the breaker may open")
    policy_threshold: Floats = by(POLICY, says="share of failures at which it opens")
    policy_open_ns: Ints = by(POLICY, says="how long it stays open")
    policy_probes: Ints = by(POLICY, says="let through while half open")

    # services and sites; the last service is identity
    site_compute: Ints = by(SERVICE, REGION, says="kind")
    site_first: Ints = by(SERVICE, REGION, says="first instance")
    site_count: Ints = by(SERVICE, REGION, says="instances, with those that failover plans may launch")
    site_there: Ints = by(SERVICE, REGION, says="of them, those that are there from the start")
    site_gateway: Ints = by(SERVICE, REGION, says="1 if there is a gateway")
    site_keep_alive_ns: Ints = by(
        SERVICE, REGION, says="age from which its load balancer ends clients' connections; NEVER_NS: none"
    )
    site_balanced: Ints = by(SERVICE, REGION, says="1 if a load balancer sends requests to what runs there")
    stage_gap_ns: Ints = by(SERVICE, REGION, says="0: no limit")
    stage_slack_ns: Ints = by(SERVICE, REGION, says="burst")
    method_gap_ns: Ints = by(OPERATION, REGION, says="0: no limit")
    method_slack_ns: Ints = by(OPERATION, REGION, says="burst")
    account_gap_ns: Ints = by(REGION, says="between requests of an account's gateways")
    account_slack_ns: Ints = by(REGION, says="burst")
    service_timeout_ns: Ints = by(SERVICE, says="the gateway's, NEVER_NS when there is none")
    service_overhead: Ints = by(SERVICE, says="distribution")
    service_verifies: Ints = by(SERVICE, says="NOBODY, GATEWAY, INSTANCE")
    lambda_limit: Ints = by(REGION, says="concurrent executions of the account")
    lambda_reserved: Ints = by(SERVICE, REGION, says="0: none")
    lambda_throttled: Ints = by(SERVICE, REGION, says="outcome of a request without an environment")
    lambda_rate_gap_ns: Ints = by(SERVICE, REGION, says="invocation bucket")
    lambda_rate_slack_ns: Ints = by(SERVICE, REGION, says="burst")
    lambda_scale_gap_ns: int = by(NUMBER, says="scaling bucket")
    lambda_scale_slack_ns: int = by(NUMBER, says="burst")
    lambda_init: Ints = by(SERVICE, REGION, says="distribution")
    lambda_idle_ns: Ints = by(SERVICE, REGION, says="how long an environment lives idle")
    lambda_provisioned: Ints = by(SERVICE, REGION, says="environments that are always there")
    node_workers: Ints = by(SERVICE, REGION, says="requests that a node works on at once")
    node_queue: Ints = by(SERVICE, REGION, says="requests that wait at a node, at most")
    node_room: Ints = by(SERVICE, REGION, says="requests that fit into a node's memory")
    balancer_timeout_ns: int = by(NUMBER, says="to connect to a target")
    instance_service: Ints = by(INSTANCE, says="whose it is")
    instance_region: Ints = by(INSTANCE, says="where it is")
    instance_zone: Ints = by(INSTANCE, says="-1: in none")
    zone_count: Ints = by(REGION, says="zones of a region")

    sheds: int = by(NUMBER, says="how many shed load: without any, no request asks")

    # web ACLs, each in its place: in a region, or at CloudFront (docs/model-request-path.md §1.1)
    web_acls: int = by(NUMBER, says="how many: without any, no request asks")
    service_acl: Ints = by(SERVICE, REGION, says="the one before it, -1: none")
    acl_rule_first: Ints = by(WEB_ACL, says="first of its rules")
    acl_rule_count: Ints = by(WEB_ACL, says="how many")
    acl_global: Ints = by(WEB_ACL, says="1: at CloudFront, which comes before all regions")
    rule_limit: Ints = by(RULE, says="requests in a window above which a key is limited; 0: none")
    rule_phase_ns: Ints = by(RULE, says="when its rates are checked first, and where slices begin")
    rule_slice_ns: Ints = by(RULE, says="a sixth of its window")
    rule_of_flagged: Ints = by(RULE, says="1: it concerns keys that a detector has flagged, and no others")
    rule_by_client: Ints = by(RULE, says="1: its keys are clients; 0: addresses")
    rule_blocks: Ints = by(RULE, says="1: its action is to block; 0: to count")
    rule_concerns: Ints = by(RULE, OPERATION, says="1: it concerns requests for the operation")

    # calls
    call_policy: Ints = by(SERVICE, STORE, says="by which a service calls a store")
    endpoint_ttl_ns: int = by(NUMBER, says="of the names of stores")
    in_region_rtt_ns: int = by(NUMBER, says="round trip within a region")
    applied_share: float = by(NUMBER, says="of the writes that fail with a 500")

    # operations; the last is the token request
    op_service: Ints = by(OPERATION, says="whose it is")
    face_service: Ints = by(FACE, says="whose it is: first of each service the one that it has to everybody")
    op_face: Ints = by(OPERATION, POPULATION, says="the face that requests for it, of its service, meet")
    page_face: Ints = by(OPERATION, says="the face that a check of its page meets")
    op_name: Ints = by(OPERATION, says="name index, -1 for the token request")
    op_step_first: Ints = by(OPERATION, says="first row in step_*")
    op_step_count: Ints = by(OPERATION, says="how many")
    op_writes: Ints = by(OPERATION, says="1 if any step writes, or one of an operation that it calls")
    service_calls: int = by(NUMBER, says="how many steps call another service: without any, no job is nested")
    step_kind: Ints = by(STEP, says="see simulator.boundary.kinds")
    step_dist: Ints = by(STEP, says="distribution of the time that it takes")
    step_store: Ints = by(STEP, says="store, -1 for compute")
    step_own: Ints = by(STEP, says="1: the session's own item")
    step_miss: Ints = by(STEP, says="the table behind a cache, -1: none")
    step_miss_dist: Ints = by(STEP, says="distribution of the time that reading the table takes")
    step_idempotent: Ints = by(STEP, says="1: a second application is left out")
    step_filters_expired: Ints = by(STEP, says="1: it takes no item that has expired")
    step_stands_alone: Ints = by(STEP, says="1: it does not build on what was there")
    step_writes: Ints = by(STEP, says="1: it changes what its store holds")
    step_consistent: Ints = by(STEP, says="1: a read of strong consistency, which costs twice the units")
    step_quorum: Ints = by(STEP, says="1: it waits for another member of a strong table")
    step_condition: Ints = by(STEP, says="of a write: see simulator.boundary.kinds")
    step_remembers: Ints = by(STEP, says="slot in which a request keeps what this has read, -1: none")
    step_compares: Ints = by(STEP, says="slot of what must be unchanged, -1: none")
    step_operation: Ints = by(STEP, says="the operation of another service that it calls, -1: none")
    step_to: Ints = by(STEP, says="the region in which it calls it, -1: its own")
    step_restart: Ints = by(STEP, says="the step with which another round of a condition begins")
    seen_slots: int = by(NUMBER, says="how many reads a request keeps, at most")

    # stores: tables, buckets and caches alike; a store is its number
    store_kind: Ints = by(STORE, says="see simulator.boundary.kinds")
    store_items: Ints = by(STORE, says="how many")
    store_item_first: Ints = by(STORE, says="first global item number")
    store_replica: Ints = by(STORE, REGION, says="1 where there is a replica")
    store_writer: Ints = by(STORE, says="the region that takes the writes of a database at first, -1: any")
    conditions: int = by(NUMBER, says="how many steps have one: without any, no call asks")
    strong_tables: int = by(NUMBER, says="how many stores are: without any, no call asks for a quorum")
    store_strong: Ints = by(STORE, says="1: a write is acknowledged once another member has it")
    store_witness: Ints = by(STORE, says="location of a strong table's witness, -1: none")
    externals: int = by(NUMBER, says="how many stores are external dependencies: the last ones")
    callees: int = by(NUMBER, says="how many are services that others call: those before them")
    store_home: Ints = by(STORE, says="location of an external, -1: nobody knows, or no external")
    store_way_ns: Ints = by(STORE, says="round trip to an external without a home")
    store_zipf: Ints = by(STORE, says="1: alias rows hold its popularity; 0: uniform")
    alias_probability: Floats = by(ALIAS, says="by global item number (length 0 when no table is Zipf)")
    alias_item: Ints = by(ALIAS, says="local item number")
    lag_mu: Floats = by(STORE, REGION, REGION, says="ln(median ns)")
    lag_sigma: Floats = by(STORE, REGION, REGION, says="sigma of the lag's log-normal distribution")
    lag_slot_ns: Ints = by(STORE, REGION, REGION, says="how long copies of an item meet similar delays")
    lag_unusual_ns: Ints = by(STORE, REGION, REGION, says="longer than any lag that the distribution gives")
    lag_held_ns: int = by(NUMBER, says="a copy that arrives so much later than it was due was held back")
    catch_up_num: Ints = by(STORE, says="catch-up multiple = num / 100")
    store_write_milli: Ints = by(STORE, says="thousandths of a unit of a write")
    store_read_milli: Ints = by(STORE, says="thousandths of a unit of a read")
    store_limited: Ints = by(STORE, says="1: it has limits of capacity")
    store_provisioned: Ints = by(STORE, says="1: provisioned, 0: on demand")
    store_rate: Floats = by(STORE, REGION, UNIT_KIND, says="units a second: provisioned, or warm throughput")
    growth_phase_ns: Ints = by(STORE, REGION, says="of a half hour of growth on demand, gone at time zero")
    store_partitions: Ints = by(STORE, says="into how many partitions it is cut")
    store_partition_first: Ints = by(STORE, says="first in the pool of partitions")
    partition_rate: Floats = by(UNIT_KIND, says="write and read units a second")
    partition_slack_ns: int = by(NUMBER, says="burst of a partition")
    store_slack_ns: Ints = by(STORE, says="burst")
    put_rate: Floats = by(MIX, STORE, says="puts into a bucket at time zero, a second")
    store_empty: Ints = by(STORE, says="1: no item is there at first")
    store_live_ns: Ints = by(STORE, says="how long after its write an item expires; NEVER_NS: never")
    store_expired_ns: Ints = by(STORE, says="within which time after that it is deleted")
    cache_ttl_ns: Ints = by(STORE, says="NEVER_NS: none")

    # content networks
    op_cdn: Ints = by(OPERATION, says="-1: none")
    cdn_origin_first: Ints = by(CDN, says="first of its origins")
    cdn_origin_count: Ints = by(CDN, says="how many")
    origin_region: Ints = by(ORIGIN, says="where it is")
    cdn_ttl_ns: Ints = by(CDN, says="of an object")
    cdn_error_ttl_ns: Ints = by(CDN, says="of an error")
    cdn_attempts: Ints = by(CDN, says="at each origin")
    cdn_connect_timeout_ns: Ints = by(CDN, says="of an origin")
    cdn_entry_first: Ints = by(CDN, says="first of its items in the edges' caches")

    # snapshots
    snapshot_store: Ints = by(SNAPSHOT, says="of which store")
    snapshot_region: Ints = by(SNAPSHOT, says="of the replica in which region")
    snapshot_first: Ints = by(SNAPSHOT, says="first of its items among those kept")

    # identity
    issuer_region: Ints = by(ISSUER, says="empty: no tokens")
    issuer_home: Ints = by(REGION, says="the issuer whose keys a verifier there trusts, with regional keys")
    keys_shared: int = by(NUMBER, says="1: every region has all keys")
    token_lifetime_ns: int = by(NUMBER, says="of a token; 0: there are none")
    keys_cache_ns: int = by(NUMBER, says="how long a verifier keeps keys")
    keys_fetch_limit_ns: int = by(NUMBER, says="how long it tries to fetch them")
    verifier_count: int = by(NUMBER, says="of each region's gateways")


@dataclass(frozen=True)
class ControlPlan:
    """What the control plane needs: the faults, and its services' plans (`simulator.lowering.control`)."""

    faults: tuple[FaultPlan, ...]  # in file order
    plans: tuple[object, ...] = ()

    def of(self, kind: type[P]) -> tuple[P, ...]:
        """The plans of one kind, in file order."""
        return tuple(plan for plan in self.plans if isinstance(plan, kind))


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
    stores: tuple[str, ...]  # tables, databases, buckets, caches, called services, externals
    services: tuple[str, ...]  # last is "identity"
    operations: tuple[str, ...]  # "service.operation"; last is "token"
    assumptions: tuple[Assumption, ...]
    memory: dict[tuple[int, int], tuple[int, int, int]] = field(default_factory=dict)
    """By service and region that runs on Lambda or nodes: that kind, bytes of an instance, bytes that a
    request takes (0 on Lambda). Only measures need it."""
    external_kinds: tuple[str, ...] = ()
    """What each external dependency is. Only measures need it."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Names of the topology's regions, by region index."""
        return self.locations[: self.data.region_count]
