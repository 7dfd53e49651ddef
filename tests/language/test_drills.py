"""Scenarios of one's own in a topology: each complaint with its place, as of an experiment."""

from pathlib import Path

import pytest

from simulator.errors import SpecError
from simulator.language.files import read_topology

TOPOLOGY = """\
topology: two regions
regions: {eu-west-1: {}, eu-central-1: {}}
tables: {orders: {replicas: [eu-west-1, eu-central-1], items: 10, point_in_time_recovery: {}}}
databases: {base: {engine: aurora_global, writer: eu-west-1, readers: [eu-central-1], items: 10}}
services:
  api: {regions: [eu-west-1, eu-central-1], operations: {act: [{write: orders}, {read: base}]}}
dns: {api.example: {service: api, policy: failover, health_check: api}}
health_checks: {api: {}}
users: {people: {near: eu-west-1, sessions: 5, think_time: 5 s, actions: {act: 1}}}
objectives: {acting: {operations: act, recovery_time: 1 h}}
drill:
  scenarios:
    pay day:
      faults: [{surge: people, factor: 3, at: 5 min}]
      operator: [{change: api.example, at: 20 min, order: [eu-central-1]}]
      objectives: {acting: {recovery_time: 2 h}}
    bad batch:
      faults: [{at: 10 min, for: 5 min, table: orders, mode: corrupted, share: 5 %}]
      restores: [{table: orders, region: eu-west-1, after_damage: 30 min, written_since: merge}]
  database_restores: {base: {takes: 1 h, replica_takes: 30 min}}
"""


def complaints(directory: Path, before: str = "", after: str = "") -> list[str]:
    assert before in TOPOLOGY
    path = directory / "t.yaml"
    path.write_text(TOPOLOGY.replace(before, after, 1), encoding="utf-8")
    try:
        read_topology(path)
    except SpecError as error:
        return [str(problem).removeprefix(f"{directory}/") for problem in error.problems]
    return []


def test_scenarios_that_can_be_played_are_read(tmp_path: Path) -> None:
    assert complaints(tmp_path) == []


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("surge: people", "surge: folk", "t.yaml:14:24: unknown population 'folk'; one of: people"),
        ("at: 5 min", "at: 50 min", "t.yaml:14:47: starts at 50 min, but the run ends at 45 min"),
        ("factor: 3", "factr: 3", "t.yaml:14:32: unknown key 'factr'; did you mean 'factor'?"),
        ("[{surge: people, factor: 3, at: 5 min}]", "[]",
         "t.yaml:14:15: this list is empty; it needs at least 1"),
        ("order: [eu-central-1]", "order: [eu-west-2]",
         "t.yaml:15:60: unknown region of the service 'eu-west-2'; one of: eu-west-1, eu-central-1"),
        ("{acting: {recovery_time: 2 h}}", "{actin: {recovery_time: 2 h}}",
         "t.yaml:16:20: unknown function 'actin'; did you mean 'acting'?"),
        ("{acting: {recovery_time: 2 h}}", "{acting: {}}",
         "t.yaml:16:20: give 'recovery_time' or 'recovery_point', or both: what is asked of it here"),
        ("after_damage: 30 min", "after_damage: 5 h",
         "t.yaml:19:67: starts at 5 h 10 min, but the run ends at 3 h 30 min"),
        ("table: orders, region", "table: order, region",
         "t.yaml:19:26: unknown table 'order'; did you mean 'orders'?"),
        ("{base: {takes: 1 h, replica_takes: 30 min}}", "{base: {takes: 1 h}}",
         "t.yaml:20:23: it has readers, which are made one after the other; say 'replica_takes', too"),
        ("{base: {takes", "{bas: {takes", "t.yaml:20:23: unknown database 'bas'; did you mean 'base'?"),
        ("    pay day:", "    ' ':", "t.yaml:13:5: this key is empty; write a name"),
    ],
)  # fmt: skip
def test_one_that_cannot_be_played_is_refused_at_its_place(
    before: str, after: str, complaint: str, tmp_path: Path
) -> None:
    assert complaint in complaints(tmp_path, before, after)


def test_a_scenario_may_say_how_long_it_is_played(tmp_path: Path) -> None:
    longer = "factor: 3, at: 50 min}]\n      duration: 2 h"
    assert complaints(tmp_path, "factor: 3, at: 5 min}]", longer) == []
