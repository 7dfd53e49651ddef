"""Restores that cannot be made, and what is protected: each refusal with its place and its remedy."""

import re
from pathlib import Path

import pytest

from tests.language.writing import complaints

TOPOLOGY = """\
topology: two regions and what is protected in them
regions: {eu-south-1: {}, eu-central-1: {}, eu-north-1: {}}
tables:
  rows:
    replicas: [eu-south-1, eu-central-1]
    point_in_time_recovery: {window: 2 d, regions: [eu-south-1]}
    backups:
      nightly: {region: eu-south-1, every: 24 h, at: "01:00", kept_for: 7 d, takes: 10 min}
  plain: {replicas: [eu-south-1]}
databases:
  base: {engine: rds, writer: eu-south-1, point_in_time_recovery: {}}
services:
  api: {regions: [eu-south-1], operations: {act: [{write: rows}, {write: plain}, {write: base}]}}
dns: {api.example: {service: api, policy: simple}}
"""

EXPERIMENT = """\
experiment: something is damaged
topology: t.yaml
duration: 4 d
faults:
  - {table: rows, mode: corrupted, at: 3 d, for: 1 h}
restores:
  - {%s}
"""

RESTORE = "table: rows, region: eu-south-1, after_damage: 40 min, written_since: merge"


def told(directory: Path, restore: str, topology: str = TOPOLOGY, fault: str = "") -> list[str]:
    """What reading says, each complaint with the word at which it stands."""
    experiment = EXPERIMENT % restore
    if fault:
        experiment = experiment.replace("{table: rows, mode: corrupted, at: 3 d, for: 1 h}", fault)
    return [at_word(one, experiment, topology) for one in complaints(directory, experiment, topology)]


def at_word(complaint: str, experiment: str, topology: str) -> str:
    """A complaint with the word at its place instead of file, line and column."""
    file, line, column, text = complaint.split(":", 3)
    written = (experiment if file == "e.yaml" else topology).splitlines()[int(line) - 1]
    found = re.match(r"[\w-]+|.", written[int(column) - 1 :])
    assert found is not None
    return f"{found[0]}:{text}"


def with_(**changes: str) -> str:
    """The restore with other values; empty ones leave a key out."""
    keys = dict(pair.split(": ") for pair in RESTORE.split(", ")) | changes
    return ", ".join(f"{key}: {value}" for key, value in keys.items() if value)


@pytest.mark.parametrize(
    "restore",
    [
        RESTORE,
        with_(point="latest"),
        with_(point="70 h"),
        with_(**{"from": "nightly"}),
        with_(**{"from": "nightly"}, swap="same_name", written_since="drop"),
        with_(at="3 d", after_damage="", point="2 d 12 h"),
    ],
)
def test_a_restore_that_can_be_made_is_accepted(restore: str, tmp_path: Path) -> None:
    assert told(tmp_path, restore) == []


NOT_ON = "point-in-time recovery is not on for"
GONE = "the old table is deleted before, so there is nothing left to merge; write drop"
BEFORE = "the point lies before the run begins, which knows only what is written in it; let it begin earlier"
NIGHTLY = {"from": "nightly"}
SYSTEM = {"from": "system_backup"}
AT_ONCE = {"at": "1 d", "after_damage": "", "point": "2 h"}


