"""Rivals and ours answer the same questions, with the right answers; wrong ones are seen."""

import json
import math
import subprocess
from pathlib import Path

import numpy as np
import pytest

from benchmarks.rivals import __main__ as command
from benchmarks.rivals import counting, environments, racing
from benchmarks.rivals.engine import outage, planned, waits
from benchmarks.rivals.environments import Environment, UnavailableError
from benchmarks.rivals.models import simpy_balancer, simpy_outage, simpy_queue
from benchmarks.rivals.racing import Side, WrongAnswerError
from benchmarks.rivals.workloads import (
    LOAD,
    MEAN_S,
    W1,
    W2,
    W3,
    WORKLOADS,
    Answer,
    error_of_wait_s,
    expected_wait_s,
    ours_of,
)
from simulator.data_plane.plane import CompiledPlane
from simulator.outcome import Outcome
from simulator.simulation import play

needs_c = pytest.mark.skipif(environments.compiler() is None, reason="no C compiler here")


def ours(name: str, size: int) -> Outcome:
    """A workload on the engine, under seed 1."""
    plan = planned(name, size, 1)
    return play(plan, CompiledPlane(plan.data))


def told(outcome: Outcome, answer: Answer) -> Answer:
    return {"requests": int(outcome.tallies.attempts_started), **answer}


RIGHT_OUTAGE = {"requests": 351_000, "changes_s": [320, 620], "not_ok_s": [300, 380], "at_risk": 20}


# what is expected


def test_the_mean_wait_is_that_of_theory() -> None:
    # load 0.8, mean service 10 s: 0.8 · 10 s / 0.2 = 40 s
    assert expected_wait_s() == pytest.approx(40)
    # 0.8 (2 + 4 - 2.56 + 0.512) / 0.2⁴ = 1976 squares of a mean service: ± 44.45 / √n
    assert error_of_wait_s(10_000) == pytest.approx(10 * math.sqrt(1976) / 100)


@pytest.mark.parametrize(
    ("workload", "answer"),
    [
        (W1, {"requests": 500_000, "mean_wait_s": 43}),  # ± 0.63 s
        (W1, {"requests": 500_000, "mean_wait_s": 37}),
        (W2, {"requests": 120_000, "mean_wait_s": 0.000_95}),  # ± 0.0096 ms
        (W2, {"requests": 120_000, "mean_wait_s": 0.002_25}),  # by chance, and not by turns: M/D/1
        (W3, RIGHT_OUTAGE | {"changes_s": [340, 620], "not_ok_s": [300, 380]}),
        (W3, RIGHT_OUTAGE | {"changes_s": [320, 600], "not_ok_s": [300, 380]}),
        (W3, RIGHT_OUTAGE | {"changes_s": [320, 620], "not_ok_s": [300, 330]}),
        (W3, RIGHT_OUTAGE | {"changes_s": [320, 620], "not_ok_s": [290, 380]}),
        (W3, RIGHT_OUTAGE | {"changes_s": [320, 620], "not_ok_s": [300, 620]}),
        (W3, RIGHT_OUTAGE | {"at_risk": 0}),
        (W3, RIGHT_OUTAGE | {"at_risk": 39}),  # copies that take twice as long
    ],
)
def test_a_wrong_answer_is_seen(workload, answer) -> None:
    assert workload.wrong(answer)
    # 390 requests a second, half of them there, a fifth of those writes: 39 a second, for 0.5 s
    assert W3.wrong(RIGHT_OUTAGE) == ""


# what is answered


def test_the_queue_waits_as_theory_says_in_simpy_and_here() -> None:
    customers = 10_000
    simpy, engine = simpy_queue.run(customers, 1), ours("queue", customers)
    assert simpy["requests"] == customers
    assert W1.wrong(simpy) == ""
    assert W1.wrong(told(engine, waits(engine))) == ""
    # Poisson arrivals: the number has a deviation of √n
    assert int(engine.tallies.attempts_started) == pytest.approx(customers, abs=4 * math.sqrt(customers))


def test_the_balancer_lets_wait_equally_long_in_simpy_and_here() -> None:
    simpy, engine = simpy_balancer.run(15, 1), ours("balancer", 15)
    assert W2.wrong(simpy) == ""
    assert W2.wrong(told(engine, waits(engine))) == ""


def test_the_outage_lasts_equally_long_in_simpy_and_here() -> None:
    simpy, engine = simpy_outage.run(100, 1), ours("outage", 100)
    # probes at 305 and 315 s fail, the change takes 5 s; the last answers live for 60 s from 320 s
    assert simpy["changes_s"] == [320, 620]
    assert simpy["not_ok_s"] == [300, 380]
    assert W3.wrong(simpy) == ""
    assert W3.wrong(told(engine, outage(engine))) == ""


@needs_c
@pytest.mark.parametrize("draws", ["keyed", "free"])
def test_the_loop_in_c_waits_as_theory_says(draws: str, tmp_path: Path) -> None:
    assert W1.wrong(_looped(tmp_path, draws, 500_000)) == ""


