"""Costs by hand: amounts that a run uses, what stands there whatever users do, and whose prices they have."""

import re
from typing import Any

import pytest

from simulator.boundary.events import NODE_LAUNCHED, NODE_LEFT
from simulator.boundary.subjects import OfNode
from simulator.catalog.prices import prices
from simulator.errors import SpecError
from simulator.explore.costs import costs_of
from simulator.language.files import Loaded
from simulator.outcome import Event
from simulator.prices.standing import node_hours
from simulator.result.costs import Cost, Costs
from tests.small import HERE, THERE, experiment, played, read, topology

HOURS = 730.0
FUNCTION = {"lambda": {"memory": "512 MB", "provisioned": 3}}
WRITES = [{"write": "orders"}]


def shop(**changes: Any) -> dict[str, Any]:
    """A function behind a REST API that writes items of 2.5 KB into a table of two replicas."""
    api = {"regions": [HERE], "gateway": {}, "compute": FUNCTION, "operations": {"order": WRITES}}
    orders = {"replicas": [HERE, THERE], "items": 2**20, "item_size": "2.5 KB"}
    return topology(tables={"orders": orders}, services={"api": api}, **changes)


def orders(**changes: Any) -> dict[str, Any]:
    """Two hundred people who order every five seconds, for ten minutes."""
    people = {"near": HERE, "sessions": 200, "think_time": "5 s", "actions": {"order": 1}}
    return experiment(users={"people": people}, duration="10 min") | changes


@pytest.fixture(scope="module")
def costs() -> Costs:
    return costs_of(read(shop(), orders()))


def one(costs: Costs, price: str, region: str) -> Cost:
    (found,) = (cost for cost in costs.month if (cost.price, cost.region) == (price, region))
    return found


def test_units_are_those_of_the_writes_in_each_replica(costs: Costs) -> None:
    """2.5 KB are three units, there and again where the copy arrives."""
    run = played(shop(), orders())
    writes, month = int(run.tallies.writes[0]), HOURS * 6
    assert one(costs, "dynamodb.write", HERE).quantity == pytest.approx(3 * writes * month / 1e6)
    copied = one(costs, "dynamodb.write", THERE).quantity / one(costs, "dynamodb.write", HERE).quantity
    assert 0.99 < copied <= 1.001
    assert one(costs, "dynamodb.write", HERE).usd == pytest.approx(3 * writes * month / 1e6 * 0.625)
    sent = one(costs, "transfer.out", HERE).quantity
    assert sent == pytest.approx(writes * 2.5 * 1024 / 2**30 * month, rel=0.01)


def test_requests_pass_a_gateway_and_a_function_once(costs: Costs) -> None:
    requests = one(costs, "api_gateway.rest", HERE).quantity
    assert requests == pytest.approx(one(costs, "lambda.request", HERE).quantity, rel=1e-3)
    assert requests == pytest.approx(
        200 / 5 * 3600 * HOURS / 1e6, rel=0.03
    )  # a little less: answers take time
    gb_s = one(costs, "lambda.duration", HERE).quantity / one(costs, "lambda.request", HERE).quantity
    assert 0.5 * 0.001 < gb_s < 0.5 * 0.1  # half a GB for some milliseconds


def test_what_is_there_is_charged_by_the_hour(costs: Costs) -> None:
    assert one(costs, "dynamodb.storage", THERE).quantity == pytest.approx(2.5)  # 2^20 items of 2.5 KB
    assert one(costs, "lambda.provisioned", HERE).quantity == pytest.approx(3 * 0.5 * HOURS / 1000)
    assert one(costs, "lambda.provisioned", HERE).usd is None
    assert costs.unpriced == ("lambda.provisioned",)
    assert costs.usd_month == pytest.approx(sum(cost.usd for cost in costs.month if cost.usd is not None))
    assert costs.usd_hour_in_peace == pytest.approx(costs.usd_month / HOURS)
    assert costs.usd_hour_of_outage == costs.usd_hour_in_peace


def test_a_price_is_the_regions_own_or_that_which_stands_in(costs: Costs) -> None:
    assert one(costs, "api_gateway.rest", HERE).price_of == HERE == "eu-central-1"
    assert one(costs, "api_gateway.rest", HERE).usd_each == 3.70
    assert one(costs, "dynamodb.write", HERE).price_of == "us-east-1"


