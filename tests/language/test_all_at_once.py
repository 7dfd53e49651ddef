"""All errors of a file are told at once, in the order of the file, and none that another one only causes."""

from pathlib import Path

import pytest

from tests.language.writing import EXPERIMENT, FAULT, LOOK, RECORD, REPLICAS, TOPOLOGY, changed, complaints


def test_every_error_of_both_files_is_told_in_order(tmp_path: Path) -> None:
    experiment = """\
experiment: many mistakes
topology: t.yaml
duration: 10 min
time_of_day: 25:00
users:
  italy: {near: eu-suth-1, sessions: 0, think_time: 5, actions: {acts: 1}}
  spain: {near: eu-south-2, sessions: 10, think_time: {median: 9 s, p99: 5 s}, actions: {act: 0}}
faults:
  - {at: 1, region: eu-south-9, mode: refused}
  - {at: 20 min, region: eu-south-1, mode: black_hole}
  - {at: 2 min, until: 1 min, clock: mars, skew: 1 s}
  - {at: 1 min, region: eu-south-1, mode: error, share: 120 %}
  - {at: 1 min, link: {from: everywhere, to: everywhere}, mode: cut}
expect:
  - {recovery_time: {at_most: 5}}
  - {lost_writes: {table: progres}}
colour: red
"""
    topology = """\
topology: many mistakes
regions:
  eu-south-1: {zone: 1}
  eu-central-1: {}
tables:
  progress: {replicas: [eu-south-1, eu-west-1]}
services:
  api:
    regions: [eu-south-1, eu-central-1]
    operations:
      act: [{compute: 20}, {write: progres}]
      look: [{read: score}]
dns:
  api.example: {service: apis, policy: failover, health_check: deep, ttl: 60}
  api.example: {service: api, policy: simple}
"""
    assert complaints(tmp_path, experiment, topology) == [
        "e.yaml:4:14: '25:00' is not a time of day; write hours and minutes such as '08:30'",
        "e.yaml:6:17: unknown region 'eu-suth-1'; did you mean 'eu-south-1'?",
        "e.yaml:6:38: this must be at least 1, not 0",
        "e.yaml:6:53: 5 has no unit; write '5 s' or another of ns us ms s min h d",
        "e.yaml:6:66: unknown operation 'acts'; did you mean 'act'?",
        "e.yaml:7:74: the 99th percentile (5 s) is below the median (9 s)",
        "e.yaml:7:80: the user mix is empty: no action has a weight above 0",
        "e.yaml:9:10: 1 has no unit; write '1 s' or another of ns us ms s min h d",
        "e.yaml:9:21: unknown region 'eu-south-9'; did you mean 'eu-south-1'?",
        "e.yaml:10:10: starts at 20 min, but the run ends at 10 min",
        "e.yaml:11:24: ends at 1 min, but starts only at 2 min",
        "e.yaml:11:38: unknown region 'mars'; one of: eu-south-1, eu-central-1",
        "e.yaml:12:57: '120 %' is not between 0 % and 100 %",
        "e.yaml:13:17: a link has two different ends, and these are both 'everywhere'",
        "e.yaml:15:31: 5 has no unit; write '5 s' or another of ns us ms s min h d",
        "e.yaml:16:6: give 'at_least' or 'at_most'",
        "e.yaml:16:27: unknown table, database, bucket or cache 'progres'; did you mean 'progress'?",
        "e.yaml:17:1: unknown key 'colour'; of 22 the nearest are topology, detectors, users, alarms",
        "t.yaml:3:16: unknown key 'zone'; did you mean 'zones'?",
        "t.yaml:6:37: unknown region 'eu-west-1'; one of: eu-south-1, eu-central-1",
        "t.yaml:11:23: 20 has no unit; write '20 s' or another of ns us ms s min h d",
        "t.yaml:11:36: unknown table or database 'progres'; did you mean 'progress'?",
        "t.yaml:12:21: unknown table or database 'score'; one of: progress",
        "t.yaml:14:26: unknown service 'apis'; did you mean 'api'?",
        "t.yaml:14:64: unknown health check 'deep'",
        "t.yaml:14:75: 60 has no unit; write '60 s' or another of ns us ms s min h d",
        "t.yaml:15:3: 'api.example' stands here a second time; the first is in line 14",
    ]


