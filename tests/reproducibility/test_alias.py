"""Alias tables: exact, and item by item those of Vose's two lists, in whatever way they are made."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.randomness.alias import FEW, Floats, Ints, make_alias_table, pair, set_zipf_shares

FEW_LEVELS = st.lists(st.sampled_from([0.1, 1.0, 2.0, 3.0, 50.0]), min_size=1, max_size=60)
ANY_LEVELS = st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=60)
WEIGHTS = st.one_of(FEW_LEVELS, ANY_LEVELS)


def shares_of(weights: list[float]) -> Floats:
    """Shares that sum to 1."""
    return np.array(weights) / sum(weights)


def by_two_lists(shares: Floats) -> tuple[list[float], list[int]]:
    """The table as Vose makes it: the last of those with less takes from the last of those with more."""
    size = len(shares)
    left = (shares * size).tolist()
    less = [i for i in range(size) if left[i] < 1.0]
    more = [i for i in range(size) if left[i] >= 1.0]
    probability, alias = [1.0] * size, [*range(size)]
    while less and more:
        low, high = less.pop(), more[-1]
        probability[low], alias[low] = left[low], high
        left[high] -= 1.0 - left[low]
        if left[high] < 1.0:
            less.append(more.pop())
    return probability, alias


def made(shares: Floats) -> tuple[Floats, Ints]:
    """The table of shares, which stay as they are."""
    probability, alias = shares.copy(), np.empty(len(shares), np.int64)
    make_alias_table(probability, alias)
    return probability, alias


@settings(max_examples=300, deadline=None)
@given(WEIGHTS)
def test_no_item_is_paired_otherwise_than_by_two_lists(weights: list[float]) -> None:
    shares = shares_of(weights)
    probability, alias = made(shares)
    assert (probability.tolist(), alias.tolist()) == by_two_lists(shares)


@settings(max_examples=100, deadline=None)
@given(WEIGHTS)
def test_machine_code_pairs_few_items_as_the_interpreter_does(weights: list[float]) -> None:
    shares = shares_of(weights)
    left, alias = shares * len(shares), np.full(len(shares), -1, np.int64)
    pair(left, alias)
    assert (left.tolist(), alias.tolist()) == by_two_lists(shares)


@pytest.mark.parametrize("items", [FEW, FEW + 1, 20_000])
@pytest.mark.parametrize("exponent", [0.5, 0.9, 1.1, 3.0])
def test_many_ranked_items_are_paired_as_by_two_lists(items: int, exponent: float) -> None:
    shares = np.empty(items)
    set_zipf_shares(shares, exponent)
    probability, alias = made(shares)
    assert (probability.tolist(), alias.tolist()) == by_two_lists(shares)


@settings(max_examples=100, deadline=None)
@given(WEIGHTS)
def test_alias_method_is_exact(weights: list[float]) -> None:
    shares = shares_of(weights)
    probability, alias = made(shares)
    ours = probability.copy()
    np.add.at(ours, alias, 1 - probability)
    assert ours / len(shares) == pytest.approx(shares, rel=1e-9, abs=1e-12)
    assert ((probability >= 0) & (probability <= 1)).all()


def test_zipf_shares_fall_with_the_rank() -> None:
    shares = np.empty(4)
    set_zipf_shares(shares, 1.0)
    assert shares == pytest.approx([12 / 25, 6 / 25, 4 / 25, 3 / 25], rel=1e-14)
