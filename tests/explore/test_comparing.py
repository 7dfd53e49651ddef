"""Designs on the same users: what differences say, who changed fate, and what is told of it."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from simulator import UsageError, compare
from simulator.boundary.causes import CAUSES
from simulator.boundary.outcomes import SESSION_CLASSES
from simulator.cli import main
from simulator.explore.cells import Record
from simulator.explore.comparing.fates import Ended, moved
from simulator.explore.comparing.paired import rows
from simulator.report.comparison.picture import picture
from simulator.report.comparison.terminal import print_comparison
from simulator.report.words import share
from simulator.result.comparison import Comparison
from simulator.result.schema import schema_text
from simulator.verdict.figures import Figure
from tests import small
from tests.small import HERE, NAME, THERE

SYSTEM = small.topology(
    dns={
        NAME: {
            "service": "api",
            "policy": "failover",
            "order": [HERE, THERE],
            "health_check": "api",
            "ttl": "1 min",
        }
    },
    health_checks={"api": {"interval": "10 s", "failure_threshold": 1}},
)
FAULT = {"at": "1 min", "for": "4 min", "region": HERE, "mode": "refused"}
PEOPLE = {"near": HERE, "sessions": 60, "think_time": "5 s", "actions": {"view": 1}}
RUN = small.experiment(
    users={"people": PEOPLE | {"resolvers": {"extend_ttl": "0 %"}}},
    objective={"success": "90 %"},
    duration="6 min",
    faults=[FAULT],
    expect=[{"action_latency": {"percentile": 99, "at_most": "10 s"}}],
)


def figure(
    value: float | None, *, state: str = "shown", key: str = "recovery_time", better: str = "lower"
) -> Figure:
    return Figure(key, key, {}, "s", better, state, value, "")  # type: ignore[arg-type]


def records(*figures: Figure | None) -> list[Record]:
    return [
        Record("", seed, "met", figures=() if one is None else (one,)) for seed, one in enumerate(figures, 1)
    ]


def change(one: list[Figure | None], other: list[Figure | None]) -> str:
    (row,), _ = rows([records(*one), records(*other)], ["A", "B"], [])
    return row.differences[0].change


def times(*values: float) -> list[Figure | None]:
    return [figure(value) for value in values]


def test_a_difference_is_told_seed_by_seed_however_far_seeds_differ() -> None:
    """Every seed is 1 s longer, between 10 s and 1,000 s: the sign test sees it, two medians would not."""
    base = [10.0, 100.0, 1000.0, 20.0, 200.0, 500.0]
    longer = [value + 1 for value in base]
    (row,), _ = rows([records(*times(*base)), records(*times(*longer))], ["A", "B"], [])
    (found,) = row.differences
    assert (found.change, found.by.low, found.by.high) == ("worse", 1.0, 1.0)
    assert change(times(*longer), times(*base)) == "better"


def test_six_seeds_of_one_sign_tell_and_five_do_not() -> None:
    """Of a median, n of one sign have probability 2 · 2⁻ⁿ: 3.1 % of six, 6.2 % of five."""
    assert change(times(*[1.0] * 6), times(*[2.0] * 6)) == "worse"
    assert change(times(*[1.0] * 5), times(*[2.0] * 5)) == "unclear"


def test_with_more_figures_that_count_each_needs_more() -> None:
    """Two figures hold with 95 % together at 97.5 % each: 3.1 % is too much, 1.6 % of seven is not."""
    for seeds, said in ((6, "unclear"), (7, "worse")):
        each = [
            [
                Record("", seed, "met", figures=(figure(value), figure(1.0, key="detection_time")))
                for seed in range(seeds)
            ]
            for value in (1.0, 2.0)
        ]
        found, level = rows(each, ["A", "B"], [])
        assert level.each == pytest.approx(0.975)
        assert [row.differences[0].change for row in found] == [said, "same"]


def test_seeds_that_disagree_tell_nothing() -> None:
    assert change(times(1, 1, 1, 1, 1, 1, 1, 1), times(2, 2, 2, 2, 2, 2, 0, 0)) == "unclear"


def test_what_never_happens_is_longer_than_whatever_happens() -> None:
    never = [figure(None, state="never")] * 6
    assert change(times(*[60.0] * 6), [*never]) == "worse"
    assert change([*never], times(*[60.0] * 6)) == "better"
    assert change([*never], [*never]) == "same"


def test_what_is_not_shown_can_only_become_longer() -> None:
    """Not OK for 90 s at the end of the run: longer than 60 s for sure, and perhaps longer than 100 s."""
    open_ = [figure(90.0, state="not_shown")] * 6
    assert change(times(*[60.0] * 6), [*open_]) == "worse"
    assert change(times(*[100.0] * 6), [*open_]) == "unclear"


def test_a_figure_of_which_one_design_tells_nothing() -> None:
    nothing = [figure(None, state="no_data")] * 6
    assert change(times(*[60.0] * 6), [*nothing]) == "no_data"
    assert rows([records(*nothing), records(*nothing)], ["A", "B"], [])[0] == []


def test_a_figure_that_one_design_does_not_have_at_all() -> None:
    one, other = times(*[60.0] * 6), [figure(60.0, key="restore_time") for _ in range(6)]
    found, _ = rows([records(*one), records(*other)], ["A", "B"], [])
    assert {row.key: [span.said for span in row.values] for row in found} == {
        "recovery_time": ["1 min", "no data"],
        "restore_time": ["no data", "1 min"],
    }
    assert {row.differences[0].change for row in found} == {"no_data"}


def test_more_of_what_has_no_sense_is_neither_better_nor_worse() -> None:
    more = [figure(value, key="late_writes", better="neither") for value in [5.0] * 6]
    less = [figure(value, key="late_writes", better="neither") for value in [3.0] * 6]
    (row,), _ = rows([records(*less), records(*more)], ["A", "B"], [])
    assert (row.differences[0].change, row.counts) == ("higher", False)


def test_designs_that_only_scatter_are_called_better_or_worse_as_seldom_as_is_said() -> None:
    """Five hundred pairs, with heavy tails: in at most 5 % of them a figure is clear.

    Of ten seeds and four figures, all differences of one must have one sign: 2 · 2⁻¹⁰ each, 0.8 % in all.
    """
    keys = ("recovery_time", "detection_time", "user_minutes_lost", "recovery_point")
    rng = np.random.default_rng(1)

    def scattered() -> list[Record]:
        values = np.abs(rng.standard_cauchy((10, len(keys))))
        return [
            Record("", seed, "met", figures=tuple(map(figure_of, keys, row)))
            for seed, row in enumerate(values.tolist())
        ]

    clear = 0
    for _ in range(500):
        found, level = rows([scattered(), scattered()], ["A", "B"], [])
        assert level.each == pytest.approx(1 - 0.05 / 4)
        clear += any(row.differences[0].change in ("worse", "better") for row in found)
    assert clear <= 0.05 * 500
    assert clear > 0  # it is possible at all


def figure_of(key: str, value: float) -> Figure:
    return figure(value, key=key)


def ended(*sessions: tuple[int, str, int, str]) -> Ended:
    numbers, classes, bad, causes = zip(*sessions, strict=True)
    return Ended(
        np.array(numbers),
        np.array([SESSION_CLASSES.index(one) for one in classes]),
        np.array(bad),
        np.array([CAUSES.index(one) for one in causes]),
    )


def test_sessions_that_ended_otherwise_with_what_held_most_of_each() -> None:
    was = ended((1, "undisturbed", 0, "slow"), (2, "interrupted", 3, "stores"), (3, "recovered", 1, "slow"))
    became = ended(
        (1, "interrupted", 2, "queues"), (2, "interrupted", 9, "slow"), (4, "recovered", 1, "errors")
    )
    assert [(one.was, one.became, one.sessions, dict(one.because)) for one in moved("B", was, became)] == [
        ("absent", "recovered", 1, {"errors": 1}),
        ("undisturbed", "interrupted", 1, {"queues": 1}),
        ("recovered", "absent", 1, {"slow": 1}),
    ]


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Answers live one minute, or three: who has one keeps on asking what refuses."""
    file = small.write(tmp_path_factory.mktemp("designs"), SYSTEM, RUN)
    loaded = small.read(SYSTEM, RUN)
    return compare(file, loaded.with_(f"dns.{NAME}.ttl", "3 min"), loaded, seeds=9)


