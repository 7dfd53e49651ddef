"""A drill from end to end on a small system: what it finds, that it comes out the same, that it resumes."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from simulator.errors import SpecError
from simulator.explore.drill import running
from simulator.explore.drill.history import append_line, changes, compared, line_of, read_history
from simulator.explore.drill.whole import drill
from simulator.language.settings import parse_settings
from simulator.report.drill.files import write_drill
from simulator.report.drill.markdown import markdown
from simulator.report.drill.record import record
from simulator.report.drill.said import findings
from simulator.report.drill.table import table
from simulator.result.drill import Drill, NotPlayed, Scenario
from tests import small
from tests.explore.drilled import PEOPLE, system
from tests.small import HERE, THERE

CHOSEN = (f"region-dark:{HERE}", f"region-lost:{HERE}", "data-deleted:orders", "failback")
WHEN = date(2026, 11, 26)


def chosen(one: Scenario | NotPlayed) -> bool:
    return one.key in CHOSEN


def topology_file(directory: Path) -> Path:
    return small.write(directory, system(), small.experiment()).parent / "topology.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Drill:
    return drill(topology_file(tmp_path_factory.mktemp("drill")), chosen=chosen)


def cell(made: Drill, function: str, scenario: str) -> tuple[str, str]:
    (found,) = (one for one in made.cells if (one.function, one.scenario) == (function, scenario))
    return found.time.verdict, found.point.verdict


def test_a_dark_region_is_left_in_time(made: Drill) -> None:
    """Checkers ask every 10 s and give up after 4 s, answers live 10 s: minutes at most, of an hour."""
    assert cell(made, "viewing", f"region-dark:{HERE}") == ("met", "no objective")
    found = made.played[f"region-dark:{HERE}"].functions["viewing"]
    assert found.recovery_time_s is not None
    assert 10 <= found.recovery_time_s <= 20 * 60 + 60


def test_a_drill_of_a_topology_with_a_value_set_plays_and_says_it(tmp_path: Path) -> None:
    settings = parse_settings(["health_checks.api.interval=30 s"])
    key = f"region-dark:{HERE}"
    slower = drill(topology_file(tmp_path), chosen=lambda one: one.key == key, settings=settings)
    assert slower.settings == ("health_checks.api.interval=30 s",)
    assert "health_checks.api.interval=30 s" in markdown(record(slower, WHEN, compared(slower, WHEN, [])))
    plain = replace(slower, settings=())
    assert [*changes(line_of(plain, WHEN), line_of(slower, WHEN))] == [
        "settings: none → health_checks.api.interval=30 s"
    ]


def test_a_deleted_table_that_nothing_restores_misses_both_and_spares_who_does_not_use_it(
    made: Drill,
) -> None:
    assert cell(made, "ordering", "data-deleted:orders") == ("missed", "missed")
    assert cell(made, "viewing", "data-deleted:orders") == ("met", "no objective")
    assert made.exit_code == 1


def test_old_answers_that_resolvers_keep_for_a_day_expire_in_the_end(tmp_path: Path) -> None:
    """For hours a level share of people is led to a region that is lost; that is late, and not never."""
    written = system(users={"people": PEOPLE["people"] | {"resolvers": {"extend_ttl": "50 %"}}})
    file = small.write(tmp_path, written, small.experiment()).parent / "topology.yaml"
    lost = drill(file, chosen=lambda one: one.key == f"region-lost:{HERE}")
    found = lost.played[f"region-lost:{HERE}"].functions["viewing"]
    assert not found.shown
    assert not found.settled


def test_two_drills_are_the_same_to_the_byte(made: Drill, tmp_path: Path) -> None:
    again = drill(topology_file(tmp_path), chosen=chosen)
    first, second = (record(one, WHEN, compared(one, WHEN, [])) for one in (made, again))
    assert json.dumps(second) == json.dumps(first)


def test_what_is_finished_is_not_played_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, kept = topology_file(tmp_path), tmp_path / "kept"
    first = drill(file, chosen=chosen, kept_in=kept)
    monkeypatch.setattr(running, "_run", lambda _task: pytest.fail("played again"))
    assert drill(file, chosen=chosen, kept_in=kept) == first


def test_a_killed_drill_plays_what_is_missing_and_what_was_spoiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, kept = topology_file(tmp_path), tmp_path / "kept"
    first = drill(file, chosen=chosen, kept_in=kept)
    missing, spoiled, *_ = sorted(kept.glob("*.json"))
    missing.unlink()
    spoiled.write_text("{")
    play, played = running._run, []
    monkeypatch.setattr(running, "_run", lambda task: (played.append(task.value.key), play(task))[1])
    assert drill(file, chosen=chosen, kept_in=kept) == first
    assert sorted(played) == [missing.stem, spoiled.stem]


def test_another_seed_takes_nothing_from_an_earlier_drill(tmp_path: Path) -> None:
    file, kept = topology_file(tmp_path), tmp_path / "kept"
    drill(file, chosen=chosen, kept_in=kept)
    count = len([*kept.glob("*.json")])
    drill(file, seed=2, chosen=chosen, kept_in=kept)
    assert len([*kept.glob("*.json")]) == 2 * count


def test_a_topology_without_users_is_refused_at_its_place(tmp_path: Path) -> None:
    path = small.write(tmp_path, system(users=None, objectives=None), small.experiment()).parent
    with pytest.raises(SpecError, match=r"topology.yaml:1:1: a drill needs the usual load: write 'users'"):
        drill(path / "topology.yaml")


def with_left_out(directory: Path, left_out: dict[str, str]) -> Path:
    written = system(drill={"leave_out": left_out})
    return small.write(directory, written, small.experiment()).parent / "topology.yaml"


def test_what_is_left_out_is_listed_as_untested_with_the_reason(tmp_path: Path) -> None:
    left_out = {"region-lost": "insured", f"region-dark:{HERE}": "played in June"}
    made = drill(with_left_out(tmp_path, left_out), chosen=lambda one: one.key.startswith("region-"))
    assert [one.key for one in made.scenarios] == [f"region-dark:{THERE}"]
    assert {(one.key, one.status, one.reason) for one in made.not_played} == {
        (f"region-dark:{HERE}", "untested", "left out: played in June"),
        (f"region-lost:{HERE}", "untested", "left out: insured"),
        (f"region-lost:{THERE}", "untested", "left out: insured"),
    }


@pytest.mark.parametrize(
    ("left_out", "complaint"),
    [
        ({"region-drak": "no"}, r"topology.yaml:\d+:\d+: unknown scenario 'region-drak'"),
        ({"region-dark": " "}, r"topology.yaml:\d+:\d+: say why it is left out"),
    ],
)
def test_what_cannot_be_left_out_is_refused_at_its_place(
    left_out: dict[str, str], complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(SpecError, match=complaint):
        drill(with_left_out(tmp_path, left_out))


# the report


def test_the_report_has_every_heading(made: Drill) -> None:
    said = markdown(record(made, WHEN, compared(made, WHEN, [])))
    for heading in (
        "# Disaster-recovery test: small",
        "## Scope",
        "## Summary",
        "## Objectives",
        "## Function × scenario",
        "## Scenarios not tested",
        "## What happened, scenario by scenario",
        "## Data",
        "## Readiness of the standby",
        "## What is single",
        "## Findings",
        "## Comparison with earlier drills",
        "## Assumptions that carry the result",
        "## Mapping to controls",
        "## What this does not prove",
    ):
        assert f"\n{heading}\n" in f"\n{said}"
    for field in (
        "Run by",
        "Observed by",
        "Approved by",
        "Kind of test | simulation",
        made.sha256,
        "2027-11-26",
    ):
        assert field in said


def test_the_timeline_tells_the_time_of_day(made: Drill) -> None:
    """The run begins at 13:50, the disruption ten minutes later and ends after 20 minutes."""
    said = record(made, WHEN, compared(made, WHEN, []))
    (dark,) = (one for one in said["scenarios"] if one["key"] == f"region-dark:{HERE}")
    clocks = {moment["what"].partition(":")[0]: moment["clock"] for moment in dark["timeline"]}
    assert clocks["the disruption begins"] == "14:00:00"
    assert clocks["the disruption ends"] == "14:20:00"
    assert any(what.startswith("detected by health check") for what in clocks)


def test_without_a_date_the_report_leaves_it_to_be_filled_in(made: Drill) -> None:
    said = record(made, None, compared(made, None, []))
    assert said["scope"]["date"] is None
    assert "| Date | ________________ |" in markdown(said)


def test_a_cell_of_a_table_holds_no_bar_of_a_name(tmp_path: Path) -> None:
    path = small.write(tmp_path, system(topology="a | b"), small.experiment()).parent / "topology.yaml"
    made = drill(path, chosen=lambda one: one.key == "failback")
    assert made.verdict == "no_expectations"  # nothing was played
    assert "| Findings" not in markdown(record(made, None, compared(made, None, [])))


def test_the_table_keeps_to_eighty_columns_and_names_what_is_missed(made: Drill) -> None:
    said = table(made, 80)
    assert max(map(len, said.splitlines())) <= 80
    assert said.startswith("MISSED: an objective does not hold")
    assert "✗ ordering: recovery time missed" in said
    assert "scenarios untested: 0, not applicable: 1" in " ".join(said.split())


def test_what_is_missing_where_every_recovery_point_holds_is_a_finding_of_its_own(made: Drill) -> None:
    key = f"region-dark:{HERE}"
    store = replace(made.played[key].stores["orders"], missing=7)
    spoiled = replace(made.played[key], stores={"orders": store})
    found = findings(replace(made, played=made.played | {key: spoiled}))
    (one,) = (one for one in found if "each recovery point holds" in one.finding)
    assert (one.severity, one.scenario) == ("medium", key)
    assert "most of them, 7, where region" in one.finding
    assert [finding.number for finding in found] == [*range(1, len(found) + 1)]


# history


def test_a_line_is_added_and_nothing_has_changed_between_two_equal_drills(
    made: Drill, tmp_path: Path
) -> None:
    file = tmp_path / "more" / "drills.jsonl"
    for _ in range(2):
        append_line(file, line_of(made, WHEN))
    before, now = read_history(file)
    assert [*changes(before, now)] == []
    said = record(made, WHEN, compared(made, WHEN, [before]))
    assert said["last_drill"] == {"date": "2026-11-26", "verdict": "missed"}
    assert "Nothing has changed since the last drill." in markdown(said)
    never = sum(one.time.endless for one in made.cells)
    assert never
    assert [one["never_recovered"] for one in said["trend"]] == [never, never]


def test_what_has_changed_since_the_last_drill_is_told(made: Drill) -> None:
    now = line_of(made, WHEN)
    before = json.loads(json.dumps(now))
    before["sha256"] = "0" * 64
    before["objectives"]["viewing"]["recovery_time_s"] = 60.0
    key = f"viewing | region-dark:{HERE}"
    before["cells"][key]["recovery_time_s"] = 10_000.0
    before["cells"]["ordering | data-deleted:orders"]["verdict"] = "met"
    before["not_played"]["failback"] = "untested"
    said = [*changes(before, now)]
    assert said[0].startswith("the topology has changed (SHA-256 000000000000 →")
    assert said[1] == "the objective of viewing has changed: time 60 s → time 3600 s"
    assert any(one.startswith(f"{key}: recovery time 10000 s →") for one in said)
    assert "ordering | data-deleted:orders: met → missed" in said
    assert "failback: untested → not applicable" in said


def test_a_history_that_is_none_is_refused_at_its_line(made: Drill, tmp_path: Path) -> None:
    file = tmp_path / "drills.jsonl"
    append_line(file, line_of(made, WHEN))
    with file.open("a") as more:
        more.write('{"format": "other"}\n')
    with pytest.raises(SpecError, match=r"drills.jsonl:2:1: this is no line of a drill's history"):
        read_history(file)


def test_a_report_is_whole_or_not_there(made: Drill, tmp_path: Path) -> None:
    paths = write_drill(made, tmp_path / "new", WHEN, compared(made, WHEN, []))
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["drill.json", "drill.md"]
    assert json.loads(paths[1].read_text(encoding="utf-8"))["verdict"] == "missed"
    assert THERE in paths[0].read_text(encoding="utf-8")


def test_what_is_to_be_said_of_several_functions_is_said_once(made: Drill) -> None:
    """Both functions miss the same objective by the same figure."""
    key = f"region-lost:{HERE}"
    first = made.cells[0]
    late = replace(first.time, measured_s=9_000.0, verdict="missed", reason="")
    alike = {"time": late, "point": first.point, "dominated_by": first.dominated_by}
    cells = tuple(replace(one, **alike) if one.scenario == key else one for one in made.cells)  # type: ignore[arg-type]
    (one,) = (one for one in findings(replace(made, cells=cells)) if one.scenario == key)
    assert one.finding.count("recovery time missed (2 h 30 min, 1 h asked for)") == 1
    assert "viewing, ordering: " in one.finding


def test_what_nothing_brings_back_is_told_with_its_scenario(made: Drill) -> None:
    said = markdown(record(made, WHEN, compared(made, WHEN, [])))
    assert "Not to be brought back: orders is gone, and nothing restores it: it has neither" in said
