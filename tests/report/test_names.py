"""Names and titles are text, whatever stands in them, and have room on the terminal and in pictures."""

import io
import json
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from rich.console import Console

import simulator
from simulator.report.pictures.album import pictures_of
from simulator.report.terminal import print_result
from simulator.report.words import name, sentence, title

_TOPOLOGY = """
topology: NAME
regions: {eu-west-1: {}, eu-central-1: {}}
tables:
  NAME: {replicas: [eu-west-1, eu-central-1], items: 100, capacity: {provisioned: {write: 5/s, read: 5/s}}}
services:
  NAME:
    regions: [eu-west-1, eu-central-1]
    operations: {note: [{compute: 5 ms}, {read: NAME}, {write: NAME}]}
dns: {api.example: {service: NAME, policy: failover, health_check: deep}}
health_checks: {deep: {protocol: tcp, interval: 10 s, failure_threshold: 1}}
"""

_EXPERIMENT = """
experiment: NAME
topology: topology.yaml
duration: 2 min
users: {some: {near: eu-west-1, sessions: 20, think_time: 2 s, actions: {note: 1}}}
faults:
  - {at: 1 min, for: 30 s, region: eu-west-1, mode: refused}
  - {at: 40 s, for: 80 s, table: NAME, region: eu-central-1, mode: throttled}
expect: [{recovery_point: {at_most: 1 h, table: NAME}}]
"""

Named = Callable[[str], simulator.Result]


@pytest.fixture
def named(tmp_path: Path) -> Named:
    """Run a small experiment in which whatever can be named is named so."""

    def run(text: str) -> simulator.Result:
        quoted = json.dumps(text, ensure_ascii=max(text) <= "\uffff")
        (tmp_path / "topology.yaml").write_text(_TOPOLOGY.replace("NAME", quoted), encoding="utf-8")
        (tmp_path / "e.yaml").write_text(_EXPERIMENT.replace("NAME", quoted), encoding="utf-8")
        return simulator.run(tmp_path / "e.yaml", metrics=True)

    return run


def printed(result: simulator.Result, width: int = 100) -> str:
    """The summary on a terminal that colours and understands markup."""
    console = Console(file=io.StringIO(), width=width, highlight=True, color_system=None)
    print_result(result, console, verbose=True)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def drawn(result: simulator.Result) -> list[Figure]:
    """Every picture, laid out and drawn; a warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures = [draw(result) for draw in pictures_of(result).values()]
        for figure in figures:
            figure.draw_without_rendering()
    return figures


def letters(figures: list[Figure]) -> set[str]:
    return {text.get_text() for figure in figures for text in figure.findobj(Text)}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text", ["[/red]", "[red]x", ":bomb:", "$1 000, then $2 000", r"Loss of $\frac$", "a_b^{c}$", "100 %"]
)
def test_a_name_is_shown_as_it_is_written(named: Named, text: str) -> None:
    result = named(text)
    said = printed(result)
    assert f"(2 min simulated, seed 1)\n{text}\n" in said
    assert f"✓  recovery point ({text}) at most 1 h" in said  # of the expectation
    assert said.count(f"\n  {text} ") >= 2  # a row of the table, and one of the service
    shown = letters(drawn(result))
    assert {text, f"table {text} in eu-central-1 throttles every call (Frankfurt)"} <= shown


def test_nothing_in_a_name_steers_the_terminal(named: Named) -> None:
    result = named("\x1b]0;mine\x07 \x9b2J\u202e\ttab")
    said = printed(result)
    assert said.isprintable() or {one for one in said if not one.isprintable()} == {"\n"}
    assert r"\x1b]0;mine\x07 \x9b2J\u202e\ttab" in said
    assert not [text for text in letters(drawn(result)) if not text.replace("\n", "").isprintable()]


@pytest.mark.parametrize("letter", ["x", "W", "i ", "W.", "W-"])
def test_a_long_name_has_room(named: Named, letter: str, tmp_path: Path) -> None:
    result = named((letter * 400).strip())
    for width in (60, 100):
        assert max(len(line.rstrip()) for line in printed(result, width).splitlines()) <= width
    assert len(printed(result, 100).splitlines()) < 120  # some lines a part, not some for each letter
    for figure in drawn(result):
        for text in figure.findobj(Text):
            assert isinstance(text, Text)
            box = text.get_window_extent()
            assert not text.get_text() or (box.x0 >= 0 and box.x1 <= figure.bbox.width), text


def test_a_character_that_no_font_has_gives_no_warning(named: Named, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        simulator.write_report(named("\U0001f4a3 日本"), tmp_path / "out")
    assert (tmp_path / "out" / "service.png").is_file()


def test_long_names_keep_both_ends_and_long_titles_their_beginning() -> None:
    assert name("orders") == "orders"
    assert name("a" * 30 + "b" * 30) == "a" * 19 + "…" + "b" * 20
    assert title("a" * 79 + "bcd") == "a" * 79 + "…"
    assert title("two\nlines\n") == r"two\nlines"
    assert sentence(f"lost writes ({'a' * 30}{'b' * 30}) at most 0") == (
        f"lost writes ({'a' * 18}…{'b' * 19}) at most 0"
    )
