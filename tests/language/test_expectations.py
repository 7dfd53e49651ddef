"""Expectations that are sound, and those that a cache of one region could never meet or miss."""

from pathlib import Path

import pytest

from tests.language.writing import PATH_EXPERIMENT, PATH_TOPOLOGY, complaints


def told(directory: Path, expectation: str) -> list[str]:
    """What reading says of an expectation in a system with a cache of either kind."""
    experiment = f"{PATH_EXPERIMENT}expect:\n  - {expectation}\n"
    return complaints(directory, experiment, PATH_TOPOLOGY)


@pytest.mark.parametrize(
    "expectation",
    [
        "{success_between: {from: 2 min, to: 4 min, at_least: 95 %}}",
        "{success_between: {from: 0 s, to: 10 min, at_most: 95 %}}",
        "{success_between: {from: 585 s, to: 10 min, at_most: 95 %}}",  # the last window
        "{retry_amplification: {at_least: 1, at_most: 1.5}}",
        "{queue_wait_p99: {at_most: 200 ms}}",
        "{hit_ratio: {cache: boards, at_least: 90 %}}",
        "{lost_increments: {cache: counters, at_most: 0}}",
        "{lost_increments: {at_most: 0}}",
    ],
)
def test_sound(tmp_path: Path, expectation: str) -> None:
    assert told(tmp_path, expectation) == []


def test_only_a_multi_region_cache_can_lose_increments(tmp_path: Path) -> None:
    assert told(tmp_path, "{lost_increments: {cache: boards, at_most: 0}}") == [
        "e.yaml:9:31: cache 'boards' is not multi-region, so it has no counters to lose"
    ]
