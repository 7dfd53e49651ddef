"""Keyed randomness: a draw is a pure function of (seed, stream, entity, counter, lane).

Philox4x64-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11), bit for bit as in
NumPy. No generator carries state, so no draw depends on the order in which events are processed.
"""

import math

import numpy as np

from simulator.kernels.bits import add_wrapping, multiply_wide, opaque
from simulator.kernels.compiling import entry, kernel
from simulator.kernels.kinds import uint64
from simulator.randomness.distributions import CONSTANT, EXPONENTIAL, LOGNORMAL, UNIFORM
from simulator.times import AGES_NS

# workload streams: no topology, fault or measure touches them
SESSION, ACTION, ARRIVAL = 1, 2, 3
# streams of the request path
ATTEMPT, STEP, LAG, LAG_LOSS, VERIFIER, CALL, CONNECTION = 4, 5, 6, 7, 8, 9, 10
# streams of damage: no design touches them either
DAMAGE, STRIKE, EXPIRY = 25, 28, 29
# stream of strong tables: how long another member takes to answer
QUORUM = 26
# stream of faults that come and go at random: no design touches it either
FLAPPING = 47
# stream of when faults begin
FAULT_TIME = 54
# streams of the control plane
CHECKER, PROBE, STATUS, CHANGE, RESOLVER = 16, 17, 18, 19, 20
BALANCER, FAILOVER, RESTORE, PROMOTION, PLAN, METRIC, ALARM, CANARY = 21, 22, 27, 30, 31, 32, 33, 34
WAF, SCALING, REACTION, NODE_RESTART = 41, 51, 52, 53
# stream of faults: how long a pause takes to hold
HOLD = 45
# streams of what has been going on before time zero
GROWTH, UNDER_WAY = 23, 24
# stream of the weeks before a run, from which alarms learn
HISTORY = 38

_MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
_MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
_WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
_WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
_TWELVE = np.uint64(12)
_UNIT = 2.0**-52
_LEAST = 2.0**-53
_GOLDEN = 0.6180339887498949
_AGES_NS = float(AGES_NS)


@entry(int, int, int, int, int)
def words(seed, stream, entity, counter, lane):
    """Four independent 64-bit words of the block (seed, stream, entity, counter, lane), all non-negative."""
    key_0, key_1 = np.uint64(seed), np.uint64(stream)
    c_0, c_1, c_2, c_3 = np.uint64(counter), np.uint64(entity), np.uint64(lane), np.uint64(0)
    weyl_0, weyl_1 = opaque(_WEYL_0), opaque(_WEYL_1)  # or each round would add a multiple of its own
    for _ in range(10):
        high_0, low_0 = multiply_wide(_MULTIPLIER_0, c_0)
        high_1, low_1 = multiply_wide(_MULTIPLIER_1, c_2)
        c_0, c_1, c_2, c_3 = high_1 ^ c_1 ^ key_0, low_1, high_0 ^ c_3 ^ key_1, low_0
        key_0, key_1 = add_wrapping(key_0, weyl_0), add_wrapping(key_1, weyl_1)
    return c_0, c_1, c_2, c_3


@entry(uint64)
def uniform(word):
    """A word as a number strictly between 0 and 1: the middle of one of 2^52 cells.

    A double can tell each of them.
    """
    return (np.float64(word >> _TWELVE) + 0.5) * _UNIT


@entry(int, int, int, int, int, int)
def uniform_of(seed, stream, entity, counter, lane, index):
    """Word `index` of a block as a number strictly between 0 and 1."""
    return uniform(words(seed, stream, entity, counter, lane)[index])


@kernel
def _ratio(r, n0, n1, n2, n3, n4, n5, n6, n7, d1, d2, d3, d4, d5, d6, d7):  # noqa: PLR0913
    above = ((((((n7 * r + n6) * r + n5) * r + n4) * r + n3) * r + n2) * r + n1) * r + n0
    below = ((((((d7 * r + d6) * r + d5) * r + d4) * r + d3) * r + d2) * r + d1) * r + 1.0
    return above / below


# fmt: off
@kernel
def _quantile_middle(r):
    return _ratio(
        r, 3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
        45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
        42.313330701600911252, 687.18700749205790830, 5394.1960214247511077, 21213.794301586595867,
        39307.895800092710610, 28729.085735721942674, 5226.4952788528545610,
    )


@kernel
def _quantile_tail(r):
    return _ratio(
        r - 1.6, 1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550,
        3.64784832476320460504, 1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833,
        7.74545014278341407640e-4, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
        0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    )


@kernel
def _quantile_far_tail(r):
    return _ratio(
        r - 5.0, 6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580,
        0.296560571828504891230, 0.0265321895265761230930, 0.00124266094738807843860,
        2.71155556874348757815e-5, 2.01033439929228813265e-7, 0.599832206555887937690,
        0.136929880922735805310, 0.0148753612908506148525, 7.86869131145613259100e-4,
        1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
    )
# fmt: on


@entry(float)
def normal_quantile(u):
    """Quantile of the standard normal at 0 < u < 1, to 1e-15 (Wichura, algorithm AS 241, 1988)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        return q * _quantile_middle(0.180625 - q * q)
    r = math.sqrt(-math.log(min(u, 1.0 - u)))
    size = _quantile_tail(r) if r <= 5.0 else _quantile_far_tail(r)
    return size if q > 0.0 else -size


@entry(int, float, float, float)
def sample(kind, a, b, u):
    """A duration in nanoseconds (real-valued) at quantile u.

    Kinds and parameters are those of `simulator.randomness.distributions`.
    """
    if kind == LOGNORMAL:
        return math.exp(a + b * normal_quantile(u))
    if kind == CONSTANT:
        return a
    if kind == EXPONENTIAL:
        return -a * math.log(1.0 - u)
    if kind == UNIFORM:
        return a + (b - a) * u
    return math.exp(a + (b - a) * u)


@entry(int, float, float, float, float)
def sample_in_progress(kind, a, b, u, v):
    """A duration found in progress at a random instant: the longer, the likelier (the inspection paradox).

    Feller, An Introduction to Probability Theory and Its Applications, volume II, I.4. u and v are
    independent; not for log-uniform durations.
    """
    if kind == LOGNORMAL:
        return math.exp(a + b * b + b * normal_quantile(u))
    if kind == EXPONENTIAL:
        return -a * (math.log(1.0 - u) + math.log(1.0 - v))
    if kind == UNIFORM:
        return math.sqrt(a * a + (b * b - a * a) * u)
    return a


@kernel
def evenly(first, number):
    """One of many numbers between 0 and 1 that lie evenly: multiples of the golden ratio, modulo 1."""
    return max((first + number * _GOLDEN) % 1.0, _LEAST)


@entry(float)
def nanoseconds(duration):
    """Round a real-valued duration to the nearest nanosecond; one that outlasts every run to AGES_NS."""
    return np.int64(min(duration + 0.5, _AGES_NS))
