"""Values that are set from outside: where they go, how they are checked, what is said where none fits."""

from pathlib import Path

import numpy as np
import pytest

from simulator import Loaded, SpecError, UsageError
from simulator.language.files import read_experiment, read_topology
from simulator.language.reading.pointing import parts_of
from simulator.language.settings import as_yaml, parse_setting, parse_settings
from tests.language.writing import EXPERIMENT, TOPOLOGY, changed, load

MINUTE_NS = 60 * 10**9
RECORD = "dns.api.example"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    load(tmp_path)
    return tmp_path / "e.yaml"


def set_in(file: Path, *texts: str) -> Loaded:
    return read_experiment(file, parse_settings(texts))


def refusals(file: Path, *texts: str) -> list[str]:
    """What is said of settings, without the directory."""
    with pytest.raises(SpecError) as caught:
        set_in(file, *texts)
    return [str(one).replace(f"{file.parent}/", "") for one in caught.value.problems]


def test_a_value_of_the_topology_and_one_of_the_experiment(written: Path) -> None:
    loaded = set_in(written, f"{RECORD}.ttl=5min", "duration=20 min")
    assert loaded.topology.dns["api.example"].ttl == 5 * MINUTE_NS
    assert loaded.experiment.duration == 20 * MINUTE_NS
    assert [one.said for one in loaded.settings] == [f"{RECORD}.ttl=5min", "duration=20 min"]


@pytest.mark.parametrize(
    "path", ["users.all.sessions", "users.'all'.sessions", 'users."all".sessions', "users[all][sessions]"]
)
def test_a_path_may_be_quoted(written: Path, path: str) -> None:
    assert set_in(written, f"{path}=1e3").experiment.users["all"].sessions == 1000


def test_a_key_with_dots_is_the_longest_there_is_or_stands_in_quotes(tmp_path: Path) -> None:
    load(tmp_path, topology=TOPOLOGY + "  deep.interval: {interval: 30 s}\n")
    for path in ("deep.interval", '"deep.interval"'):
        loaded = set_in(tmp_path / "e.yaml", f"health_checks.{path}={{interval: 10 s}}")
        checks = loaded.topology.health_checks
        assert checks["deep.interval"].interval == "10 s"  # type: ignore[union-attr]
    (said,) = refusals(tmp_path / "e.yaml", "health_checks.'deep'.'interval'=11 s")
    assert said.startswith("--set health_checks.'deep'.'interval'=11 s: '11 s' is not allowed here")


@pytest.mark.parametrize(
    "path",
    ["faults.0.for", "faults[0].for", "faults.eu-south-1.for", "faults.black_hole.for", "faults.for"],
)
def test_an_entry_of_a_list_by_number_by_name_or_as_the_only_one(written: Path, path: str) -> None:
    (fault,) = set_in(written, f"{path}=3 min").experiment.faults
    assert fault.for_ == 3 * MINUTE_NS


def test_an_expectation_is_named_by_its_measure(written: Path) -> None:
    loaded = set_in(written, "expect.recovery_time.at_most=1 min")
    assert loaded.experiment.expect[0].recovery_time.at_most == MINUTE_NS  # type: ignore[attr-defined]
    assert loaded.expect_lines == (9,)


def test_a_step_is_named_by_its_kind(written: Path) -> None:
    found = set_in(written, "services.api.operations.act.compute={median: 8 ms, p99: 40 ms}")
    assert found.topology.services["api"].operations["act"][0].compute.median == 8 * 10**6  # type: ignore[union-attr]


def test_a_key_that_the_file_does_not_write_is_added_if_there_is_such_a_key(written: Path) -> None:
    loaded = set_in(written, f"{RECORD}.ttl=5 s", "objective.success=95 %", "users.all.client.attempts=2")
    assert loaded.experiment.objective.success == 0.95
    assert loaded.experiment.users["all"].client.attempts == 2  # type: ignore[union-attr]


def test_a_list_and_a_mapping_are_replaced_whole(written: Path) -> None:
    loaded = set_in(
        written,
        "tables={scores: {replicas: [eu-south-1, eu-central-1]}}",
        "services.api.operations={act: [{read: scores}]}",
    )
    assert [*loaded.topology.tables] == ["scores"]
    assert [*loaded.topology.services["api"].operations] == ["act"]


