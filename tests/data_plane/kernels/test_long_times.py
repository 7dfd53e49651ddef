"""Sums of times: exact, however many are added and however long they last."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.data_plane.long_times import add_times
from simulator.measure.shares import exact_ns
from simulator.times import LONGEST_RUN_NS, NEVER_NS

MANY = st.tuples(st.integers(0, 2**32), st.integers(0, LONGEST_RUN_NS))
LONG = st.tuples(st.just(1), st.integers(0, NEVER_NS))
ADDITIONS = st.lists(MANY | LONG, max_size=20)


@settings(max_examples=200, deadline=None)
@given(ADDITIONS)
def test_a_sum_of_times_is_that_of_unlimited_integers(additions: list[tuple[int, int]]) -> None:
    total = np.zeros(2, np.int64)
    for number, took_ns in additions:
        add_times(total, (), number, took_ns)
    assert exact_ns(total) == sum(number * took_ns for number, took_ns in additions)
    assert 0 <= total[1] < 10**9
