"""What is said of many runs: intervals without an end, the worst with its seed, and when its fault began."""

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from simulator.boundary.measure_terms import Unit
from simulator.report.replications import interval_words, print_replications, value_words
from simulator.result.replications import Estimate, Files, Replication, Replications, Spread

RECOVERY = Spread(
    key="recovery_time",
    measure="recovery_time",
    scope={},
    unit="s",
    better="lower",
    runs=100,
    open=0,
    never=0,
    least=60.0,
    most=200.0,
    worst_seed=7,
    share=None,
    median=Estimate(90.0, 85.0, 95.0),
    tail=Estimate(150.0, 140.0, 190.0),
)


def told(*figures: Spread, played: int = 100) -> str:
    files = Files("A region goes dark", "small", "e.yaml", {}, None, {})
    runs = tuple(
        Replication(seed, {"here": 60.0 * seed} if seed == 7 else None, "met", (), (), {})
        for seed in range(1, played + 1)
    )
    found = Replications(
        recipe=files,
        verdict="no_expectations",
        confidence=0.95,
        asked=played,
        played=played,
        expectations=(),
        figures=figures,
        runs=runs,
    )
    memory = io.StringIO()
    print_replications(found, Console(file=memory, width=100))
    return " ".join(memory.getvalue().split())


def test_a_figure_has_its_median_its_intervals_and_its_worst_run() -> None:
    said = told(RECOVERY)
    assert "recovery time 1 min 30 s 1 min 25 s to 1 min 35 s; 95 % ≤ 3 min 10 s;" in said
    assert "worst 3 min 20 s (seed 7, fault at 7 min)" in said


def test_what_so_few_runs_do_not_bound_is_not_told() -> None:
    few = replace(RECOVERY, tail=Estimate(150.0, None, None), median=Estimate(90.0, None, None))
    said = told(few, played=7)
    assert "95 % ≤" not in said
    assert "What 95 % of runs are within takes 72 runs to tell." in said


def test_what_never_happens_and_what_is_open_are_the_worst() -> None:
    assert "worst never (seed 7" in told(replace(RECOVERY, never=1))
    assert "worst 3 min 20 s or more (seed 7" in told(replace(RECOVERY, open=2))


def test_runs_that_are_all_alike_have_no_worst_seed() -> None:
    assert told(replace(RECOVERY, least=90.0, most=90.0)).count("seed 7") == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"least": 0.0, "most": 0.0, "share": Estimate(0.0, 0.0, 0.036)}, "no in all 100 runs"),
        ({"least": 1.0, "most": 1.0, "share": Estimate(1.0, 0.964, 1.0)}, "yes in all 100 runs"),
        ({"least": 1.0, "most": 1.0, "runs": 1, "share": Estimate(1.0, 0.025, 1.0)}, "yes"),
        ({"least": 0.0, "most": 1.0, "share": Estimate(0.25, 0.17, 0.35)}, "yes in 25 %"),
        ({"least": 0.0, "most": 0.0, "open": 99, "share": Estimate(0.0, 0.0, 1.0)}, "yes in 0 %"),
        ({"least": None, "most": None, "open": 100, "share": Estimate(0.5, 0.0, 1.0)}, "–"),
    ],
)
def test_of_what_is_so_or_not_so_it_is_told_in_how_many_runs_it_is(
    changes: dict[str, Any], said: str
) -> None:
    stranded = replace(RECOVERY, unit="bool", median=None, tail=None, worst_seed=7, **changes)
    whole = told(stranded)
    low, high = (value_words("share", end) for end in (stranded.share.low, stranded.share.high))  # type: ignore[union-attr]
    assert f"recovery time {said} yes in {low} to {high} of all runs" in whole


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        (Estimate(5.0, 1.0, 9.0), "1 s to 9 s"),
        (Estimate(5.0, 5.0, 5.0), "5 s"),
        (Estimate(5.0, 1.0, None), "1 s or more"),
        (Estimate(5.0, None, 9.0), "at most 9 s"),
        (Estimate(5.0, None, None), "–"),
    ],
)
def test_an_interval_may_lack_either_end(estimate: Estimate, said: str) -> None:
    assert interval_words("s", estimate) == said


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        ("s", 61.0, "1 min 1 s"),
        ("share", 0.975, "97.5 %"),
        ("count", 12345.0, "12,345"),
        ("ratio", 3041.2, "3,041"),
        ("ratio", 1.2345, "1.23"),
        ("bool", 0.0, "no"),
        ("s", None, "never or open"),
    ],
)
def test_a_value_has_its_unit(unit: Unit, value: float | None, said: str) -> None:
    assert value_words(unit, value) == said
