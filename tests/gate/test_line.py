"""One line a file, and what stands below it."""

import pytest

from simulator.gate.line import failures, line, total
from tests.gate.made import failed, invalid, judgement, passed


def test_a_line_tells_the_figures_beside_what_is_allowed() -> None:
    assert line(passed(), 80) == "PASS gates/shop.yaml  RTO 1 min 10 s (≤ 5 min)  RPO 1.9 s  lost 0"


def test_of_several_bounds_the_strictest_is_told_and_narrowed_ones_are_not() -> None:
    asked = (
        judgement(),
        judgement(bounds=_at_most(120.0)),
        judgement(bounds=_at_most(9.0), scope={"a": "b"}),
    )
    assert "(≤ 2 min)" in line(passed(expectations=asked), 80)


def _at_most(seconds: float) -> object:
    from simulator.result.whole import Bounds

    return Bounds(None, seconds)


def test_what_is_not_met_is_counted() -> None:
    said = line(failed(), 100)
    assert said.startswith("FAIL gates/shop.yaml  RTO 8 min 52 s (≤ 5 min)")
    assert said.endswith("  2 of 3 not met")


def test_a_recovery_that_is_not_shown_says_so() -> None:
    assert "RTO 1 min 10 s not shown" in line(passed(recovery_shown=False), 80)


def test_writes_are_lost_or_with_those_that_were_overwritten_missing() -> None:
    assert line(passed(lost_writes=1200), 90).endswith("  lost 1,200")
    assert line(passed(lost_writes=1200, overwritten_writes=3), 90).endswith("  missing 1,203")


def test_what_could_not_be_judged_has_no_figures() -> None:
    assert line(invalid(), 80) == "INVALID gates/bad.yaml  2 problems"
    assert "a defect of the simulator" in line(passed(verdict="defect", defect="…"), 80)


@pytest.mark.parametrize("width", [24, 40, 60, 80])
def test_no_line_is_wider_than_the_terminal_and_no_figure_is_cut(width: int) -> None:
    said = line(failed(file=f"{'long-' * 12}name.yaml"), width)
    assert max(map(len, said.splitlines())) <= max(width, len("     RTO 8 min 52 s (≤ 5 min)"))
    assert "RTO 8 min 52 s (≤ 5 min)" in said


def test_where_a_path_has_no_room_the_file_is_named_without_its_folders() -> None:
    said = line(passed(file="platform/gates/every-night/shop.yaml"), 80)
    assert said == "PASS shop.yaml  RTO 1 min 10 s (≤ 5 min)  RPO 1.9 s  lost 0"


def test_nothing_in_a_name_steers_the_terminal() -> None:
    assert "\x1b" not in line(passed(file="\x1b[2J.yaml"), 80)
    assert all("\x1b" not in text for text in failures(failed(file="\x1b[2J.yaml"), 80))


def test_what_is_not_met_is_told_at_its_place_with_what_to_run() -> None:
    assert [*failures(failed(), 80)] == [
        "     gates/shop.yaml:9: recovery time at most 5 min: 8 min 52 s is more than 5",
        "       min",
        "     gates/shop.yaml:11: lost writes at most 0: not exercised: no region went",
        "       down for good",
        "     for 74 % of it people were held by DNS that led to what was down",
        "     simulator run gates/shop.yaml --seed 1",
    ]
    assert [*failures(passed(), 80)] == []


def test_the_command_can_be_pasted_whatever_the_name() -> None:
    assert passed(file="my gates/a$b.yaml", seed=7).command == "simulator run 'my gates/a$b.yaml' --seed 7"


def test_the_total_counts_each_verdict_and_what_was_not_run() -> None:
    played = [
        passed(),
        passed(verdict="no_expectations"),
        failed(),
        invalid(),
        passed(verdict="inconclusive"),
    ]
    assert total(played, 7) == "7 experiments: 2 passed, 1 failed, 1 inconclusive, 1 invalid, 2 not run"
    assert total([passed()], 1) == "1 experiment: 1 passed"
