"""What is seen of a compilation: lines, or bars on a terminal."""

import io
import sys

import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.cli.progress import shown
from simulator.kernels.compiling import compiles
from simulator.kernels.progress import BEGIN, ended, watcher


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def compile_some() -> None:
    watching = watcher()
    watching.begin(3)
    watching.compiled(1, 3)
    watching.say("something about [/red]")
    watching.compiled(4, 4)
    watching.end(4)


def test_without_a_terminal_a_line_begins_and_a_line_ends(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(10**9) as progress:
        compile_some()
    assert progress is None
    assert capsys.readouterr().err.splitlines() == [BEGIN, "something about [/red]", ended(4)]


def test_on_a_terminal_a_bar_counts_kernels_and_then_simulated_time(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with shown(60 * 10**9) as progress:
        compile_some()
        assert progress is not None
        progress(30 * 10**9)
    drawn = terminal.getvalue()
    assert all(text in drawn for text in (BEGIN, "0 of 3", "something about [/red]", ended(4)))
    assert drawn.index("compiled") < drawn.index("simulating")
    assert "30 s of 1 min" in drawn


def test_nobody_watches_afterwards() -> None:
    before = watcher()
    with shown():
        assert watcher() is not before
    assert watcher() is before


@pytest.mark.skipif(not compiles(), reason="nothing is compiled")
def test_warm_up_says_where_the_machine_code_is() -> None:
    result = CliRunner().invoke(main, ["warm-up"])
    assert result.exit_code == 0
    assert result.stdout.startswith("The simulator is compiled; its machine code is in ")
    again = CliRunner().invoke(main, ["warm-up"])
    assert (again.stdout, again.stderr) == (result.stdout, "")


def test_one_kernel_is_one() -> None:
    assert ended(1) == "Compiled 1 kernel; later runs start at once."
    assert ended(2) == "Compiled 2 kernels; later runs start at once."
