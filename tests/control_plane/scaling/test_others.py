"""Provisioned concurrency and throughput that follow their metrics and the clock."""

from typing import Any

import pytest

from simulator.outcome import Outcome
from tests.control_plane.building import REGIONS, SECOND, Written
from tests.control_plane.scaling.busy import HERE, MINUTE, Load, actions, from_20, of_kind, refusals, scaled


def function(
    load: Load, *faults: Written, provisioned: int = 100, system: Written | None = None, **scaler: Any
) -> Outcome:
    """A function with environments kept warm in Frankfurt; the load is the most at work at once."""
    service: Written = {"regions": [*REGIONS], "operations": {"view": [{"compute": "1 ms"}]}}
    service |= {"compute": {"lambda": {}}, "compute_in": {HERE: {"lambda": {"provisioned": provisioned}}}}
    more = system or {}
    whole = {"service": "api", "in": HERE, "min": 10, "max": 500, "track": {"target": "70 %"}} | scaler
    services = {"api": service} | more.get("services", {})
    return scaled(load, *faults, **more | {"services": services, "scaling": {"warm": whole}})


def test_a_function_scales_out_to_what_its_concurrency_needs() -> None:
    """90 of 100 are in use from minute 20 on: 90 / 0.7 = 128.6 are wanted. They come 1 to 2 min later."""
    outcome = function(from_20(66, 90))
    ((at, before, to),) = actions(outcome)
    assert (before, to) == (100, 129)
    assert 24 <= at <= 27
    (raised,) = of_kind(outcome, "concurrency_raised")
    assert raised.detail["provisioned"] == 129
    assert 60 <= raised.at_ns / SECOND - at * 60 <= 122


def test_a_utilization_of_100_percent_hides_how_much_is_missing() -> None:
    """400 at once: of 100 and 143 all are in use, each time 1 / 0.7 times as many are wanted."""
    outcome = function(from_20(66, 400))
    assert [to for _, _, to in actions(outcome)] == [143, 205, 293, 419, 500]


def test_a_function_scales_in_at_once_to_the_highest_of_fifteen_minutes() -> None:
    """30 of 100 from minute 20 on: 42.9 are wanted."""
    outcome = function(from_20(66, 30))
    ((at, before, to),) = actions(outcome)
    assert (before, to) == (100, 43)
    assert 36 <= at <= 39


def test_a_function_that_nobody_invokes_is_not_scaled_in() -> None:
    """Its utilization has no points: INSUFFICIENT_DATA, no action."""
    assert actions(function(from_20(66, 0))) == []


def test_what_does_not_fit_into_the_account_is_refused() -> None:
    """Of the account's 200, 100 stay unreserved. 50 at once want 50 / 0.7 = 72, beside 40 of another."""
    regions: Written = {region: {} for region in REGIONS}
    regions |= {HERE: {"quotas": {"lambda_concurrency": 200}}}
    other: Written = {"regions": [HERE], "operations": {"ask": [{"compute": "1 ms"}]}}
    other |= {"compute": {"lambda": {"provisioned": 40}}}
    alone = function(from_20(40, 50), provisioned=60, max=100, system={"regions": regions})
    assert [(before, to) for _, before, to in actions(alone)] == [(60, 72)]
    system: Written = {"regions": regions, "services": {"other": other}}
    outcome = function(from_20(40, 50), provisioned=60, max=100, system=system)
    assert actions(outcome) == []
    assert refusals(outcome)[0].startswith("72 executions beside 40 of other functions")


def test_a_frozen_lambda_takes_no_change() -> None:
    frozen = {"at": "0 s", "until": "1 h", "control_plane": "lambda", "region": HERE}
    outcome = function(from_20(66, 90), frozen)
    assert [60 <= at <= 61 for at, _, _ in actions(outcome)] == [True]
    assert refusals(outcome) == [f"Lambda's control plane in {HERE} refuses changes"]


# tables


def table(load: Load, *faults: Written, **scaler: Any) -> Outcome:
    """A table of 100 write units a second in two regions; the load is thousandths of units a minute."""
    capacity = {"provisioned": {"write": "100/s", "read": "100/s"}}
    tables = {"orders": {"replicas": [HERE, REGIONS[0]], "capacity": capacity}}
    whole = {"table": "orders", "units": "write", "in": HERE, "min": "50/s", "max": "1000/s"}
    more: Written = {key: scaler.pop(key) for key in ("duration",) if key in scaler}
    whole |= {"track": {"target": "70 %"}} | scaler
    more |= {"health_checks": {}, "dns": {"api.example": {"service": "api", "policy": "simple"}}}
    return scaled(load, *faults, tables=tables, scaling={"writes": whole}, **more)


def units(a_second: float) -> float:
    return a_second * 60 * 1000


def test_a_table_scales_out_after_two_minutes_in_all_its_replicas() -> None:
    """From minute 20 on 90/s of 100/s: 90 / 0.7 = 128.6. Two minutes, their delay, then the update."""
    outcome = table(from_20(units(66), units(90)))
    ((at, before, to),) = actions(outcome)
    assert (before, to) == (100, 129)
    assert 23 <= at <= 26
    (raised,) = of_kind(outcome, "throughput_raised")
    assert raised.detail == {"write": 129.0, "read": 0.0}
    assert raised.at_ns / MINUTE > at


def test_a_table_scales_in_and_lowering_is_limited() -> None:
    """Half a unit less each minute: lowered at most four times in the first hour, then once an hour."""
    outcome = table(lambda minute: units(max(69 - minute / 2, 15)), min="20/s", duration="3 h")
    found = actions(outcome)
    assert all(to < before for _, before, to in found)
    times = [at for at, _, _ in found]
    assert len(times) == 5
    assert times[3] - times[0] < 60
    assert times[4] - times[3] == pytest.approx(60)
    assert refusals(outcome) == [
        "a table is lowered four times in the first hour of a day, and then once an hour"
    ]


def test_a_table_is_not_changed_while_it_is_being_changed() -> None:
    outcome = table(lambda minute: units(66 if minute < 20 else 90 + minute))
    begun = [event.at_ns for event in of_kind(outcome, "scaled")]
    ended = [event.at_ns for event in of_kind(outcome, "throughput_raised")]
    assert len(begun) > 10
    assert len(ended) in (len(begun), len(begun) - 1)  # the last one may last beyond the end
    assert all(after >= before for before, after in zip(ended, begun[1:], strict=False))


def test_reads_are_scaled_by_themselves() -> None:
    outcome = table(from_20(units(66), units(90)), units="read")
    (raised,) = of_kind(outcome, "throughput_raised")
    assert raised.detail == {"write": 0.0, "read": 129.0}


@pytest.mark.parametrize("units", ["write", "read"])
def test_the_clock_sets_a_tables_throughput(units: str) -> None:
    schedule = [{"at": "00:30", "min": "200/s"}]
    outcome = table(from_20(60_000, 60_000), units=units, track=[], schedule=schedule)
    assert actions(outcome) == [(30, 100, 200)]
    assert len(of_kind(outcome, "throughput_raised")) == 1
