"""Values varied on the same users, and the boundary at which a condition ends to hold."""

import csv
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from simulator import SpecError, UsageError, find, run, sweep
from simulator.cli import main
from simulator.explore.cells import Cell, Record, record_of
from simulator.explore.sweeping import searching
from simulator.explore.sweeping.conditions import condition_of
from simulator.explore.sweeping.finding import range_of
from simulator.explore.sweeping.grid import parse_axis, split_values
from simulator.language.files import Loaded
from simulator.report.pareto import Offer
from simulator.report.pareto import picture as pareto_picture
from simulator.report.sweep.boundary import boundary_lines
from simulator.report.sweep.picture import has_picture, picture
from simulator.report.sweep.tables import parquet_of, points_table
from simulator.report.sweep.terminal import print_sweep
from simulator.result.numbers import numbers_of
from simulator.result.schema import schema_text
from simulator.result.sweep import Sweep
from simulator.verdict.figures import Figure
from tests import small

FAULT = {"at": "1 min", "for": "30 s", "service": "api", "mode": "refused"}
RUN = small.experiment(duration="3 min", faults=[FAULT], expect=[{"success": {"at_least": "70 %"}}])
PEOPLE = "users.people.sessions"


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return small.read(small.topology(), RUN)


@pytest.fixture(scope="module")
def swept(loaded: Loaded) -> Sweep:
    """Refused for 30 s or 90 s of 180 s, by five users or ten: about 17 % or half of all actions fail."""
    return sweep(
        loaded,
        {"faults.for": ["30 s", "90 s"], PEOPLE: [5, 10]},
        seeds=2,
        figures=["retry_amplification", "success"],
    )


def test_every_combination_is_played_the_last_axis_first(swept: Sweep) -> None:
    assert [point.values for point in swept.points] == [
        ("30 s", "5"), ("30 s", "10"), ("90 s", "5"), ("90 s", "10")
    ]  # fmt: skip
    assert [(axis.path, axis.values) for axis in swept.axes] == [
        ("faults.for", ("30 s", "90 s")),
        (PEOPLE, ("5", "10")),
    ]
    assert [(run.point, run.seed) for run in swept.runs] == [(p, s) for p in range(4) for s in (1, 2)]


def test_what_is_varied_makes_the_difference(swept: Sweep) -> None:
    success = [point.figures["success"].value for point in swept.points]
    assert all(value is not None and value > 0.7 for value in success[:2])
    assert all(value is not None and value < 0.7 for value in success[2:])
    assert [point.verdicts for point in swept.points] == [{"met": 2}] * 2 + [{"missed": 2}] * 2


def test_asked_figures_stand_first_and_unknown_ones_are_refused(loaded: Loaded, swept: Sweep) -> None:
    assert [one.key for one in swept.figures][:2] == ["retry_amplification", "success"]
    with pytest.raises(UsageError, match="no run tells a figure 'succes'; did you mean 'success'"):
        sweep(loaded, {PEOPLE: [5]}, seeds=1, figures=["succes"])


def test_every_bad_value_of_an_axis_is_told(loaded: Loaded) -> None:
    with pytest.raises(SpecError) as caught:
        sweep(loaded, {PEOPLE: [5, 0, "many"]}, seeds=1)
    assert [str(one).partition(":")[0] for one in caught.value.problems] == [
        f"setting {PEOPLE} to 0",
        f"setting {PEOPLE} to many",
    ]
    for vary in ({}, {PEOPLE: []}, [PEOPLE]):
        with pytest.raises(UsageError, match="varied"):
            sweep(loaded, vary)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a,b", ["a", "b"]),
        ("[a, b],{c: d, e: f}", ["[a, b]", "{c: d, e: f}"]),
        ("'a,b',\"c,d\"", ["'a,b'", '"c,d"']),
        ("5 min", ["5 min"]),
    ],
)
def test_values_stand_between_commas_outside_brackets_and_quotes(text: str, values: list[str]) -> None:
    assert split_values(text) == values


