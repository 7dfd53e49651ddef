"""What can hold people, the phases of a waterfall, and what ends these: each once, with all that is said.

A row of `HOLDS` is one cause. Which phase it belongs to, what can end it, how it is said, what takes it away
and which assumed defaults decide how long it holds all follow from its row (docs/measures.md, "Waterfall").
"""

from collections.abc import Mapping

from simulator.boundary.causes import CAUSES, WELL_BETWEEN
from simulator.records import dataclass

_RESOLVERS = ("dns.resolver_extends_ttl", "dns.resolver_extension")
_CONNECTIONS = ("client.*.keep_alive", "client.*.timeout")
RETRIES = ("client.*.attempts", "client.*.timeout", "client.*.backoff_base")
"""The assumed defaults of how clients try again, as patterns of names: they matter to every recovery."""
_AGAIN = ("client.*.attempts", "client.*.backoff_base")
CAPACITY = ("lambda.init_factor.*", "dynamodb.partitions", *_AGAIN)
"""Those of what there can be too little of."""
COPIES = ("dynamodb.replication_lag.*", "s3.replication_lag.*", "memorydb.replication_lag.*", "s3.catch_up")
"""Those of how late copies are."""
TOKENS = ("identity.*",)
"""Those of tokens and keys."""
LATENCY = ("network.last_mile.*", "gateway.overhead", "dynamodb.read", "dynamodb.write")
"""Those of how long an answer takes."""
DATABASES = ("*.promotion", "*.write_fencing", "*.old_writer", "*.switchover", "*.rebuild")
"""Those of databases with one writer."""
_NAMES = ("client.aws-*.dns_cache", "call.endpoint_ttl", "client.aws-*.keep_alive", "dns.resolver_tr*")
_CALLS = ("call.*", "client.aws-*.keep_alive", "dynamodb.read", "dynamodb.write")
_MISSES = ("memorydb.get", "dynamodb.read", "s3.get")
_PEOPLE = ("people.*", "operator.*", "plan.*")
_RESTORES = ("dynamodb.restore.*", "dynamodb.backup.*", *COPIES)


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A bar of a waterfall."""

    label: str
    """Its name in tables and pictures."""
    name: str = ""
    """Its name in results; empty: that of the one cause whose it is."""
    decided_by: tuple[str, ...] = ()
    """The assumed defaults that decide how long it takes, as patterns of names, the weightiest first."""
    is_led_there: bool = False
    """Whether other answers can end it: while it holds most, time goes to finding out and changing them."""
    expires: bool = False
    """Whether it ends by itself, in a time that somebody has set."""
    is_restored: bool = False
    """Whether a restore ends it, whose steps it is then told by."""
    is_promoted: bool = False
    """Whether a promotion ends it; if a failover plan makes that, it is told by the plan's steps."""


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A cause: something that holds people who are not served."""

    said: str
    """What they are held by."""
    remedy: str
    """What takes it away, as far as a design can: told where no lever shortens the recovery."""
    phase: Phase
    """The phase in which it holds most; several causes may share one."""
    decided_by: tuple[str, ...] = ()
    """As of a phase, where causes that share one differ in it; empty: that of its phase."""
    grows: bool = False
    """Whether it ends when capacity has grown, or caches are full."""


@dataclass(frozen=True, kw_only=True)
class End:
    """What ends a phase."""

    said: str
    sooner: str = ""
    """What would have ended it sooner, whatever held people meanwhile; empty: that is the cause's remedy."""


_CACHES_EXPIRE = Phase(
    name="caches_expire", label="caches expire", decided_by=_RESOLVERS, is_led_there=True, expires=True
)
_TOO_SMALL = Phase(name="capacity_too_small", label="capacity too small", decided_by=CAPACITY)

