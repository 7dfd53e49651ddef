"""Every figure of a run by a key, with its sense, and what it may be where it is open."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest

from simulator.boundary.measures import BY_NAME, MEASURES, Asked
from simulator.verdict.figures import Figure, figures, key_of
from tests.measure.handmade import HERE, THERE, fault, outcome, result, rich

MET = np.array([5])
"""Requests that met the fault."""


def of_rich(windows: str = "..xx....") -> dict[str, Figure]:
    found = figures(result(outcome(windows, fault(20, 40), plan=rich(len(windows)), fault_met=MET)))
    assert len({one.key for one in found}) == len(found)
    return {one.key: one for one in found}


def test_every_measure_has_a_figure_but_those_that_ask_for_a_time() -> None:
    asks = {
        one.name for one in MEASURES if any(key.what == "time" and key.required for key in one.scope.keys)
    }
    assert asks == {"success_between"}
    found = {one.measure for one in of_rich().values()}
    assert {one.name for one in MEASURES} - found == asks


def test_keys_are_what_expectations_say() -> None:
    measure = BY_NAME["replication_lag_p99"]
    asked = Asked(table="orders", origin=HERE, target=THERE)
    key = f"replication_lag_p99{{table: orders, from: {HERE}, to: {THERE}}}"
    assert key_of(measure, measure.parts[0], asked) == key
    between, latency = BY_NAME["success_between"], BY_NAME["action_latency"]
    spans = Asked(from_ns=60 * 10**9, to_ns=150 * 10**9)
    assert key_of(between, between.parts[0], spans) == "success_between{from: 1 min, to: 2 min 30 s}"
    assert key_of(latency, latency.parts[0], Asked(percentile=99.0)) == "action_latency{percentile: 99}"


def test_narrowings_are_those_of_the_run() -> None:
    found = of_rich()
    assert f"traffic_share{{region: {HERE}}}" in found
    assert f"replication_lag_max{{table: items, from: {HERE}, to: {THERE}}}" in found
    assert {one.scope["who"] for one in found.values() if "who" in one.scope} == {"signed_in", "arriving"}
    assert "sessions_undisturbed{who: signed_in}" in found
    assert "action_latency{percentile: 50}" in found


def test_each_says_what_is_better() -> None:
    found = of_rich()
    assert found["success"].better == "higher"
    assert found["recovery_time"].better == "lower"
    assert found["lag_peaks.count"].better == "neither"


def test_what_is_open_may_be_longer_and_what_never_happened_has_no_end() -> None:
    shown = of_rich()["recovery_time"]
    assert (shown.state, shown.low, shown.value, shown.high) == ("shown", 20.0, 20.0, 20.0)
    not_yet = of_rich("..xxxxxx")["recovery_time"]
    assert (not_yet.state, not_yet.low, not_yet.high) == ("not_shown", 60.0, inf)
    never = of_rich()["detection_time"]
    assert (never.state, never.value, never.low, never.high) == ("never", None, inf, inf)
    nothing = of_rich()["restore_time"]
    assert (nothing.state, nothing.low, nothing.high) == ("no_data", None, None)
    assert nothing.why == "the file has no restore"


@pytest.mark.parametrize("unit", ["bool", "share"])
def test_an_open_share_is_at_most_one(unit: str) -> None:
    one = replace(of_rich()["isolation"], state="not_shown", value=None, unit=unit)
    assert (one.low, one.high) == (0.0, 1.0)
