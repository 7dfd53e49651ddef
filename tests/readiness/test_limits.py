"""What bounds a region: figures by hand, and beside runs in which all the load comes to it."""

import math
from typing import Any

import numpy as np
import pytest

from simulator.outcome import Outcome
from simulator.readiness.limits import power_sum
from simulator.readiness.today import today
from simulator.readiness.whole import readiness_of
from tests.readiness.asking import all_there, arriving, failing_over, people, standby
from tests.small import HERE, THERE, Written, experiment, read

BOTH = [HERE, THERE]


def system(steps: list[Written] | None = None, api: Written | None = None, **changes: Any) -> Written:
    service = {"regions": BOTH, "operations": {"view": steps or [{"compute": "1 ms"}]}} | (api or {})
    return failing_over(**{"services": {"api": service}} | changes)


def narrowest(written: Written, **users: Any) -> tuple[str, float, float]:
    limit = standby(written, **users).limits[0]
    return limit.said, limit.there, limit.needed


# how much is asked


def rate(**written: Any) -> float:
    loaded = read(system(), experiment(users={"people": people(last_mile="20 ms", **written)}))
    return float(today(loaded.topology, loaded.experiment).rates.sum())


def test_endless_sessions_ask_once_in_a_think_time_and_an_answer() -> None:
    """100 people: 10 s of thinking, 20 ms of last mile, 2 ms to Frankfurt's door and back, 1 ms of work."""
    loaded = read(system(), experiment())
    near = today(loaded.topology, loaded.experiment).arrays["rtt_ns"][0, 0] / 1e9
    assert rate() == pytest.approx(100 / (10 + 0.02 + near + 0.001), rel=1e-9)


def test_sessions_that_end_ask_once_at_their_start_and_after_each_think_time() -> None:
    """Within 25 s at 0 s, 10 s and 20 s: three times, and then somebody else begins."""
    assert rate(session_length="25 s") == pytest.approx(100 * 3 / 25, rel=1e-9)


def test_arrivals_count_in_their_busiest_hour() -> None:
    """Two a second in the busiest hour, each of whom asks three times."""
    arriving = {"sessions": None, "arrivals": "2/s", "session_length": "25 s"}
    profile = [1.0, 4.0, *[0.5] * 22]
    given = {key: value for key, value in (people() | arriving | {"daily_profile": profile}).items() if value}
    loaded = read(system(), experiment(users={"people": given}))
    assert today(loaded.topology, loaded.experiment).rates.sum() == pytest.approx(6, rel=1e-9)


# how much is needed: about ten requests a second


def test_workers_are_busy_as_many_as_come_while_one_works() -> None:
    """By Little's law 9.9 requests a second of 300 ms keep 2.97 workers busy; the one zone has a node."""
    nodes = {"nodes": {"workers": 2}}
    regions: Written = {HERE: {}, THERE: {"role": "standby", "zones": 1}}
    written = system([{"compute": "300 ms"}], {"compute": nodes}, regions=regions)
    said, there, needed = narrowest(written, think_time="9.8 s", last_mile="0 s")
    assert (said, there) == ("2 workers of api", 2)
    assert needed == pytest.approx(9.9 * 0.3, rel=1e-3)


def test_a_call_keeps_its_worker_busy_and_an_empty_cache_asks_the_table_behind_it() -> None:
    """20 ms, 10 ms in the cache, and 5 ms in the table, whose latency is the catalog's: log-normal."""
    steps = [{"compute": "20 ms"}, {"cache": "near", "miss": "items", "takes": "10 ms"}]
    stores: Written = {"tables": {"items": {"replicas": BOTH}}, "caches": {"near": {"regions": BOTH}}}
    loaded = read(system(steps, {"compute": {"nodes": {}}}, **stores), experiment())
    found = today(loaded.topology, loaded.experiment)
    kinds = found.arrays["dist_kind"], found.arrays["dist_a"], found.arrays["dist_b"]
    number = found.arrays["step_miss_dist"][1]
    read_s = math.exp(kinds[1][number] + kinds[2][number] ** 2 / 2) / 1e9
    assert found.work_s(THERE)[0] == pytest.approx(0.03 + read_s, rel=1e-9)


