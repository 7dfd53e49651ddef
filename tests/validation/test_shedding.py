"""Load shedding at the edges of content networks, before regions, and of some people only, counted by hand.

Twenty requests a second for a minute are 1,200; a share of them is known within four standard errors.
"""

from typing import Any

import pytest

import simulator
from simulator.report import shedding
from tests.small import HERE, NAME, Written, experiment, read, topology
from tests.validation.test_grey_parts import PEOPLE, about

SHED = {"of": "site", "keep": "0 %", "trigger": {"at": "60 s"}, "for": "60 s"}
SITE = "site.example"


def network(ttl: str, **more: Any) -> Written:
    """Pages behind a content network that keeps each for so long."""
    cdn = {"origins": [HERE], "ttl": ttl}
    return topology(
        regions={HERE: {}},
        buckets={"pages": {"replicas": [HERE], "items": 5}},
        services={"site": {"regions": [HERE], "cdn": cdn, "operations": {"view": [{"get": "pages"}]}}},
        dns={SITE: {"service": "site", "policy": "simple", "ttl": "60 s"}},
        **more,
    )


def shop(**more: Any) -> Written:
    service = {"regions": [HERE], "operations": {"view": [{"compute": "1 ms"}]}}
    record = {"service": "site", "policy": "simple", "ttl": "60 s"}
    return topology(regions={HERE: {}}, services={"site": service}, dns={NAME: record}, **more)


def run(system: Written, **more: Any) -> simulator.Result:
    return simulator.run(read(system, experiment(**{"users": {"people": PEOPLE}} | more)), seed=1)


def overloaded(result: simulator.Result) -> int:
    return result.requests.attempts.by_outcome["overloaded"]


def test_edges_shed_what_they_would_ask_an_origin_for() -> None:
    """No page is kept for long, so that every request of the minute would go on."""
    result = run(network("1 ms", shedding={"pause": SHED}))
    assert result.shedding is not None
    (shed,) = result.shedding
    assert shed.requests == overloaded(result) == about(1_200)
    assert (shed.service, shed.scope, shed.region) == ("site", "cloudfront", None)
    edges = result.capacity.edges
    assert edges.hits + edges.misses == result.requests.attempts.started - shed.requests


def test_edges_shed_nothing_that_they_have() -> None:
    """All five pages have been asked for many times within the first minute."""
    result = run(network("1 h", shedding={"pause": SHED}))
    assert (result.shedding, overloaded(result)) == ((), 0)


def test_each_place_draws_by_itself() -> None:
    """Half of 1,200 are shed before the region, and half of those that come to its door there."""
    half = SHED | {"keep": "50 %"}
    result = run(shop(shedding={"far": half | {"scope": "cloudfront"}, "near": half}))
    found = {one.scope: one.requests for one in result.shedding or ()}
    assert found == {"cloudfront": about(600), "regional": about(300)}
    (site,) = result.capacity.sites
    assert site.shed == found["regional"]
    assert overloaded(result) == sum(found.values())


@pytest.mark.parametrize("of", ["guests", ["guests", "bots"]])
def test_some_are_shed_before_others(of: str | list[str]) -> None:
    bots = {
        "at": "60 s",
        "for": "30 s",
        "bots": {"near": HERE, "rate": "20/s", "actions": {"view": 1}},
    }
    result = run(
        shop(shedding={"pause": SHED | {"populations": of}}),
        users={"guests": PEOPLE, "customers": PEOPLE},
        faults=[bots],
        expect=[
            {"shed_requests": {"population": "customers", "at_most": 0}},
            {"shed_requests": {"population": "guests", "region": HERE, "at_least": 1_000}},
            {"success": {"population": "customers", "at_least": "100 %"}},
        ],
    )
    assert {one.verdict for one in result.expectations} == {"met"}
    shed = {one.population: one.requests for one in result.shedding or ()}
    assert shed.pop("guests") == about(1_200)
    assert shed == ({} if of == "guests" else {"bots 1": about(600)})


def test_without_shedding_nothing_is_told_of_it() -> None:
    result = run(shop(), expect=[{"shed_requests": {"at_most": 0}}])
    (judged,) = result.expectations
    assert (judged.verdict, judged.reason, result.shedding) == ("not_exercised", "nothing sheds load", None)


@pytest.mark.parametrize(
    ("system", "change", "complaint"),
    [
        (network("1 h"), {"of": f"site@{HERE}"}, "the edges of content network 'site' are in no region"),
        (network("1 h"), {"scope": "regional"}, "'site' is a content network, which has no door in a region"),
        (shop(), {"populations": "gests"}, "unknown population 'gests'; did you mean 'guests'?"),
        (shop(), {"populations": ["bots", "bots"]}, "'bots' stands here a second time"),
    ],
)
def test_what_makes_no_sense_is_refused(system: Written, change: Written, complaint: str) -> None:
    told: Written = experiment(users={"guests": PEOPLE})
    for there, here in ((system | {"shedding": {"one": SHED | change}}, told),
                        (system, told | {"shedding": {"one": SHED | change}})):  # fmt: skip
        with pytest.raises(simulator.SpecError) as found:
            read(there, here)
        assert complaint in str(found.value)


def test_it_is_told_how_much_was_shed_from_when_on_and_of_whom() -> None:
    result = run(
        shop(shedding={"pause": SHED | {"scope": "cloudfront"}}), users={"guests": PEOPLE}, duration="3 min"
    )
    (one,) = result.shedding or ()
    (sentence,) = shedding.gist(result)
    away = f"{one.requests:,} requests for site turned away at edges from 1 min on"
    assert sentence == f"{away}: guests {one.requests:,}"
