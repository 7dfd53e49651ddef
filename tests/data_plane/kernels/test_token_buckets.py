"""Token buckets (ITU-T I.371, generic cell rate algorithm): so much at once, then one each gap."""

import numpy as np
import pytest

from simulator.data_plane.token_buckets import conforms, take

MS = 10**6
GAP_NS, SLACK_NS = 100 * MS, 200 * MS  # ten a second, three at once: the slack is two gaps beside the first


@pytest.fixture
def bucket() -> np.ndarray:  # type: ignore[type-arg]
    return np.full((1, 1), -(2**62), np.int64)


def taken(bucket: np.ndarray, *at_ms: int) -> list[bool]:  # type: ignore[type-arg]
    return [take(bucket, 0, 0, GAP_NS, SLACK_NS, at * MS) for at in at_ms]


def test_a_full_bucket_gives_its_size_at_once_and_no_more(bucket) -> None:  # type: ignore[no-untyped-def]
    assert taken(bucket, 0, 0, 0, 0) == [True, True, True, False]


def test_a_token_comes_back_each_gap_and_not_before(bucket) -> None:  # type: ignore[no-untyped-def]
    assert taken(bucket, 0, 0, 0, 99, 100, 100, 200) == [True, True, True, False, True, False, True]


def test_a_refusal_costs_nothing(bucket) -> None:  # type: ignore[no-untyped-def]
    assert taken(bucket, 0, 0, 0, *[50] * 5, 100)[-1]


def test_rest_fills_it_to_its_size_only(bucket) -> None:  # type: ignore[no-untyped-def]
    assert taken(bucket, 0, 0, 0, 60_000, 60_000, 60_000, 60_000)[3:] == [True, True, True, False]


def test_asking_whether_a_bucket_conforms_takes_nothing(bucket) -> None:  # type: ignore[no-untyped-def]
    assert [conforms(bucket[0, 0], SLACK_NS, 0) for _ in range(9)] == [True] * 9