def test_a_topology_gives_prices_of_its_own() -> None:
    own = {"dynamodb.write": {THERE: 1.25}, "lambda.provisioned": 10}
    found = costs_of(read(shop(prices=own), orders()))
    assert (one(found, "dynamodb.write", THERE).usd_each, one(found, "dynamodb.write", HERE).usd_each) == (
        1.25,
        0.625,
    )
    assert one(found, "lambda.provisioned", HERE).usd == pytest.approx(3 * 0.5 * HOURS / 1000 * 10)
    assert one(found, "lambda.provisioned", HERE).price_of == "this topology"
    assert found.unpriced == ()


def test_users_of_a_week_are_more_or_fewer_than_in_the_run() -> None:
    """At eleven o'clock everybody is there; in twelve hours of a day nobody is, in the others everybody."""
    half = [1.0] * 12 + [0.0] * 12
    people = {"near": HERE, "sessions": 50, "think_time": "5 s", "session_length": "5 min"}
    users = {"people": people | {"actions": {"order": 1}, "daily_profile": half}}
    found = costs_of(read(shop(), orders(users=users, time_of_day="06:00")))
    assert found.load == pytest.approx(0.5)
    whole = costs_of(read(shop(), orders(users={"people": people | {"actions": {"order": 1}}})))
    ratio = one(found, "dynamodb.write", HERE).quantity / one(whole, "dynamodb.write", HERE).quantity
    assert ratio == pytest.approx(0.5, rel=0.05)
    assert one(found, "dynamodb.storage", HERE).quantity == one(whole, "dynamodb.storage", HERE).quantity


def fleet(**changes: Any) -> Loaded:
    """Two nodes in each of two zones."""
    operations = {"view": [{"compute": "1 ms"}]}
    api = {"regions": [HERE], "compute": {"nodes": {"per_zone": 2}}, "operations": operations}
    regions = {HERE: {"zones": 2}, THERE: {}}
    system = topology(regions=regions, services={"api": api}, prices={"nodes.hour": 0.5})
    return read(system, experiment(**changes))


def test_nodes_are_charged_for_each_hour_that_they_are_there() -> None:
    """Four nodes, and two more once they have been launched, booted and warmed."""
    assert one(costs_of(fleet()), "nodes.hour", HERE).quantity == pytest.approx(4 * HOURS)
    plan = {"trigger": {"at": "1 min"}, "steps": [{"scale": "api", "in": HERE, "to": {"per_zone": 3}}]}
    grown = costs_of(fleet(plans={"grow": plan}, duration="1 h"))
    quantity = one(grown, "nodes.hour", HERE).quantity
    assert 4 * HOURS < quantity < 6 * HOURS


def test_hours_of_nodes_follow_the_log_from_whatever_there_was_before() -> None:
    """Three until 0.25 h, then four, and three again from 0.75 h: of an hour 3.5, whatever was declared."""
    node = OfNode("api", HERE, 3)
    log = [
        Event(900 * 10**9, NODE_LAUNCHED.name, node, {"nodes": 4}),
        Event(2700 * 10**9, NODE_LEFT.name, node, {"nodes": 3}),
    ]
    assert node_hours(9, log, 1.0) == pytest.approx(3.5)
    assert node_hours(9, [], 2.0) == 18.0


def test_an_outage_costs_what_it_changes() -> None:
    outage = {"at": "2 min", "region": HERE, "mode": "refused"}
    found = costs_of(read(shop(), orders(faults=[outage])))
    assert found.usd_hour_of_outage < 0.5 * found.usd_hour_in_peace
    assert found.usd_month == pytest.approx(HOURS * found.usd_hour_in_peace)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"dynamodb.wirte": 1}, "there is no price 'dynamodb.wirte'; did you mean 'dynamodb.write'?"),
        (
            {"nodes.hour": {"eu-north-1": 1}},
            "'eu-north-1' is no region of this topology, where nothing is charged",
        ),
        ({"nodes.hour": -1}, "this must be at least 0, not -1"),
    ],
)
def test_a_price_must_be_of_something(written: Any, said: str) -> None:
    with pytest.raises(SpecError, match=re.escape(said)):
        read(shop(prices=written), orders())


def test_every_price_has_a_source_and_those_with_figures_a_date() -> None:
    for price in prices().values():
        assert price.source
        assert price.label == ("documented" if price.usd else "unpriced")
        assert bool(price.as_of) == bool(price.usd)
