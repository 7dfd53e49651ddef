from itertools import pairwise

import pytest

from simulator.report.words import duration as duration_words
from simulator.report.words import failed_regions, parts_words, phase_durations, plural, share, whole_duration
from simulator.result.dns import HealthChange
from simulator.result.recovery import Phase
from simulator.units import parse_duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.00000042, "420 ns"),
        (0.0004216, "421.6 us"),
        (0.0434, "43.4 ms"),
        (0.46044, "460 ms"),
        (9.654, "9.65 s"),
        (49.324, "49.3 s"),
        (59.97, "1 min"),
        (97.534, "1 min 38 s"),
        (1206.9, "20 min 7 s"),
        (3600, "1 h"),
        (4097.4, "1 h 8 min"),
        (93_600, "1 d 2 h"),
    ],
)
def test_a_duration_is_rounded_to_what_a_reader_takes_in(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.99, "99 %"),
        (0.07, "7 %"),
        (0.9733, "97.3 %"),
        (0.9995, "99.950 %"),
        (0.00004, "0.004 %"),
        (0.000001, "< 0.001 %"),
        (0.999999, "> 99.999 %"),
    ],
)
def test_a_share_never_rounds_to_none_or_all(part: float, words: str) -> None:
    assert share(part) == words


@pytest.mark.parametrize(("count", "words"), [(0, "0 writes"), (1, "1 write"), (1234, "1,234 writes")])
def test_a_count_agrees_with_its_noun(count: int, words: str) -> None:
    assert plural(count, "write") == words


@pytest.mark.parametrize(("count", "words"), [(1, "1 retry"), (2, "2 retries")])
def test_a_noun_that_takes_more_than_an_s_is_given_in_full(count: int, words: str) -> None:
    assert plural(count, "retry", "retries") == words


def test_rounded_phases_sum_to_the_rounded_whole() -> None:
    """Three thirds of a second: each rounds to 0.3 s, but what is shown must add up to 1 s."""
    edges = [600.0, 600.0 + 1 / 3, 600.0 + 2 / 3, 601.0]
    phases = [Phase("errors", start, end, "repair", 0, {}) for start, end in pairwise(edges)]
    shown = phase_durations(phases)
    assert shown == ["300 ms", "400 ms", "300 ms"]
    assert sum(map(parse_duration, shown)) == parse_duration(whole_duration(phases)) == 10**9


def test_failed_regions_are_those_that_a_check_found_unhealthy() -> None:
    health = [
        HealthChange(60.0, f"health_{state}", f"deep@{region}", region)
        for state, region in (
            ("unhealthy", "eu-west-1"),
            ("healthy", "eu-north-1"),
            ("unhealthy", "eu-central-1"),
            ("unhealthy", "eu-west-1"),
        )
    ]
    assert failed_regions(health) == ["eu-central-1", "eu-west-1"]


@pytest.mark.parametrize(
    ("edges", "shown"),
    [
        ([0.0, 1.25, 599.0], ["1.3 s", "9 min 57.7 s"]),
        ([0.0, 96.31, 99.45, 1210.0], ["1 min 36 s", "3 s", "18 min 31 s"]),
    ],
    ids=["short", "of ten minutes and more"],
)
def test_phases_of_long_recoveries_are_told_in_seconds(edges: list[float], shown: list[str]) -> None:
    phases = [Phase("errors", start, end, "repair", 0, {}) for start, end in pairwise(edges)]
    assert phase_durations(phases) == shown


@pytest.mark.parametrize(
    ("held_by", "words"),
    [
        ({}, "nobody"),
        ({"stores": 9, "slow": 1}, "failed calls to a store"),
        (
            {"slow": 4, "stores": 3, "queues": 3},
            "answers that came too late (40 %), failed calls to a store (30 %)",
        ),
        (
            {"issuers": 6, "device_answers": 5, "resolver_answers": 4},
            "an old DNS answer in a cache (60 %), issuers that gave no token (40 %)",
        ),
    ],
    ids=["nobody", "nearly all", "the first two", "one word for both caches"],
)
def test_what_held_people_is_said_by_the_causes_of_most(held_by: dict[str, int], words: str) -> None:
    assert parts_words(held_by) == words