def test_longer_lived_answers_are_worse_and_the_same_design_is_the_same(compared: Comparison) -> None:
    by_key = {row.key: {one.design: one.change for one in row.differences} for row in compared.rows}
    assert by_key["recovery_time"] == {"B": "worse", "C": "same"}
    assert by_key["detection_time"] == {"B": "same", "C": "same"}
    assert {changes["C"] for changes in by_key.values()} <= {"same", "no_data"}
    assert (compared.exit_code("worse"), compared.exit_code()) == (1, 0)
    alone = replace(
        compared,
        rows=tuple(replace(row, differences=row.differences[1:]) for row in compared.rows),
    )
    assert alone.exit_code("unclear") == 0


def test_what_an_expectation_names_counts_and_stands_first(compared: Comparison) -> None:
    counting = [row.key for row in compared.counting]
    assert "action_latency{percentile: 99}" in counting
    assert [row.key for row in compared.rows][: len(counting)] == counting


def test_what_differs_in_the_files_is_told_by_path(compared: Comparison) -> None:
    assert [(one.design, one.path, one.before, one.after) for one in compared.changes] == [
        ("B", f"dns.{NAME}.ttl", "1 min", "3 min")
    ]


def test_what_a_program_has_changed_is_in_no_text() -> None:
    """The models differ and the texts do not: nothing may be said of what differs."""
    loaded = small.read(SYSTEM, RUN)
    record = loaded.topology.dns[NAME].model_copy(update={"ttl": 180 * 10**9})
    changed = replace(loaded, topology=loaded.topology.model_copy(update={"dns": {NAME: record}}))
    found = compare(loaded, changed, seeds=1)
    assert found.changes == ()
    console = Console(file=StringIO(), width=80)
    print_comparison(found, console)
    assert "a program has changed a design" in console.file.getvalue()  # type: ignore[attr-defined]


