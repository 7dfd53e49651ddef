"""Two weeks drawn from what was simulated of a few loads.

Specification: docs/monitoring.md, "Bands".
"""

import numpy as np

from simulator.boundary.fields import Floats, Ints
from simulator.history.loads import HOURS, Loads
from simulator.randomness.draws import HISTORY

_HOUR_NS = 3_600 * 10**9
_WORDS = 4
_UNUSED_BITS, _UNIT = 12, 2.0**-52


def drawn(
    found: list[Floats], loads: Loads, periods: Ints, period_ns: int, *, seed: int, alarm: int
) -> Floats:
    """A value for each period, by its number from a Monday 00:00; NaN where there is none.

    `found` has the values of each load.
    """
    hours = periods * period_ns // _HOUR_NS % HOURS
    near, other, share = loads.near[hours], loads.other[hours], loads.share[hours]
    picked = np.full(len(periods), np.nan)
    u = _uniform(seed, alarm, len(periods))
    for place, values in enumerate(found):
        here = near == place
        picked[here] = values[(u[here] * len(values)).astype(np.int64)]
    return _moved(picked, found, near, other, share)


def _uniform(seed: int, alarm: int, count: int) -> Floats:
    """`HISTORY[0]` of an alarm, with counters from 1 on: NumPy's generator of the same words begins there."""
    words = np.random.Philox(key=[seed, HISTORY], counter=[0, alarm + 1, 0, 0]).random_raw(count * _WORDS)
    uniform: Floats = ((words[::_WORDS] >> np.uint64(_UNUSED_BITS)).astype(np.float64) + 0.5) * _UNIT
    return uniform


def _moved(picked: Floats, found: list[Floats], near: Ints, other: Ints, share: Floats) -> Floats:
    """Values shifted and scaled from the mean and deviation of their own load to those of their hour."""
    there = [values[~np.isnan(values)] for values in found]
    mean = np.array([np.mean(values) if len(values) else np.nan for values in there])
    deviation = np.array([np.std(values) if len(values) else np.nan for values in there])
    known = ~np.isnan(mean[other])
    share = np.where(known, share, 0.0)

    def between(moment: Floats) -> Floats:
        towards = np.where(known, moment[other], moment[near])
        return moment[near] + share * (towards - moment[near])

    scale = np.divide(between(deviation), deviation[near], out=np.ones_like(share), where=deviation[near] > 0)
    moved: Floats = between(mean) + (picked - mean[near]) * scale
    return np.where(share == 0, picked, moved)
