"""Failover plans that make no sense: each complaint with its place and its remedy."""

from pathlib import Path

import pytest

from tests.language.writing import changed, changed_in, complaints, framed

TOPOLOGY = """\
topology: a database
regions: {eu-west-1: {}, eu-central-1: {}, eu-south-1: {}}
databases:
  base: {engine: aurora_global, writer: eu-west-1, readers: [eu-central-1]}
services:
  api: {regions: [eu-west-1, eu-central-1], operations: {act: [{write: base}]}}
dns:
  api.example: {service: api, policy: failover, health_check: api}
health_checks: {api: {}, unused: {}}
plans:
  over:
    trigger: {unhealthy: api, region: eu-west-1, for: 5 min}
    decision: {owner: on call, office_hours: {from: 08:00, to: 18:00}}
    steps:
      - {promote: base, to: eu-central-1}
      - together:
          - {change: api.example, order: [eu-central-1]}
          - [{custom: call, takes: 1 min}, {approve: it}]
      - {plan: tell}
  tell:
    steps: [{custom: mail, takes: 1 min}]
"""

EXPERIMENT = framed(
    "a plan",
    """\
operator:
  - {run: over, at: 1 min}
""",
)

KINDS = (
    "change, promote, approve, custom, routing_control, fail_back, fence, unfence, restore, replica, "
    "enable, drain, scale, throughput, wait_for, plan, together"
)