MISSING_REGIONS = ["2:1: unknown key 'region'; did you mean 'regions'?"]
NO_ROLE = ["3:22: 'x' is not allowed here; write active or standby"]
STEPS = "compute, read, write, delete, cache, increment, get, put, call"
NO_STEP = [f"13:15: a step names one of {STEPS}; did you mean 'read' by 'red'?"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("regions:", "region:", MISSING_REGIONS),
        ("tables:", "tabels:", ["5:1: unknown key 'tabels'; did you mean 'tables'?"]),
        ("eu-south-1: {}", "eu-suth-1: {}", ["3:3: unknown region 'eu-suth-1'; did you mean 'eu-south-1'?"]),
        ("eu-south-1: {}", "eu-south-1: {role: x}", NO_ROLE),
        (REPLICAS, "{}", ["6:3: missing key 'replicas'"]),
        (LOOK, "[{red: progress}]", NO_STEP),
        ("act: [", "1: [", ['12:7: a key must be text, not 1; write it in quotes: "1"']),
        (RECORD, "{service: api}", ["15:3: missing key 'policy'"]),
        ("deep: {}", "deep: {intervall: 10 s}", ["17:10: unknown key 'intervall'; did you mean 'interval'?"]),
        ("tables:", "<<: {}\ntables:", ["5:1: merge keys (<<) are not supported; write the keys out"]),
    ],
)  # fmt: skip
def test_a_faulty_declaration_still_declares(old: str, new: str, expected: list[str], tmp_path: Path) -> None:
    found = complaints(tmp_path, topology=changed(TOPOLOGY, old, new))
    assert found == [f"t.yaml:{one}" for one in expected]


def test_numbers_of_entries_are_those_of_the_file(tmp_path: Path) -> None:
    lost = "{{at: {}, region: eu-south-1, mode: lost}}"
    faults = "\n  - ".join([lost.format("1"), FAULT, lost.format("1 h")])
    assert complaints(tmp_path, changed(EXPERIMENT, FAULT, faults)) == [
        "e.yaml:7:10: 1 has no unit; write '1 s' or another of ns us ms s min h d",
        "e.yaml:9:10: starts at 1 h, but the run ends at 10 min",
    ]


def test_a_faulty_duration_is_told_once(tmp_path: Path) -> None:
    assert complaints(tmp_path, changed(EXPERIMENT, "duration: 10 min", "duration: 0 s")) == [
        "e.yaml:3:11: a run lasts more than 0 s and at most 366 days"
    ]


def test_an_experiment_is_checked_without_its_topology(tmp_path: Path) -> None:
    experiment = changed(EXPERIMENT, "t.yaml", "nowhere.yaml")
    assert complaints(tmp_path, changed(experiment, "at: 1 min", "at: 1 h")) == [
        "e.yaml:2:11: there is no topology file 'nowhere.yaml'; "
        "its path is taken from the experiment's directory",
        "e.yaml:7:10: starts at 1 h, but the run ends at 10 min",
    ]


TWO_SERVICES = changed(
    TOPOLOGY,
    "dns:\n",
    "  web: {regions: [eu-south-1], operations: {act: [{compute: 1 ms}], show: [{compute: 1 ms}]}}\ndns:\n",
)


def test_an_operation_of_two_services_is_ambiguous(tmp_path: Path) -> None:
    assert complaints(tmp_path, topology=TWO_SERVICES) == [
        "e.yaml:5:68: several services have an operation 'act'; write 'api.act' or 'web.act'"
    ]
    assert complaints(tmp_path, changed(EXPERIMENT, "{act: 1}", "{api.act: 1}"), TWO_SERVICES) == []


