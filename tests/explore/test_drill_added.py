"""Scenarios that are added to a drill: those of the topology, and experiments."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from simulator.errors import SpecError, UsageError
from simulator.explore.drill.added import experiments_with, own_scenarios
from simulator.explore.drill.functions import functions_of
from simulator.explore.drill.history import compared
from simulator.explore.drill.whole import drill
from simulator.language.files import read_topology
from simulator.report.drill.record import record
from simulator.result.drill import Drill, NotPlayed, Scenario
from tests import small
from tests.explore.drilled import system
from tests.small import HERE, NAME, THERE, Written

WHEN = date(2026, 11, 26)
DARK: Written = {"at": "20 min", "for": "10 min", "region": HERE, "mode": "black_hole"}
OWN: Written = {
    "two at once": {
        "title": "A region and the other's table break",
        "faults": [
            DARK,
            {"at": "10 min", "for": "5 min", "table": "orders", "region": THERE, "mode": "error"},
        ],
        "operator": [{"change": NAME, "at": "25 min", "order": [THERE, HERE]}],
        "objectives": {"viewing": {"recovery_time": "1 s"}},
    },
    "gone": {"faults": [{"at": "10 min", "table": "orders", "mode": "deleted"}]},
}
RUN: Written = {"topology": "topology.yaml", "duration": "40 min", "time_of_day": "08:00", "faults": [DARK]}


def written(directory: Path, **changes: object) -> Path:
    """A topology with scenarios of its own, and a folder with one experiment on it."""
    file = (
        small.write(directory, system(drill={"scenarios": OWN}), small.experiment()).parent / "topology.yaml"
    )
    (directory / "set").mkdir()
    run = {"experiment": "Its busiest region is dark"} | RUN | {"topology": "../topology.yaml"} | changes
    kept = {key: value for key, value in run.items() if value is not None}
    (directory / "set" / "dark.yaml").write_text(as_text(kept), encoding="utf-8")
    return file


def as_text(written: Written) -> str:
    return yaml.safe_dump(written, sort_keys=False)


def only_added(one: Scenario | NotPlayed) -> bool:
    return one.key.startswith(("own:", "with:"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Drill:
    directory = tmp_path_factory.mktemp("added")
    return drill(written(directory), chosen=only_added, experiments=[directory / "set"])


def test_they_are_played_after_the_default_set(made: Drill) -> None:
    assert [one.key for one in made.scenarios] == ["own:two at once", "own:gone", "with:dark"]
    assert [one.title for one in made.scenarios] == [
        "A region and the other's table break",
        "gone",
        "Its busiest region is dark",
    ]
    assert [one.column for one in made.scenarios] == ["Region", "Software", "Region"]


def test_the_disruption_begins_with_the_first_fault(made: Drill) -> None:
    begins = {key: run.disrupted_s for key, run in made.played.items()}
    assert begins == {"own:two at once": 600, "own:gone": 600, "with:dark": 1200}
    said = record(made, WHEN, compared(made, WHEN, []))
    clocks = {one["key"]: one["timeline"][0]["clock"] for one in said["scenarios"]}
    assert clocks == {"own:two at once": "14:00:00", "own:gone": "14:00:00", "with:dark": "08:20:00"}


def test_what_is_asked_of_a_function_may_differ_there(made: Drill) -> None:
    """A second is too short for any failover; an hour, as elsewhere, is not."""
    asked = {
        one.scenario: (one.time.objective_s, one.time.verdict)
        for one in made.cells
        if one.function == "viewing"
    }
    assert asked["own:two at once"] == (1.0, "missed")
    assert asked["with:dark"] == (3600.0, "met")


def test_what_nothing_restores_is_gone_for_good(made: Drill) -> None:
    (cell,) = (one for one in made.cells if (one.function, one.scenario) == ("ordering", "own:gone"))
    assert cell.point.verdict == "missed"
    assert cell.point.reason == "what was damaged of orders stays gone: nothing restores it"


def test_they_do_what_the_operator_does(made: Drill) -> None:
    """An order that begins with the other region leaves it with all later requests."""
    assert (made.played["own:two at once"].traffic[THERE] or 0) > (
        made.played["with:dark"].traffic[THERE] or 0
    )


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"topology": "../other.yaml"}, r"dark.yaml:2:\d+: the drill is of topology.yaml; name that"),
        ({"faults": None}, "dark.yaml:1:1: it has no faults, so there is nothing from which to recover"),
        ({"faults": [{"at": "1 min", "region": "eu", "mode": "lost"}]}, r"dark.yaml:\d+:\d+: unknown region"),
        (
            {"users": {"folk": {"near": HERE, "sessions": 3, "think_time": "9 s", "actions": {"view": 1}}}},
            r"dark.yaml:\d+:\d+: function 'all' serves 'people', of whom there are none here",
        ),
    ],
)  # fmt: skip
def test_an_experiment_that_cannot_be_drilled_is_refused_at_its_place(
    changes: Written, complaint: str, tmp_path: Path
) -> None:
    whom: Written = {"all": {"populations": "people", "recovery_time": "1 h"}}
    file = written(tmp_path, **changes)
    for name in ("topology.yaml", "other.yaml"):
        (tmp_path / name).write_text(as_text(system(objectives=whom)), encoding="utf-8")
    with pytest.raises(SpecError, match=complaint):
        [*experiments_with([tmp_path / "set"], file, functions_of(read_topology(file)))]


def test_of_a_folder_its_experiments_are_taken_and_nothing_else(tmp_path: Path) -> None:
    file = written(tmp_path)
    (tmp_path / "set" / "system.yaml").write_text(Path(file).read_text())
    (tmp_path / "set" / "notes.yml").write_text("note: nothing to play")
    added = experiments_with([tmp_path / "set"], file, functions_of(read_topology(file)))
    assert [one.scenario.key for one in added] == ["with:dark"]


def test_a_folder_without_experiments_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"no experiment is in .*empty"):
        drill(file, experiments=[tmp_path / "empty"])


def test_a_scenario_of_ones_own_is_played_as_long_as_others_or_as_it_says() -> None:
    longer = OWN | {"long": {"duration": "2 h", "faults": [DARK]}}
    restored = {"table": "orders", "region": HERE, "after_damage": "5 min", "written_since": "drop"}
    longer["back"] = {"faults": OWN["gone"]["faults"], "restores": [restored | {"from": "system_backup"}]}
    tables = {"orders": {"replicas": [HERE, THERE], "items": 100, "point_in_time_recovery": {}}}
    topology = small.read(system(drill={"scenarios": longer}, tables=tables), small.experiment()).topology
    lengths = {one.scenario.key: one.experiment.duration / 60e9 for one in own_scenarios(topology)}
    assert lengths == {"own:two at once": 45, "own:gone": 45, "own:long": 120, "own:back": 210}


def test_what_a_plan_that_is_run_restores_is_not_gone_for_good() -> None:
    step = {"restore": "orders", "region": HERE, "from": "system_backup", "written_since": "drop"}
    plans = {"back": {"decision": "none", "steps": [step | {"swap": "same_name"}]}}
    tables = {"orders": {"replicas": [HERE, THERE], "items": 100, "point_in_time_recovery": {}}}
    run = {"operator": [{"run": "back", "at": "20 min"}]}
    both = {"left": OWN["gone"], "restored": OWN["gone"] | run}
    written = system(drill={"scenarios": both}, tables=tables, plans=plans)
    added = own_scenarios(small.read(written, small.experiment()).topology)
    assert {one.scenario.key: [*one.scenario.gone] for one in added} == {
        "own:left": ["orders"],
        "own:restored": [],
    }