def test_users_are_the_same_and_those_who_changed_fate_are_counted(compared: Comparison) -> None:
    assert {one.design for one in compared.sessions} <= {"B"}
    before = sum(one.sessions for one in compared.sessions if one.was != "absent")
    after = sum(one.sessions for one in compared.sessions if one.became != "absent")
    assert before == after  # sixty at once, and none leaves early


def test_the_json_fits_its_schema(compared: Comparison) -> None:
    jsonschema.validate(json.loads(compared.to_json()), json.loads(schema_text("comparison")))


def test_the_picture_names_every_design_and_what_differs(compared: Comparison) -> None:
    figure_ = picture(compared)
    assert figure_.axes[1].get_title(loc="left").startswith("recovery time (")
    (legend,) = (axes.get_legend() for axes in figure_.axes if axes.get_legend())
    assert [text.get_text()[0] for text in legend.get_texts()] == ["A", "B", "C"]


def test_too_few_designs_and_seeds_that_are_none() -> None:
    with pytest.raises(UsageError, match="compare takes 2 to 26 designs, not 1"):
        compare("x.yaml")
    with pytest.raises(UsageError, match="2 designs and 1 names"):
        compare(small.read(SYSTEM, RUN), small.read(SYSTEM, RUN), names=["as it is"])
    with pytest.raises(UsageError, match="a design is a path"):
        compare({}, {})  # type: ignore[arg-type]
    for seeds in (0, [], True, "many", [-1]):
        with pytest.raises(UsageError, match="seed"):
            compare("x.yaml", "y.yaml", seeds=seeds)  # type: ignore[arg-type]


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["compare", *map(str, arguments)])


