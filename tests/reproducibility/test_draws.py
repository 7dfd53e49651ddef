"""Keyed draws: Philox bit for bit, exact quantiles, and what is sampled from them."""

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.data_plane.stores.items import item_of
from simulator.randomness import distributions, draws
from simulator.randomness.distributions import CONSTANT, EXPONENTIAL, LOG_UNIFORM, LOGNORMAL, UNIFORM
from simulator.randomness.draws import nanoseconds, normal_quantile, sample, uniform, uniform_of, words


def interpreted(kernel: Any) -> Any:
    """A kernel with the compiler off."""
    return getattr(kernel, "py_func", kernel)


SEED, STREAM = st.integers(0, 2**63 - 1), st.integers(0, 2**16)
ENTITY, COUNTER, LANE = st.integers(0, 2**63 - 1), st.integers(0, 2**62), st.integers(0, 2**20)


def test_each_stream_has_a_number_of_its_own() -> None:
    own = {name: value for name, value in vars(draws).items() if name not in vars(distributions)}
    streams = [value for name, value in own.items() if name[0].isalpha() and name.isupper() and value < 64]
    assert len(streams) > 20
    assert len(streams) == len({*streams})


def numpys_words(seed: int, stream: int, entity: int, counter: int, lane: int) -> tuple[int, ...]:
    """The same block from NumPy, which counts on by one before it gives its first block."""
    block = counter | entity << 64 | lane << 128
    before = (block - 1) % 2**256
    generator = np.random.Philox(key=seed | stream << 64, counter=before)
    return tuple(int(word) for word in generator.random_raw(4))


@settings(max_examples=300, deadline=None)
@given(SEED, STREAM, ENTITY, COUNTER, LANE)
def test_words_are_numpys_philox(seed: int, stream: int, entity: int, counter: int, lane: int) -> None:
    ours = tuple(int(word) for word in words(seed, stream, entity, counter, lane))
    assert ours == numpys_words(seed, stream, entity, counter, lane)


@settings(max_examples=300, deadline=None)
@given(SEED, STREAM, ENTITY, COUNTER, LANE)
def test_words_with_the_compiler_off_are_the_same(
    seed: int, stream: int, entity: int, counter: int, lane: int
) -> None:
    block = (seed, stream, entity, counter, lane)
    assert tuple(map(int, interpreted(words)(*block))) == tuple(map(int, words(*block)))


def test_words_of_the_random123_distribution() -> None:
    # kat_vectors of the Random123 library: philox 4x64 10, zero key and counter
    zero = ("16554d9eca36314c", "db20fe9d672d0fdc", "d7e772cee186176b", "7e68b68aec7ba23b")
    assert tuple(f"{int(word):016x}" for word in words(0, 0, 0, 0, 0)) == zero


@pytest.mark.parametrize(
    ("word", "number"),
    [(0, 2.0**-53), (2**12, 1.5 * 2.0**-52), (2**63, 0.5 + 2.0**-53), (2**64 - 1, 1 - 2.0**-53)],
)
def test_uniform_numbers_are_the_middles_of_cells(word: int, number: float) -> None:
    assert uniform(np.uint64(word)) == number


def test_uniform_of_picks_a_word_of_the_block() -> None:
    block = words(7, 2, 9, 11, 3)
    assert [uniform_of(7, 2, 9, 11, 3, i) for i in range(4)] == [uniform(word) for word in block]


@settings(max_examples=500, deadline=None)
@given(st.floats(2.0**-54, 1 - 2.0**-53))
def test_normal_quantile_is_the_standard_librarys(u: float) -> None:
    expected = NormalDist().inv_cdf(u)
    assert normal_quantile(u) == pytest.approx(expected, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("u", [2.0**-54, 1e-12, 0.075, 0.0749999, 0.5, 0.925, 0.9250001, 1 - 2.0**-53])
def test_normal_quantile_where_its_formulas_meet(u: float) -> None:
    assert normal_quantile(u) == pytest.approx(NormalDist().inv_cdf(u), rel=1e-12, abs=1e-15)


MIDDLES = (np.arange(100_000) + 0.5) / 100_000


@pytest.mark.parametrize(
    ("kind", "a", "b", "mean"),
    [
        (CONSTANT, 5.0, 0.0, 5.0),
        (LOGNORMAL, math.log(100.0), 0.5, 100 * math.exp(0.5**2 / 2)),
        (EXPONENTIAL, 100.0, 0.0, 100.0),
        (UNIFORM, 20.0, 60.0, 40.0),
        (LOG_UNIFORM, math.log(10.0), math.log(1000.0), 990 / math.log(100.0)),
    ],
)
def test_distributions_have_their_means(kind: int, a: float, b: float, mean: float) -> None:
    # the integral of the quantile function by its midpoints; the exponential tail is cut at 1 / 200,000
    ours = float(np.mean([sample(kind, a, b, u) for u in MIDDLES]))
    assert ours == pytest.approx(mean, rel=1e-4)


@pytest.mark.parametrize(
    ("kind", "a", "b", "u", "value"),
    [
        (LOGNORMAL, math.log(8.0), 1.0, 0.5, 8.0),
        (EXPONENTIAL, 10.0, 0.0, 1 - math.exp(-2), 20.0),
        (UNIFORM, 2.0, 6.0, 0.25, 3.0),
        (LOG_UNIFORM, math.log(1.0), math.log(16.0), 0.5, 4.0),
    ],
)
def test_distributions_at_a_quantile(kind: int, a: float, b: float, u: float, value: float) -> None:
    assert sample(kind, a, b, u) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(
    ("duration", "rounded"), [(0.0, 0), (0.49, 0), (0.5, 1), (2.5, 3), (1e15 + 0.4, 10**15)]
)
def test_durations_are_rounded_to_the_nearest_nanosecond(duration: float, rounded: int) -> None:
    assert nanoseconds(duration) == rounded


class _Tables:
    """Two tables: one uniform with 5 items, one Zipf with 3."""

    store_item_first = np.array([0, 5])
    store_items = np.array([5, 3])
    store_zipf = np.array([0, 1])
    alias_probability = np.array([1.0, 1, 1, 1, 1, 1.0, 0.25, 0.5])
    alias_item = np.array([0, 1, 2, 3, 4, 0, 0, 1])


@pytest.mark.parametrize(
    ("table", "u", "item"),
    [
        (0, 0.0, 0),
        (0, 0.999, 4),
        (1, 0.1, 5),  # the first cell is all its own
        (1, (1 + 0.24) / 3, 6),
        (1, (1 + 0.26) / 3, 5),  # beyond its probability: the alias
        (1, (2 + 0.49) / 3, 7),
        (1, (2 + 0.51) / 3, 6),
    ],
)
def test_items_follow_the_alias_table(table: int, u: float, item: int) -> None:
    assert interpreted(item_of)(_Tables, table, u) == item
