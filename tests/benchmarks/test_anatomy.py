"""What a request is made of, counted."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks.anatomy import KINDS
from simulator.data_plane import queue


def test_a_session_that_asks_once_starts_and_has_one_step() -> None:
    """It starts, acts, connects, asks, has a step, is answered, and acts again to end.

    Only its start, its request at the door and its step meet others: nothing else is queued.
    """
    command = [sys.executable, "-m", "benchmarks.anatomy", "balancer"]
    off = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=off)
    counts = json.loads(done.stdout)
    # the last few requests are under way when the run ends: 2 % at most
    assert counts["event START"] == pytest.approx(1, rel=0.02)
    assert counts["event STEP"] == pytest.approx(1, rel=0.02)
    assert counts["event REQUEST"] == pytest.approx(1, rel=0.02)
    assert counts["events"] == pytest.approx(3, rel=0.02)
    kinds = [count for name, count in counts.items() if name.startswith("event ")]
    assert counts["events"] == pytest.approx(sum(kinds), abs=0.01)  # all are rounded


def test_every_kind_of_event_has_its_name() -> None:
    numbers = sorted(getattr(queue, kind) for kind in KINDS)
    assert numbers == sorted({*range(queue.ARRIVE + 1)} - {queue.DEATH})  # which is none of a request
