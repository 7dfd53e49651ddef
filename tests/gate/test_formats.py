"""Reports in other programs' formats: valid whatever names hold, and at the expectation's line."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
import xmlschema

from simulator.errors import Problem
from simulator.gate.formats import FORMATS, as_json, text
from simulator.gate.github import github
from simulator.gate.junit import junit
from simulator.gate.markdown import markdown
from simulator.gate.pages import path_from
from simulator.gate.played import Played
from tests.gate.made import MISSED, UNEXERCISED, failed, invalid, judgement, passed

SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd"))
HOSTILE = 'a, b: 100 % <x> & "c" | `d` \x1b[2J\x00\ufffe\r\n::error::x'
DEFECT = Played("gates/odd.yaml", 1, "defect", defect="Traceback\nZeroDivisionError: a surprise\nreport it")
EMPTY = passed(verdict="no_expectations", expectations=())
MANY = [passed(), failed(), invalid(), DEFECT, EMPTY]


def hostile() -> Played:
    """A file whose every text holds what formats use for themselves."""
    bad = judgement(verdict="missed", expectation=HOSTILE, reason=HOSTILE, measure="x")
    return failed(
        file=f"gates/{HOSTILE}.yaml", experiment=HOSTILE, dominated=HOSTILE, expectations=(bad, bad)
    )


@pytest.mark.parametrize("fail_on", ["missed", "inconclusive", "never"])
@pytest.mark.parametrize(
    "played", [MANY, [hostile()], [passed()], []], ids=["many", "hostile", "one", "none"]
)
def test_junit_is_valid(played: list[Played], fail_on: str) -> None:
    SCHEMA.validate(junit(played, fail_on))


def test_junit_has_a_case_for_each_expectation_and_counts_them() -> None:
    suites = Xml.fromstring(junit(MANY, "inconclusive").encode())
    assert {key: suites.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "8",  # 1 + 3 expectations, 2 problems, a defect, and a file that expects nothing
        "failures": "2",
        "errors": "3",
        "skipped": "0",
    }
    cases = suites.findall("testsuite")[1].findall("testcase")
    assert [(case.get("classname"), case.get("name"), case.get("line")) for case in cases] == [
        ("gates.shop", "recovery_time at most 5 min", "8"),
        ("gates.shop", "recovery_time at most 5 min (2)", "9"),
        ("gates.shop", "lost_writes at most 0", "11"),
    ]
    failure = cases[1].find("failure")
    assert failure is not None
    assert failure.get("message") == "recovery time at most 5 min: 8 min 52 s is more than 5 min"
    assert "simulator run gates/shop.yaml --seed 1" in str(failure.text)
    assert "held by DNS" in str(failure.text)


def test_what_does_not_fail_the_gate_is_skipped_in_junit_and_a_warning_on_github() -> None:
    suites = Xml.fromstring(junit([failed()], "missed").encode())
    assert (suites.get("failures"), suites.get("skipped")) == ("1", "1")
    levels = [line.split(" ")[0] for line in github([failed()], "missed").splitlines()]
    assert levels == ["::error", "::warning"]
    assert {line.split(" ")[0] for line in github([failed()], "never").splitlines()} == {"::warning"}


def test_an_annotation_stands_at_the_line_and_keeps_to_one() -> None:
    found = github([failed(expectations=(MISSED,), experiment="Dublin, dark: 5 %\nof all")], "inconclusive")
    assert found == (
        "::error file=gates/shop.yaml,line=9,title=Dublin%2C dark%3A 5 %25%0Aof all::"
        "recovery time at most 5 min: 8 min 52 s is more than 5 min"
        "%0Afor 74 %25 of it people were held by DNS that led to what was down%0A"
        "simulator run gates/shop.yaml --seed 1\n"
    )


def test_nothing_that_is_told_begins_a_command_of_its_own() -> None:
    """A name with line ends in it would be read as a command to the runner."""
    lines = github([hostile()], "inconclusive").splitlines()
    assert len(lines) == 2
    assert all(re.match(r"::error file=[^:,]*,line=9,title=[^:,]*::", line) for line in lines)


def test_what_is_wrong_in_a_topology_is_annotated_there() -> None:
    problem = Problem("topologies/shop.yaml", 3, 5, "unknown key 'x'")
    one = Played("gates/shop.yaml", 1, "invalid", problems=(problem,))
    assert github([one], "never") == (
        "::error file=topologies/shop.yaml,line=3,col=5,title=simulator::unknown key 'x'\n"
    )


def test_markdown_is_a_table_with_what_is_not_met_below() -> None:
    lines = markdown([passed(), failed()], "inconclusive").splitlines()
    assert lines[0] == "### 2 experiments: 1 passed, 1 failed"
    assert lines[4] == (
        "| ✅ | Dublin is dark `gates/shop.yaml` | 1 min 10 s (≤ 5 min) | 1.9 s | 0 | 0 of 1 |"
    )
    assert "- `gates/shop.yaml:9` recovery time at most 5 min: 8 min 52 s is more than 5 min" in lines


def test_no_text_breaks_the_table_of_markdown() -> None:
    lines = markdown([hostile()], "inconclusive").splitlines()
    cells = re.split(r"(?<!\\)\|", lines[4])
    assert len(cells) == 8
    assert "<x>" not in re.sub(r"`[^\n]*`", "", lines[4])


def test_json_tells_verdicts_figures_and_problems() -> None:
    found = json.loads(as_json(MANY, "inconclusive"))
    assert found["exit_code"] == 3
    assert [one["verdict"] for one in found["files"]] == [
        "met", "missed", "invalid", "defect", "no_expectations",
    ]  # fmt: skip
    assert found["files"][0]["recovery_time_s"] == 70.0
    assert found["files"][1]["expectations"][1]["measured"] == 532.0
    assert found["files"][2]["problems"][0]["line"] == 7


def test_a_text_is_what_a_terminal_shows() -> None:
    lines = text([passed(), failed(expectations=(UNEXERCISED,))], "inconclusive").splitlines()
    assert lines[0].startswith("PASS gates/shop.yaml")
    assert lines[-1] == "2 experiments: 1 passed, 1 failed"


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_files_give_the_same_bytes(name: str) -> None:
    assert FORMATS[name](MANY, "inconclusive", None) == FORMATS[name](MANY, "inconclusive", None)


def test_paths_are_told_from_the_root_of_the_repository(tmp_path: Path) -> None:
    inside = tmp_path / "repository" / "gates" / "shop.yaml"
    assert path_from(str(inside), str(tmp_path / "repository")) == "gates/shop.yaml"
    assert path_from(str(tmp_path / "elsewhere.yaml"), str(tmp_path / "repository")).endswith(
        "elsewhere.yaml"
    )
    assert path_from("gates/shop.yaml", None) == "gates/shop.yaml"
