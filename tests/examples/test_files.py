"""Every shipped topology and experiment is valid, documented, and completed by editors."""

import re
from pathlib import Path

import pytest

import simulator
from simulator.language.schema import schema_text
from tests.examples.places import EXPERIMENTS, ROOT, TOPOLOGIES


def ids(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", TOPOLOGIES, ids=ids)
def test_a_topology_is_valid(path: Path) -> None:
    topology = simulator.load_topology(path)
    assert topology.topology
    assert topology.services


@pytest.mark.parametrize("path", EXPERIMENTS, ids=ids)
def test_an_experiment_is_valid_and_expects_something(path: Path) -> None:
    loaded = simulator.load(path)
    assert loaded.experiment.faults
    assert loaded.experiment.expect


@pytest.mark.parametrize("path", [*TOPOLOGIES, *EXPERIMENTS], ids=ids)
def test_the_first_line_names_the_schema_of_the_file(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named is not None
    kind = "topology" if path in TOPOLOGIES else "experiment"
    schema = (path.parent / named[1]).resolve()
    assert schema == ROOT / "docs" / "schema" / f"{kind}.schema.json"
    assert schema.read_text(encoding="utf-8") == schema_text(kind)


@pytest.mark.parametrize("path", [*TOPOLOGIES, *EXPERIMENTS], ids=ids)
def test_a_file_says_in_comments_what_it_is_and_what_is_assumed(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith("# ")
    assert any("assumed" in line.lower() for line in lines if "#" in line)


def test_every_topology_has_an_experiment() -> None:
    used = {re.search(r"^topology: (\S+)", path.read_text(), re.M)[1] for path in EXPERIMENTS}  # type: ignore[index]
    assert used == {f"../topologies/{path.name}" for path in TOPOLOGIES}


def test_an_incident_names_its_source() -> None:
    incidents = [path for path in EXPERIMENTS if re.search(r"\d{4}-\d{2}-\d{2}", path.name)]
    assert incidents
    for path in incidents:
        assert re.search(r"^# .*Source: ", path.read_text(), re.M)