def test_a_cache_of_several_regions_is_as_full_there_as_anywhere() -> None:
    steps = [{"cache": "near", "miss": "items", "takes": "10 ms"}]
    caches = {"near": {"regions": BOTH, "multi_region": True}}
    loaded = read(system(steps, tables={"items": {"replicas": BOTH}}, caches=caches), experiment())
    assert today(loaded.topology, loaded.experiment).work_s(THERE)[0] == pytest.approx(0.01, rel=1e-9)


def test_units_of_a_table_by_its_items_size_and_strong_reads_twice() -> None:
    """Items of 5 KB: a write is 5 units, a read half of two; a strong one two."""
    steps = [{"read": "items"}, {"read": "items", "consistency": "strong"}, {"write": "items"}]
    table = {
        "replicas": BOTH,
        "item_size": "5 KB",
        "capacity": {"provisioned": {"write": "100/s", "read": "20/s"}},
    }
    found = standby(system(steps, tables={"items": table}), last_mile="0 s")
    needed = {one.said: one.needed / found.requests_a_second for one in found.limits}
    assert found.requests_a_second is not None
    assert needed["20 read units/s of items"] == pytest.approx(3)
    assert needed["100 write units/s of items"] == pytest.approx(5)


def test_requests_that_do_not_fit_into_memory_bound_a_region_before_its_workers_do() -> None:
    """2,000 people ask once in 12 s, and each request is held for 2 of these: 333 at once; 3 · 50 fit."""
    nodes = {"workers": 100, "memory": "1100 MB", "idle_memory": "100 MB", "request_memory": "20 MB"}
    api = {"compute": {"nodes": nodes}}
    said, there, needed = narrowest(system([{"compute": "2 s"}], api), sessions=2000, last_mile="0 s")
    assert said == "150 requests at once in the memory of api, beyond which its nodes are killed"
    assert there == 150
    assert needed == pytest.approx(2000 / 12 * 2, rel=0.01)


@pytest.mark.parametrize("exponent", [0.5, 1.0, 1.7])
@pytest.mark.parametrize(("step", "count"), [(1, 300_000), (7, 250_000), (4096, 5)])
def test_the_end_of_a_sum_of_powers_is_an_integral(step: int, count: int, exponent: float) -> None:
    exact = float(((1.0 + step * np.arange(count)) ** -exponent).sum())
    assert power_sum(step, count, exponent) == pytest.approx(exact, rel=1e-7)


def test_a_popular_item_wears_out_its_partition_before_the_table() -> None:
    """Two items by Zipf's law with exponent 1: the first has two thirds of some 1,990 writes a second."""
    table = {
        "replicas": BOTH,
        "items": 2,
        "popularity": {"zipf": 1},
        "capacity": {"provisioned": {"write": "4_000/s", "read": "1/s"}},
    }
    written = system([{"write": "items"}], tables={"items": table})
    said, there, needed = narrowest(written, sessions=20_000, last_mile="0 s")
    assert (said, there) == ("1,000 write units/s of the busiest partition of items", 1000)
    assert needed == pytest.approx(2 / 3 * 2000, rel=0.01)


@pytest.mark.parametrize(
    ("api", "quotas", "said"),
    [
        ({"gateway": {"limit": {"rate": "5/s", "burst": 1}}}, {}, "5 requests/s of the gateway of api"),
        (
            {"gateway": {"methods": {"view": {"rate": "5/s", "burst": 1}}}},
            {},
            "5 requests/s of the gateway for api.view",
        ),
        (
            {"gateway": {}},
            {"gateway": {"rate": "5/s", "burst": 1}},
            "5 requests/s of the account's gateways",
        ),
        ({"compute": {"lambda": {"reserved": 1}}}, {}, "1 execution at once of api"),
        (
            {"compute": {"lambda": {}}},
            {"lambda_concurrency": 1},
            "1 execution at once of the account's functions",
        ),
    ],
)
def test_limits_of_gateways_and_functions(api: Written, quotas: Written, said: str) -> None:
    regions: Written = {HERE: {}, THERE: {"role": "standby", "quotas": quotas}}
    assert narrowest(system([{"compute": "200 ms"}], api, regions=regions))[0] == said


