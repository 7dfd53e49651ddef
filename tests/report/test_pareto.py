"""Designs by money and time: which of them no other beats, and when there is something to draw."""

from dataclasses import replace

from simulator.report.pareto import Offer, drawable, front, picture
from simulator.result.costs import Money


def offer(mark: str, usd: float, recovery_s: float | None, point_s: float | None = 1.0) -> Offer:
    cost = Money(usd_month=usd, usd_hour_in_peace=1.0, usd_hour_of_outage=1.0, unpriced=())
    return Offer(mark, cost, {"recovery_time": recovery_s, "recovery_point": point_s})


CHEAP, MIDDLE, DEAR = offer("A", 10, 3600), offer("B", 50, 600), offer("C", 200, 60)
BEATEN, ENDLESS, EQUAL = offer("D", 60, 700), offer("E", 5, None), offer("F", 50, 600)


def test_the_front_has_those_that_no_other_beats_in_both() -> None:
    every = [DEAR, BEATEN, MIDDLE, ENDLESS, CHEAP, EQUAL]
    assert [one.mark for one in front(every, "recovery_time")] == ["A", "B", "F", "C"]
    assert front([CHEAP], "recovery_time") == [CHEAP]
    assert front([ENDLESS], "recovery_time") == []


def test_what_is_the_same_of_all_is_not_drawn() -> None:
    assert drawable([CHEAP, MIDDLE]) == ["recovery_time"]
    assert drawable([CHEAP, ENDLESS]) == []
    assert drawable([offer("A", 1, 600, 1.0), offer("B", 2, 601, 9.0)]) == ["recovery_point"]


def test_each_is_named_and_those_in_one_place_together() -> None:
    (axes,) = picture([CHEAP, MIDDLE, DEAR, BEATEN, EQUAL], "shops").axes
    assert {text.get_text() for text in axes.texts} == {"A", "B, F", "C", "D"}
    many = [offer(str(number), 100 + number, 1000 + 10 * number) for number in range(20)]
    (crowded,) = picture([CHEAP, DEAR, *many], "shops").axes
    assert {text.get_text() for text in crowded.texts} == {"A", "C", "0"}


def test_what_has_no_price_is_named_where_the_front_is_drawn() -> None:
    """A front of sums that leave nodes out says nothing of nodes."""
    poor = replace(CHEAP, cost=replace(CHEAP.cost, unpriced=("nodes.hour",)))
    (axes,) = picture([poor, DEAR], "shops").axes
    said = " ".join(axes.get_title(loc="left").split())
    assert "in no sum, though designs may differ in it: nodes.hour" in said
    (whole,) = picture([CHEAP, DEAR], "shops").axes
    assert whole.get_title(loc="left") == "joined: no other is as cheap and as good"