@pytest.mark.parametrize("text", ["a", "a=1,,2", "a=1,2,1", "=1,2"])
def test_an_axis_that_is_none(text: str) -> None:
    with pytest.raises(SpecError, match=r"^--vary"):
        parse_axis(text)


def test_the_json_fits_its_schema(swept: Sweep) -> None:
    jsonschema.validate(json.loads(swept.to_json()), json.loads(schema_text("sweep")))


def test_tables_have_a_line_a_point_with_intervals(swept: Sweep) -> None:
    table = points_table(swept)
    assert [(row["faults.for"], row[PEOPLE], row["seeds"], row["met"]) for row in table[:2]] == [
        ("30 s", "5", 2, 2),
        ("30 s", "10", 2, 2),
    ]
    assert {"success", "success low", "success high"} <= table[0].keys()


def test_parquet_holds_the_same_table(swept: Sweep, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    (tmp_path / "x.parquet").write_bytes(parquet_of(points_table(swept)))
    assert parquet.read_table(tmp_path / "x.parquet").to_pylist() == points_table(swept)


def test_two_axes_are_drawn_as_maps_and_one_as_lines(swept: Sweep) -> None:
    figure = picture(swept)
    assert figure.axes[0].get_title(loc="left") == "retry amplification"
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["5", "10"]
    line = replace(
        swept,
        axes=swept.axes[1:],
        points=tuple(replace(one, values=one.values[1:]) for one in swept.points[:2]),
    )
    labels = picture(line).axes[-1].get_xticklabels()
    assert [label.get_text() for label in labels] == ["5", "10"]
    assert not has_picture(replace(swept, axes=(*swept.axes, swept.axes[0])))


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["10s", "1 min"], (10.0, 60.0)),
        (["0 %", "5 %"], (0.0, 5.0)),
        (["1", "2.5"], (1.0, 2.5)),
        (["60/min"], (1.0,)),
        (["failover", "latency"], None),
        (["1", "10 s"], None),
    ],
)
def test_values_as_numbers(texts: list[str], values: tuple[float, ...] | None) -> None:
    found = numbers_of(texts)
    assert (None if found is None else found.values) == values


# boundaries


def figure(value: float | None, state: str = "shown") -> Figure:
    return Figure("recovery_time", "recovery_time", {}, "s", "lower", state, value, "")  # type: ignore[arg-type]


def record(seed: int, one: Figure) -> Record:
    return Record("", seed, "met", figures=(one,))


@pytest.mark.parametrize(
    ("text", "value", "state", "holds"),
    [
        ("recovery_time <= 5 min", 300.0, "shown", True),
        ("recovery_time < 5 min", 300.0, "shown", False),
        ("recovery_time ≥ 5 min", 299.0, "shown", False),
        ("recovery_time <= 5 min", 200.0, "not_shown", None),
        ("recovery_time <= 5 min", 301.0, "not_shown", False),
        ("recovery_time <= 5 min", None, "never", False),
        ("recovery_time > 5 min", None, "never", True),
        ("recovery_time <= 5 min", None, "no_data", None),
    ],
)
def test_a_condition_of_a_run(text: str, value: float | None, state: str, holds: bool | None) -> None:
    assert condition_of(text).of(record(1, figure(value, state))) is holds


