"""What is printed where it cannot be: foreign encodings, pipes that close, full disks, no output at all."""

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.cli.saying import encodable
from tests.language.writing import EXPERIMENT, TOPOLOGY, changed

ROOT = Path(__file__).parents[2]
MISSED = changed(EXPERIMENT, "{recovery_time: {at_most: 5 min}}", "{success: {at_least: 100 %}}")
FULL = Path("/dev/full")
FULL_DISK = "cannot print to standard output: No space left on device\n"

needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


@pytest.fixture(autouse=True)
def _in_a_directory_with_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.yaml").write_text(TOPOLOGY)
    Path("e.yaml").write_text(EXPERIMENT)
    Path("missed.yaml").write_text(MISSED)


def shell(line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell in which `$S` is the program; its code is that of `$S`, also in a pipe."""
    program = f"{sys.executable} -m simulator.cli"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "S": program, **variables}
    environment.pop("PYTHONUNBUFFERED", None)  # which few users set: what is left in buffers fails at the end
    command = ["bash", "-c", f"{line}\nexit ${{PIPESTATUS[0]}}"]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1"])
def test_an_encoding_without_the_characters_gets_others(encoding: str) -> None:
    result = CliRunner(charset=encoding).invoke(main, ["run", "e.yaml", "--out", "out"])
    assert result.exit_code == 0
    assert "MET: every expectation holds" in result.stdout
    assert Path("out/result.json").is_file()


def test_the_terminals_encoding_is_that_of_the_process() -> None:
    result = shell("$S run missed.yaml", PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.isascii()
    assert "\nx  success at least 100 %" in result.stdout


def test_substitutes_have_one_column_and_what_has_none_is_escaped() -> None:
    assert encodable("✓ ✗ a → b █ – … ╭│ ×", "ascii") == "+ x a > b # - ~ +| x"
    assert encodable("✓ é █ –", "cp1252") == "+ é # –"
    assert encodable("Überfall, Дублин", "latin-1") == r"Überfall, \u0414\u0443\u0431\u043b\u0438\u043d"
    assert encodable("✓ Дублин", "utf-8") == "✓ Дублин"
    assert encodable("bad \udcff name", "utf-8") == r"bad \udcff name"


@pytest.mark.parametrize(("file", "code"), [("e.yaml", 0), ("missed.yaml", 1)])
@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_reader_that_has_seen_enough_does_not_change_the_verdict(
    file: str, code: int, format_: str
) -> None:
    result = shell(f"$S run {file} --format {format_} | true")
    assert (result.returncode, result.stderr) == (code, "")


@pytest.mark.parametrize(("file", "code"), [("e.yaml", 0), ("missed.yaml", 1)])
def test_without_any_output_the_code_is_the_verdict(file: str, code: int) -> None:
    assert shell(f"$S run {file} --out out >&- 2>&-").returncode == code
    assert Path("out/result.json").is_file()


@needs_full
@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_full_disk_is_said_and_the_code_is_the_verdict(format_: str) -> None:
    result = shell(f"$S run missed.yaml --format {format_} --out out > /dev/full")
    assert result.returncode == 1
    assert result.stderr.startswith(FULL_DISK)
    assert "\nWritten to out: result.json, " in result.stderr
    assert len(result.stderr.splitlines()) == 2


@needs_full
@pytest.mark.parametrize("command", ["schema topology", "defaults", "defaults --format json"])
def test_what_only_prints_fails_if_it_cannot(command: str) -> None:
    result = shell(f"$S {command} > /dev/full")
    assert (result.returncode, result.stderr) == (2, FULL_DISK)


@needs_full
def test_help_that_cannot_be_printed_is_no_missed_expectation() -> None:
    result = shell("$S --help > /dev/full")
    assert (result.returncode, result.stderr) == (2, "cannot print: No space left on device\n")
    assert shell("exec 3> >(true); sleep 1; $S --help >&3").returncode in (0, 141)


def test_check_prints_what_nobody_reads() -> None:
    assert shell("$S check e.yaml t.yaml | true").returncode == 0
    assert shell("$S check e.yaml >&- 2>&-").returncode == 0
    stdout = CliRunner(charset="ascii").invoke(main, ["check", "e.yaml"]).stdout
    assert stdout.startswith("e.yaml: ok\n")
    assert stdout.isascii()


@pytest.mark.parametrize("arguments", [("run", "e.yaml", "--out", ""), ("schema", "--write", "")])
def test_a_directory_without_a_name_is_wrong_usage(arguments: tuple[str, ...]) -> None:
    before = sorted(Path.cwd().iterdir())
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "the name of the directory is empty; write '.' for the working directory" in result.stderr
    assert sorted(Path.cwd().iterdir()) == before


@pytest.mark.parametrize(("said", "widest"), [("60", 60), ("40", 40), ("", 120), ("0", 120), ("5", 24)])
def test_a_pipe_is_as_wide_as_columns_says_and_nothing_is_padded(
    monkeypatch: pytest.MonkeyPatch, said: str, widest: int
) -> None:
    monkeypatch.setenv("COLUMNS", said)
    monkeypatch.setattr(sys, "__stdout__", None)  # whatever runs the tests may stand on a terminal
    lines = CliRunner().invoke(main, ["run", "e.yaml"]).stdout.splitlines()
    assert widest - 24 <= max(map(len, lines)) <= widest
    assert lines == [line.rstrip() for line in lines]


def test_a_terminal_gets_colours_and_its_own_width() -> None:
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    termios = pytest.importorskip("termios")
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 60))
    environment = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "NO_COLOR")}
    environment |= {"PYTHONPATH": str(ROOT), "TERM": "xterm"}
    command = [sys.executable, "-m", "simulator.cli", "run", "e.yaml"]
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=environment) as program:
        os.close(theirs)
        said = b""
        with suppress(OSError):  # the end, as Linux tells it
            while more := os.read(ours, 4096):
                said += more
    os.close(ours)
    assert program.returncode == 0
    text = said.decode()
    assert "\x1b[32m✓" in text
    plain = re.sub(r"\x1b\[[\d;]*m", "", text).splitlines()
    assert 50 <= max(map(len, plain)) <= 60
