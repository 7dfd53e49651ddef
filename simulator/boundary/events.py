"""The event log of the control plane: its kinds of entry, each listed once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from simulator.boundary.subjects import (
    OfAlarm,
    OfCache,
    OfCheck,
    OfControlPlane,
    OfFault,
    OfName,
    OfNode,
    OfPlan,
    OfPlanStep,
    OfRecord,
    OfRegion,
    OfReplica,
    OfReplicator,
    OfRule,
    OfScaler,
    OfSite,
    OfStore,
    Subject,
)

S = TypeVar("S", bound=Subject)


@dataclass(frozen=True)
class EventKind(Generic[S]):
    """One kind of entry: its name, what it is about, its meaning, and its details with their meaning."""

    name: str
    subjects: tuple[type[S], ...]
    says: str
    detail: Mapping[str, str] = field(default_factory=dict)
    leads: bool = True
    """Whether what its process does next follows from it."""

    def check(self, subject: S, detail: Mapping[str, Any]) -> None:
        """Make sure that an entry is one of this kind."""
        assert isinstance(subject, self.subjects), f"{self.name} is not about {subject!r}"
        assert detail.keys() == self.detail.keys(), f"{self.name} has details {', '.join(self.detail)}"


FAULT_ON = EventKind("fault_on", (OfFault,), "a fault begins to act; each flap begins anew")
FAULT_OFF = EventKind("fault_off", (OfFault,), "it stops")
REPLICATION_STOPPED = EventKind(
    "replication_stopped", (OfReplicator,), "the replicator stands still", leads=False
)
REPLICATION_RESUMED = EventKind("replication_resumed", (OfReplicator,), "it goes on", leads=False)
REPLICA_FORKED = EventKind(
    "replica_forked",
    (OfReplica,),
    "the replica was shut out for too long, and is a table of its own, for good or until one is made anew",
    {"writes": "acknowledged writes that were visible nowhere else, and that the table has lost"},
    leads=False,
)
REPLICA_LEFT_BEHIND = EventKind(
    "replica_left_behind",
    (OfReplica,),
    "the table has been restored where it was absent, and what is here is a table of its own",
    {"restore": "its number, from 0: in the file, then those of plans as they start"},
    leads=False,
)
OLD_REPLICA_DELETED = EventKind(
    "old_replica_deleted", (OfReplica,), "the table that a replica had become is gone, to free its name"
)
REPLICA_BEGUN = EventKind("replica_begun", (OfReplica,), "a replica of the table is being made there")
REPLICA_ADDED = EventKind(
    "replica_added",
    (OfReplica,),
    "it is there, and copied to and from",
    {"source": "the region of the replica that was copied"},
)
MEMBER_LEFT = EventKind(
    "member_left",
    (OfReplica,),
    "a member of a strong table reaches no other: writes and strong reads fail in its region",
    leads=False,
)
MEMBER_RETURNED = EventKind(
    "member_returned",
    (OfReplica,),
    "it reaches another one again, and refuses until it has caught up",
    leads=False,
)
MEMBER_CAUGHT_UP = EventKind(
    "member_caught_up", (OfReplica,), "it has all that had been acknowledged when it returned, and serves"
)
QUORUM_LOST = EventKind(
    "quorum_lost",
    (OfStore,),
    "no two members reach each other: nobody can write, or read strongly",
    leads=False,
)
QUORUM_REGAINED = EventKind("quorum_regained", (OfStore,), "two of them reach each other again", leads=False)
DATA_UNREACHABLE = EventKind(
    "data_unreachable",
    (OfRegion,),
    "the region's data cannot be reached",
    {"writes": "acknowledged writes that are visible nowhere else"},
    leads=False,
)
REGION_LOST = EventKind("region_lost", (OfRegion,), "the region is gone for good", leads=False)
HEALTH_UNHEALTHY = EventKind[OfCheck | OfRecord](
    "health_unhealthy", (OfCheck, OfRecord), "the check, or the record's own target, has failed"
)
HEALTH_HEALTHY = EventKind[OfCheck | OfRecord]("health_healthy", (OfCheck, OfRecord), "it is well again")
HEALTH_DATA_MISSING = EventKind(
    "health_data_missing",
    (OfCheck,),
    "the data of the alarm that the check follows do not tell any more",
    {"alarm": "the alarm", "counts_as": "what the check is meanwhile: healthy, unhealthy, last_known"},
)
HEALTH_DATA_BACK = EventKind(
    "health_data_back",
    (OfCheck,),
    "the data of the alarm that the check follows tell again",
    {"alarm": "the alarm"},
)
ANSWER_CHANGED = EventKind(
    "answer_changed",
    (OfName,),
    "users at some place are answered something else",
    {"cause": '"health" or "operator"', "regions": "those now answered at any place"},
)
CHANGE_REQUESTED = EventKind("change_requested", (OfName,), "an operator wants to change the record")
CHANGE_REFUSED = EventKind(
    "change_refused",
    (OfName,),
    "the control plane is frozen, or down with its region",
    leads=False,
)
CHANGE_ACCEPTED = EventKind("change_accepted", (OfName,), "the control plane has taken it")
CHANGE_IN_EFFECT = EventKind("change_in_effect", (OfName,), "the change has propagated")
FAILBACK_HELD = EventKind(
    "failback_held",
    (OfRecord,),
    "a region that was left out is healthy again and is held back",
    {"until_s": "the end of the hold-down, in seconds of the run; nothing: until somebody fails back"},
    leads=False,
)
FAILBACK_REQUESTED = EventKind("failback_requested", (OfName,), "somebody fails back")
FAILBACK_REFUSED = EventKind(
    "failback_refused",
    (OfName,),
    "what is held back is not healthy",
    {"regions": "those that are not"},
    leads=False,
)
FAILBACK_RELEASED = EventKind("failback_released", (OfRecord,), "the region is held back no longer")
TARGET_UNHEALTHY = EventKind(
    "target_unhealthy",
    (OfNode,),
    "the node is taken out of service",
    {"in_service": "nodes now believed alive"},
)
TARGET_HEALTHY = EventKind(
    "target_healthy",
    (OfNode,),
    "the node is back in service",
    {"in_service": "nodes now believed alive"},
)
CACHE_FAILOVER = EventKind(
    "cache_failover",
    (OfCache,),
    "a replica has become primary",
    {"zone": "that of the new primary"},
)

_OF_RESTORE = {"restore": "its number, from 0: in the file, then those of plans as they start"}
RESTORE_STARTED = EventKind(
    "restore_started",
    (OfReplica,),
    "somebody asks for a restore in the region",
    _OF_RESTORE
    | {"source": "what it is made from", "point_s": "the time of the run to which it goes back, in seconds"},
)
RESTORE_BEGUN = EventKind("restore_begun", (OfReplica,), "its turn has come, and it is made", _OF_RESTORE)
TABLE_DELETED = EventKind(
    "table_deleted", (OfReplica,), "the old table is gone, to free its name", _OF_RESTORE
)
RESTORED = EventKind("restored", (OfReplica,), "the new table is there, in this region alone", _OF_RESTORE)
SETTINGS_REBUILT = EventKind(
    "settings_rebuilt",
    (OfReplica,),
    "what did not come along is there, point-in-time recovery too",
    _OF_RESTORE,
)
REPLICA_CREATED = EventKind(
    "replica_created", (OfReplica,), "the new table has a replica in the region", _OF_RESTORE
)
REPLICA_REFUSED = EventKind(
    "replica_refused",
    (OfReplica,),
    "the region's quota for a table is below what this one is warm for: no replica is made, nor, of a strong "
    "table, any member",
    _OF_RESTORE,
    leads=False,
)
STRONG_TABLE_CREATED = EventKind(
    "strong_table_created",
    (OfReplica,),
    "an empty strong table is there, with all its members",
    _OF_RESTORE,
)
ITEMS_COPIED = EventKind(
    "items_copied",
    (OfReplica,),
    "the items of the restored table are in the strong one",
    _OF_RESTORE | {"items": "how many"},
)
MERGED = EventKind(
    "merged",
    (OfReplica,),
    "what was written since the point has been copied to the new table",
    _OF_RESTORE | {"items": "how many items had changed"},
)
SWAPPED = EventKind(
    "swapped",
    (OfReplica,),
    "the new table is in use",
    _OF_RESTORE
    | {"lost": "acknowledged writes that are missing because of it", "items": "items that it has set back"},
)
PROMOTION_BEGAN = EventKind(
    "promotion_began",
    (OfStore,),
    "a reader of a database is being made its writer",
    {
        "from": "the old writer's region",
        "to": "the region that becomes the writer",
        "planned": "a switchover, which loses nothing",
        "unshipped": "acknowledged writes that it lacks, lost now",
        "recovery_point_s": "age of the oldest of them, now, or when the old writer's region went down",
    },
)
PROMOTION_DONE = EventKind("promotion_done", (OfStore,), "the region is the writer", {"to": "the region"})
PROMOTION_REFUSED = EventKind(
    "promotion_refused",
    (OfStore,),
    "a region cannot become the writer",
    {"to": "the region", "why": "the reason, in words"},
    leads=False,
)
PROMOTION_CALLED_OFF = EventKind(
    "promotion_called_off",
    (OfStore,),
    "the regions of a switchover do not reach each other; the writer is as before",
    {"to": "the region that was to become the writer"},
)
OLD_WRITER_STEPPED_DOWN = EventKind(
    "old_writer_stepped_down",
    (OfStore,),
    "an old writer has learned that there is another; what it alone has is discarded",
    {"region": "the old writer's region"},
    leads=False,
)
READER_REBUILT = EventKind(
    "reader_rebuilt",
    (OfStore,),
    "a reader follows the writer again",
    {"region": "the reader's region"},
    leads=False,
)
COMMITS_BLOCKED = EventKind(
    "commits_blocked",
    (OfStore,),
    "every reader is further behind than the database's `rpo`: no write passes",
    leads=False,
)
COMMITS_RESUMED = EventKind(
    "commits_resumed",
    (OfStore,),
    "a reader is near enough again, or another region becomes the writer",
    leads=False,
)
SPLIT_BRAIN_BEGAN = EventKind(
    "split_brain_began", (OfStore,), "two regions take the writes of a database", leads=False
)
SPLIT_BRAIN_ENDED = EventKind(
    "split_brain_ended", (OfStore,), "one region takes them again, or none", leads=False
)

_OF_PLAN = {"run": "the number of the plan's run, from 0"}
_OF_PLAN_STEP = _OF_PLAN | {"step": "the number of the step, from 0"}
PLAN_TRIGGERED = EventKind(
    "plan_triggered", (OfPlan,), "a failover plan has been triggered", _OF_PLAN | {"by": "what by, in words"}
)
PLAN_NOT_BEGUN = EventKind(
    "plan_not_begun", (OfPlan,), "it is under way already, and is not begun a second time", _OF_PLAN
)
PLAN_ACKNOWLEDGED = EventKind(
    "plan_acknowledged", (OfPlan,), "whoever decides has been reached", _OF_PLAN | {"owner": "who decides"}
)
PLAN_DECIDED = EventKind(
    "plan_decided", (OfPlan,), "it has been decided to carry it out", _OF_PLAN | {"owner": "who decides"}
)
PLAN_STEP_BEGAN = EventKind("plan_step_began", (OfPlanStep,), "a step begins", _OF_PLAN_STEP)
PLAN_STEP_REFUSED = EventKind(
    "plan_step_refused",
    (OfPlanStep,),
    "a try of a step: it cannot be done now",
    _OF_PLAN_STEP | {"why": "the reason, in words"},
    leads=False,
)
CONTROL_PLANE_REFUSED = EventKind(
    "control_plane_refused",
    (OfControlPlane,),
    "a step of a failover plan needs the control plane, which takes no changes",
    {"region": "of a regional one, its region; else nothing"},
    leads=False,
)
PLAN_STEP_DONE = EventKind("plan_step_done", (OfPlanStep,), "the step is done", _OF_PLAN_STEP)
PLAN_STEP_STRANDED = EventKind(
    "plan_step_stranded",
    (OfPlanStep,),
    "the step is given up",
    _OF_PLAN_STEP | {"why": "what it lacked, in words", "since_s": "since when, in seconds of the run"},
)
PLAN_STRANDED = EventKind(
    "plan_stranded",
    (OfPlan,),
    "the plan ends before its last step",
    _OF_PLAN | {"undone": "the steps left undone"},
)
PLAN_DONE = EventKind("plan_done", (OfPlan,), "all its steps are done", _OF_PLAN)
SERVICE_ENABLED = EventKind(
    "service_enabled", (OfSite,), "a service that was switched off in the region answers from now on"
)
NODE_LAUNCHED = EventKind(
    "node_launched", (OfNode,), "a new node is there, and is checked", {"nodes": "how many are there"}
)
LAUNCH_FAILED = EventKind(
    "launch_failed", (OfNode,), "a new node does not come up: its zone or region is down"
)
CONCURRENCY_RAISED = EventKind(
    "concurrency_raised",
    (OfSite,),
    "a function has what a plan, or a scaler, has asked for",
    {
        "reserved": "executions that may run at once, 0: none reserved",
        "provisioned": "environments kept warm",
    },
)
THROUGHPUT_RAISED = EventKind(
    "throughput_raised",
    (OfReplica,),
    "a table has the throughput that a plan, or a scaler, has asked for",
    {"write": "units a second in all replicas, 0: as before", "read": "units a second there, 0: as before"},
)
THROUGHPUT_LOWERED = EventKind(
    "throughput_lowered",
    (OfReplica,),
    "a table has less throughput, as a scaler has asked for",
    {"write": "units a second in all replicas, 0: as before", "read": "units a second there, 0: as before"},
)
NODE_LEFT = EventKind(
    "node_left",
    (OfNode,),
    "a node is taken away: it gets no new request, and works on what it has",
    {"nodes": "how many are there"},
    leads=False,
)
_OF_SCALER = {"countermeasure": "the scaler", "of": "what is scaled", "unit": "its unit"}
SCALED = EventKind(
    "scaled",
    (OfScaler,),
    "a scaler asks for another capacity",
    _OF_SCALER
    | {"before": "what it had asked for", "to": "what it asks for", "policy": "by which policy, in words"},
)
SCALING_REFUSED = EventKind(
    "scaling_refused",
    (OfScaler,),
    "what a scaler wants cannot be done now; said once until that changes",
    _OF_SCALER | {"to": "what it wants", "why": "the reason, in words"},
    leads=False,
)

_STATE = "OK, ALARM or INSUFFICIENT_DATA"
ALARM_CHANGED = EventKind(
    "alarm_changed",
    (OfAlarm,),
    "an alarm is in another state",
    {"state": _STATE, "before": _STATE, "region": "where it is evaluated"},
)
ALARM_TOLD = EventKind("alarm_told", (OfAlarm,), "somebody is told of it", {"owner": "who"})
ALARM_ACKNOWLEDGED = EventKind("alarm_acknowledged", (OfAlarm,), "they have seen it", {"owner": "who"})

_OF_RULE = {
    "countermeasure": "the web ACL",
    "keys": "how many addresses or clients",
    "populations": "whose",
    "action": "block, or count",
}
WEB_ACL_LIMITS = EventKind(
    "web_acl_limits",
    (OfRule,),
    "a rule takes its action on addresses or clients that were above its limit",
    _OF_RULE,
)
WEB_ACL_RELEASES = EventKind(
    "web_acl_releases", (OfRule,), "it does so no longer: they are below the limit, or gone", _OF_RULE
)

KINDS: tuple[EventKind[Any], ...] = tuple(kind for kind in vars().values() if isinstance(kind, EventKind))
"""Every kind, as the tables of the documentation list them."""
