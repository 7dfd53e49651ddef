"""`simulator check`: rules, folders, standard input, and the formats of other programs."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from simulator.cli import main
from tests.language.writing import EXPERIMENT, TOPOLOGY, changed

SCHEMA = json.loads((Path(__file__).parents[1] / "gate" / "sarif.schema.json").read_text(encoding="utf-8"))
ALONE = changed(TOPOLOGY, "policy: failover, health_check: deep", "policy: simple")
"""Its name never leaves a region out, and nothing uses its health check."""


@pytest.fixture(autouse=True)
def _in_a_directory_with_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    Path("gates").mkdir()
    Path("gates/t.yaml").write_text(ALONE)
    Path("gates/e.yaml").write_text(EXPERIMENT)
    Path("gates/other.yaml").write_text("services: {}\n")


def check(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], input=text)


def accepted(*rules: str) -> str:
    entries = "".join(f"  - {{rule: {rule}, reason: looked at}}\n" for rule in rules)
    return f"{ALONE}suppress:\n{entries}"


def test_a_folder_stands_for_its_experiments_and_topologies() -> None:
    result = check("gates")
    assert result.exit_code == 0
    told = [line for line in result.stdout.splitlines() if not line.startswith(" ")]
    assert told == ["gates/e.yaml: ok", "gates/t.yaml: ok"]


def test_what_two_files_share_is_told_once() -> None:
    said = check("gates").stdout
    assert said.count("[never-leaves-out]") == said.count("[unused-health-check]") == 1
    assert max(map(len, said.splitlines())) <= 80


def test_standard_input_is_a_file_called_dash() -> None:
    assert check("-", text=TOPOLOGY).stdout.startswith("-: ok\n")
    result = check("-", text=changed(TOPOLOGY, "policy: failover", "polcy: failover"))
    assert result.exit_code == 2
    assert result.stderr == "-:15:31: unknown key 'polcy'; did you mean 'policy'?\n1 problem\n"
    Path("t.yaml").write_text(TOPOLOGY)
    assert check("-", text=EXPERIMENT).exit_code == 0  # its topology is looked for from here


def test_strict_minds_warnings_and_neither_notes_nor_what_is_accepted() -> None:
    result = check("gates/t.yaml", "--strict")
    assert result.exit_code == 1
    assert result.stderr == "3 findings that --strict minds\n"
    Path("gates/t.yaml").write_text(
        accepted("never-leaves-out", "unused-health-check", "standby-without-record")
    )
    result = check("gates/t.yaml", "--strict")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "never-leaves-out" not in result.stdout
    assert "standby-without-record" not in result.stdout


def test_a_suppression_that_does_nothing_is_told_at_its_place() -> None:
    Path("gates/t.yaml").write_text(accepted("slow-step"))
    said = " ".join(check("gates/t.yaml").stdout.split())
    assert "gates/t.yaml:19:5: warning: rule slow-step finds nothing here that this suppresses" in said
    assert "[unused-suppression]" in said


@pytest.mark.parametrize("rule", ["slow-step", "failover-to-smaller-quota"])
def test_a_rule_is_explained_without_any_file(rule: str) -> None:
    result = check("--explain", rule)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{rule} (warning)\n\n")
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_a_rule_that_does_not_exist_is_told_with_the_nearest() -> None:
    result = check("--explain", "slow-steps")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "there is no rule 'slow-steps'; did you mean 'slow-step'?\n"


def sarif(*arguments: str) -> Any:
    found = json.loads(check(*arguments, "--format", "sarif").stdout)
    jsonschema.validate(found, SCHEMA)
    return found["runs"][0]


def test_sarif_is_valid_and_names_every_rule() -> None:
    Path("gates/bad.yaml").write_text(changed(EXPERIMENT, "at: 1 min", "at: 1 h"))
    Path("gates/t.yaml").write_text(accepted("never-leaves-out"))
    run = sarif("gates")
    rules = [one["id"] for one in run["tool"]["driver"]["rules"]]
    assert all(rules[one["ruleIndex"]] == one["ruleId"] for one in run["results"])
    by_rule = {one["ruleId"]: one for one in run["results"]}
    assert by_rule["invalid"]["level"] == "error"
    assert by_rule["never-leaves-out"]["suppressions"] == [{"kind": "inSource", "justification": "looked at"}]
    place = by_rule["unused-health-check"]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "gates/t.yaml"},
        "region": {"startLine": 17, "startColumn": 3},
    }


def test_names_with_spaces_and_hashes_are_addresses_in_sarif() -> None:
    Path("gates/a b#c.yaml").write_text(ALONE)
    (one, *_) = sarif("gates/a b#c.yaml")["results"]
    assert one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "gates/a%20b%23c.yaml"


def test_annotations_stand_at_their_lines_with_their_severity() -> None:
    lines = check("gates/t.yaml", "--format", "github").stdout.splitlines()
    assert (
        "::warning file=gates/t.yaml,line=15,col=31,title=never-leaves-out::api.example has policy simple: "
        "its answers never leave out an unhealthy region"
    ) in lines
    assert {line.split(" ")[0] for line in lines} == {"::warning"}


def test_reports_are_written_beside_lines() -> None:
    result = check("gates", "--report", "sarif:r/findings.sarif", "--report", "json:r/findings.json")
    assert result.exit_code == 0
    assert "gates/e.yaml: ok" in result.stdout
    jsonschema.validate(json.loads(Path("r/findings.sarif").read_text()), SCHEMA)
    files = json.loads(Path("r/findings.json").read_text())["files"]
    assert [(one["file"], one["valid"]) for one in files] == [("gates/e.yaml", True), ("gates/t.yaml", True)]
    assert {one["rule"] for one in files[1]["findings"]} >= {"never-leaves-out", "unused-health-check"}


def test_a_format_that_does_not_exist_is_refused() -> None:
    result = check("gates", "--report", "junit:x.xml")
    assert result.exit_code == 2
    assert "'junit' is no format; one of: json, sarif, github" in result.stderr