@pytest.mark.parametrize(
    ("text", "share", "said"),
    [
        ("user_minutes_lost <= nan", "50 %", "'nan' is not a number"),
        ("recovery_time", "50 %", "is no condition; write one such as"),
        ("recovery_tme <= 5 min", "50 %", "there is no measure 'recovery_tme'; did you mean 'recovery_time'"),
        ("recovery_time <= 5", "50 %", "the bound of recovery_time: "),
        ("success >= most", "50 %", "the bound of success: "),
        ("missing_writes <= few", "50 %", "'few' is not a number"),
        ("lag_peaks <= 1", "50 %", "'lag_peaks' has several figures; write lag_peaks.count or .apart"),
        ("recovery_time <= 5 min", "100 %", "no number of runs shows all"),
    ],
)
def test_a_condition_that_is_none(text: str, share: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        condition_of(text, share)
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["a=1s", "a=1s..x", "a=5..5", "a", "a=1..2s", "=1..2"])
def test_a_range_that_is_none(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--over"):
        range_of(text)


def test_the_middle_of_a_range() -> None:
    """Geometric from a ratio of ten on, three digits, none where values are next to each other."""
    times, counts = range_of("a=1s..1h"), range_of("a=10..500")
    assert (times.middle(1.0, 3600.0), times.middle(60.0, 120.0)) == (60.0, 90.0)
    assert (counts.middle(10, 13), counts.middle(10, 11), times.middle(100.0, 100.9)) == (12.0, None, None)
    assert (times.write(90.0), counts.write(12.0)) == ("1 min 30 s", "12")
    assert range_of("a=1 %..5 %").write(2.5) == "2.5 %"
    assert range_of("a=1/s..5/s").write(2.5) == "2.5/s"


def noisy(monkeypatch: pytest.MonkeyPatch, boundary: float, noise: float) -> None:
    """Runs in which the recovery takes as long as there are users, give or take, and no simulator."""

    def play(cells: list[Cell], **_: object) -> list[Record]:
        found = []
        for cell in cells:
            sessions = cell.loaded.experiment.users["people"].sessions or 0
            scatter = (cell.seed % 10 / 9 - 0.5) * 2 * noise  # evenly within the noise, over ten seeds
            found.append(record(cell.seed, figure(sessions - boundary + 100.0 + scatter)))
        return found

    monkeypatch.setattr(searching, "play_cells", play)


def test_a_sharp_boundary_is_found_to_the_unit(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    noisy(monkeypatch, boundary=37, noise=0.0)
    found = find(loaded, "recovery_time <= 100 s", f"{PEOPLE}=1..64")
    assert (found.holds_at, found.fails_at, found.exit_code) == ("37", "38", 0)
    backwards = find(loaded, "recovery_time <= 100 s", f"{PEOPLE}=64..1")
    assert (backwards.holds_at, backwards.fails_at) == ("37", "38")
    assert len(found.tried) <= 9  # both ends, and log₂ 63 < 6 halvings of what is left, or one more


def test_a_boundary_in_noise_is_told_with_what_is_not_known(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the runs hold at 200 users; three tenths more or less need more than forty runs to tell."""
    noisy(monkeypatch, boundary=200, noise=20.0)
    found = find(loaded, "recovery_time <= 100 s", f"{PEOPLE}=100..300")
    assert found.is_found
    assert found.holds_at is not None
    assert found.fails_at is not None
    assert 180 <= int(found.holds_at) < 200 < int(found.fails_at) <= 220
    between = [one for one in found.tried if int(found.holds_at) < int(one.value) < int(found.fails_at)]
    assert {one.state for one in between} <= {"undecided"}
    assert any("undecided" in line for line in boundary_lines(found))


def test_without_a_boundary_it_is_said_why(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    noisy(monkeypatch, boundary=200, noise=0.0)
    for ends, words in (("10..20", "holds at both ends, 10 and 20"), ("300..400", "fails at both ends")):
        found = find(loaded, "recovery_time <= 100 s", f"{PEOPLE}={ends}")
        assert found.exit_code == 1
        assert any(words in line for line in boundary_lines(found))
    few = find(loaded, "recovery_time <= 100 s", f"{PEOPLE}=10..400", seeds=2)
    assert any("the runs do not tell at 10 and at 400;" in line for line in boundary_lines(few))


def test_a_figure_that_no_run_has(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    noisy(monkeypatch, boundary=200, noise=0.0)
    with pytest.raises(UsageError, match="no run tells a figure 'recovery_time\\{population: x\\}'"):
        find(loaded, "recovery_time{population: x} <= 100 s", f"{PEOPLE}=10..20")


# the command


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["sweep", *map(str, arguments)])


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    small.write(tmp_path, small.topology(), RUN)
    return Path("experiment.yaml")


def test_a_sweep_on_the_command_line(file: Path) -> None:
    short = ("--set", "duration=2 min", "--seeds", 2, "--jobs", 1)
    made = call(file, "--vary", f"{PEOPLE}=5,10", *short, "--out", "out")
    assert made.exit_code == 0, made.stderr
    lines = made.stdout.splitlines()
    assert lines[:2] == [
        "2 points on the same users (2 seeds, 1 to 2); medians",
        f"  experiment.yaml with duration=2 min, by {PEOPLE}",
    ]
    assert max(map(len, lines)) <= 80
    rows = [*csv.DictReader(Path("out/points.csv").read_text().splitlines())]
    assert [row[PEOPLE] for row in rows] == ["5", "10"]
    assert sorted(path.name for path in Path("out").iterdir()) == [
        "points.csv", "runs.csv", "sweep.json", "sweep.png"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "nothing is varied"),
        (["--vary", f"{PEOPLE}=5", "--over", "x=1..2"], "--over goes with --find"),
        (["--find", "success >= 50 %"], "--find goes with --over"),
        (["--find", "success >= 50 %", "--over", f"{PEOPLE}=1..9", "--out", "x"], "as text or json"),
        (["--vary", f"{PEOPLE}=5", "--parquet"], "--parquet goes with --out"),
        (["--vary", f"{PEOPLE}=0,x"], f"--vary {PEOPLE}=0"),
        (["--vary", "nothing.there=1,2"], "there is no 'nothing.there'"),
        (["--find", "success >= 50 %", "--over", f"{PEOPLE}=1..9", "--cost"], "go with --vary"),
        (
            ["--vary", "faults.0.for=30s,90s", "--vary", "faults.for=10s,20s"],
            "the values of faults.0.for make no difference: another axis sets the same place",
        ),
        (["--vary", f"{PEOPLE}={','.join(map(str, range(1, 402)))}", "--seeds", "250"], "more than 100,000"),
    ],
)
def test_what_cannot_be_swept_ends_with_code_2(arguments: list[str], said: str, file: Path) -> None:
    made = call(file, *arguments)
    assert made.exit_code == 2
    assert said in made.stderr


def test_costs_stand_beside_the_figures_where_they_are_asked_for(loaded: Loaded, swept: Sweep) -> None:
    assert {point.cost for point in swept.points} == {None}
    found = sweep(loaded, {PEOPLE: [5, 10]}, seeds=1, cost=True)
    costs = [point.cost for point in found.points]
    assert all(cost is not None and cost.usd_month == 0 for cost in costs)  # unlimited compute, and no table
    offers = [Offer(f"{at}", cost, {"recovery_time": 9.0 * at}) for at, cost in enumerate(costs) if cost]
    assert pareto_picture(offers, "what costs nothing can be drawn, too").axes
    assert [row["usd a month"] for row in points_table(found)] == [0, 0]


def test_two_axes_with_costs_are_two_fields(loaded: Loaded) -> None:
    found = sweep(loaded, {"faults.for": ["30 s", "90 s"], PEOPLE: [5, 10]}, seeds=1, cost=True)
    console = Console(file=StringIO(), width=80)
    print_sweep(found, console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "a month, by faults.for and, to the right, users.people.sessions" in text


def test_a_figure_of_a_span_of_time_is_told_of_every_run_and_can_be_sought() -> None:
    """No registry has spans of time: such a figure is that of an expectation alone."""
    key = f"traffic_share{{region: {small.HERE}, from: 1 min, to: 2 min}}"
    asked = {"region": small.HERE, "from": "1 min", "to": "2 min", "at_least": "0 %"}
    short = small.experiment(duration="3 min", expect=[{"traffic_share": asked}])
    spanned = small.read(small.topology(), short)
    found = sweep(spanned, {PEOPLE: [5, 10]}, seeds=1)
    assert key in {figure.key for figure in found.figures}
    assert all(run.values[key] is not None for run in found.runs)
    assert condition_of(f"{key} >= 0 %").of(record_of(run(spanned), spanned))
