"""Whatever is done to an infrastructure file, it ends in a draft that is YAML, or in a message."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.errors import SpecError
from simulator.exchange.cloudformation.template import read_yaml
from simulator.exchange.reading import imported
from tests.exchange import stacks

TEMPLATES = Path(__file__).parent / "templates"
JUNK: list[Any] = [
    None, True, -1, 3.5, "", "x", "${a}", "\x07", [], {}, [None], {"a": None}, {"Ref": ["y"]},
    {"Fn::Sub": ["a"]},    {"Fn::If": ["x", 1]}, {"references": "x"}, {"references": [1]}, "9" * 50, 10**30,
]  # fmt: skip


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in plain data."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield (*path, key)
        yield from places(value, (*path, key))


def spoiled(data: Any, draws: random.Random) -> Any:
    """The data with up to three values replaced."""
    data = json.loads(json.dumps(data))
    for _ in range(draws.randint(1, 3)):
        *way, last = draws.choice([*places(data)])
        inner = data
        for key in way:
            inner = inner[key]
        inner[last] = draws.choice(JUNK)
    return data


@pytest.mark.parametrize("count", [10, pytest.param(100, marks=pytest.mark.middle)])
@pytest.mark.parametrize("text", [stacks.serverless(), stacks.web_tier(), "site-eu.yaml", "state.json"])
def test_a_spoiled_file_is_drafted_or_refused(text: str, count: int, tmp_path: Path) -> None:
    data = read_yaml(text if text.startswith("{") else (TEMPLATES / text).read_text(encoding="utf-8"))
    draws = random.Random(count)
    path = tmp_path / "input.json"
    drafts = 0
    for _ in range(count):
        path.write_text(json.dumps(spoiled(data, draws)), encoding="utf-8")
        try:
            found = imported([f"eu-west-1={path}"])
        except SpecError:
            continue
        drafts += 1
        assert {"topology", "regions", "services", "dns"} <= yaml.safe_load(found.text).keys()
    assert drafts > count / 4
