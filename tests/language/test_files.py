"""Files that are missing, unreadable, of the wrong kind, or name each other wrongly; and good ones."""

import hashlib
from pathlib import Path

import pytest

from simulator.errors import SpecError
from simulator.language.files import Loaded, read, read_experiment, read_topology
from simulator.language.models.experiment import Experiment
from simulator.language.models.topology import Topology
from tests.language.writing import EXPERIMENT, TOPOLOGY, changed, complaints, load

READERS = [read, read_experiment, read_topology]


def problems(reader: object, path: Path) -> list[str]:
    """What a reader says of one file, without the directory."""
    assert callable(reader)
    with pytest.raises(SpecError) as caught:
        reader(path)
    return [str(problem).removeprefix(f"{path.parent}/") for problem in caught.value.problems]


@pytest.mark.parametrize("reader", READERS)
def test_a_missing_file(reader: object, tmp_path: Path) -> None:
    assert problems(reader, tmp_path / "x.yaml") == ["x.yaml:1:1: there is no such file"]


@pytest.mark.parametrize("reader", READERS)
def test_a_directory(reader: object, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    assert problems(reader, tmp_path / "x") == ["x:1:1: cannot be read: is a directory"]


@pytest.mark.parametrize("reader", READERS)
def test_a_file_that_is_not_text(reader: object, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"topology: \xff\xfe\n")
    assert problems(reader, tmp_path / "x.yaml") == ["x.yaml:1:1: this is not a text file in UTF-8"]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "~\n"])