HOLDS: Mapping[str, Hold] = {
    "slow": Hold(
        said="answers that came too late",
        remedy="a region that is reached without the slow part",
        phase=Phase(label="too slow", decided_by=("client.*.timeout", *LATENCY), is_led_there=True),
    ),
    "no_other_answer": Hold(
        said="DNS that led to what was down",
        remedy="a health check, and another region that DNS may answer with",
        phase=Phase(label="no other answer", decided_by=RETRIES, is_led_there=True),
    ),
    "resolver_answers": Hold(
        said="an old DNS answer in a cache",
        remedy="addresses that stay when regions change",
        phase=_CACHES_EXPIRE,
    ),
    "device_answers": Hold(
        said="an old DNS answer in a cache",
        remedy="addresses that stay when regions change",
        phase=_CACHES_EXPIRE,
    ),
    "kept_connections": Hold(
        said="a kept-alive connection",
        remedy="connections that are closed when their region fails",
        phase=Phase(label="kept connections", decided_by=_CONNECTIONS, is_led_there=True, expires=True),
    ),
    "open_requests": Hold(
        said="a request without an answer",
        remedy="a shorter timeout of clients",
        phase=Phase(label="open requests", decided_by=_CONNECTIONS, is_led_there=True, expires=True),
    ),
    "negative_answers": Hold(
        said="an answer without an address in a cache",
        remedy="a shorter negative TTL",
        phase=Phase(label="negative answers", decided_by=_NAMES, is_led_there=True, expires=True),
    ),
    "name_servers": Hold(
        said="a name that led to no address",
        remedy="another region to turn to while a name has no address",
        phase=Phase(label="no address", decided_by=_NAMES, is_led_there=True),
    ),
    "errors": Hold(
        said="errors of the application",
        remedy="a health check that sees these errors",
        phase=Phase(label="application errs", decided_by=RETRIES, is_led_there=True),
    ),
    "dead_nodes": Hold(
        said="nodes that were down",
        remedy="quicker checks of targets",
        phase=Phase(label="dead nodes", decided_by=RETRIES, is_led_there=True),
    ),
    "stores": Hold(
        said="failed calls to a store",
        remedy="a health check that needs the store",
        phase=Phase(label="stores fail", decided_by=_CALLS, is_led_there=True, is_restored=True),
    ),
    "cold_caches": Hold(
        said="a cache that was cold",
        remedy="caches kept warm where users are led",
        phase=Phase(label="cold caches", decided_by=_MISSES),
        grows=True,
    ),
    "shedding": Hold(
        said="load shedding",
        remedy="a shorter pause, or a faster way back",
        phase=Phase(label="load is shed", decided_by=("shedding.*", *_AGAIN)),
    ),
    "web_acls": Hold(
        said="a web ACL that blocked them",
        remedy="a higher limit, or one by client, for those who share an address",
        phase=Phase(label="blocked", decided_by=("waf.*", *_AGAIN)),
    ),
    "gateway_limits": Hold(
        said="the limits of a gateway",
        remedy="higher quotas where users are led",
        phase=_TOO_SMALL,
        decided_by=_AGAIN,
    ),
    "lambda_limits": Hold(
        said="the limits of Lambda",
        remedy="higher quotas where users are led",
        phase=_TOO_SMALL,
        decided_by=("lambda.init_factor.*", *_AGAIN),
        grows=True,
    ),
    "table_limits": Hold(
        said="the limits of a table",
        remedy="more capacity of tables where users are led",
        phase=_TOO_SMALL,
        decided_by=("dynamodb.partitions", *_AGAIN),
        grows=True,
    ),
    "queues": Hold(
        said="a queue that was full or long",
        remedy="more workers where users are led",
        phase=_TOO_SMALL,
        decided_by=("dynamodb.read", "dynamodb.write", *_AGAIN),
    ),
    "no_nodes": Hold(
        said="a standby without nodes",
        remedy="nodes that are there before users are led to them",
        phase=_TOO_SMALL,
        decided_by=("node.*", *_AGAIN),
    ),
    "cold_starts": Hold(
        said="cold starts",
        remedy="provisioned concurrency",
        phase=Phase(label="cold starts", decided_by=CAPACITY),
        grows=True,
    ),
    "missing_keys": Hold(
        said="keys that were not published",
        remedy="verifiers that keep a key while its tokens are good",
        phase=Phase(label="missing keys", decided_by=TOKENS),
    ),
    "key_caches": Hold(
        said="keys that verifiers had kept",
        remedy="verifiers that fetch the keys when they meet an unknown one",
        phase=Phase(label="key caches", decided_by=TOKENS, expires=True),
    ),
    "refused_tokens": Hold(
        said="a token that was refused",
        remedy="issuers that share their keys",
        phase=Phase(label="refused tokens", decided_by=TOKENS),
    ),
    "issuers": Hold(
        said="issuers that gave no token",
        remedy="another issuer, asked first",
        phase=Phase(label="no tokens issued", decided_by=TOKENS),
    ),
    "circuit_breakers": Hold(
        said="a circuit breaker",
        remedy="circuit breakers that try again sooner",
        phase=Phase(label="circuit breakers", decided_by=_CALLS),
    ),
    "no_writer": Hold(
        said="a database whose writer was out of reach",
        remedy="a writer that fails over, or writes that can wait",
        phase=Phase(label="no writer", decided_by=DATABASES, is_promoted=True),
    ),
    "promotion": Hold(
        said="a database that was getting a new writer",
        remedy="a promotion that begins sooner",
        phase=Phase(label="promotion", decided_by=DATABASES, is_promoted=True),
    ),
    "blocked_commits": Hold(
        said="a database that blocked commits until a reader was near enough",
        remedy="another reader, or a larger 'rpo' of the database",
        phase=Phase(label="blocked commits", decided_by=(*_CALLS, "aurora.*")),
    ),
    "no_quorum": Hold(
        said="a strong table that had no quorum",
        remedy="users led to a region whose member has a quorum, or an eventual table",
        phase=Phase(label="no quorum", decided_by=(*_CALLS, *COPIES), is_led_there=True),
    ),
    "write_conflicts": Hold(
        said="writes of one item in several regions of a strong table",
        remedy="one region that writes each item, or more retries",
        phase=Phase(label="write conflicts", decided_by=_CALLS),
    ),
    "fenced_writes": Hold(
        said="writes that were fenced off in a region",
        remedy="traffic that leaves the region before writes are fenced",
        phase=Phase(label="fenced writes", decided_by=_CALLS, is_led_there=True),
    ),
    "externals": Hold(
        said="failed calls to an external dependency",
        remedy="an answer that does without it, or another provider to turn to",
        phase=Phase(label="external fails", decided_by=("external.*", *_CALLS)),
    ),
    "called_services": Hold(
        said="a service that others call",
        remedy="a shorter timeout or a circuit breaker where it is called, or more capacity there",
        phase=Phase(label="called services", decided_by=(*_CALLS, *_AGAIN), is_led_there=True),
    ),
    "damaged_data": Hold(
        said="wrong answers from damaged data",
        remedy="a restore of what was there before the damage, begun sooner",
        phase=Phase(label="damaged data", decided_by=COPIES, is_restored=True),
    ),
}
"""Every cause."""