@pytest.mark.parametrize(
    ("restore", "expected"),
    [
        (
            with_(region="eu-north-1"),
            "eu-north-1: 'rows' has no replica in eu-north-1, so nothing can be restored there; it has "
            "them in "
            "eu-south-1, eu-central-1",
        ),
        (
            with_(region="eu-central-1"),
            f"{{: {NOT_ON} 'rows' in eu-central-1 (it is in eu-south-1); add the region to its 'regions', or "
            "restore where it is",
        ),
        (
            with_(table="plain", **AT_ONCE),
            f"{{: {NOT_ON} 'plain' in eu-south-1 (it is for no replica); write 'point_in_time_recovery: "
            f"{{}}' "
            "under the table, or restore from one of its backups",
        ),
        (
            with_(table="", database="base", **AT_ONCE),
            "{: nobody publishes how long that takes of a database; say 'takes', by your drill",
        ),
        (with_(after_damage=""), "{: give either 'at' or 'after_damage'"),
        (with_(at="3 d 1 h"), "{: give either 'at' or 'after_damage'"),
        (with_(database="base"), "{: give either 'table' or 'database'"),
        (with_(after_damage="25 h"), "25: starts at 4 d 1 h, but the run ends at 4 d"),
        (with_(after_damage="-5 min"), "-5: '-5 min' is negative; a duration is 0 s or more"),
        (with_(at="2 d", after_damage=""), "2: starts before the damage, which begins at 3 d"),
        (
            with_(point="12 h"),
            "12: the point lies 2 d 12 h 40 min before the restore starts, and 2 d are kept",
        ),
        (
            with_(point="72 h 38 min"),
            "72: the latest restorable time is 3 d 35 min when the restore starts, at 3 d 40 min",
        ),
        (with_(point="73 h"), "73: 3 d 1 h is later than the restore starts, at 3 d 40 min"),
        (with_(at="2 min", after_damage="", point="latest"), f"latest: {BEFORE}"),
        (
            with_(**{"from": "weekly"}),
            "weekly: 'rows' has no backups 'weekly'; one of: point_in_time, system_backup, nightly",
        ),
        (
            with_(**NIGHTLY, region="eu-central-1"),
            "eu-central-1: the backups 'nightly' are in eu-south-1; restore there, or name eu-central-1 in "
            "'copied_to'",
        ),
        (
            with_(**NIGHTLY, at="1 h 5 min", after_damage="", point="1 h 2 min"),
            "1: no backup of the run reaches it: the first capture begins at 1 h and is in eu-south-1 at 1 h "
            "10 min, and the run knows only what is written in it; let it begin earlier, or back up "
            "more often",
        ),
        (
            with_(**SYSTEM),
            "system_backup: no fault deletes 'rows' before, so there is no system backup of it",
        ),
        (
            with_(swap="same_name", written_since="drop"),
            "same_name: the old table must be deleted first, and its history goes with it; restore from "
            "one of "
            "its backups, or swap by 'configuration'",
        ),
        (with_(**NIGHTLY, swap="same_name"), f"merge: {GONE}"),
    ],
)
def test_what_cannot_be_restored_is_refused_at_its_place(restore: str, expected: str, tmp_path: Path) -> None:
    assert told(tmp_path, restore) == [expected]


def test_a_table_that_nothing_damages_needs_an_instant(tmp_path: Path) -> None:
    assert "after_damage: no fault damages or deletes 'plain'; say 'at'" in told(
        tmp_path, with_(table="plain")
    )
    late = told(tmp_path, with_(table="plain", at="1 d", after_damage=""))
    assert "{: no fault damages or deletes 'plain'; say a time of the run as 'point', or 'latest'" in late


DELETED = "{table: rows, mode: deleted, at: 3 d}"


@pytest.mark.parametrize(
    ("restore", "expected"),
    [
        (with_(**SYSTEM, written_since="drop"), []),
        (with_(**NIGHTLY, written_since="drop"), []),
        (
            with_(written_since="drop"),
            [
                "{: a deleted table keeps no history; restore from 'system_backup', which holds the "
                "instant before "
                "the deletion alone, or from one of its backups"
            ],
        ),
        (
            with_(**SYSTEM, written_since="drop", point="70 h"),
            ["70: a system backup holds the instant before the deletion alone; leave 'point' out"],
        ),
        (with_(**SYSTEM), [f"merge: {GONE}"]),
        (
            with_(**SYSTEM, written_since="drop", region="eu-central-1"),
            [
                f"system_backup: {NOT_ON} 'rows' in eu-central-1 (it is in eu-south-1); add the region "
                f"to its "
                "'regions', or restore where it is"
            ],
        ),
    ],
)
def test_of_a_deleted_table_the_last_instant_and_its_backups_are_left(
    restore: str, expected: list[str], tmp_path: Path
) -> None:
    assert told(tmp_path, restore, fault=DELETED) == expected


def test_a_table_is_deleted_everywhere_and_for_good(tmp_path: Path) -> None:
    restore = with_(**NIGHTLY, written_since="drop")
    region = told(tmp_path, restore, fault=DELETED[:-1] + ", region: eu-south-1}")
    assert region == [
        "region: one replica's deletion alone is not simulated: leave 'region' out to delete it everywhere, "
        "or let the region fail by mode refused"
    ]
    ended = told(tmp_path, restore, fault=DELETED[:-1] + ", for: 1 h}")
    assert ended == [
        "for: what is deleted does not come back by itself; 'restores' brings it back; leave 'for' out"
    ]


