"""The event log of the control plane: its kinds of entry, each listed once."""

from typing import Any

from simulator.boundary.event_kinds import EventKind as EventKind
from simulator.boundary.event_kinds import S as S
from simulator.boundary.events_of_data import OF_DATA
from simulator.boundary.events_of_reactions import OF_REACTIONS
from simulator.boundary.subjects import (
    OfAlarm,
    OfCache,
    OfCheck,
    OfControlPlane,
    OfDetector,
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
)

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
    "a step of a failover plan, or a scaler, needs the control plane, which takes no changes",
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
    "launch_failed", (OfNode,), "a new node does not come up: its zone or region is down, or launches fail"
)
NODE_KILLED = EventKind(
    "node_killed",
    (OfNode,),
    "a node has taken on more requests than its memory has room for: its process is gone, with all of them",
    {"room": "requests for which it had room", "left": "nodes of the service that are up there"},
)
NODE_RESTARTED = EventKind(
    "node_restarted", (OfNode,), "a node that was killed is there again, with nothing cached"
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
    "a rule takes its action on addresses or clients above its limit, or flagged",
    _OF_RULE,
)
WEB_ACL_RELEASES = EventKind(
    "web_acl_releases", (OfRule,), "it does so no longer: they are below the limit, or gone", _OF_RULE
)
_FLAGGED = {"clients": "how many", "populations": "population → how many of its clients"}
CLIENTS_FLAGGED = EventKind(
    "clients_flagged", (OfDetector,), "clients ask for what nobody asks for in quiet times", _FLAGGED
)
CLIENTS_RELEASED = EventKind("clients_released", (OfDetector,), "they no longer do", _FLAGGED)

KINDS: tuple[EventKind[Any], ...] = (
    *(kind for kind in vars().values() if isinstance(kind, EventKind)),
    *OF_DATA,
    *OF_REACTIONS,
)
"""Every kind, as the tables of the documentation list them."""