def test_so_many_environments_start_at_once_and_no_more_in_a_standby() -> None:
    """1,500 are needed; 100 are warm, and 1,000 start at once (AWS Lambda guide, scaling behavior)."""
    api = {"compute": {"lambda": {"provisioned": 100}}}
    regions: Written = {HERE: {}, THERE: {"role": "standby", "quotas": {"lambda_concurrency": 3000}}}
    written = system([{"compute": "10 s"}], api, regions=regions)
    said, there, needed = narrowest(written, sessions=3000, last_mile="0 s")
    assert (said, there) == ("1,100 environments of api that are warm or start at once", 1100)
    assert needed == pytest.approx(1500, rel=0.01)


# beside runs: the share that the arithmetic gives is what the simulated region takes

SECONDS = 240
BEGINS_S = 60


def turned_away(outcome: Outcome, after_s: float) -> float:
    """The share of the attempts after an instant that a limit or a full queue turned away."""
    windows = slice(int(after_s // 10), None)
    rejected = outcome.tallies.window_rejected[windows].sum()
    served = outcome.tallies.window_served[windows].sum()
    failed = outcome.tallies.window_failed_region[windows].sum()
    return float(rejected / (served + failed))


NARROW: dict[str, tuple[Written, float, float]] = {
    # a system, what it bears a second by hand, and from when on what it has saved is used up
    "gateway": (system(api={"gateway": {"limit": {"rate": "20/s", "burst": 40}}}), 20, 60),
    "nodes": (
        system(
            [{"compute": {"median": "200 ms", "p99": "400 ms"}}],
            {"compute": {"nodes": {"per_zone": 2, "workers": 1, "queue": 30}}},
        ),
        6 / (0.2 * math.exp((math.log(2) / 2.3263478740) ** 2 / 2)),
        60,
    ),
    "functions": (
        system([{"compute": "30 s"}], {"compute": {"lambda": {"reserved": 1000, "init": "1 ms"}}}),
        1000 / 30,
        90,
    ),
    "table": (
        system(
            [{"write": "items"}],
            {"calls": {"attempts": 1}},
            tables={
                "items": {
                    "replicas": BOTH,
                    "items": 5000,
                    "capacity": {"provisioned": {"write": "4/s", "read": "4/s"}},
                }
            },
        ),
        4,
        660,
    ),
}
"""By what is narrow. A table saves up 300 s: at half as much again it is used up after 600 s."""


@pytest.mark.parametrize("kind", NARROW)
def test_the_load_that_the_arithmetic_gives_is_borne(kind: str) -> None:
    """At nine tenths of it nobody is turned away (functions, which know no queue: hardly anybody)."""
    written, bears, settled_s = NARROW[kind]
    share = share_of(written, bears * 2)
    assert share == pytest.approx(0.5, rel=0.01)  # latencies of stores and gateways are no part of `bears`
    outcome = all_there(written, 0.9 * share * bears * 2, settled_s / 60 + 2)
    assert turned_away(outcome, settled_s) == pytest.approx(0, abs=0.002 if kind == "functions" else 0)


@pytest.mark.parametrize("kind", NARROW)
def test_what_goes_beyond_the_load_that_the_arithmetic_gives_is_turned_away(kind: str) -> None:
    """Half as much again: a third of them, but for three standard errors of the arrivals."""
    written, bears, settled_s = NARROW[kind]
    outcome = all_there(written, 1.5 * bears, settled_s / 60 + 4)
    error = 3 * math.sqrt(1.5 * bears * 240) / (1.5 * bears * 240)
    assert turned_away(outcome, settled_s) == pytest.approx(1 / 3, abs=error)


def share_of(written: Written, requests_a_second: float) -> float:
    loaded = read(written, experiment(users={"people": arriving(requests_a_second)}))
    (found,) = readiness_of(loaded.topology, loaded.experiment).standbys
    assert found.share is not None
    return found.share