CASES = [
    # triggers
    (
        "{unhealthy: api, region: eu-west-1, for: 5 min}",
        "{region: eu-west-1}",
        "t.yaml:12:5: a trigger names one of unhealthy, healthy, alarm, at, after_detection",
        "t.yaml:12:15: 'region' belongs to 'unhealthy' and 'healthy'",
    ),
    (
        "{unhealthy: api, region: eu-west-1, for: 5 min}",
        "{unhealthy: api}",
        "t.yaml:12:5: say in which 'region' the check must be unhealthy",
    ),
    (
        "{unhealthy: api, region: eu-west-1, for: 5 min}",
        "{unhealthy: apis, region: eu-west-1}",
        "t.yaml:12:26: unknown health check 'apis'; did you mean 'api'?",
    ),
    (
        "{unhealthy: api, region: eu-west-1, for: 5 min}",
        "{unhealthy: api, region: eu-south-1}",
        "t.yaml:12:39: health check 'api' is not made in eu-south-1; it is in eu-west-1, eu-central-1",
    ),
    (
        "{unhealthy: api, region: eu-west-1, for: 5 min}",
        "{unhealthy: unused, region: eu-west-1}",
        "t.yaml:12:26: no name follows health check 'unused', so nobody asks it; name it in 'dns'",
    ),
    (
        "{unhealthy: api, region: eu-west-1, for: 5 min}",
        "{at: 1 min, after_detection: 1 min}",
        "t.yaml:12:5: a trigger names one of unhealthy, healthy, alarm, at, after_detection",
    ),
    (
        "{unhealthy: api, region: eu-west-1, for: 5 min}",
        "{healthy: api}",
        "t.yaml:12:5: say in which 'region' the check must be healthy",
    ),
    (
        "{unhealthy: api, region: eu-west-1, for: 5 min}",
        "{healthy: unused, region: eu-west-1}",
        "t.yaml:12:24: no name follows health check 'unused', so nobody asks it; name it in 'dns'",
    ),
    (
        "{unhealthy: api, region: eu-west-1, for: 5 min}",
        "{healthy: api, unhealthy: api, region: eu-west-1}",
        "t.yaml:12:5: a trigger names one of unhealthy, healthy, alarm, at, after_detection",
    ),
    # decisions
    (
        "{from: 08:00, to: 18:00}",
        "{from: 08:00, to: 08:00}",
        "t.yaml:13:64: office hours end when they begin; leave them out if they are always",
    ),
    (
        "decision: {owner: on call, office_hours: {from: 08:00, to: 18:00}}",
        "decision: nobody",
        "t.yaml:13:15: 'nobody' is not allowed here; write none",
    ),
    # steps
    (
        "{promote: base, to: eu-central-1}",
        "{enlarge: api, to: 10}",
        f"t.yaml:15:9: a step of a plan names one of {KINDS}; this one has 'enlarge', 'to'",
    ),
    (
        "{promote: base, to: eu-central-1}",
        "{promotes: base, to: eu-central-1}",
        f"t.yaml:15:10: a step of a plan names one of {KINDS}; did you mean 'promote' by 'promotes'?",
    ),
    (
        "{promote: base, to: eu-central-1}",
        "{promote: base, to: eu-central-1, tiemout: 5 min}",
        "t.yaml:15:43: unknown key 'tiemout'; did you mean 'timeout'?",
    ),
    (
        "{approve: it}",
        "{approve: it, tiemout: 5 min}",
        "t.yaml:18:58: unknown key 'tiemout'; did you mean 'timeout'?",
    ),
    (
        "{promote: base, to: eu-central-1}",
        "{promote: base, to: eu-south-1}",
        "t.yaml:15:29: database 'base' has no reader in eu-south-1; its readers are: eu-central-1",
    ),
    (
        "{promote: base, to: eu-central-1}",
        "{promote: base, to: eu-west-1}",
        "t.yaml:15:29: eu-west-1 is the writer of database 'base' already; promote one of its readers: "
        "eu-central-1",
    ),
    (
        "{change: api.example, order: [eu-central-1]}",
        "{change: ap.example, order: [eu-central-1]}",
        "t.yaml:17:22: unknown DNS name 'ap.example'; did you mean 'api.example'?",
    ),
    (
        "{change: api.example, order: [eu-central-1]}",
        "{change: api.example, order: [eu-south-1]}",
        "t.yaml:17:43: unknown region of the service 'eu-south-1'; one of: eu-west-1, eu-central-1",
    ),
    (
        "{change: api.example, order: [eu-central-1]}",
        "{change: api.example}",
        "t.yaml:17:13: say what changes: 'order', 'weights' or 'geography'",
    ),
    (
        "{custom: call, takes: 1 min}",
        "{custom: call}",
        "t.yaml:18:14: missing key 'takes'",
    ),
    (
        "{custom: call, takes: 1 min}",
        "{custom: call, takes: 1 min, timeout: 0 s}",
        "t.yaml:18:52: 'timeout' must be longer than 0 s",
    ),
    (
        "{approve: it}",
        "{together: [{approve: it}, {approve: it}]}",
        f"t.yaml:18:44: a step beside others names one of {KINDS.removesuffix(', together')}; this one has "
        "'together'",
    ),
    (
        "{approve: it}",
        "{routing_control: api.example, on: [eu-south-1]}",
        "t.yaml:18:80: unknown region of the service 'eu-south-1'; one of: eu-west-1, eu-central-1",
    ),
    (
        "{approve: it}",
        "{wait_for: {replication: base, region: eu-south-1}}",
        "t.yaml:18:83: 'base' has no replica in eu-south-1; it has them in eu-west-1, eu-central-1",
    ),
    (
        "{approve: it}",
        "{wait_for: {replication: bas, region: eu-west-1}}",
        "t.yaml:18:69: unknown table, database, bucket or cache 'bas'; did you mean 'base'?",
    ),
    (
        "{approve: it}",
        "{wait_for: {healthy: api, time: 1 s}}",
        "t.yaml:18:45: a wait names one of replication, healthy, traffic, success, time",
    ),
    ("{approve: it}", "{wait_for: {healthy: api}}", "t.yaml:18:45: say in which 'region'"),
    (
        "{approve: it}",
        "{fail_back: api.example}",
        "t.yaml:18:56: 'api.example' fails back by itself; write 'failback: manual' or a hold-down at its "
        "record",
    ),
    (
        "{approve: it}",
        "{fail_back: ap.example}",
        "t.yaml:18:56: unknown DNS name 'ap.example'; did you mean 'api.example'?",
    ),
    # order
    (
        "{custom: call, takes: 1 min}",
        "{custom: call, takes: 1 min, needs: {step: call}}",
        "t.yaml:18:57: step 'call' needs itself",
    ),
    (
        "{custom: call, takes: 1 min}",
        "{custom: call, takes: 1 min, needs: {step: approve it}}",
        "t.yaml:18:57: step 'call' needs 'approve it', which is done after it or needs it; they would wait "
        "for ever",
    ),
    (
        "{change: api.example, order: [eu-central-1]}",
        "{change: api.example, order: [eu-central-1], needs: {step: [call, plan tell]}}",
        "t.yaml:17:79: step 'change api.example' needs 'plan tell', which is done after it or needs it; they "
        "would wait for ever",
    ),
    (
        "{change: api.example, order: [eu-central-1]}",
        "{change: api.example, order: [eu-central-1], needs: {step: cal}}",
        "t.yaml:17:72: unknown step of the plan 'cal'; did you mean 'call'?",
    ),
    # needs
    (
        "{approve: it}",
        "{approve: it, needs: {control_plane: [iam, ima]}}",
        "t.yaml:18:87: unknown control plane 'ima'; did you mean 'iam'?",
    ),
    (
        "{approve: it}",
        "{approve: it, needs: {control_plane: iam@eu-west-1}}",
        "t.yaml:18:81: IAM's control plane is in us-east-1 alone; write 'iam'",
    ),
    (
        "{approve: it}",
        "{approve: it, needs: {control_plane: rds}}",
        "t.yaml:18:81: each region has one of its own; say which, such as 'rds@eu-west-1'",
    ),
    (
        "{approve: it}",
        "{approve: it, needs: {control_plane: rds@eu-west-2}}",
        "t.yaml:18:81: unknown region 'eu-west-2'; one of: eu-west-1, eu-central-1, eu-south-1",
    ),
    (
        "{approve: it}",
        "{approve: it, needs: {service: apis, region: eu-north-1}}",
        "t.yaml:18:75: unknown service 'apis'; did you mean 'api'?",
        "t.yaml:18:89: unknown region 'eu-north-1'; one of: eu-west-1, eu-central-1, eu-south-1",
    ),
    (
        "{approve: it}",
        "{approve: it, needs: {name: [api.example, tools.example]}}",
        "t.yaml:18:86: unknown DNS name 'tools.example'; did you mean 'api.example'?",
    ),
    # child plans
    ("{plan: tell}", "{plan: tells}", "t.yaml:19:16: unknown failover plan 'tells'; did you mean 'tell'?"),
    (
        "{plan: tell}",
        "{plan: over}",
        "t.yaml:19:16: plan 'over' would be a step of itself: over → over; leave one of them out",
    ),
    (
        "steps: [{custom: mail, takes: 1 min}]",
        "steps: [{plan: over}]",
        "t.yaml:19:16: plan 'over' would be a step of itself: over → tell → over; leave one of them out",
        "t.yaml:21:20: plan 'tell' would be a step of itself: tell → over → tell; leave one of them out",
    ),
    (
        "steps: [{custom: mail, takes: 1 min}]",
        "steps: [{plan: last}]\n  last: {steps: [{custom: mail, takes: 1 min}]}",
        "t.yaml:19:16: plan 'tell' has a child plan itself, 'last', and child plans are one level deep; "
        "write the steps here",
    ),
    (
        "steps: [{custom: mail, takes: 1 min}]",
        "steps: []",
        "t.yaml:21:12: this list is empty; it needs at least 1",
    ),
    # modes
    (
        "  tell:\n",
        "  tell:\n    mode: gracefully\n",
        "t.yaml:21:11: 'gracefully' is not allowed here; write graceful or ungraceful",
    ),
    (
        "steps: [{custom: mail, takes: 1 min}]",
        "steps: [{custom: mail, takes: 1 min, only: graceful}]",
        "t.yaml:20:3: plan 'tell' has no step that is done in a run that is ungraceful: all say "
        "'only: graceful'",
    ),
    (
        "{run: over, at: 1 min}",
        "{run: over, at: 1 min, mode: planned}",
        "e.yaml:5:34: 'planned' is not allowed here; write graceful or ungraceful",
    ),
    # fences
    (
        "steps: [{custom: mail, takes: 1 min}]",
        "steps: [{fence: eu-south-1}]",
        "t.yaml:21:21: no store has a replica in eu-south-1",
    ),
    (
        "steps: [{custom: mail, takes: 1 min}]",
        "steps: [{fence: eu-west-1, by: policy}]",
        "t.yaml:21:21: no store that asks IAM about each write has a replica in eu-west-1",
    ),
    (
        "steps: [{custom: mail, takes: 1 min}]",
        "steps: [{fence: eu-west-1, stores: [bas]}]",
        "t.yaml:21:41: unknown table, database, bucket or cache 'bas'; did you mean 'base'?",
    ),
    (
        "steps: [{custom: mail, takes: 1 min}]",
        "steps: [{fence: eu-central-1}, {unfence: eu-west-1}]",
        "t.yaml:21:46: no plan fences eu-west-1 by application, so there is no such fence to end; write the "
        "'by' of the step that fences it",
    ),
    # restores
    (
        "steps: [{custom: mail, takes: 1 min}]",
        "steps: [{restore: bas, region: eu-west-1, written_since: drop}]",
        "t.yaml:21:23: unknown table or database 'bas'; did you mean 'base'?",
    ),
    (
        "steps: [{custom: mail, takes: 1 min}]",
        "steps: [{restore: base, region: eu-south-1, written_since: drop, takes: 1 h, replica_takes: 1 h}]",
        "t.yaml:21:37: 'base' has no replica in eu-south-1, so nothing can be restored there; it has them in "
        "eu-west-1, eu-central-1",
    ),
    (
        "steps: [{custom: mail, takes: 1 min}]",
        "steps: [{restore: base, region: eu-west-1, written_since: drop}]",
        "t.yaml:21:13: nobody publishes how long that takes of a database; say 'replica_takes', by your "
        "drill",
        "t.yaml:21:13: nobody publishes how long that takes of a database; say 'takes', by your drill",
        "t.yaml:21:13: point-in-time recovery is not on for 'base' in eu-west-1 (it is for no replica); "
        "write 'point_in_time_recovery: {}' under the table, or restore from one of its backups",
    ),
    (
        "steps: [{custom: mail, takes: 1 min}]",
        "steps: [{restore: base, region: eu-west-1, at: 1 h, written_since: drop}]",
        "t.yaml:21:48: unknown key 'at'; of 19 the nearest are copy_rate, swap_takes, swap, name",
    ),
    # traffic
    (
        "{approve: it}",
        "{wait_for: {success: 0 %}}",
        "t.yaml:18:65: a success of 0 % is there at once; say how much must succeed",
    ),
    (
        "{approve: it}",
        "{wait_for: {traffic: eu-west-1, below: 0 %, region: eu-west-1}}",
        "t.yaml:18:83: there is never less than none; leave it out, or say how little is enough",
        "t.yaml:18:88: 'region' belongs to replication and healthy and success",
    ),
    (
        "{approve: it}",
        "{wait_for: {time: 1 s, over: 1 s}}",
        "t.yaml:18:67: 'over' belongs to traffic and success",
    ),
    (
        "{approve: it}",
        "{drain: eu-south-1}",
        "t.yaml:18:52: no name that goes by health leads to eu-south-1 and to other regions",
    ),
    (
        "{approve: it}",
        "{drain: eu-south-1, names: [api.example]}",
        "t.yaml:18:72: 'api.example' is no name that goes by health and leads to eu-south-1 and elsewhere; "
        "its policy is failover, and it leads to eu-west-1, eu-central-1",
    ),
    # operators
    (
        "{run: over, at: 1 min}",
        "{run: ovr, at: 1 min}",
        "e.yaml:5:11: unknown failover plan 'ovr'; did you mean 'over'?",
    ),
    ("{run: over, at: 1 min}", "{run: over}", "e.yaml:5:5: give either 'at' or 'after_detection'"),
    (
        "{run: over, at: 1 min}",
        "{run: over, at: 1 h}",
        "e.yaml:5:21: happens at 1 h, but the run ends at 10 min",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case[1] for case in CASES])