def test_null_leaves_a_key_out_and_an_entry_of_a_list(tmp_path: Path) -> None:
    two = changed(EXPERIMENT, "expect:", "  - {at: 4 min, region: eu-central-1, mode: refuse}\nexpect:")
    (tmp_path / "t.yaml").write_text(TOPOLOGY)
    (tmp_path / "e.yaml").write_text(two)
    loaded = set_in(tmp_path / "e.yaml", "faults.1=null", f"{RECORD}.health_check=null")
    assert len(loaded.experiment.faults) == 1
    assert loaded.topology.dns["api.example"].health_check is None
    assert refusals(tmp_path / "e.yaml", "faults.0=null") == [  # the second has become the first
        "e.yaml:8:45: 'refuse' is not allowed here; did you mean 'refused'?"
    ]


def test_later_settings_build_on_earlier_ones(written: Path) -> None:
    loaded = set_in(
        written,
        "users={us: {near: eu-south-1, sessions: 5, think_time: 5 s, actions: {act: 1}}}",
        "users.us.sessions=7",
    )
    assert loaded.experiment.users["us"].sessions == 7


def test_another_topology_can_be_set_and_changed(written: Path) -> None:
    (written.parent / "other.yaml").write_text(changed(TOPOLOGY, "two regions", "another one"))
    loaded = set_in(written, f"{RECORD}.ttl=9 s", "experiment:topology=other.yaml")
    assert loaded.topology.topology == "another one"
    assert loaded.topology.dns["api.example"].ttl == 9 * 10**9


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (f"{RECORD}.ttl=5", "5 has no unit; write '5 s'"),
        (f"{RECORD}.tll=5 s", "unknown key 'tll'; did you mean 'ttl'?"),
        (f"{RECORD}.service=null", "missing key 'service'"),
        (f"{RECORD}.service=apu", "unknown service 'apu'; did you mean 'api'?"),
        ("users.all.sessions=many", "this must be a whole number, not 'many'"),
        ("dns.api.exmple.ttl=5 s", "there is no 'dns.api.exmple.ttl' in e.yaml or t.yaml; did you mean"),
        ("durtion=5 min", "there is no 'durtion' in e.yaml or t.yaml; did you mean 'duration'?"),
        ("tables.orders={replicas: [eu-south-1]}", "there is no 'tables.orders'"),
        ("faults.3.for=1 min", "there is no 'faults.3.for' in e.yaml or t.yaml; did you mean"),
        ("faults.0.share=null", "there is no 'faults.0.share'"),
        ("topology=x", "'topology' fits the experiment and its topology; write 'experiment:topo"),
        ("services.api.operations.compute=1 ms", "there is no 'services.api.operations.compute'"),
        ("duration", "write PATH=VALUE, such as 'dns.shop.example.ttl=5 min'"),
        ("=5", "write PATH=VALUE"),
        ("duration=", "a value is missing behind the '='; write null to leave the key out"),
        ("duration={", "not valid YAML: "),
        ("users..all=1", "'users..all' is no path: a part between its dots is empty"),
        ("users.'all.x=1", "write PATH=VALUE"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_at_the_setting(written: Path, setting: str, said: str) -> None:
    (found, *_) = refusals(written, setting)
    assert found.startswith(f"--set {setting}: {said}"), found


def test_what_fits_several_places_is_refused_with_all_of_them(tmp_path: Path) -> None:
    load(
        tmp_path,
        changed(EXPERIMENT, "expect:", "  - {at: 4 min, region: eu-south-1, mode: refused}\nexpect:"),
    )
    for path in ("faults.at", "faults.eu-south-1.at"):
        assert refusals(tmp_path / "e.yaml", f"{path}=2 min") == [
            f"--set {path}=2 min: '{path}' fits 2 places; write one of faults.0.at, faults.1.at"
        ]
    assert set_in(tmp_path / "e.yaml", "faults.refused.at=2 min").experiment.faults[1].at == 2 * MINUTE_NS


def test_users_are_the_experiments_where_it_has_its_own(tmp_path: Path) -> None:
    usual = "users:\n  all: {near: eu-south-1, sessions: 3, think_time: 5 s, actions: {act: 1}}\n"
    load(tmp_path, topology=TOPOLOGY + usual)
    (said,) = refusals(tmp_path / "e.yaml", "users.all.sessions=5")
    assert "write 'experiment:users.all.sessions' or 'topology:users.all.sessions'" in said
    load(tmp_path, topology=TOPOLOGY + usual.replace("all", "usual"))
    (said,) = refusals(tmp_path / "e.yaml", "users.usual.sessions=5")
    assert "there is no 'users.usual.sessions' in e.yaml" in said
    loaded = set_in(tmp_path / "e.yaml", "topology:users.usual.sessions=5")
    assert loaded.topology.users["usual"].sessions == 5


def test_everything_wrong_is_said_at_once(tmp_path: Path, written: Path) -> None:
    written.write_text(changed(EXPERIMENT, "at: 1 min", "at: 1 h"))
    said = refusals(written, f"{RECORD}.ttl=soon", "durtion=1 h", "users.all.sessions=0")
    assert [one.partition(" is not a duration")[0] for one in said] == [
        "--set durtion=1 h: there is no 'durtion' in e.yaml or t.yaml; did you mean 'duration'?",
        "--set users.all.sessions=0: this must be at least 1, not 0",
        "e.yaml:7:10: starts at 1 h, but the run ends at 10 min",
        f"--set {RECORD}.ttl=soon: 'soon'",
    ]


def test_of_files_that_cannot_be_read_nothing_else_is_said(written: Path) -> None:
    (written.parent / "t.yaml").write_text("topology: a: b\n")
    (said,) = refusals(written, f"{RECORD}.ttl=5 s")
    assert said.startswith("t.yaml:1:12: not valid YAML")


def test_a_topology_alone_takes_settings(written: Path) -> None:
    file = written.parent / "t.yaml"
    found = read_topology(file, parse_settings([f"topology:{RECORD}.ttl=4 s", "topology=mine"]))
    assert (found.topology, found.dns["api.example"].ttl) == ("mine", 4 * 10**9)
    with pytest.raises(SpecError, match="no experiment is read here; leave 'experiment:' out"):
        read_topology(file, parse_settings(["experiment:duration=4 s"]))


def test_a_program_sets_what_a_file_could_hold(tmp_path: Path, written: Path) -> None:
    loaded = load(tmp_path).with_(f"{RECORD}.ttl", "5 min").with_("users.all.sessions", np.int64(12))
    assert loaded.topology.dns["api.example"].ttl == 5 * MINUTE_NS
    assert loaded.experiment.users["all"].sessions == 12
    assert [one.said for one in loaded.settings] == [f"{RECORD}.ttl=5 min", "users.all.sessions=12"]
    with pytest.raises(SpecError, match=rf"^setting {RECORD}\.ttl to 5: 5 has no unit"):
        loaded.with_(f"{RECORD}.ttl", 5)
    with pytest.raises(UsageError, match="text, number …"):
        loaded.with_("duration", object())


def test_what_was_loaded_keeps_its_texts(written: Path) -> None:
    loaded = read_experiment(written)
    written.write_text("nothing any more")
    assert loaded.with_("duration", "11 min").experiment.duration == 11 * MINUTE_NS


def test_a_setting_within_what_was_set_leaves_the_earlier_design_alone(written: Path) -> None:
    """A design is varied in several ways: no way may show up in another."""
    loaded = read_experiment(written).with_(
        "experiment:faults", [{"at": "1 min", "service": "api", "mode": "refused"}]
    )
    loaded.with_("experiment:faults.at", "2 min")
    again = loaded.with_("experiment:experiment", "again")
    assert again.experiment.faults[0].at == loaded.experiment.faults[0].at
    assert [one.said for one in again.settings][:1] == [one.said for one in loaded.settings]


def test_models_that_a_program_has_changed_take_no_settings(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    loaded.topology.regions.clear()
    with pytest.raises(UsageError, match="set values first"):
        loaded.with_("duration", "5 min")


@pytest.mark.parametrize(
    "value", ["5 min", "no", "1", "a: b", "", " x ", 5, 0.1, 1e-9, True, [1, "a"], {"a": {"b": "c d"}}, None]
)
def test_a_setting_says_itself_so_that_it_can_be_given_again(value: object) -> None:
    assert parse_setting(f"a={as_yaml(value)}").value == value


def test_parts_of_a_path() -> None:
    assert [one.text for one in parts_of("a.'b.c'[0].\"d\".e-f")] == ["a", "b.c", "0", "d", "e-f"]
