"""Replicas that could not be made: each complaint with its place and its remedy."""

from pathlib import Path

import pytest

from tests.language.writing import changed, complaints, framed

TOPOLOGY = """\
topology: a table
regions: {eu-west-1: {}, eu-central-1: {}, eu-north-1: {}}
tables:
  orders:
    replicas: [eu-west-1, eu-central-1]
    absent_in: [eu-central-1] # absent
  alone: {replicas: [eu-west-1]}
  votes: {replicas: [eu-west-1, eu-central-1, eu-north-1], consistency: strong}
databases:
  base: {engine: rds, writer: eu-west-1, readers: [eu-central-1]}
buckets:
  files: {replicas: [eu-west-1, eu-central-1]}
services:
  api: {regions: [eu-west-1], operations: {act: [{write: orders}, {read: alone}, {read: votes}]}}
dns:
  api.example: {service: api, policy: simple}
plans:
  copy:
    steps:
      - {replica: orders, in: eu-central-1} # step
"""

EXPERIMENT = framed(
    "a copy",
    """\
operator:
  - {run: copy, at: 1 min}
""",
)

ABSENT, STEP = "[eu-central-1] # absent", "{replica: orders, in: eu-central-1} # step"

CASES = [
    # where a table is absent
    (ABSENT, "[eu-central-1, eu-central-1]", "t.yaml:6:31: 'eu-central-1' stands here a second time"),
    (ABSENT, "[eu-centrl-1]", "t.yaml:6:17: unknown region 'eu-centrl-1'; did you mean 'eu-central-1'?"),
    (
        ABSENT,
        "[eu-north-1]",
        "t.yaml:6:17: eu-north-1 is none of the 'replicas', which are all regions where one is or is to be "
        "made; name it there, too",
    ),
    (
        ABSENT,
        "[eu-west-1, eu-central-1]",
        "t.yaml:6:5: the first of the 'replicas', eu-west-1, is there when the run begins; list it behind "
        "one that is",
        "t.yaml:6:17: no failover plan makes a replica in eu-west-1; add a step '{replica: orders, in: "
        "eu-west-1}' or '{restore: orders, region: eu-west-1, …}' to one",
    ),
    (
        STEP,
        "{custom: mail, takes: 1 min}",
        "t.yaml:6:17: no failover plan makes a replica in eu-central-1; add a step '{replica: orders, in: "
        "eu-central-1}' or '{restore: orders, region: eu-central-1, …}' to one",
    ),
    (
        "consistency: strong}",
        "consistency: strong, absent_in: [eu-north-1]}",
        "t.yaml:8:81: a strong table has all its members from the start; none is added to it later",
    ),
    (
        ABSENT,
        "[eu-central-1]\n    backups: {hourly: {region: eu-central-1, every: 1 h}}",
        "t.yaml:7:32: there is no replica in eu-central-1 when the run begins; name one that is there: "
        "eu-west-1",
    ),
    (
        ABSENT,
        "[eu-central-1]\n    point_in_time_recovery: {regions: [eu-central-1]}",
        "t.yaml:7:40: there is no replica in eu-central-1 when the run begins; name one that is there: "
        "eu-west-1",
    ),
    # steps that make a replica
    (
        STEP,
        STEP.replace("orders, in: eu-central-1", "order, in: eu-central-1"),
        "t.yaml:20:19: unknown table, database, bucket or cache 'order'; did you mean 'orders'?",
    ),
    (
        "eu-central-1} # step",
        "eu-central-1, take: 5 min}",
        "t.yaml:20:45: unknown key 'take'; did you mean 'takes'?",
    ),
    (", in: eu-central-1} # step", "}", "t.yaml:20:9: missing key 'in'"),
    (
        STEP,
        f"{STEP}\n      - {{replica: orders, in: eu-north-1}}",
        "t.yaml:21:31: unknown region of the table's replicas 'eu-north-1'; one of: eu-west-1, eu-central-1",
    ),
    (
        STEP,
        f"{STEP}\n      - {{replica: alone, in: eu-west-1}}",
        "t.yaml:21:30: 'alone' has one replica, in eu-west-1, which cannot leave it: it is the table; leave "
        "the step out",
    ),
    (
        STEP,
        f"{STEP}\n      - {{replica: votes, in: eu-north-1}}",
        "t.yaml:21:19: 'votes' is a strong table, which has all its members from the start, and none is "
        "added; restore it, or leave the step out",
    ),
    (
        STEP,
        f"{STEP}\n      - {{replica: base, in: eu-central-1}}",
        "t.yaml:21:19: 'base' is a database, whose readers are rebuilt by themselves after a promotion, or "
        "by nobody; leave the step out",
    ),
    (
        STEP,
        f"{STEP}\n      - {{replica: files, in: eu-central-1}}",
        "t.yaml:21:19: 'files' is no table, and no copy of it leaves for good; leave the step out",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_a_replica_that_cannot_be_made_is_refused_at_its_place(case: tuple[str, ...], tmp_path: Path) -> None:
    old, new, *expected = case
    assert complaints(tmp_path, EXPERIMENT, changed(TOPOLOGY, old, new)) == expected


def test_the_file_that_is_changed_is_valid(tmp_path: Path) -> None:
    assert complaints(tmp_path, EXPERIMENT, TOPOLOGY) == []


BACKED_UP = changed(
    changed(
        TOPOLOGY,
        ABSENT,
        "[eu-central-1]\n    backups: {hourly: {region: eu-west-1, every: 1 h, copied_to: [eu-central-1]}}",
    ),
    STEP,
    "{restore: orders, region: eu-central-1, from: hourly, point: latest, written_since: drop} # step",
)

RESTORES = [
    (
        "from: hourly, ",
        "",
        "t.yaml:21:9: 'orders' is absent in eu-central-1 when the run begins, so it has no history there; "
        "restore from backups that are copied there",
    ),
    (
        "written_since: drop",
        "written_since: merge",
        "t.yaml:21:93: there is no old table in eu-central-1 whose writes could be merged; write drop",
    ),
    (
        "written_since: drop",
        "written_since: drop, swap: same_name",
        "t.yaml:21:105: nothing has the table's name in eu-central-1, so nothing is swapped; leave it out",
    ),
    (
        ", copied_to: [eu-central-1]",
        "",
        "t.yaml:21:35: the backups 'hourly' are in eu-west-1; restore there, or name eu-central-1 in "
        "'copied_to'",
    ),
]


@pytest.mark.parametrize("case", RESTORES, ids=range(len(RESTORES)))
def test_a_restore_where_the_table_is_absent_is_of_a_backup_that_is_there(
    case: tuple[str, ...], tmp_path: Path
) -> None:
    old, new, *expected = case
    assert complaints(tmp_path, EXPERIMENT, BACKED_UP) == []
    assert complaints(tmp_path, EXPERIMENT, changed(BACKED_UP, old, new)) == expected


def test_a_backup_whose_region_is_down_before_its_copy_is_there_comes_to_nothing(tmp_path: Path) -> None:
    """Captured at midnight, and copied 40 min later, by the catalog."""
    lost = """
faults:
  - {region: eu-west-1, mode: lost, at: 20 min}
restores:
  - {table: orders, region: eu-central-1, from: hourly, point: latest, written_since: drop, at: 55 min}
"""
    run = changed(EXPERIMENT, "duration: 10 min", "duration: 2 h\ntime_of_day: '00:00'")
    assert complaints(tmp_path, run + changed(lost, "20 min", "50 min"), BACKED_UP) == []
    assert complaints(tmp_path, run + lost, BACKED_UP) == [
        "e.yaml:11:64: each backup of the run that reaches it comes to nothing, as eu-west-1 is down before "
        "it is in eu-central-1; let the run begin earlier, or back up more often"
    ]
