"""The page of costs says what was kept last."""

import json
from pathlib import Path

from benchmarks.measuring import Figure
from benchmarks.performance_page import PAGE, SECTIONS, figures, filled, others, parts, rivals, sentences
from benchmarks.records import Kept, keep, newest

FACTS = {"processor": "P", "cores": 2, "python": "3.11.7", "numba": "0.68", "load_before": 0.1}


def test_the_page_is_in_step() -> None:
    """If this fails: `python -m benchmarks.performance_page`."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == filled(page, newest())


def test_the_newest_of_each_figure_counts(tmp_path: Path) -> None:
    old, new = Figure("a", "1 s", "2 s", False), Figure("a", "1 s", "0.5 s", True, {"seconds": 0.5})
    for day, figure in (("2026-01-02", new), ("2026-01-01", old)):
        (tmp_path / f"{day}.json").write_text(json.dumps({"machine": FACTS, "figures": [vars(figure)]}))
    found = newest(tmp_path)
    assert found["a"].figure == new
    assert found["a"].day == "2026-01-02"
    assert "| a | 1 s | 0.5 s | 2026-01-02 |" in figures("a")(found)


def test_what_is_kept_twice_stands_once_with_its_numbers(tmp_path: Path) -> None:
    keep(FACTS, [Figure("a", "", "1", True), Figure("b", "", "2", True)], tmp_path)
    keep(FACTS, [Figure("a", "", "3", True, {"ratio": 3.0})], tmp_path)
    assert {what: one.figure.measured for what, one in newest(tmp_path).items()} == {"a": "3", "b": "2"}
    assert newest(tmp_path)["a"].figure.values == {"ratio": 3.0}


def test_figures_of_another_machine_have_a_record_of_their_own(tmp_path: Path) -> None:
    other = FACTS | {"processor": "Q"}
    for facts, measured in ((FACTS, "1"), (other, "2"), (FACTS | {"load_before": 3.0}, "3"), (other, "4")):
        keep(facts, [Figure("a" if facts["processor"] == "P" else "b", "", measured, True)], tmp_path)
    found = newest(tmp_path)
    assert {what: one.figure.measured for what, one in found.items()} == {"a": "3", "b": "4"}
    assert found["b"].day == f"{found['a'].day}b"
    assert [one.machine["processor"] for one in found.values()] == ["P", "Q"]


def _race(ratio: float) -> dict[str, float | str]:
    each = {"requests": 9, "per_s": 10.0, "whole_s": 1.0, "mib": 20.0}
    both = each | {f"our_{name}": value for name, value in each.items()}
    return both | {
        "ratio": ratio,
        "least": ratio,
        "most": ratio,
        "version": "1.2",
        "python": "3.11",
        "lines": 5,
        "our_lines": 6,
    }


def _kept(**ratios: float) -> dict[str, Kept]:
    return {
        f"W1 against {name}": Kept("2026-01-01", FACTS, Figure("", "", "", True, _race(ratio)))
        for name, ratio in ratios.items()
    }


def test_the_fastest_other_rival_is_the_one_that_comes_closest() -> None:
    said = sentences(_kept(SimPy=15, Ciw=44, happysim=90))
    assert "| a plain SimPy model of the same question | W1 15.0× (15.0–15.0) |" in said
    assert "| the fastest other simulator on each | W1 44× (44–44), Ciw |" in said


def test_who_was_not_measured_is_not_left_out() -> None:
    table = rivals(_kept(SimPy=15)).splitlines()
    assert (
        "| W1 | SimPy 1.2 | 3.11 | 10, 10 | 15.0× (15.0–15.0) | 1.0 s for 9, 1.0 s for 9 | 20, 20 | 5, 6 |"
        in table
    )
    assert "| W1 | Ciw |  | not measured yet |  |  |  |  |" in table


def test_the_time_of_an_event_is_that_of_a_request_by_its_events() -> None:
    """100,000 requests a second take 10,000 ns each, 2,000 ns for each of five events."""
    raced, counts = _race(10) | {"our_per_s": 100_000.0}, {"events": 5.0, "blocks": 3.0, "event ACT": 1.25}
    table = parts(
        {
            "W1 against SimPy": Kept("2026-01-01", FACTS, Figure("", "", "", True, raced)),
            "a request of W1": Kept("2026-01-01", FACTS, Figure("", "", "", True, counts)),
        }
    )
    rows = [tuple(cell.strip() for cell in line.split("|")[1:3]) for line in table.splitlines()[2:]]
    assert rows[:3] == [("nanoseconds", "10000"), ("nanoseconds an event", "2000"), ("events", "5.00")]
    assert rows[3:] == [("ACT", "1.25"), ("blocks of draws", "3.00")]


def test_a_figure_that_no_section_names_is_told_all_the_same() -> None:
    kept = {"a new one": Kept("2026-01-01", FACTS, Figure("a new one", "1 s", "2 s", False))}
    assert "| a new one | 1 s | 2 s | 2026-01-01 |" in others(kept)
    assert set(SECTIONS) >= {"sentences", "rivals", "growth", "starts", "others", "machines"}
