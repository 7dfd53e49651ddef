"""What services get by calling each other: by hand, and beside a run in which it is counted."""

import numpy as np
import pytest

from simulator.readiness.today import today
from simulator.readiness.whole import readiness_of
from simulator.result.readiness import Standby
from tests.readiness.asking import all_there, arriving, failing_over, people, standby
from tests.small import HERE, THERE, Written, experiment, read

BOTH = [HERE, THERE]


def system(**services: Written) -> Written:
    """A shop with a standby; its services call each other."""
    return failing_over(services={name: {"regions": BOTH} | one for name, one in services.items()})


def workers(found: Standby, service: str) -> float:
    """How many of a service's workers are busy, for each request a second of users."""
    (limit,) = (one for one in found.limits if one.said.endswith(f"workers of {service}"))
    assert found.requests_a_second is not None
    return limit.needed / found.requests_a_second


ONE_SECOND: Written = {"nodes": {"per_zone": 10}}
DEEP = system(
    api={"operations": {"view": [{"call": "b"}, {"call": "b"}, {"call": "c.get"}]}},
    b={"operations": {"b": [{"call": "c.get"}, {"call": "c.get"}, {"call": "d"}]}, "compute": ONE_SECOND},
    c={"operations": {"get": [{"compute": "100 ms"}]}, "compute": ONE_SECOND},
    d={"operations": {"d": [{"compute": "20 ms"}, {"call": "c.get"}]}, "compute": ONE_SECOND},
)
"""For each request: 2 of b, 2 · 1 of d, and 1 + 2 · (2 + 1) = 7 of c."""


def test_calls_of_calls_are_counted_as_often_as_they_are_made() -> None:
    """c works 100 ms; d 20 ms and waits for c; b waits for all of that."""
    found = standby(DEEP)
    assert workers(found, "c") == pytest.approx(7 * 0.1)
    assert workers(found, "d") == pytest.approx(2 * (0.02 + 0.1))
    assert workers(found, "b") == pytest.approx(2 * (0.2 + 0.12))


def test_a_run_asks_each_service_as_often_as_the_arithmetic_says() -> None:
    """Twenty requests a second for five minutes: calls are counted in the run, one for one."""
    outcome = all_there(DEEP, 20, 5)
    asked, names = outcome.tallies.asked, outcome.plan.operations
    begun = int(outcome.tallies.window_begun.sum())
    assert begun == pytest.approx(20 * 300, rel=0.05)
    times = {name: asked[number] / begun for number, name in enumerate(names)}
    assert times["b.b"] == pytest.approx(2, rel=0.005)  # but for those under way at the end
    assert times["c.get"] == pytest.approx(7, rel=0.005)
    assert times["d.d"] == pytest.approx(2, rel=0.005)


NARROW = system(
    api={"operations": {"view": [{"call": "c"}, {"call": "c"}, {"call": "c"}]}, "calls": {"attempts": 1}},
    c={"operations": {"c": [{"compute": "1 ms"}]}, "gateway": {"limit": {"rate": "30/s", "burst": 200}}},
)
"""Three calls each: ten requests of users a second are thirty at the gateway of c."""


def test_what_the_callees_gateway_bears_is_what_users_may_ask_for() -> None:
    loaded = read(NARROW, experiment(users={"people": arriving(20)}))
    (found,) = readiness_of(loaded.topology, loaded.experiment).standbys
    assert found.limits[0].said == "30 requests/s of the gateway of c"
    assert found.limits[0].needed == pytest.approx(60)
    assert found.share == pytest.approx(0.5)


def bad_share(requests_a_second: float) -> float:
    """From the second minute on, when a burst that was saved up is used up."""
    t = all_there(NARROW, requests_a_second, 4).tallies
    return float(t.window_bad[6:].sum() / t.window_begun[6:].sum())


def test_below_that_nobody_fails_and_beyond_it_at_least_the_rest_does() -> None:
    """Of 15 users a second 10 can be served at most: each of them takes three of the 30 calls."""
    assert bad_share(0.9 * 10) == 0
    assert bad_share(1.5 * 10) >= 1 / 3


THIRD = "eu-north-1"


def test_calls_that_come_back_through_another_region_are_counted_where_they_end() -> None:
    """`relay`, in a third region, calls `c` in the standby: both calls of a request end there."""
    written = system(
        api={"operations": {"view": [{"call": "relay", "to": THIRD}, {"call": "c"}]}},
        relay={"regions": [THIRD], "operations": {"relay": [{"call": "c", "to": THERE}]}},
        c={"operations": {"c": [{"compute": "100 ms"}]}, "compute": ONE_SECOND},
    )
    written["regions"] |= {THIRD: {}}
    assert workers(standby(written), "c") == pytest.approx(2 * 0.1)


def test_users_of_other_regions_load_what_is_called_by_name() -> None:
    """Half of the users ask for what only the third region has, and it calls the standby's `c`."""
    written = system(
        api={"operations": {"view": [{"compute": "1 ms"}]}},
        far={
            "regions": [THIRD],
            "operations": {"look": [{"call": "c", "to": THERE}, {"call": "c", "to": HERE}]},
        },
        c={"operations": {"c": [{"compute": "100 ms"}]}, "compute": ONE_SECOND},
    )
    written["regions"] |= {THIRD: {}}
    written["dns"]["far.example"] = {"service": "far", "policy": "simple"}
    loaded = read(written, experiment(users={"people": people(actions={"view": 1, "look": 1})}))
    found = next(
        one for one in readiness_of(loaded.topology, loaded.experiment).standbys if one.region == THERE
    )
    assert workers(found, "c") == pytest.approx(0.5 * 0.1)
    rates = today(loaded.topology, loaded.experiment).rates_in_regions
    assert np.count_nonzero(rates) == 2