def test_settings_belong_to_the_design_before_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    small.write(tmp_path, SYSTEM, RUN)
    ttl = f"dns.{NAME}.ttl"
    first, second = (
        ("--set", "duration=5 min", "experiment.yaml"),
        ("experiment.yaml", "--set", f"{ttl}=3 min"),
    )
    made = call(*first, *second, "--seeds", 2, "--set=users.people.sessions=11", "--jobs", 1,
                "--out", "out", "--fail-on", "unclear")  # fmt: skip
    assert made.exit_code == 1
    lines = made.stdout.splitlines()
    assert lines[0] == "2 designs on the same users (2 seeds, 1 to 2)"
    assert lines[1].startswith("  A  experiment.yaml with duration=5 min")
    assert f"  {ttl}: 1 min → 3 min" in lines
    assert "2 seeds cannot tell, give --seeds 10 or more" in " ".join(lines)
    assert max(map(len, lines)) <= 80
    found = json.loads(Path("out/comparison.json").read_text())
    assert [one["settings"] for one in found["designs"]] == [
        ["duration=5 min"],
        ["duration=5 min", f"{ttl}=3 min", "users.people.sessions=11"],
    ]
    assert Path("out/comparison.png").exists()


def test_one_file_alone_is_compared_with_itself_as_each_setting_makes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    small.write(tmp_path, SYSTEM, RUN)
    made = call("experiment.yaml", "--set", "duration=5 min", "--set", "duration=7 min", "--seeds", "3..3",
                "--format", "json", "--jobs", 1)  # fmt: skip
    assert [one["settings"] for one in json.loads(made.stdout)["designs"]] == [
        [],
        ["duration=5 min"],
        ["duration=7 min"],
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.yaml"], "compare takes 2 to 26 designs, not 1"),
        (["missing.yaml", "gone.yaml"], "gone.yaml:1:1: there is no such file"),
        (["missing.yaml", "x.yaml", "--set"], "--set needs PATH=VALUE behind it"),
        (["a.yaml", "b.yaml", "--seeds", "few"], "'few': say how many, as 100"),
        (["a.yaml", "b.yaml", "--seeds", "5..2"], "'5..2': there are none from 5 to 2"),
        (["nowhere:a.yaml", "b.yaml"], "nowhere"),
    ],
)
def test_what_cannot_be_compared_ends_with_code_2(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    made = call(*arguments)
    assert made.exit_code == 2
    assert said in made.stderr


def test_designs_need_not_have_the_same_plans() -> None:
    """Of a plan that a design does not have there is no data, and everything else is compared."""
    plan = {"trigger": {"at": "2 min"}, "steps": [{"custom": "look", "takes": "10 s"}]}
    other = small.read(SYSTEM | {"plans": {"look": plan}}, RUN)
    found = compare(small.read(SYSTEM, RUN), other, seeds=2, cost=True)
    (row,) = (row for row in found.rows if row.key == "plan_stranded{plan: look}")
    assert [span.said for span in row.values] == ["no data", "no"]
    assert row.differences[0].change == "no_data"
    assert found.designs[0].cost == found.designs[1].cost is not None


def printed(found: Comparison, *, verbose: bool = False) -> str:
    console = Console(file=StringIO(), width=160)
    print_comparison(found, console, verbose=verbose)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_intervals_of_figures_that_do_not_count_hold_each_by_itself(compared: Comparison) -> None:
    counting, others = printed(compared, verbose=True).split("Other figures that differ")
    assert "with 95 % confidence together" in counting
    assert "confidence together" not in others
    assert f"with {share(compared.level)} confidence each" in others


def test_a_clear_change_that_is_neither_better_nor_worse_is_no_sameness(compared: Comparison) -> None:
    """Against itself a design is the same in all; with one figure that is higher it is not."""
    assert "C is the same as A in all" in printed(compared)
    first, *others = compared.rows
    base, same = first.differences
    higher = replace(first, differences=(base, replace(same, change="higher")))
    found = printed(replace(compared, rows=(higher, *others)))
    assert "C is not clearly better or worse in any" in found
    assert "; 1 clearly higher or lower, which is neither" in found
