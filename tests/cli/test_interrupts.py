"""Ctrl-C: at any moment a word and code 130, nothing half done, and never a traceback."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.cli.failing import cleaning_up
from simulator.cli.interrupts import end_at_once, watch
from simulator.measure import laws
from tests.language.writing import EXPERIMENT, TOPOLOGY

ROOT = Path(__file__).parents[2]
KILL_ITSELF = "import os, signal; os.kill(os.getpid(), signal.SIGINT)"


@pytest.fixture
def _as_the_program_has_it() -> Iterator[None]:
    former = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, end_at_once)
    yield
    signal.signal(signal.SIGINT, former)


def python(code: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_it_is_understood_before_anything_slow_is_imported() -> None:
    slow = ("click", "rich", "pydantic", "yaml", "numpy", "numba")
    found = python(f"import sys, simulator.cli.start; print([one for one in {slow} if one in sys.modules])")
    assert found.stdout == "[]\n", found.stderr


def test_a_library_that_is_being_imported_has_no_say() -> None:
    """A module of a name that the command line imports, which interrupts the program while it is imported."""
    code = f"""
import sys, types
class Finder:
    def find_spec(self, name, *_):
        if name == "click":
            {KILL_ITSELF}
sys.meta_path.insert(0, Finder())
from simulator.cli.start import start
start()
"""
    result = python(code)
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "interrupted\n")


def test_whoever_has_it_ignored_is_obeyed() -> None:
    """As a shell has it for what runs in the background."""
    ignored = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
    code = f"{ignored}; from simulator.cli.interrupts import watch; watch(); {KILL_ITSELF}; print('on')"
    assert python(code).stdout == "on\n"


@pytest.mark.usefixtures("_as_the_program_has_it")
def test_what_has_something_to_clean_up_is_told_by_an_exception() -> None:
    with pytest.raises(KeyboardInterrupt), cleaning_up():
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is end_at_once


def test_a_program_that_uses_the_package_keeps_its_own_way() -> None:
    own = signal.getsignal(signal.SIGINT)
    with cleaning_up():
        assert signal.getsignal(signal.SIGINT) is own
    assert signal.getsignal(signal.SIGINT) is own


def test_an_exception_that_a_library_made_of_it_is_no_defect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_outcome: object) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise ImportError("half a library") from error

    monkeypatch.setattr(laws, "check", interrupted)
    (tmp_path / "t.yaml").write_text(TOPOLOGY)
    (tmp_path / "e.yaml").write_text(EXPERIMENT)
    result = CliRunner().invoke(main, ["run", str(tmp_path / "e.yaml")])
    assert (result.exit_code, result.stderr) == (130, "interrupted\n")


def test_watching_begins_only_where_python_would_raise() -> None:
    former = signal.getsignal(signal.SIGINT)
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        watch()
        assert signal.getsignal(signal.SIGINT) is end_at_once
    finally:
        signal.signal(signal.SIGINT, former)
