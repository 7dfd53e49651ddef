"""What is counted of kernels, by two ways that know nothing of each other."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest


def _said_by(module: str) -> Any:
    off = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-m", module, "balancer"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=off).stdout)


def test_calls_are_counted_as_a_profiler_of_calls_counts_them() -> None:
    """In runs for a million requests here, for one request there, to three digits behind the point."""
    counts, rooms = _said_by("benchmarks.profile"), _said_by("benchmarks.anatomy")
    of_draws = counts["simulator.randomness.draws.words"]["-1"]
    assert of_draws / 10**6 == pytest.approx(rooms["blocks"], abs=0.001)
    doors = [of["-1"] for name, of in counts.items() if name.startswith("simulator.data_plane.doors.")]
    assert sum(doors) / 10**6 == pytest.approx(rooms["calls of doors"], abs=0.001)


def test_a_line_of_a_loop_runs_once_for_each_of_its_rounds() -> None:
    """A block of draws has ten rounds: each of their lines runs ten times for a call, `for` once more."""
    counts = _said_by("benchmarks.profile")["simulator.randomness.draws.words"]
    calls = counts.pop("-1")
    assert {round(runs / calls) for runs in counts.values()} == {1, 10, 11}
