"""What a command does not begin with: looking for garbage, threads, modules that it has no use for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.language.writing import EXPERIMENT, TOPOLOGY

ROOT = Path(__file__).parents[2]

OF_OTHERS = {
    "simulator.cli.many",
    "simulator.cli.replicating",
    "simulator.explore.cells",
    "simulator.gate.played",
    "simulator.report.terminal",
}
"""Modules of what one run that is told as JSON has no part of."""

HEAVY = {"numba", "llvmlite", "matplotlib", "networkx", "numpy.ma", "rich", "scipy"}


def at_the_end(say: str, *words: str, **environment: str) -> str:
    """What an expression is when a command has ended, as text."""
    code = (
        "import atexit, gc, os, sys\n"
        "from simulator.cli.start import start\n"
        f"atexit.register(lambda: print({say}, file=sys.stderr))\n"
        "start()"
    )
    others = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        env={**others, "PYTHONPATH": str(ROOT), **environment},
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stderr.splitlines()[-1]


@pytest.fixture
def run_before(tmp_path: Path) -> str:
    """An experiment that has been run, so that its kernels are compiled."""
    (tmp_path / "t.yaml").write_text(TOPOLOGY, encoding="utf-8")
    path = tmp_path / "e.yaml"
    path.write_text(EXPERIMENT, encoding="utf-8")
    at_the_end("''", "run", str(path))
    return str(path)


def run_imports(*words: str) -> set[str]:
    """The modules that a run has imported when it ends, of other packages the package."""
    found = at_the_end("*sys.modules", "run", "--format", "json", *words).split()
    return {*found} | {name.partition(".")[0] for name in found}


def test_a_run_imports_what_it_uses_and_no_more(run_before: str) -> None:
    assert not (HEAVY | OF_OTHERS) & run_imports("--no-cache", run_before)


def test_a_run_that_was_kept_needs_no_files_models_or_lowering(run_before: str) -> None:
    """Nor do its levers. Where the sources are older than the process, as they are for users."""
    found = run_imports(run_before)
    models = {one for one in found if one.startswith(("simulator.language.", "simulator.lowering."))}
    assert not models
    assert not {"pydantic", "yaml", "simulator.pipeline"} & found


def test_what_is_kept_is_told_to_the_same_bytes(run_before: str) -> None:
    command = [sys.executable, "-m", "simulator.cli", "run", "--format", "json", run_before]
    anew, again = (
        subprocess.run(words, cwd=ROOT, capture_output=True, check=False).stdout
        for words in ([*command, "--no-cache"], command)
    )
    assert b'"lever"' in anew
    assert anew == again


def test_at_the_end_nobody_looks_for_garbage_that_goes_anyway() -> None:
    assert at_the_end("gc.get_freeze_count() > 0", "--version") == "True"


def test_linear_algebra_has_one_thread_unless_somebody_says_otherwise() -> None:
    threads = "os.environ['OPENBLAS_NUM_THREADS']"
    assert at_the_end(threads, "--version") == "1"
    assert at_the_end(threads, "--version", OPENBLAS_NUM_THREADS="3") == "3"
