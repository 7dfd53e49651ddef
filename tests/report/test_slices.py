"""The terminal names populations and operations that were served otherwise, and none where all are alike."""

from dataclasses import replace

from simulator.report.slices import bots, gist
from simulator.result.requests import Bots
from simulator.result.whole import Result
from tests.measure.handmade import outcome, result, rich


def with_success(made: Result, **populations: float) -> Result:
    """The same with other shares of 10,000 actions."""
    found = {
        name: replace(made.slices.populations[name], actions=10_000, success=success)
        for name, success in populations.items()
    }
    return replace(made, slices=replace(made.slices, populations=found, operations={}))


def calm() -> Result:
    return result(outcome("." * 10, plan=rich(10)))


def test_populations_that_differ_are_named_with_their_shares() -> None:
    assert [*gist(with_success(calm(), here=0.91, there=0.999))] == [
        "here 91 %, there 99.9 % of actions succeeded"
    ]


def test_nothing_is_said_where_chance_explains_the_difference() -> None:
    """Of 10,000 actions each, 30 and 40 failed: 35 were expected, and 6 are a deviation."""
    assert not [*gist(with_success(calm(), here=0.997, there=0.996))]


def test_bots_are_named_with_what_became_of_them() -> None:
    made = calm()
    found = Bots(12_000, 0.5, {"succeeded": 6000, "throttled": 5000, "timeout": 1000})  # type: ignore[dict-item]
    some = replace(made, requests=replace(made.requests, bots=found))
    assert [*bots(some)] == [
        "12,000 requests of their own, of which 50 % succeeded",
        "5,000 throttled, 1,000 timeout",
    ]
    assert not [*bots(made)]


def test_populations_that_share_most_of_what_went_wrong_are_not_told_apart() -> None:
    """Far more than a binomial allows, for whole sessions share a fate; yet nobody was served much worse."""
    assert not [*gist(with_success(calm(), here=0.69, there=0.66))]
