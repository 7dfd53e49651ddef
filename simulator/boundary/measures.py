"""Every measure that an expectation can name, once: unit, scope, meaning, and when a run tells nothing of it.

How each is read from a result stands in `simulator.measure`, beside what it reads. What a user may write, the
checks, the schema and the tables of the documentation are made from this list.
"""

from simulator.boundary.measure_terms import Reason
from simulator.boundary.measure_terms import one as _one
from simulator.boundary.measures_of_alarms import OF_ALARMS
from simulator.boundary.measures_of_databases import OF_DATABASES
from simulator.boundary.measures_of_nodes import OF_NODES
from simulator.boundary.measures_of_plans import OF_PLANS
from simulator.boundary.measures_of_reactions import OF_REACTIONS
from simulator.boundary.measures_of_replication import OF_REPLICATION
from simulator.boundary.measures_of_scaling import OF_SCALING
from simulator.boundary.measures_of_web_acls import OF_WEB_ACLS
from simulator.boundary.scopes import (
    ACTIONS,
    BOTH,
    CACHE,
    COUNTERS,
    DAMAGED,
    EITHER,
    OVERTAKEN,
    PEOPLE,
    PERCENTILE,
    RECOVERED,
    RUN,
    SESSIONS,
    SPAN,
    TABLE,
    TRAFFIC,
    WORST_TABLE,
)
from simulator.boundary.scopes import Asked as Asked

NO_FAULT = Reason("no fault acted")
NOT_MET = Reason("no request met a fault")
NO_ACTION = Reason("no user action finished")
NO_ATTEMPT = Reason("no attempt finished")
NOT_UNREACHABLE = Reason("no region's data became unreachable")
NOTHING_OUT_OF_REACH = Reason("no region's data became unreachable, and nothing was restored")
NO_RESTORE = Reason("the file has no restore")
NOTHING_WRITTEN = Reason("nothing was written")
NO_CONDITION = Reason("no write with a condition came to its store")
NOTHING_SERVED = Reason("no request was served where the data became unreachable")
NOTHING_READ = Reason("nothing was read")
NOTHING_INCREMENTED = Reason("nothing was incremented")
NO_LIMIT = Reason("nothing that requests meet has a limit")
NO_LAMBDA = Reason("no request reached a Lambda function")
NO_DAMAGE = Reason("nothing damaged data")
NOBODY_VERIFIES = Reason("nobody verifies tokens")


_AT_RISK = (NO_FAULT, NOTHING_WRITTEN, NOT_UNREACHABLE, NOTHING_SERVED)
_OF_FAULT = (NO_FAULT, NOT_MET)
_NO_SUCH_ACTION = "no such user action finished"
_NO_SESSION = "no session was alive during a fault"

