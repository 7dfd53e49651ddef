"""Fan-out, retries and emptied caches against closed forms."""

import pytest

from tests.validation import amplification


def test_many_parts_make_a_rare_slowness_common() -> None:
    assert amplification.fan_out(100, 0.01, 3000).holds


@pytest.mark.parametrize("failing", [0.1, 0.5, 0.9, 1])
def test_attempts_per_request_are_the_closed_form(failing: float) -> None:
    assert amplification.retries(failing, 100_000).holds  # 1 % is at least 4 standard errors


@pytest.mark.parametrize("failing", [0.5, 1])
def test_retries_of_two_layers_multiply(failing: float) -> None:
    assert amplification.layers(failing, 100_000).holds


def test_a_budget_of_a_tenth_keeps_retries_at_a_tenth() -> None:
    for failing in (0.5, 0.9):
        figure = amplification.budget(failing, 100_000)
        assert figure.holds
        assert figure.ours <= 1.11


def test_load_behind_a_flushed_cache_is_ten_times_the_usual() -> None:
    assert amplification.flush(0.9, 2000, 10).holds
