"""Promotions of databases that make no sense: each complaint with its place and its remedy."""

from pathlib import Path

import pytest

from tests.language.writing import changed, complaints, framed

TOPOLOGY = """\
topology: a database
regions: {eu-west-1: {}, eu-central-1: {}, eu-south-1: {}}
databases:
  base: {engine: aurora_global, writer: eu-west-1, readers: [eu-central-1]}
services:
  api: {regions: [eu-west-1], operations: {act: [{write: base}]}}
dns:
  api.example: {service: api, policy: simple}
"""

EXPERIMENT = framed(
    "a promotion",
    """\
operator:
  - {promote: base, to: eu-central-1, at: 1 min}
""",
)

CALL = "{promote: base, to: eu-central-1, at: 1 min}"

CASES = [
    (
        "{promote: bases, to: eu-central-1, at: 1 min}",
        "e.yaml:5:15: unknown database 'bases'; did you mean 'base'?",
    ),
    (
        "{promote: base, to: eu-south-1, at: 1 min}",
        "e.yaml:5:25: database 'base' has no reader in eu-south-1; its readers are: eu-central-1",
    ),
    (
        "{promote: base, to: eu-west-1, at: 1 min}",
        "e.yaml:5:25: eu-west-1 is the writer of database 'base' already; promote one of its readers: "
        "eu-central-1",
    ),
    (
        "{promote: base, to: eu-north-1, at: 1 min}",
        "e.yaml:5:25: unknown region 'eu-north-1'; one of: eu-west-1, eu-central-1, eu-south-1",
    ),
    ("{promote: base, to: eu-central-1}", "e.yaml:5:5: give either 'at' or 'after_detection'"),
    (
        "{promote: base, to: eu-central-1, at: 11 min}",
        "e.yaml:5:43: happens at 11 min, but the run ends at 10 min",
    ),
    (
        "{promote: base, to: eu-central-1, after_detection: 1 min}",
        "e.yaml:5:39: nothing is ever detected: the topology has no health check; write 'at'",
    ),
    (
        "{promote: base, to: eu-central-1, at: 1 min, mode: graceful}",
        "e.yaml:5:56: 'graceful' is not allowed here; write failover or switchover",
    ),
    (
        "{failover: base, to: eu-central-1, at: 1 min}",
        "e.yaml:5:5: an operator's call names one of change, fail_back, promote, run; this one has "
        "'failover', 'to', 'at'",
    ),
]


@pytest.mark.parametrize(("call", "complaint"), CASES, ids=[call for call, _ in CASES])
def test_a_promotion_that_cannot_be_is_refused_at_its_place(
    call: str, complaint: str, tmp_path: Path
) -> None:
    assert complaints(tmp_path, changed(EXPERIMENT, CALL, call), TOPOLOGY) == [complaint]


def test_the_files_that_are_changed_are_valid(tmp_path: Path) -> None:
    assert complaints(tmp_path, EXPERIMENT, TOPOLOGY) == []


def test_the_first_writer_may_become_it_again(tmp_path: Path) -> None:
    back = f"{CALL}\n  - {{promote: base, to: eu-west-1, at: 5 min, mode: switchover}}"
    assert complaints(tmp_path, changed(EXPERIMENT, CALL, back), TOPOLOGY) == []


def test_rds_has_no_switchover_across_regions(tmp_path: Path) -> None:
    topology = changed(TOPOLOGY, "aurora_global", "rds")
    call = CALL.replace("}", ", mode: switchover}")
    (complaint,) = complaints(tmp_path, changed(EXPERIMENT, CALL, call), topology)
    assert complaint.startswith("e.yaml:5:56: RDS has no switchover across regions")