MEASURES = (
    _one(
        "recovery_time",
        "s",
        RECOVERED,
        "From the start of the first fault until the service is OK again and stays OK.",
        *(NO_FAULT, NOT_MET),
        no_value=NO_ACTION.text,
    ),
    _one(
        "user_minutes_lost",
        "ratio",
        PEOPLE,
        "Minutes of users from a bad action to the next good answer, or to when they would have left.",
        NO_ACTION,
        no_value=_NO_SUCH_ACTION,
    ),
    _one(
        "detection_time",
        "s",
        RUN,
        "From the start of the first fault until a health check turns unhealthy.",
        NO_FAULT,
        never="no health check noticed",
    ),
    _one(
        "recovery_point",
        "s",
        WORST_TABLE,
        "When a region's data became unreachable: age of the oldest acknowledged write visible nowhere else; "
        "of a restore: age of the oldest that is missing because of it when the old table was last in use.",
        *(NOTHING_OUT_OF_REACH, NOTHING_WRITTEN, NOTHING_SERVED),
    ),
    _one(
        "restore_time",
        "s",
        WORST_TABLE,
        "From the begin of a table's damage until the table restored for it is in use.",
        NO_RESTORE,
        never="the restored table was not in use when the run ended",
    ),
    _one(
        "at_risk_writes",
        "count",
        TABLE,
        "Acknowledged writes that were visible nowhere else when a region's data became unreachable.",
        *_AT_RISK,
    ),
    _one(
        "late_writes",
        "count",
        TABLE,
        "Writes at risk that were delivered after all.",
        *_AT_RISK,
        better="neither",
    ),
    _one(
        "missing_writes",
        "count",
        TABLE,
        "Acknowledged writes of which nothing is left: lost, or lost updates; each once.",
        NOTHING_WRITTEN,
    ),
    _one(
        "lost_updates",
        "count",
        OVERTAKEN,
        "Acknowledged writes that what survives does not build on: it was written without them in view.",
        NOTHING_WRITTEN,
    ),
    _one(
        "write_conflicts",
        "count",
        TABLE,
        "Tries of writes that a strong table refused: another region's write of the item came first.",
        NOTHING_WRITTEN,
    ),
    _one(
        "refused_conditions",
        "count",
        TABLE,
        "Tries of writes whose condition did not hold where it was evaluated: answers, and no errors.",
        NO_CONDITION,
        better="neither",
    ),
    _one(
        "broken_conditions",
        "count",
        TABLE,
        "Writes made because their condition held in their region, when it did not hold elsewhere.",
        NO_CONDITION,
    ),
    _one(
        "discarded_writes",
        "count",
        TABLE,
        "Acknowledged writes that a replica threw away for a higher one made without them in view.",
        *(NO_FAULT, NOTHING_WRITTEN, NOTHING_SERVED),
    ),
    _one(
        "lost_writes",
        "count",
        TABLE,
        "Acknowledged writes that a region took with it for good, or a restore or a promotion set back.",
        *(NO_FAULT, NOTHING_WRITTEN, NOTHING_SERVED),
    ),
    _one(
        "damaged_writes",
        "count",
        DAMAGED,
        "Acknowledged writes that are wrong: made wrong by a fault, or built on what is wrong.",
        *(NOTHING_WRITTEN, NO_DAMAGE),
    ),
    _one(
        "damaged_reads",
        "count",
        DAMAGED,
        "Reads that returned what is wrong, in a replica or in a cache of a region.",
        *(NOTHING_READ, NO_DAMAGE),
    ),
    _one(
        "first_damaged_read",
        "s",
        DAMAGED,
        "From the begin of the damage until something wrong was first read there.",
        NO_DAMAGE,
        never="nothing wrong was read there",
        better="higher",
    ),
    _one(
        "last_damaged_read",
        "s",
        DAMAGED,
        "From the begin of the damage until something wrong was last read there, or the end of the run.",
        NO_DAMAGE,
        never="nothing wrong was read there",
    ),
    _one(
        "wrong_answers",
        "count",
        BOTH,
        "User actions that succeeded, and whose answer was wrong: they had read damaged data.",
        *(NO_ACTION, NO_DAMAGE),
        no_value=_NO_SUCH_ACTION,
    ),
    *OF_DATABASES,
    *OF_REPLICATION,
    *OF_PLANS,
    *OF_ALARMS,
    *OF_WEB_ACLS,
    *OF_REACTIONS,
    *OF_SCALING,
    *OF_NODES,
    _one(
        "sessions_undisturbed",
        "share",
        SESSIONS,
        "Share of the sessions alive during the fault that noticed nothing.",
        *_OF_FAULT,
        no_value=_NO_SESSION,
        better="higher",
    ),
    _one(
        "sessions_recovered",
        "share",
        SESSIONS,
        "Share of those sessions whose every failure was hidden by a retry.",
        *_OF_FAULT,
        no_value=_NO_SESSION,
        better="neither",
    ),
    _one(
        "sessions_interrupted",
        "share",
        SESSIONS,
        "Share of those sessions in which an action failed before the user's eyes.",
        *_OF_FAULT,
        no_value=_NO_SESSION,
    ),
    _one(
        "sessions_logged_out",
        "share",
        SESSIONS,
        "Share of those sessions that no issuer gave a new token.",
        *_OF_FAULT,
        no_value=_NO_SESSION,
    ),
    _one(
        "sessions_abandoned",
        "share",
        SESSIONS,
        "Share of those sessions whose user's patience ended.",
        *_OF_FAULT,
        no_value=_NO_SESSION,
    ),
    _one(
        "success",
        "share",
        BOTH,
        "Share of user actions that succeeded in time and were not answered wrongly, over the whole run.",
        NO_ACTION,
        no_value=_NO_SUCH_ACTION,
        better="higher",
    ),
    _one(
        "success_between",
        "share",
        SPAN,
        "Share of the user actions begun in a part of the run that were good: succeeded in time.",
        no_value="no user action began in that time",
        better="higher",
    ),
    _one(
        "traffic_share",
        "share",
        TRAFFIC,
        "Share of the requests of users that are sent to a region, whether it answers or not.",
        no_value="no such request was sent in that time",
        better="neither",
    ),
    _one(
        "action_latency",
        "s",
        ACTIONS,
        "A percentile of the time that user actions took, failed ones until they ended.",
        no_value=_NO_SUCH_ACTION,
    ),
    _one(
        "attempt_latency",
        "s",
        PERCENTILE,
        "A percentile of how long attempts (requests, those of bots too) took, failed ones until they ended.",
        NO_ATTEMPT,
    ),
    _one(
        "isolation",
        "bool",
        EITHER,
        "AWS Resilience Hub's other rule: the service stays OK through the whole fault.",
        *_OF_FAULT,
        no_value="no user action finished during a fault",
        yes_no=("no isolation: the fault is noticed", "isolation: OK through the whole fault"),
        better="higher",
    ),
    _one(
        "stale_reads",
        "share",
        RUN,
        "Share of reads that missed a newer version written elsewhere.",
        no_value=NOTHING_READ.text,
    ),
    _one(
        "read_your_writes_violations",
        "count",
        RUN,
        "Reads that missed the reader's own write.",
        NOTHING_READ,
    ),
    _one(
        "monotonic_reads_violations",
        "count",
        RUN,
        "Reads that went back behind what the reader had seen before.",
        NOTHING_READ,
    ),
    _one(
        "unknown_outcomes",
        "count",
        BOTH,
        "Actions whose client cannot know whether their write was applied.",
        NO_ACTION,
        no_value=_NO_SUCH_ACTION,
    ),
    _one("double_applied", "count", RUN, "Writes that a retry applied a second time.", NOTHING_WRITTEN),
    _one(
        "throttled",
        "share",
        RUN,
        "Share of attempts that a limit (429, or 5xx for Lambda's) or a full queue (503) turned away.",
        *(NO_LIMIT, NO_ATTEMPT),
    ),
    _one("cold_starts", "count", RUN, "Requests that waited for a new Lambda environment.", NO_LAMBDA),
    _one(
        "queue_wait_p99",
        "s",
        RUN,
        "The 99th percentile of the time that requests waited for a worker of a node.",
        no_value="no node took a request",
    ),
    _one(
        "retry_amplification",
        "ratio",
        RUN,
        "Attempts per user action, over the whole run.",
        no_value="no action was begun",
    ),
    _one(
        "call_amplification",
        "ratio",
        RUN,
        "Tries per call from a service to a table, cache or bucket.",
        no_value="no service called a table, cache or bucket",
    ),
    _one(
        "hit_ratio",
        "share",
        CACHE,
        "Share of the looks into caches that found what they sought.",
        no_value="no cache was looked into",
        better="higher",
    ),
    _one(
        "lost_increments",
        "count",
        COUNTERS,
        "Increments that the final values of a multi-region cache's counters lack.",
        NOTHING_INCREMENTED,
    ),
    _one(
        "forced_logins",
        "share",
        RUN,
        "Logins that a rejected token forced, per session.",
        NOBODY_VERIFIES,
        no_value="there was no session",
    ),
    _one(
        "rejected_tokens",
        "share",
        RUN,
        "Share of attempts whose token was rejected (401).",
        *(NOBODY_VERIFIES, NO_ATTEMPT),
    ),
)
"""Every measure, in the order of the documentation."""

BY_NAME = {measure.name: measure for measure in MEASURES}
