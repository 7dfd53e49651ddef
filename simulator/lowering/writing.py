"""How often users act, and so put objects into buckets, when a run begins (docs/model.md §6)."""

import math
from functools import lru_cache
from typing import Any

import numpy as np

from simulator.boundary.fields import Floats, Ints
from simulator.boundary.kinds import OBJECTS
from simulator.randomness.distributions import CONSTANT, EXPONENTIAL, LOGNORMAL, UNIFORM
from simulator.randomness.draws import sample
from simulator.times import AGES_NS

_SESSIONS = 2_000  # of which the mean number of actions is taken
_MANY = 200.0  # think times of a session, from which on the ratio of means is as good
_HOUR_NS = 3_600 * 10**9


def lower_writing(arrays: dict[str, Any]) -> dict[str, Floats]:
    """`put_rate`, from all other arrays: what each row of the mix puts into each bucket, a second."""
    puts = _puts(arrays)
    rates = np.zeros((len(arrays["mix_operation"]), len(arrays["store_kind"])))
    for population in range(len(arrays["pop_near"])):
        first, count = (int(arrays[f"pop_mix_{what}"][population]) for what in ("first", "count"))
        rows = slice(first, first + count)
        shares = np.diff(arrays["mix_cumulative"][rows], prepend=0.0)
        made = puts[arrays["mix_operation"][rows]]
        if made.any() and not arrays["pop_bots"][population]:
            rates[rows] = actions_per_s(population, shares, arrays) * shares[:, None] * made
    return {"put_rate": rates}


def _puts(arrays: dict[str, Any]) -> Ints:
    """Puts of one action, [operation, store]; none of what has no name, or is behind a content network."""
    found = np.zeros((len(arrays["op_service"]), len(arrays["store_kind"])), np.int64)
    for operation in np.flatnonzero((arrays["op_name"] >= 0) & (arrays["op_cdn"] < 0)):
        for step in steps_of(int(operation), arrays):
            store = int(arrays["step_store"][step])
            if arrays["step_writes"][step] and arrays["store_kind"][store] == OBJECTS:
                found[operation, store] += 1
    return found


def steps_of(operation: int, arrays: dict[str, Any]) -> range:
    """The rows of an operation's steps."""
    first = int(arrays["op_step_first"][operation])
    return range(first, first + int(arrays["op_step_count"][operation]))


def actions_per_s(population: int, shares: Floats, arrays: dict[str, Any], way_ns: float = 0.0) -> float:
    """Actions that a population begins in a second, each of which is so long on its way there and back."""
    length = distribution_of(arrays["pop_length"][population], arrays)
    think = distribution_of(arrays["pop_think"][population], arrays)
    answer_ns = way_ns + _answer_ns(population, shares, arrays)
    sessions = int(arrays["pop_sessions"][population])
    if sessions and mean_ns(*length) >= AGES_NS:
        return sessions * 1e9 / max(mean_ns(*think) + answer_ns, 1.0)
    hour = int(arrays["day_offset_ns"]) // _HOUR_NS
    share = float(arrays["pop_profile"][population, hour])
    if sessions:
        begun_per_s = sessions * 1e9 / max(mean_ns(*length), 1.0)
    else:
        begun_per_s = 1e9 / float(arrays["pop_gap_ns"][population])
    return share * begun_per_s * actions_of_session(length, think, answer_ns)


def _answer_ns(population: int, shares: Floats, arrays: dict[str, Any]) -> float:
    """The mean time of the steps of a population's actions."""
    first, total_ns = int(arrays["pop_mix_first"][population]), 0.0
    for row, share in enumerate(shares.tolist(), first):
        steps = steps_of(int(arrays["mix_operation"][row]), arrays)
        times = (distribution_of(arrays["step_dist"][step], arrays) for step in steps)
        total_ns += share * sum(mean_ns(*one) for one in times)
    return total_ns


def distribution_of(number: int, arrays: dict[str, Any]) -> tuple[int, float, float]:
    """A distribution of a plan by its number."""
    return (
        int(arrays["dist_kind"][number]),
        float(arrays["dist_a"][number]),
        float(arrays["dist_b"][number]),
    )


def mean_ns(kind: int, a: float, b: float) -> float:
    """The mean of a distribution, at most AGES_NS."""
    if kind in (CONSTANT, EXPONENTIAL):
        return min(a, float(AGES_NS))
    if kind == LOGNORMAL:
        return math.exp(min(a + b * b / 2, math.log(AGES_NS)))
    return (a + b) / 2 if kind == UNIFORM else (math.exp(b) - math.exp(a)) / max(b - a, 1e-12)


@lru_cache(maxsize=1024)
def actions_of_session(
    length: tuple[int, float, float], think: tuple[int, float, float], answer_ns: float
) -> float:
    """The mean number of actions of a session: one when it starts, and one after each think time in it."""
    round_ns = max(mean_ns(*think) + answer_ns, 1.0)
    if mean_ns(*length) > _MANY * round_ns:
        return mean_ns(*length) / round_ns
    draws = np.random.Generator(np.random.Philox(0))
    even = (np.arange(_SESSIONS) + 0.5) / _SESSIONS
    ends, thinks = draws.permutation(_samples(length, even)), _samples(think, even)
    at, count, acts = np.zeros(_SESSIONS), 0, 0
    while (going := int((at < ends).sum())) and count < 50 * _MANY:
        acts, count = acts + going, count + 1
        at += draws.permutation(thinks) + answer_ns
    return max(acts / _SESSIONS, 1.0)


def _samples(row: tuple[int, float, float], quantiles: Floats) -> Floats:
    return np.array([sample(*row, u) for u in quantiles.tolist()])
