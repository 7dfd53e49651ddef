"""The workflows of docs/ci.md: they can be read, and call the program in ways that it understands."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "ci.md").read_text(encoding="utf-8")
WORKFLOWS = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


def texts_in(data: Any) -> list[str]:
    """Every text of a workflow."""
    if isinstance(data, str):
        return [data]
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [text for part in parts for text in texts_in(part)]


COMMANDS = [text for one in WORKFLOWS for text in texts_in(one) if text.startswith(("simulator ", "pytest "))]


def test_both_workflows_are_there() -> None:
    github, gitlab = WORKFLOWS
    assert github["jobs"]["gate"]["steps"]
    assert gitlab["outages"]["artifacts"]["reports"] == {"junit": "outages.xml"}


@pytest.mark.parametrize("command", [one for one in COMMANDS if one.startswith("simulator ")])
def test_every_command_is_understood(command: str) -> None:
    _, verb, *arguments = shlex.split(command.replace("$GITHUB_STEP_SUMMARY", "page.md"))
    known = main.get_command(main.make_context("simulator", [verb, "--help"], resilient_parsing=True), verb)
    assert known is not None
    assert known.make_context(verb, arguments).params["files"]


def test_reports_go_where_the_workflows_look_for_them() -> None:
    said = " ".join(COMMANDS)
    assert all(f":{name}" in said for name in ("outages.txt", "outages.xml", "outages.md"))