@needs_c
def test_keyed_draws_in_c_are_numpys_philox(tmp_path: Path) -> None:
    """Two customers: the second waits for what the first still needs when it comes."""
    gap = _exponential(MEAN_S / LOAD, (2**64 - 1, 0))  # NumPy counts on before it draws: (0, 1)
    service = _exponential(MEAN_S, (0, 0))  # (1, 0)
    waited = max(service - gap, 0)
    assert waited > 0  # this seed lets it wait
    assert _looped(tmp_path, "keyed", 2, seed=7)["mean_wait_s"] == pytest.approx(waited / 2, abs=1e-6)


def _exponential(mean: float, before: tuple[int, int]) -> float:
    key, counter = np.array([7, 1], np.uint64), np.array([*before, 0, 0], np.uint64)
    word = int(np.random.Philox(key=key, counter=counter).random_raw())
    return -mean * math.log(1 - ((word >> 12) + 0.5) * 2**-52)


def _looped(directory: Path, draws: str, customers: int, seed: int = 1) -> Answer:
    name, program = environments.compiler(), directory / "limit"
    assert name is not None
    source = Path(environments.__file__).parent / "models" / "limit.c"
    strict = ["-O2", "-Wall", "-Wextra", "-Werror"]
    subprocess.run([name, *strict, "-o", str(program), str(source), "-lm"], check=True)
    done = subprocess.run([str(program), draws, str(customers), str(seed)], check=True, capture_output=True)
    answer: Answer = json.loads(done.stdout)
    return answer


# the race


def test_figures_of_a_wrong_answer_do_not_count() -> None:
    right = {"requests": 500_000, "mean_wait_s": 40, "cpu": 1, "memory": 0}
    us, rival = _said("ours", right), _said("SimPy", right | {"mean_wait_s": 30})
    assert len(racing.pairs(W1, us, us, 2)) == 2
    with pytest.raises(WrongAnswerError, match=r"W1, SimPy: mean wait 30.00 s, theory 40 ± 0.63 s"):
        racing.pairs(W1, us, rival, 1)


def _said(name: str, answer: Answer) -> Side:
    return Side(name, lambda seed: ["echo", json.dumps(answer)])


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"ratio": 36.2, "least": 35.4, "most": 37.1}, "36× (35–37)"),
        ({"ratio": 9.81, "least": 9.5, "most": 10.04}, "9.8× (9.5–10.0)"),
        ({"ratio": 0.2, "least": 0.16, "most": 0.25}, "5.0× slower (4.0–6.2)"),
    ],
)
def test_a_ratio_is_told_with_its_range(values, text: str) -> None:
    assert racing.times(values) == text


def test_a_race_tells_processes_memory_and_lines() -> None:
    turn = racing.Turn({"requests": 100, "cpu": 0.5, "memory": 3 * 2**20}, 1.25)
    ours = racing.Turn({"requests": 400, "cpu": 0.5, "memory": 12 * 2**20}, 0.75)
    values = racing._medians([(ours, turn)]) | {"lines": 21, "our_lines": 26}
    assert (values["our_per_s"], values["per_s"]) == (800, 200)
    told = "whole process 0.8 s and 1.2 s, peak memory 12 and 3 MiB, 26 and 21 lines"
    assert racing.details(values) == told


def test_who_has_no_interpreter_is_left_out_and_named(monkeypatch, capsys, tmp_path) -> None:
    monkeypatch.setenv("SIMULATOR_CACHE_DIR", str(tmp_path))
    ancient = Environment("ancient", "2.4", ("nothing==1",))

    def race(quick: bool, rounds: int) -> None:
        ancient.ready()

    monkeypatch.setattr(command, "races", lambda: [("W1", race)])
    assert list(command.raced("W1", True, 1)) == []
    assert "left out of W1: ancient needs Python 2.4" in capsys.readouterr().err


def test_what_cannot_be_installed_is_said(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("SIMULATOR_CACHE_DIR", str(tmp_path))
    failing = tmp_path / "python"
    failing.write_text("#!/bin/sh\necho no space left >&2\nexit 1\n")
    failing.chmod(0o755)
    monkeypatch.setattr(environments, "_interpreter", lambda python: failing)
    with pytest.raises(UnavailableError, match=r"broken could not be installed: no space left"):
        Environment("broken", "3.11", ()).ready()


def test_every_rival_has_its_model_and_every_workload_its_files() -> None:
    models = Path(counting.__file__).parent / "models"
    for workload in WORKLOADS:
        assert ours_of(workload.name).exists()
        for rival in workload.rivals:
            assert rival.environment is None or (models / f"{rival.model}.py").exists()


def test_lines_are_counted_without_blank_ones_comments_and_docstrings(tmp_path) -> None:
    python, yaml = tmp_path / "a.py", tmp_path / "a.yaml"
    python.write_text(
        '"""What\nit is."""\n\nimport os  # for\n# this\n\n\ndef f():\n    """Says."""\n    return os\n'
    )
    yaml.write_text("# head\na:\n  - 1   # one\n\n  - 2\n")
    assert counting.lines_of(python) == 3
    assert counting.lines_of(python, yaml) == 6