def test_a_plan_that_cannot_be_is_refused_at_its_place(case: tuple[str, ...], tmp_path: Path) -> None:
    old, new, *expected = case
    assert complaints(tmp_path, *changed_in(EXPERIMENT, TOPOLOGY, old, new)) == expected


def test_the_files_that_are_changed_are_valid(tmp_path: Path) -> None:
    assert complaints(tmp_path, EXPERIMENT, TOPOLOGY) == []


def test_a_plan_may_bring_a_database_back(tmp_path: Path) -> None:
    back = "steps: [{promote: base, to: eu-west-1, mode: switchover}]"
    topology = changed(TOPOLOGY, "steps: [{custom: mail, takes: 1 min}]", back)
    assert complaints(tmp_path, EXPERIMENT, topology) == []


def test_detection_needs_a_health_check(tmp_path: Path) -> None:
    topology = changed(TOPOLOGY, "health_checks: {api: {}, unused: {}}\n", "")
    topology = changed(topology, ", health_check: api", "")
    topology = changed(
        topology, "{unhealthy: api, region: eu-west-1, for: 5 min}", "{after_detection: 1 min}"
    )
    assert complaints(tmp_path, EXPERIMENT, topology) == [
        "t.yaml:11:15: nothing is ever detected: the topology has no health check; write 'at'"
    ]