HISTORY = "{window: 2 d, regions: [eu-south-1]}"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            HISTORY,
            "true",
            "true: write 'point_in_time_recovery: {}' for 35 days, or '{window: 7 d, regions: [eu-south-1]}'",
        ),
        (HISTORY, "{window: 36 d}", "36: a window is from 1 to 35 days, not 36 d"),
        (
            HISTORY,
            "{regions: [eu-north-1]}",
            "eu-north-1: there is no replica in eu-north-1; the replicas are in eu-south-1, eu-central-1",
        ),
        (
            "every: 24 h",
            "every: 10 min",
            "10: at most one an hour is made; for less, 'point_in_time_recovery' keeps each second",
        ),
        (
            "kept_for: 7 d",
            "kept_for: 7 d, copied_to: [eu-south-1]",
            "eu-south-1: backups are made in eu-south-1 already; name other regions",
        ),
        (
            "kept_for: 7 d",
            "kept_for: 7 d, copy_takes: 1 h",
            "copy_takes: nothing is copied; name regions in 'copied_to'",
        ),
        (
            "nightly:",
            "system_backup:",
            "system_backup: 'system_backup' is what a restore calls something else; give the backups "
            "another name",
        ),
        (
            "point_in_time_recovery: {window",
            "pitr: {window",
            "pitr: unknown key 'pitr'; here it is called 'point_in_time_recovery'",
        ),
        (
            "kept_for: 7 d",
            "retention: 7 d",
            "retention: unknown key 'retention'; here it is called 'kept_for'",
        ),
    ],
)
def test_what_protects_a_table_is_checked(old: str, new: str, expected: str, tmp_path: Path) -> None:
    restore = with_(at="3 d", after_damage="")
    assert expected in told(tmp_path, restore, TOPOLOGY.replace(old, new, 1))


def test_backups_that_are_made_at_no_interval_are_refused_where_they_are_declared(tmp_path: Path) -> None:
    topology = TOPOLOGY.replace("every: 24 h", "every: 0 s")
    [complaint] = told(tmp_path, with_(**NIGHTLY, at="3 d", after_damage="", point="2 d"), topology)
    assert complaint.endswith(
        "at most one an hour is made; for less, 'point_in_time_recovery' keeps each second"
    )


def test_items_are_copied_into_strong_tables_alone(tmp_path: Path) -> None:
    assert told(tmp_path, with_(copy_rate="100/s")) == [
        "copy_rate: items are copied into a strong table alone; for others say 'takes' and "
        "'replica_takes', and 'merge_rate' for what was written since"
    ]


def strong_topology() -> str:
    """The same with a strong table in regions that offer it."""
    replicas = "    replicas: [eu-west-1, eu-central-1]\n"
    witness = "    consistency: strong\n    witness: eu-north-1\n"
    return TOPOLOGY.replace("eu-south-1", "eu-west-1").replace(replicas, replicas + witness)


def test_a_strong_table_has_histories_and_backups_like_another(tmp_path: Path) -> None:
    restore = with_(region="eu-west-1", copy_rate="100/s", swap="same_name", written_since="drop")
    assert told(tmp_path, restore, strong_topology()) == []


def test_a_strong_table_is_copied_into_at_some_rate_and_not_merged_when_it_is_deleted(tmp_path: Path) -> None:
    at_no_rate = told(tmp_path, with_(region="eu-west-1", copy_rate="0/s"), strong_topology())
    assert [one.partition(":")[0] for one in at_no_rate] == ["0"]
    assert told(tmp_path, with_(region="eu-west-1", swap="same_name"), strong_topology()) == [
        "merge: the old table is deleted before, so there is nothing left to merge; write drop"
    ]


def test_a_witness_has_no_history(tmp_path: Path) -> None:
    there = strong_topology().replace("regions: [eu-west-1]}", "regions: [eu-north-1]}", 1)
    complaints_ = told(tmp_path, with_(region="eu-west-1"), there)
    assert (
        "eu-north-1: there is no replica in eu-north-1; the replicas are in eu-west-1, eu-central-1"
        in complaints_
    )
