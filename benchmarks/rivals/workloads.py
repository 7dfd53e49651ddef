"""What is asked, of whom, at which size, and what everybody has to answer."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.rivals.environments import (
    ASYNCFLOW,
    CIW,
    HAPPYSIM,
    SALABIM,
    SIMPY,
    SIMULUS,
    Environment,
)

Answer = Mapping[str, Any]

MEAN_S = 10.0
LOAD = 0.8
OBJECTIVE = 0.99
OUTAGE_S = 900  # the run in which the outage is


def ours_of(name: str) -> Path:
    """The experiment with which the simulator is asked; its topology is beside it."""
    return Path(__file__).parent / "ours" / f"{name}.yaml"


def settings(name: str, size: int) -> dict[str, Any]:
    """What is set of a workload: so many customers, seconds or users, as its rivals take their size."""
    if name == "outage":
        return dict.fromkeys(("users.ireland.sessions", "users.germany.sessions"), size // 2)
    seconds = size * MEAN_S / LOAD if name == "queue" else size
    return {"duration": f"{seconds:.0f} s"}


@dataclass(frozen=True)
class Rival:
    """One simulator on one workload: its model, and how much of the workload it is given.

    `size` is less than the workload's where a full one would take minutes or grow beyond memory; what is
    compared is requests a second.
    """

    name: str
    environment: Environment | None
    """None: a program in C."""
    model: str
    size: int
    quick: int
    least: float
    """The ratio of requests a second that is aimed at; 0: none."""


@dataclass(frozen=True)
class Workload:
    """One question, under the name of the files with which the simulator is asked, and its rivals."""

    key: str
    name: str
    says: str
    size: int
    quick: int
    unit: str
    wrong: Callable[[Answer], str]
    """What is wrong with an answer; `""`: nothing."""
    rivals: tuple[Rival, ...]


def expected_wait_s(load: float = LOAD, mean_s: float = MEAN_S) -> float:
    """Mean wait of M/M/1: load · mean / (1 - load)."""
    return load * mean_s / (1 - load)


def error_of_wait_s(customers: int, load: float = LOAD, mean_s: float = MEAN_S) -> float:
    """Standard error of the mean wait of so many successive customers of M/M/1.

    Their waits hang together: the variance of a mean is `load (2 + 5 load - 4 load² + load³) / (1 - load)⁴`
    divided by their number (Daley 1968, *The serial correlation coefficients of waiting times in a stationary
    single server queue*).
    """
    sum_ = load * (2 + 5 * load - 4 * load**2 + load**3) / (1 - load) ** 4
    return mean_s * math.sqrt(sum_ / customers)


def wrong_queue(answer: Answer) -> str:
    """The mean wait lies within four standard errors of theory."""
    expected, error = expected_wait_s(), error_of_wait_s(answer["requests"])
    measured = answer["mean_wait_s"]
    if abs(measured - expected) <= 4 * error:
        return ""
    return f"mean wait {measured:.2f} s, theory {expected:g} ± {error:.2f} s"


BALANCED_WAIT_S = 0.000_879
"""Mean wait at a server to which every second of 400 Poisson arrivals a second goes and that takes 3 ms: by
Lindley's recursion, W' = max(W + 3 ms - gap, 0), over 4 · 10⁷ gaps, each the sum of two exponential ones."""
_DEVIATION_S = 3.8 * BALANCED_WAIT_S
"""Of the mean of n such waits, times √n: of the same recursion, in 20,000 chains of 3,000."""


def wrong_balancer(answer: Answer) -> str:
    """The mean wait at the servers lies within four standard errors of the recursion's."""
    measured, error = answer["mean_wait_s"], _DEVIATION_S / math.sqrt(answer["requests"])
    if abs(measured - BALANCED_WAIT_S) <= 4 * error:
        return ""
    return f"mean wait {measured * 1e3:.3f} ms, expected {BALANCED_WAIT_S * 1e3:.3f} ± {error * 1e3:.3f} ms"


def wrong_outage(answer: Answer) -> str:
    """Names lead away after two failed checks, and back after two good ones; requests fail until TTLs end."""
    away, back = answer["changes_s"]
    begins, ends = answer["not_ok_s"]
    if not (310 <= away <= 330 and 610 <= back <= 630):
        return f"names changed at {away:g} and {back:g} s, expected 320 and 620 s, each ± 10 s"
    if begins != 300 or not 370 <= ends <= 390:
        return f"not OK from {begins:g} to {ends:g} s, expected 300 to 380 s, ± a window of 10 s"
    # half of the requests are there; a fifth write, and each write is at risk for the 0.5 s of its copy
    expected = answer["requests"] / OUTAGE_S / 2 * 0.2 * 0.5
    if abs(answer["at_risk"] - expected) > 4 * math.sqrt(expected):
        return f"{answer['at_risk']} writes at risk, expected {expected:.0f} ± {math.sqrt(expected):.0f}"
    return ""


W1 = Workload(
    key="W1",
    name="queue",
    says="M/M/1 at load 0.8: the mean wait",
    size=500_000,
    quick=20_000,
    unit="customers",
    wrong=wrong_queue,
    rivals=(
        Rival("SimPy", SIMPY, "simpy_queue", 500_000, 20_000, 35),
        Rival("Ciw", CIW, "ciw_queue", 200_000, 10_000, 50),
        Rival("simulus", SIMULUS, "simulus_queue", 200_000, 10_000, 50),
        Rival("happysim", HAPPYSIM, "happysim_queue", 200_000, 5_000, 50),
        Rival("salabim", SALABIM, "salabim_queue", 50_000, 2_000, 50),
        Rival("C, keyed draws", None, "keyed", 20_000_000, 1_000_000, 1 / 5),
        Rival("C, free draws", None, "free", 20_000_000, 1_000_000, 0),
    ),
)
W2 = Workload(
    key="W2",
    name="balancer",
    says="two servers behind a load balancer, 400 requests a second for 300 s: the mean wait",
    size=300,
    quick=30,
    unit="seconds",
    wrong=wrong_balancer,
    rivals=(
        Rival("SimPy", SIMPY, "simpy_balancer", 300, 30, 60),
        Rival("asyncflow", ASYNCFLOW, "asyncflow_balancer", 300, 30, 50),
    ),
)
W3 = Workload(
    key="W3",
    name="outage",
    says="two regions whose writes are copied in 0.5 s, and five minutes without one of them, 395 requests a "
    "second for 900 s: when names change, how long requests fail, what was at risk",
    size=2000,
    quick=400,
    unit="users",
    wrong=wrong_outage,
    rivals=(
        Rival("SimPy", SIMPY, "simpy_outage", 2000, 400, 20),
        Rival("happysim", HAPPYSIM, "happysim_outage", 2000, 200, 50),
        Rival("salabim", SALABIM, "salabim_outage", 400, 200, 50),
    ),
)
WORKLOADS = (W1, W2, W3)