def test_an_empty_file(reader: object, text: str, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(text)
    assert problems(reader, tmp_path / "x.yaml") == ["x.yaml:1:1: the file is empty"]


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text\n", "5\n"])
def test_a_file_that_is_no_mapping(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(text)
    wrong = "x.yaml:1:1: {} is a mapping of keys to values"
    assert problems(read_experiment, tmp_path / "x.yaml") == [wrong.format("an experiment")]
    assert problems(read_topology, tmp_path / "x.yaml") == [wrong.format("a topology")]


def test_a_syntax_error_is_the_only_problem_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("experiment: a: b\n")
    [problem] = problems(read, tmp_path / "x.yaml")
    assert problem.startswith("x.yaml:1:14: not valid YAML: ")


def test_a_topology_where_an_experiment_belongs(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(TOPOLOGY)
    assert problems(read_experiment, tmp_path / "x.yaml") == [
        "x.yaml:1:1: this is a topology; "
        "give an experiment, which names a topology, its users and what breaks"
    ]


def test_an_experiment_where_a_topology_belongs(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(EXPERIMENT)
    assert problems(read_topology, tmp_path / "x.yaml") == [
        "x.yaml:1:1: this is an experiment; give a topology, which describes regions, services and names"
    ]


@pytest.mark.parametrize(
    "text", ["{}\n", "topology: x\n", "wibble: 1\nwobble: 2\n", "duration: 1 s\nregions: {}\n"]
)
def test_a_file_of_neither_kind(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(text)
    assert problems(read, tmp_path / "x.yaml") == [
        "x.yaml:1:1: neither a topology (keys topology, regions, services, dns …) "
        "nor an experiment (keys experiment, topology, duration, users, faults …)"
    ]


def test_the_kind_of_a_file_is_told_by_all_its_keys(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(TOPOLOGY)
    (tmp_path / "x.yaml").write_text(changed(EXPERIMENT, "experiment:", "experimnt:"))
    assert problems(read, tmp_path / "x.yaml") == [
        "x.yaml:1:1: unknown key 'experimnt'; did you mean 'experiment'?",
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tt.yaml", "there is no topology file 'tt.yaml'; did you mean 't.yaml'?"),
        (
            "../nowhere/system.yaml",
            "there is no topology file '../nowhere/system.yaml'; "
            "its path is taken from the experiment's directory",
        ),
        (".", "there is no topology file '.'; its path is taken from the experiment's directory"),
        ("e.yaml", "'e.yaml' is an experiment; name a topology here"),
        ("5", "this must be text, not 5; put it in quotes"),
    ],
)
def test_an_experiment_names_a_topology(name: str, expected: str, tmp_path: Path) -> None:
    experiment = changed(EXPERIMENT, "topology: t.yaml", f"topology: {name}")
    assert complaints(tmp_path, experiment) == [f"e.yaml:2:11: {expected}"]


def test_an_experiment_without_a_topology(tmp_path: Path) -> None:
    assert complaints(tmp_path, changed(EXPERIMENT, "topology: t.yaml\n", "")) == [
        "e.yaml:1:1: missing key 'topology'"
    ]


def test_errors_in_the_topology_name_its_file(tmp_path: Path) -> None:
    (tmp_path / "systems").mkdir()
    (tmp_path / "systems" / "t.yaml").write_text("topology: [\n")
    (tmp_path / "e.yaml").write_text(changed(EXPERIMENT, "t.yaml", "systems/t.yaml"))
    [problem] = problems(read_experiment, tmp_path / "e.yaml")
    assert problem.startswith("systems/t.yaml:2:1: not valid YAML: ")


def test_problems_have_a_file_a_line_and_a_column(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(changed(TOPOLOGY, "policy: failover", "policy: fail"))
    with pytest.raises(SpecError) as caught:
        read_topology(tmp_path / "x.yaml")
    [problem] = caught.value.problems
    assert (problem.file, problem.line, problem.column) == (str(tmp_path / "x.yaml"), 15, 39)
    assert str(problem) == str(caught.value)


def test_a_good_experiment_comes_with_its_topology_and_their_hashes(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert isinstance(loaded.experiment, Experiment)
    assert isinstance(loaded.topology, Topology)
    assert loaded.file == "e.yaml"
    assert loaded.sha256 == {
        "experiment": hashlib.sha256(EXPERIMENT.encode()).hexdigest(),
        "topology": hashlib.sha256(TOPOLOGY.encode()).hexdigest(),
    }


def test_either_kind_of_file_is_read(tmp_path: Path) -> None:
    load(tmp_path)
    assert isinstance(read(tmp_path / "e.yaml"), Loaded)
    assert isinstance(read(tmp_path / "t.yaml"), Topology)


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_bytes(b"\xef\xbb\xbf" + TOPOLOGY.replace("\n", "\r\n").encode())
    (tmp_path / "plain.yaml").write_text(TOPOLOGY)
    assert read_topology(tmp_path / "t.yaml") == read_topology(tmp_path / "plain.yaml")


def test_quantities_are_read_into_their_units(tmp_path: Path) -> None:
    experiment = load(tmp_path).experiment
    assert experiment.duration == 600 * 10**9
    assert experiment.faults[0].at == 60 * 10**9
    assert experiment.faults[0].for_ == 120 * 10**9
    assert experiment.objective.success == 0.99


@pytest.mark.parametrize("interval", ["10 s", "10s", "10_000 ms", "'10 s'"])
def test_an_interval_may_be_written_in_any_unit(interval: str, tmp_path: Path) -> None:
    topology = load(tmp_path, topology=changed(TOPOLOGY, "{} # deep", f"{{interval: {interval}}}")).topology
    assert topology.health_checks["deep"].interval == "10 s"


def test_counts_may_be_written_with_an_exponent(tmp_path: Path) -> None:
    topology = load(tmp_path, topology=changed(TOPOLOGY, "-central-1]}", "-central-1], items: 1e6}")).topology
    assert topology.tables["progress"].items == 1_000_000
    assert type(topology.tables["progress"].items) is int


def test_norway_is_a_country(tmp_path: Path) -> None:
    record = "{service: api, policy: geolocation, geography: {NO: eu-south-1, default: eu-central-1}}"
    topology = changed(TOPOLOGY, "{service: api, policy: failover, health_check: deep}", record)
    assert load(tmp_path, topology=topology).topology.dns["api.example"].geography == {
        "NO": "eu-south-1",
        "default": "eu-central-1",
    }
