"""What held an action that was not good (docs/measures.md, "What held those who were not served")."""

from typing import Literal, get_args

Cause = Literal[
    "slow",  # too late, though nothing of what follows was met
    "no_other_answer",  # the place could not be reached, and Route 53 still led there
    "resolver_answers",  # an answer that a resolver had kept, when Route 53 already answered otherwise
    "device_answers",  # the same, kept by the device
    "kept_connections",  # the same, over a kept-alive connection; or one that was broken meanwhile
    "open_requests",  # silence, sent before Route 53 answered otherwise: the client still waited
    "negative_answers",  # no address, or an error, kept from before, when there was one again
    "name_servers",  # the authoritative servers did not answer, or answered with nothing
    "errors",  # the application answered with a 5xx
    "dead_nodes",  # a load balancer sent it to a node that was down
    "stores",  # a table, cache, bucket or origin failed
    "cold_caches",  # what a cache did not have was throttled by the table behind it
    "shedding",  # turned away by load shedding
    "web_acls",  # blocked by a web ACL
    "gateway_limits",  # throttled by a gateway
    "lambda_limits",  # throttled by Lambda
    "table_limits",  # throttled by a table
    "queues",  # waited in a node's queue, or found it full
    "no_nodes",  # a load balancer had no node yet
    "cold_starts",  # waited for a new Lambda environment
    "missing_keys",  # the token's key was not published, or no keys could be fetched
    "key_caches",  # a verifier did not have the token's key, which was published
    "refused_tokens",  # a verifier had the keys and did not accept the token
    "issuers",  # no issuer gave a token
    "circuit_breakers",  # a circuit breaker held it back
    "no_writer",  # the region that takes a database's writes was out of reach, or there was none
    "promotion",  # another region was being made the writer of a database
    "blocked_commits",  # a database let no commit through, as every reader was too far behind
    "no_quorum",  # a strong table's member reached no other, or had not caught up
    "write_conflicts",  # another region wrote the item of a strong table meanwhile
    "fenced_writes",  # writes were refused in a region, by a failover plan
    "externals",  # a call to an external dependency failed
    "called_services",  # a service that its service calls kept it waiting, or failed it
    "damaged_data",  # it ended well and in time, with a wrong answer
]
CAUSES: tuple[Cause, ...] = get_args(Cause)
(
    SLOW, NO_OTHER_ANSWER, RESOLVER_ANSWERS, DEVICE_ANSWERS, KEPT_CONNECTIONS, OPEN_REQUESTS,
    NEGATIVE_ANSWERS, NAME_SERVERS, ERRORS, DEAD_NODES, STORES, COLD_CACHES, SHEDDING, WEB_ACLS,
    GATEWAY_LIMITS, LAMBDA_LIMITS, TABLE_LIMITS, QUEUES, NO_NODES, COLD_STARTS, MISSING_KEYS, KEY_CACHES,
    REFUSED_TOKENS, ISSUERS, CIRCUIT_BREAKERS, NO_WRITER, PROMOTION, BLOCKED_COMMITS, NO_QUORUM,
    WRITE_CONFLICTS, FENCED_WRITES, EXTERNALS, CALLED_SERVICES,
    DAMAGED_DATA,
) = range(34)  # fmt: skip

PLAN_MARKS = ("await_trigger", "reach_people", "decide", "approve", "plan_step")
"""Phases that are named by what a failover plan did meanwhile."""

MARKS = ("detect", *PLAN_MARKS, "change_dns")
"""Phases of a waterfall that are named by what was done, before the answers change; others by a cause."""

WELL_BETWEEN = "well_between"
"""A phase in which nobody is held, until another fault begins."""

STAGES = (
    "notice_damage",
    "await_restore",
    "delete_old",
    "restore",
    "rebuild_settings",
    "create_replicas",
    "create_strong_table",
    "copy_items",
    "merge",
    "swap",
)
"""Phases that are named by what a restore did meanwhile, of those that damaged or missing data held."""

Ending = Literal[
    "detection",
    "operator",
    "answer",
    "expiry",
    "repair",
    "restore",
    "promotion",
    "failback",
    "fault",
    "growth",
    "zonal_shift",
    "shedding",
    "itself",
    "not_ended",
]
"""What ends a phase."""

NOTHING = -1
"""No try of the action has failed yet."""

OVERTAKEN, WITH_REGION, BY_PROMOTION, BY_FORK = range(1, 5)
"""Why a write is gone, in samples of them; 0: there is none."""

GONE_BY = {
    OVERTAKEN: "overtaken",
    WITH_REGION: "lost with its region",
    BY_PROMOTION: "lost by a promotion",
    BY_FORK: "left behind by a fork",
}
"""The same in words."""