def phase_of(cause: str) -> str:
    """The name of the phase that a cause belongs to."""
    return HOLDS[cause].phase.name or cause


KINDS: tuple[str, ...] = tuple(dict.fromkeys(phase_of(cause) for cause in CAUSES))
"""Phases that are named by what held people."""

_STAGES = {
    "notice_damage": "notice it",
    "await_restore": "wait for the restore",
    "delete_old": "delete the old table",
    "restore": "restore",
    "rebuild_settings": "settings",
    "create_replicas": "replicas",
    "create_strong_table": "empty strong table",
    "copy_items": "copy items in",
    "merge": "merge",
    "swap": "swap",
}

PHASES: Mapping[str, Phase] = {
    "detect": Phase(label="detect", decided_by=("route53.health_check.*",)),
    "await_trigger": Phase(label="wait for the trigger", decided_by=_PEOPLE),
    "reach_people": Phase(label="reach people", decided_by=_PEOPLE),
    "decide": Phase(label="decide", decided_by=_PEOPLE),
    "approve": Phase(label="approve", decided_by=_PEOPLE),
    "plan_step": Phase(label="a step of a plan", decided_by=_PEOPLE),
    "change_dns": Phase(label="change DNS", decided_by=("route53.status_to_answer",)),
    **{phase_of(cause): HOLDS[cause].phase for cause in CAUSES},
    **{stage: Phase(label=label, decided_by=_RESTORES) for stage, label in _STAGES.items()},
    WELL_BETWEEN: Phase(label="well in between"),
}
"""Every phase of a waterfall: what is done before answers change, what holds people, what a restore does."""

ENDS: Mapping[str, End] = {
    "detection": End(said="ended by a health check", sooner="health checks that notice sooner"),
    "operator": End(said="ended by the operator", sooner="a decision that is made sooner"),
    "answer": End(said="ended by other answers"),
    "expiry": End(said="ended by expiry"),
    "repair": End(said="ended by the repair"),
    "restore": End(said="ended by the restore"),
    "promotion": End(said="ended by the promotion"),
    "failback": End(said="ended by the failback"),
    "fault": End(said="ended by another fault"),
    "growth": End(said="ended by growth"),
    "zonal_shift": End(said="ended by a zonal shift"),
    "shedding": End(said="ended by load shedding"),
    "itself": End(said="ended by itself"),
    "not_ended": End(said="not seen to end"),
}
"""Whatever ends a phase."""
