"""Every rule of `simulator check`, once: its name, how serious a finding is, why, and what to do.

What finds them stands with its subject: in `simulator.rules`, in the notes of `simulator.lowering`, and in
what readiness says of standbys and of what is single. `docs/rules.md` is made from this list.
"""

from typing import Literal

from simulator.records import dataclass

Severity = Literal["error", "warning", "note"]
"""`error`: the file cannot be used. `warning`: a setting defeats its purpose. `note`: worth knowing."""


@dataclass(frozen=True)
class Rule:
    """One rule."""

    name: str
    severity: Severity
    about: str
    """What is found, in a sentence."""
    why: str
    """What comes of it."""
    remedy: str
    """What to do, in a sentence."""
    by_load: bool = False
    """Whether it takes an experiment to find it."""


INVALID, UNUSED = "invalid", "unused-suppression"
OF_SHIFTS = "zonal-shift-too-small"

LIST = (
    Rule(
        INVALID,
        "error",
        "The file says something that cannot be simulated.",
        "Nothing can be told of the system.",
        "The message says what to write instead.",
    ),
    Rule(
        UNUSED,
        "warning",
        "A suppression suppresses nothing.",
        "What it was for has gone, and it would hide the next finding of its rule.",
        "Remove it.",
    ),
    # names and health checks
    Rule(
        "failover-to-smaller-quota",
        "warning",
        "A region to which a name falls back, or turns when another is lost, can take less than that one.",
        "Quotas are those of an account in a region, and defaults differ: the survivor turns traffic away "
        "just when it gets all of it.",
        "Raise the quota there ahead of time, or give the service as much there.",
    ),
    Rule(
        "never-leaves-out",
        "warning",
        "The answers of a name of several regions never leave out an unhealthy one.",
        "With policy simple, or where health is not heeded, users are led to a dead region for ever.",
        "Use another policy with a health check, or a plan that changes the record.",
    ),
    Rule(
        "no-health-check",
        "warning",
        "A name of several regions has no health check.",
        "Every region counts as healthy for ever.",
        "Name a 'health_check', or let an alias evaluate its targets.",
    ),
    Rule(
        "target-health-sees-no-errors",
        "warning",
        "A name follows the health of targets that do not show what is wrong behind them.",
        "An alias of API Gateway is healthy while the gateway is, whatever the function behind it answers.",
        "Name a 'health_check' with 'depth: deep', or one that follows an alarm.",
    ),
    Rule(
        "prefers-standby",
        "warning",
        "A failover record prefers a region whose role is standby.",
        "Users are led to the standby while all is well.",
        "Let the active region come first in 'order'.",
    ),
    Rule(
        "few-checker-regions",
        "warning",
        "A health check asks from three regions only.",
        "An endpoint is healthy while more than 18 % of the checkers say so. Where one of three regions is "
        "cut off together with the endpoint, its own checkers go on saying so: 33 %.",
        "Leave 'checker_regions' out, or name at least six.",
    ),
    Rule(
        "unused-health-check",
        "warning",
        "Nothing uses a health check.",
        "It is made, costs money, and moves nobody.",
        "Name it in a record, a trigger or a calculated check, or remove it.",
    ),
    Rule(
        "check-follows-own-region",
        "warning",
        "A health check follows alarms of the very region that it judges.",
        "While that region is down there are no data, and the check stays as it was.",
        "Write 'insufficient_data: unhealthy', or copy the metric elsewhere.",
    ),
    Rule(
        "check-ignores-missing",
        "warning",
        "A health check follows an alarm that says what to do about missing data.",
        "A check follows the data of an alarm, not its state.",
        "Say it of the check: 'insufficient_data'.",
    ),
    # times
    Rule(
        "ttl-longer-than-objective",
        "warning",
        "A name's TTL is longer than the recovery time that is asked for.",
        "Resolvers and devices keep leading users to the lost region until the TTL is over, however quick "
        "all else is.",
        "Shorten the TTL, or ask for less.",
        by_load=True,
    ),
    Rule(
        "rto-arithmetic",
        "warning",
        "Detection and TTL together are longer than the recovery time that is asked for.",
        "A check needs 'failure_threshold' failures 'interval' apart before answers change, and cached ones "
        "live for a TTL after that.",
        "Check more often, lower the threshold, or shorten the TTL.",
        by_load=True,
    ),
    Rule(
        "retries-outlast-gateway",
        "warning",
        "A service may still be trying when its gateway has given up.",
        "The client gets a 504 and tries again, while the work of the first try goes on: load for nobody.",
        "Lower 'timeout' or 'attempts' of the call, so that all tries fit into the gateway's timeout.",
    ),
    Rule(
        "slow-step",
        "warning",
        "A step of a failover plan may take longer than its timeout.",
        "The plan strands at it.",
        "Write a longer 'timeout' for the step.",
    ),
    # stores
    Rule(
        "uneven-write-capacity",
        "warning",
        "A global table has different write capacity in its replicas.",
        "DynamoDB keeps the write capacity of all replicas the same; only read capacity may differ.",
        "Write the same write capacity everywhere, or use capacity on demand.",
    ),
    Rule(
        "cache-that-nothing-fills",
        "warning",
        "A cache is asked, and nothing fills it.",
        "Every look is a miss that finds nothing: time spent for no hit.",
        "Name what is read on a miss ('miss'), or leave the cache out.",
    ),
    Rule(
        "nodes-run-out-of-memory",
        "warning",
        "A node may take on more requests than it has memory for.",
        "Overload kills it instead of being turned away, and the others get its share.",
        "Let 'workers' and 'queue' together be no more than it has room for.",
    ),
    # web ACLs
    Rule(
        "acl-counts-apart",
        "warning",
        "A web ACL counts apart in each of several regions.",
        "Who asks in all of them has each limit so often, and begins anew behind a failover.",
        "A 'scope: cloudfront' counts once.",
    ),
    Rule(
        "acl-blocks-honest",
        "warning",
        "Honest people behind few addresses ask for more than a limit.",
        "They are blocked as if they were bots.",
        "Raise the limit, or count 'by: client'.",
        by_load=True,
    ),
    Rule(
        "bots-unseen",
        "warning",
        "No rule of a web ACL sees the bots.",
        "Rules add up by address or by client, and these bots have neither in common.",
        "Say from how many 'addresses' they come, and count 'by: address'.",
        by_load=True,
    ),
    # experiments
    Rule(
        "fault-strikes-nothing",
        "warning",
        "A fault of a zone strikes nothing that is bound to a zone.",
        "The run goes on as if nothing had happened, and expectations are not exercised.",
        "Give a service 'compute', or let the region break.",
        by_load=True,
    ),
    Rule(
        "constant-think-time",
        "note",
        "A population thinks for a constant time.",
        "People do not: those whom an outage held up go on in step, and arrive together ever after.",
        "Write a distribution, such as '{median: 5 s, p99: 30 s}'.",
    ),
    # standbys
    Rule(
        "missing-replica",
        "warning",
        "A standby lacks a table, a database, a bucket or a cache that its services call.",
        "They fail there, however healthy the region is.",
        "Add the region to the replicas, or let a plan make the replica.",
    ),
    Rule(
        "standby-without-service",
        "warning",
        "A standby does not run a service that is needed there.",
        "Users who are led there find nothing.",
        "Add the region to the service, or let a plan enable it.",
    ),
    Rule(
        "standby-without-writer",
        "warning",
        "No plan makes a standby's reader of a database the writer.",
        "Nobody can write while the writer's region is gone.",
        "Write 'promote' in a plan.",
    ),
    Rule(
        "standby-needs-elsewhere",
        "warning",
        "A standby needs something whose home is in the region that it stands in for.",
        "It goes down with that.",
        "Have one in each region, or do without it in an emergency.",
    ),
    Rule(
        "standby-without-issuer",
        "warning",
        "Tokens are issued elsewhere, or new users can register elsewhere alone.",
        "Who must sign in cannot, though all else is there.",
        "Name the standby among the issuers.",
    ),
    Rule(
        "standby-without-record",
        "warning",
        "Nothing turns a name to a standby when another region is lost.",
        "It stands by for nobody.",
        "Use policy failover with a health check, or a plan that changes the record.",
    ),
    Rule(
        "standby-quota-too-small",
        "warning",
        "A quota of a standby is below what today's load needs of it.",
        "Requests beyond it are turned away.",
        "Raise the quota ahead of time.",
    ),
    Rule(
        "standby-small-capacity",
        "note",
        "A standby is too small for today's load until it has grown.",
        "Requests are turned away, or begin cold, for as long as that takes.",
        "Keep it larger, or let a plan scale it and count the time.",
    ),
    Rule(
        "standby-lacks-thing",
        "warning",
        "A standby lacks a secret, an image or a certificate that its services need.",
        "They do not start there.",
        "Copy it there ahead of time.",
    ),
    Rule(
        OF_SHIFTS,
        "warning",
        "A zonal shift leaves a service fewer nodes than today's load needs.",
        "Moving away from a grey zone overloads the others, or has no effect where there are none.",
        "Keep nodes for two zones of three, or scale before shifting.",
    ),
    # what is single
    Rule(
        "single-region",
        "note",
        "A name, or tokens, depend on one region.",
        "While it is down, nobody is served.",
        "Run it in another region, too.",
    ),
    Rule(
        "single-issuer",
        "note",
        "New users register in one region alone.",
        "While it is down, nobody can sign up.",
        "Know it: a secondary issuer cannot register users.",
    ),
    Rule(
        "single-replica",
        "note",
        "A table or bucket has one replica.",
        "If its region is lost, so is the store, but for its backups.",
        "Add a replica, or keep backups elsewhere.",
    ),
    Rule(
        "single-node-cache",
        "note",
        "A cache has no replicas.",
        "While the zone of its primary is down, so is the cache.",
        "Give its 'failover' replicas.",
    ),
    Rule(
        "single-writer",
        "note",
        "A database takes writes in one region alone.",
        "While that is out of reach, nobody can write until a reader is promoted.",
        "Let a plan promote a reader, and count the time.",
    ),
    Rule(
        "single-backup-region",
        "note",
        "The backups of a store are kept in one region.",
        "What is lost with a region is lost with its backups.",
        "Copy them to another region ('copied_to').",
    ),
    Rule(
        "single-zone",
        "note",
        "A service has all its nodes of a region in one zone.",
        "While that zone is down, so is the service there.",
        "Give the region more zones, or the service more nodes.",
    ),
    Rule(
        "single-origin",
        "note",
        "A content network has one origin, or writes to one alone.",
        "Without it nothing new is served, or nothing can be written.",
        "Add an origin; writes go to the first alone.",
    ),
    Rule(
        "single-external",
        "note",
        "An external dependency is one, wherever it lives.",
        "Without it the operations that call it fail.",
        "Have a second one, or do without it in an emergency.",
    ),
    Rule(
        "single-thing",
        "note",
        "A secret, an image or a certificate is in one of several regions that need it.",
        "Nothing new starts elsewhere without it.",
        "Copy it to the others.",
    ),
    Rule(
        "single-health-check",
        "note",
        "Names turn to another region by one health check alone.",
        "What it does not see moves nobody.",
        "Look at what users do, as with an alarm or a canary.",
    ),
    Rule(
        "single-control-plane",
        "note",
        "Plans need a control plane that has one home.",
        "While that region is down, the step cannot be done.",
        "Prefer what the data plane does by itself: health checks, routing controls.",
    ),
    Rule(
        "single-tool",
        "note",
        "A step of a plan needs a service that runs in one region.",
        "If that is the lost one, the plan strands.",
        "Run the tool elsewhere, too.",
    ),
    Rule(
        "single-called-service",
        "note",
        "A service of several regions calls one that runs in one region.",
        "If that region is lost, what calls it fails everywhere.",
        "Run it in the regions of its callers, too, or do without it in an emergency.",
    ),
)

RULES = {rule.name: rule for rule in LIST}
"""Every rule by name, in the order of the documentation."""
