# ruff: noqa: E501
"""What is said of detectors, and of rules that follow them: each complaint with its place and its remedy."""

from pathlib import Path

import pytest

from simulator import run
from simulator.control_plane import usual
from simulator.errors import UsageError
from simulator.language.files import read_experiment
from tests.language.writing import changed, complaints, framed

TOPOLOGY = """\
topology: who asks what
regions: {eu-south-1: {}, eu-central-1: {}}
services:
  api:
    regions: [eu-south-1, eu-central-1]
    gateway: {}
    operations: {act: [{compute: 5 ms}]}
dns:
  api.example: {service: api, policy: simple}
detectors:
  unusual: {of: [api], in: eu-central-1, period: 2 min, release: 5 min}
waf:
  front: {protects: [api], rules: {flagged: {flagged_by: unusual}, slow: {flagged_by: unusual, limit: 10}}}
"""

EXPERIMENT = framed("who asks what")

CASES = [
    ("of: [api]", "of: [apis]", "t.yaml:11:18: unknown service 'apis'; did you mean 'api'?"),
    ("of: [api]", "of: []", "t.yaml:11:17: this list is empty; it needs at least 1"),
    ("in: eu-central-1", "in: eu-north-1", "t.yaml:11:28: unknown region 'eu-north-1'; one of: eu-south-1, eu-central-1"),
    ("period: 2 min", "period: 90 s", "t.yaml:11:50: a period is in whole minutes, 10 at most"),
    ("period: 2 min, release: 5 min", "period: 20 min, release: 30 min", "t.yaml:11:50: a period is in whole minutes, 10 at most"),
    ("release: 5 min", "release: 1 min", "t.yaml:11:66: nobody is released before the next look; wait for a period"),
    ("release: 5 min", "margin: 0.5", "t.yaml:11:65: this must be at least 1, not 0.5"),
    ("{flagged_by: unusual}", "{flagged_by: usual}", "t.yaml:13:58: unknown detector 'usual'; did you mean 'unusual'?"),
    ("gateway: {}", "gateway: {timeout: soon}", "t.yaml:6:24: 'soon' is not a duration; write a number and a unit (ns us ms s min h d), such as '30 s' or '1 h 30 min'"),
    ("eu-central-1: {}", "eu-central-1: {zones: many}", "t.yaml:2:49: this must be a whole number, not 'many'"),
    ("{flagged_by: unusual}", "{action: count}", "t.yaml:13:36: a rule needs a 'limit', or 'flagged_by' a detector"),
    ("{flagged_by: unusual}", "{flagged_by: unusual, by: client}", "t.yaml:13:71: a detector flags addresses; leave 'by: client' out"),
]  # fmt: skip


def test_detectors_that_make_sense_are_taken(tmp_path: Path) -> None:
    assert complaints(tmp_path, EXPERIMENT, TOPOLOGY) == []


@pytest.mark.parametrize(("old", "new", "expected"), CASES)
def test_each_mistake_has_its_place_and_its_remedy(old: str, new: str, expected: str, tmp_path: Path) -> None:
    found = complaints(tmp_path, EXPERIMENT, changed(TOPOLOGY, old, new))
    assert found == [expected]


def test_a_mistake_of_one_hides_none_of_another(tmp_path: Path) -> None:
    two = changed(
        TOPOLOGY, "release: 5 min}", "margin: 0.5}\n  other: {of: [api], in: eu-central-1, period: 90 s}"
    )
    assert complaints(tmp_path, EXPERIMENT, two) == [
        "t.yaml:11:65: this must be at least 1, not 0.5",
        "t.yaml:12:48: a period is in whole minutes, 10 at most",
    ]


def test_without_its_library_a_run_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent() -> None:
        raise ImportError

    monkeypatch.setattr(usual, "_imported", absent)
    usual.knn.cache_clear()
    (tmp_path / "t.yaml").write_text(TOPOLOGY, encoding="utf-8")
    (tmp_path / "e.yaml").write_text(EXPERIMENT, encoding="utf-8")
    with pytest.raises(UsageError, match=r"pip install 'multiregion-simulator\[anomaly\]'"):
        run(read_experiment(tmp_path / "e.yaml"))