RDS = (
    "RDS has no switchover across regions: a replica is promoted, and becomes a database of its own; "
    "write 'mode: failover', or pause the writers before"
)


def test_a_graceful_run_promotes_as_planned_which_rds_cannot(tmp_path: Path) -> None:
    topology = changed(TOPOLOGY, "engine: aurora_global", "engine: rds")
    assert complaints(tmp_path, EXPERIMENT, topology) == []
    graceful = changed(topology, "    decision: {owner", "    mode: graceful\n    decision: {owner")
    assert complaints(tmp_path, EXPERIMENT, graceful) == [f"t.yaml:16:9: {RDS}"]
    by_run = changed(EXPERIMENT, "at: 1 min", "at: 1 min, mode: graceful")
    assert complaints(tmp_path, by_run, topology) == [f"e.yaml:5:34: {RDS}"]
    only = changed(graceful, "to: eu-central-1}", "to: eu-central-1, only: ungraceful}")
    assert complaints(tmp_path, EXPERIMENT, only) == []


def test_an_expectation_names_a_plan_and_a_step_that_there_are(tmp_path: Path) -> None:
    def told(expected: str) -> list[str]:
        return complaints(tmp_path, EXPERIMENT + f"expect: [{expected}]\n", TOPOLOGY)

    assert told("{plan_time: {plan: over, at_most: 30 min}}, {plan_stranded: {step: plan tell › mail}}") == []
    assert told("{plan_time: {plan: ovr, at_most: 30 min}}") == [
        "e.yaml:6:29: unknown failover plan 'ovr'; did you mean 'over'?"
    ]
    assert told("{plan_stranded: {plan: tell, step: mails, holds: false}}") == [
        "e.yaml:6:45: unknown step of a plan 'mails'; did you mean 'mail'?"
    ]
