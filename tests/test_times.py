"""Times of any length, alone or added up: the right figures, with the compiler on and off."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulator.measure import capacity
from simulator.times import (
    AGES_NS,
    FACTOR_LEAST,
    FACTOR_MOST,
    LONGEST_RUN_NS,
    NEVER_NS,
    total_add_ns,
    total_factor,
    total_skew_ns,
)
from simulator.units import LONGEST_NS
from tests.small import HERE, THERE, Written, experiment, played, topology

ROOT = Path(__file__).parent.parent
ENDLESS = {"compute": "36525 d"}
SLOWEST = {"at": "10 s", "mode": "slow", "factor": 1_000_000}
LATE = {"at": "10 s", "mode": "slow", "add": "36525 d"}
SITE, TABLE, LINK = {"service": "api"}, {"table": "orders"}, {"link": {"between": [HERE, "everywhere"]}}
AHEAD, BEHIND = ({"at": "10 s", "clock": HERE, "skew": skew} for skew in ("36525 d", "-36525 d"))
FADING = {"at": "10 s", "surge": "people", "factor": 1e-300}
ELSEWHERE = "us-east-1"
FAR = {"link": {"between": [ELSEWHERE, "everywhere"]}}


def system(*steps: dict[str, str]) -> Written:
    """The small system with a table in both regions, which is read, or with other steps."""
    operations = {
        "view": [*(steps or [{"compute": "1 ms"}, {"read": "orders"}])],
        "buy": [{"write": "orders"}],
    }
    service = {"regions": [HERE, THERE], "operations": operations}
    return topology(tables={"orders": {"replicas": [HERE, THERE]}}, services={"api": service})


def run_of(*faults: dict[str, Any], near: str = HERE) -> Written:
    """Forty sessions that read and write for a minute."""
    people = {"near": near, "sessions": 40, "think_time": "1 s", "actions": {"view": 3, "buy": 1}}
    return experiment(duration="1 min", users={"people": people}, faults=[*faults])


UNANSWERED: dict[str, tuple[Written, Written]] = {
    "two slow faults": (system(), run_of(*[SLOWEST | SITE] * 2)),
    "three slow faults": (system(), run_of(*[SLOWEST | SITE] * 3)),
    "a hundred slow faults": (system(), run_of(*[SLOWEST | SITE] * 100)),
    "a slow site and a slow table": (system(), run_of(*[SLOWEST | SITE] * 9, *[SLOWEST | TABLE] * 9)),
    "a day, slowed": (system({"compute": "1 d"}), run_of(SLOWEST | SITE)),
    "a site with additions": (system(), run_of(*[LATE | SITE] * 5)),
    "a table with additions": (system(), run_of(*[LATE | TABLE] * 5)),
    "links with additions": (system(), run_of(*[LATE | FAR] * 5, near=ELSEWHERE)),
    "slow links": (system(), run_of(*[SLOWEST | FAR] * 60, near=ELSEWHERE)),
    "hardly any load": (system(), run_of(*[FADING] * 3)),
}
"""Once the faults have begun, nothing that begins is answered before the run ends."""
STEPS = {
    "three endless steps": (system(*[ENDLESS] * 3), run_of()),
    "sixteen endless steps": (system(*[ENDLESS] * 16), run_of()),
}
"""Views are never answered; purchases are."""
AS_EVER = {
    "a clock ages ahead": (system(), run_of(*[AHEAD] * 5)),
    "a clock ages behind": (system(), run_of(*[BEHIND] * 5)),
    "clocks that cancel out": (system(), run_of(AHEAD, BEHIND)),
    "copies on a slow link": (system(), run_of(*[LATE | LINK] * 5, *[SLOWEST | LINK] * 60)),
}
"""Users are served by the region beside them, whatever its clock says and wherever its copies are."""
CASES = UNANSWERED | STEPS | AS_EVER
ALL = (
    "import json; from tests.test_times import *; print(json.dumps({name: figures(name) for name in CASES}))"
)


def figures(name: str) -> dict[str, list[int]]:
    """Views and purchases served in the first window and from the third on, actions, writes, a checksum."""
    tallies = played(*CASES[name]).tallies
    served = tallies.window_served.sum(axis=1)
    bins = np.arange(len(tallies.attempt_latency))
    return {
        "served": [int(served[0]), int(served[2:].sum())],
        "actions": [int(tallies.actions_started), *map(int, tallies.actions.ravel())],
        "writes": [int(tallies.writes[0]), int(tallies.visible[0]), int(tallies.pending[0])],
        "latency": [int((tallies.attempt_latency * bins).sum())],
    }


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, list[int]]]:
    return {name: figures(name) for name in CASES}


@pytest.mark.parametrize("name", UNANSWERED)
def test_what_outlasts_the_run_is_never_answered(name: str, found: dict[str, dict[str, list[int]]]) -> None:
    before, after = found[name]["served"]
    assert before > 0
    assert after == 0


@pytest.mark.parametrize("name", STEPS)
def test_steps_that_outlast_the_run_leave_other_operations_alone(
    name: str, found: dict[str, dict[str, list[int]]]
) -> None:
    """All that is served is a write; nobody is left who does anything but wait for a view."""
    assert sum(found[name]["served"]) == found[name]["writes"][0] > 0


@pytest.mark.parametrize("name", AS_EVER)
def test_users_are_served_whatever_outlasts_the_run(
    name: str, found: dict[str, dict[str, list[int]]]
) -> None:
    """Forty sessions think for 1 s and are answered in less than 0.1 s: 36 to 40 requests a second.

    Where links are slow, so are the few whom the name led to the other region.
    """
    _, after = found[name]["served"]
    fewest = 32 if name == "copies on a slow link" else 36
    assert fewest * 40 <= after <= 40 * 40
    assert (found[name]["writes"][2] > 100) == (name == "copies on a slow link")


def said(command: list[str], **variables: str) -> dict[str, dict[str, list[int]]]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | variables
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    read: dict[str, dict[str, list[int]]] = json.loads(done.stdout)
    return read


def test_figures_are_the_same_with_the_compiler_off(found: dict[str, dict[str, list[int]]]) -> None:
    assert said([sys.executable, "-c", ALL], NUMBA_DISABLE_JIT="1") == found


@pytest.mark.slow
def test_no_index_leaves_its_array(found: dict[str, dict[str, list[int]]], tmp_path: Path) -> None:
    checked = {"SIMULATOR_BOUNDS_CHECK": "1", "SIMULATOR_CACHE_DIR": str(tmp_path)}
    assert said([sys.executable, "-c", ALL], **checked) == found


def test_sums_stop_at_what_outlasts_every_run() -> None:
    assert total_add_ns([LONGEST_NS] * 3) == AGES_NS
    assert total_add_ns([5, 7]) == 12
    assert total_skew_ns([LONGEST_NS] * 3) == NEVER_NS
    assert total_skew_ns([-LONGEST_NS] * 3) == -NEVER_NS
    assert total_skew_ns([LONGEST_NS, -5]) == LONGEST_NS - 5
    assert total_factor([1e6] * 60) == FACTOR_MOST
    assert total_factor([1e-300] * 2) == FACTOR_LEAST
    assert total_factor([2.0, 4.0]) == 8.0


def test_the_longest_sums_of_a_hop_fit_into_64_bits() -> None:
    """As `simulator.times` derives them, from the constants themselves."""
    a_hundred_years, run = LONGEST_NS, LONGEST_RUN_NS
    handshake = run + AGES_NS + 3 * AGES_NS
    before_the_steps = run + 3 * AGES_NS
    end_of_a_call = NEVER_NS + a_hundred_years
    copy = NEVER_NS + 3 * AGES_NS
    for longest in (handshake, before_the_steps, end_of_a_call, copy, NEVER_NS + AGES_NS, NEVER_NS + run):
        assert longest < 2**63


def test_waits_of_a_thousand_years_add_up_to_what_they_are() -> None:
    """One worker takes one request for ever; all that come later, evenly spread, wait for the run's end.

    So the mean length of the queue is half of their number, and they wait over ten times the 292 years that
    64 bits of nanoseconds hold.
    """
    compute = {"nodes": {"per_zone": 1, "workers": 1, "queue": 1_000_000}}
    api = {"regions": [HERE], "compute": compute, "operations": {"view": [ENDLESS]}}
    system = topology(regions={HERE: {"zones": 1}}, services={"api": api})
    people = {
        "near": HERE,
        "sessions": 16_000,
        "think_time": "10 d",
        "actions": {"view": 1},
        "client": "script",
    }
    run = played(system, experiment(duration="40 d", users={"people": people}))
    queued = int(run.tallies.peak_queue.max())
    (site,) = (site for site in capacity.section(run).sites if site.service == "api")
    assert site.mean_queue == pytest.approx(queued / 2, rel=0.02)
    assert queued * 40 / 2 > 10 * 292 * 365
    assert run.tallies.queue_wait_time.tolist() == run.tallies.queue_integral_time.tolist()