def test_a_service_that_users_ask_has_one_name(tmp_path: Path) -> None:
    assert complaints(tmp_path, changed(EXPERIMENT, "{act: 1}", "{show: 1}"), TWO_SERVICES) == [
        "e.yaml:5:68: service 'web' has no name in the topology's dns, so users cannot reach it"
    ]
    second = f"{RECORD}\n  www.example: {{service: api, policy: simple}}"
    assert complaints(tmp_path, topology=changed(TOPOLOGY, RECORD, second)) == [
        "e.yaml:5:68: service 'api' has 2 names in the topology's dns (api.example, www.example); "
        "one is allowed"
    ]


def test_a_run_has_so_many_populations(tmp_path: Path) -> None:
    one = "{near: eu-south-1, sessions: 1, think_time: 5 s, actions: {act: 1}}"
    users = "".join(f"  p{number}: {one}\n" for number in range(128))
    experiment = changed(EXPERIMENT, "users:\n", f"users:\n{users}")
    complaint = "e.yaml:4:1: at most 127 populations, of which each fault with bots is one"
    assert complaints(tmp_path, experiment) == [complaint]
    bots = "{at: 1 min, bots: {near: eu-south-1, rate: 5/s, actions: {act: 1}}}"
    experiment = changed(changed(experiment, f"  p0: {one}\n  p1: {one}\n  p2: {one}\n", ""), FAULT, bots)
    assert complaints(tmp_path, experiment) == []
    experiment = changed(experiment, bots, f"{bots}\n  - {bots}")
    assert complaints(tmp_path, experiment) == [complaint]


SCOPED = changed(
    TOPOLOGY, "scores: {replicas: [eu-south-1, eu-central-1]}", "scores: {replicas: [eu-south-1]}"
)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (FAULT, "{at: 1 min, replication: {table: scores, region: eu-central-1}}", "7:54"),
        (FAULT, "{at: 1 min, replication: {table: scores, from: eu-south-1, to: eu-central-1}}", "7:68"),
        (
            "{recovery_time: {at_most: 5 min}}",
            "{replication_lag_max: {at_most: 1 s, table: scores, from: eu-central-1, to: eu-south-1}}",
            "9:63",
        ),
    ],
)
def test_replicators_of_a_table_join_its_replicas(old: str, new: str, expected: str, tmp_path: Path) -> None:
    assert complaints(tmp_path, changed(EXPERIMENT, old, new), SCOPED) == [
        f"e.yaml:{expected}: table 'scores' has no replica in eu-central-1; its replicas are: eu-south-1"
    ]


def test_whom_a_fault_touches_is_not_judged_by_an_operation_in_which_something_is_wrong(
    tmp_path: Path,
) -> None:
    """Users ask for `act`, which nobody can read; that they never ask for `look` says nothing."""
    limited = "{at: 1 min, region: eu-south-1, mode: error, populations: all}"
    experiment = changed(EXPERIMENT, FAULT, limited)
    topology = changed(TOPOLOGY, "{compute: 20 ms}", "{compute: 20}")
    (only,) = complaints(tmp_path, experiment, topology)
    assert only.startswith("t.yaml:12:")


def test_an_operation_of_two_services_is_told_apart_where_a_region_breaks_for_it(tmp_path: Path) -> None:
    service = "  api:\n    regions: [eu-south-1, eu-central-1]\n"
    other = "  shop:\n    regions: [eu-south-1]\n    operations: {look: [{compute: 1 ms}]}\n"
    topology = changed(TOPOLOGY, service, other + service)
    for name, expected in (
        ("look", ["e.yaml:7:62: several services have an operation 'look'; say 'shop.look' or 'api.look'"]),
        ("api.look", []),
    ):
        limited = f"{{at: 1 min, region: eu-south-1, mode: error, operations: {name}}}"
        assert complaints(tmp_path, changed(EXPERIMENT, FAULT, limited), topology) == expected
