"""A Dask cluster on loopback: the same bytes as here, though one of its two workers is killed."""

import importlib.util
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.errors import UsageError
from simulator.explore.cluster import Cluster
from simulator.explore.replicating import replications
from tests.small import HERE, experiment, read, topology

pytestmark = [
    pytest.mark.middle,
    pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="needs the extra 'cluster'"),
    pytest.mark.filterwarnings("ignore"),  # of a library that is not ours, in its own threads
]

_PLAIN = ("--no-dashboard",)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """The address of a scheduler, and its two workers, each a process of its own."""
    file = tmp_path / "scheduler.json"

    def start(program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", f"distributed.cli.{program}", "--scheduler-file", str(file)]
        return subprocess.Popen([*command, *arguments], cwd=tmp_path, stderr=subprocess.DEVNULL)

    scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", *_PLAIN)
    workers = [start("dask_worker", "--nthreads", "1", "--no-nanny", *_PLAIN) for _ in range(2)]
    try:
        yield _address_in(file), workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def _address_in(file: Path) -> str:
    """What the scheduler writes down once it listens."""
    import json

    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            return str(json.loads(file.read_text())["address"])
        except (OSError, ValueError):
            time.sleep(0.1)
    raise AssertionError("the scheduler did not start")


def test_a_killed_worker_costs_nothing_but_time(
    cluster: tuple[str, list["subprocess.Popen[bytes]"]],
) -> None:
    address, workers = cluster
    fault = {"at": {"any": "1 min"}, "for": "30 s", "region": HERE, "mode": "black_hole"}
    asked = [{"recovery_time": {"at_most": "1 min", "in": "50 %"}}]
    loaded = read(topology(), experiment(duration="3 min", faults=[fault], expect=asked))
    done = list[int]()

    def heard(finished: int, _of: int) -> None:
        if finished:
            workers[0].kill()  # the first time; then it is dead
            done.append(finished)

    with Cluster(address) as crew:
        crew._client.wait_for_workers(2, timeout=60)
        far = replications(loaded, range(1, 13), cache=False, crew=crew, heard=heard)
    assert sorted({*done}) == [*range(1, 13)]
    assert workers[0].wait(timeout=60) != 0
    assert far.to_json() == replications(loaded, range(1, 13), cache=False).to_json()


def test_a_place_where_nobody_answers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from simulator.explore import cluster as room

    monkeypatch.setattr(room, "_ANSWERS_WITHIN_S", 0.5)
    with (
        pytest.raises(UsageError, match=r"no scheduler answers at 'tcp://127\.0\.0\.1:9'"),
        Cluster("tcp://127.0.0.1:9"),
    ):
        pass
