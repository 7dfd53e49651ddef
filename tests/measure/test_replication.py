"""True lag, and what the ReplicationLatency metric shows of it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simulator.boundary.outcomes import HISTOGRAM_BINS
from simulator.boundary.subjects import OfReplicator
from simulator.measure.replication import METRIC_PERIOD_NS, section
from simulator.outcome import Event, Outcome
from simulator.result.plain import plain
from tests.measure.handmade import SECOND, event, outcome, rich, times
from tests.small import HERE, THERE, experiment, played, topology

PAIR, OTHER = (OfReplicator(table, HERE, THERE) for table in ("items", "other"))
BUCKET_S = 10  # of a short run


def run(arrivals: dict[float, list[float]], *log: Event, minutes: int = 20) -> Outcome:
    """Copies by the time at which they became visible, with their lags, in seconds; from the first region."""
    windows = minutes * 6
    counts = np.zeros((4, 1, 2, 2, windows + 1), np.int64)
    for at_s, lags in arrivals.items():
        cell = (0, 0, 1, int(at_s // BUCKET_S))
        counts[0][cell] += len(lags)
        counts[1][cell] += int(sum(lags) * SECOND)
        counts[2][cell] = max(int(max(lags) * SECOND), counts[2][cell])
        counts[3][cell] += sum(lag > 30 for lag in lags)  # whatever the pair's usual lag
    lag = np.zeros((1, 2, 2, HISTOGRAM_BINS), np.int64)
    lag[0, 0, 1, 100] = counts[0].sum()
    names = ("lag_step_count", "lag_step_sum", "lag_step_max_ns", "lag_step_late")
    buckets: dict[str, Any] = dict(zip(names, counts, strict=True))
    buckets["lag_step_sum"] = times(counts[1])
    return outcome("." * windows, events=log, lag=lag, **buckets)


def pair(found: Outcome) -> Any:
    first, second = plain(section(found))
    assert (first["from"], first["to"], first["table"]) == (HERE, THERE, "items")
    assert (second["from"], second["to"]) == (THERE, HERE)
    return first


def test_metric_has_a_datapoint_for_each_five_minutes_with_arrivals() -> None:
    assert METRIC_PERIOD_NS == 300 * SECOND
    metric = pair(run({0: [1, 1], 299: [4], 300: [9], 905: [0.5]}))["metric"]
    assert metric == {"datapoints": 3, "periods_without_data": 1, "highest_average_s": 9.0}


def test_metric_shows_nothing_while_nothing_arrives() -> None:
    # replication stands still for ten minutes; the copies arrive afterwards, with their true lag
    metric = pair(run({10: [0.5], 910: [600, 400]}))["metric"]
    assert metric == {"datapoints": 2, "periods_without_data": 2, "highest_average_s": 500.0}


def test_a_strong_table_has_no_such_metric() -> None:
    found = run({0: [1, 1], 299: [4]})
    data = replace(found.plan.data, store_strong=np.ones(1, np.int64))
    assert pair(replace(found, plan=replace(found.plan, data=data)))["metric"] is None


def test_pair_without_copies_has_no_lag() -> None:
    second = plain(section(run({10: [1]})))[1]
    assert second["true"]["p99_s"] is None
    assert second["metric"] == {"datapoints": 0, "periods_without_data": 4, "highest_average_s": None}
    assert second["peaks"] == []


@pytest.mark.parametrize(
    ("arrivals", "peaks"),
    [
        ({10: [1], 20: [29]}, []),  # nothing late
        ({10: [1], 600: [200, 100], 610: [300], 620: [40], 630: [1]}, [(610.0, 300.0)]),
        ({100: [60], 110: [1], 700: [50]}, [(100.0, 60.0), (700.0, 50.0)]),
        ({100: [60], 700: [50]}, [(100.0, 60.0)]),  # never normal in between: one hump
    ],
)
def test_peaks_are_the_tops_of_humps(arrivals: dict[float, list[float]], peaks: list[Any]) -> None:
    assert [(p["at_s"], p["lag_s"]) for p in pair(run(arrivals))["peaks"]] == peaks


STOP, RESUME = event(300, "replication_stopped", PAIR), event(605, "replication_resumed", PAIR)


@pytest.mark.parametrize(
    ("arrivals", "log", "time_s"),
    [
        ({10: [1]}, [], None),  # never stopped
        ({10: [1]}, [STOP], None),  # never resumed
        ({610: [1]}, [STOP, RESUME], 0),  # nothing was waiting
        ({610: [300], 620: [100], 630: [1]}, [STOP, RESUME], 25),  # to the end of the last bucket with lag
        ({610: [300], 620: [100]}, [STOP, RESUME], None),  # the run ends before it is normal
        ({610: [300]}, [STOP, RESUME, event(700, "replication_stopped", PAIR)], None),
        ({610: [300], 630: [1]}, [event(300, "replication_stopped", OTHER)], None),
    ],
)
def test_catch_up_time(arrivals: dict[float, list[float]], log: list[Event], time_s: float | None) -> None:
    assert pair(run(arrivals, *log))["catch_up_time_s"] == time_s


def test_lag_of_a_stop_is_seen_late_and_drains_as_the_fluid_model_says() -> None:
    # replication stands still for 10 min, then runs at 5 times its rate: the lag is 10 min at the resumption
    # and gone after 10 min / (5 - 1) = 150 s; copies are 30 s behind until 150 s * (1 - 30 / 600) = 142 s
    table = {"replicas": [HERE, THERE], "items": 100_000, "catch_up": 5}
    table["replication_lag"] = {"median": "1 s", "p99": "1 s"}
    service = {"regions": [HERE, THERE], "operations": {"view": [{"write": "items"}]}}
    users = {"near": HERE, "sessions": 100, "think_time": "1 s", "actions": {"view": 1}}
    pause = {"replication": {"from": HERE, "to": THERE}, "at": "5 min", "for": "10 min"}
    weights = {HERE: 1, THERE: 0}
    record = {"service": "api", "policy": "weighted", "weights": weights}
    found = plain(
        section(
            played(
                topology(tables={"items": table}, services={"api": service}, dns={"api.example": record}),
                experiment(duration="20 min", users={"people": users}, faults=[pause]),
            )
        )
    )[0]
    (peak,) = found["peaks"]
    assert peak["at_s"] == 900
    assert peak["lag_s"] == pytest.approx(600, abs=2)  # the lag itself is one second and a one-way delay
    assert found["catch_up_time_s"] == 150  # 142 s to the end of its ten seconds
    assert found["metric"]["datapoints"] == 2
    assert found["metric"]["periods_without_data"] == 2


def test_caches_of_one_region_each_copy_nothing() -> None:
    found = plain(section(outcome("." * 10, plan=rich(10))))
    assert [entry["table"] for entry in found[::2]] == ["items", "files", "scores"]


@pytest.mark.parametrize(("kind", "more"), [("tables", {}), ("buckets", {"time_control": True})])
def test_replication_of_any_store_can_be_paused_and_its_backlog_drains(kind: str, more: Any) -> None:
    """A pause of 30 min and 20 times the speed: the backlog is gone after 1,800 s / 19 = 95 s.

    The last 30 s of lag are gone in 1.6 s. Half an hour is well within the lags that a bucket has by itself.
    """
    step = {"tables": "write", "buckets": "put"}[kind]
    store = {"replicas": [HERE, THERE], "items": 100_000} | more
    services = {"api": {"regions": [HERE], "operations": {"view": [{step: "things"}]}}}
    users = {
        "near": HERE,
        "arrivals": "2/s",
        "session_length": "1 ms",
        "think_time": "1 h",
        "actions": {"view": 1},
    }
    pause = {"replication": {"table": "things"}, "at": "15 min", "for": "30 min"}
    found = section(
        played(
            topology(**{kind: {"things": store}}, services=services),
            experiment(duration="70 min", users={"people": users}, faults=[pause]),
        )
    )[0]
    (peak,) = found.peaks
    assert 45 * 60 <= peak.at_s < 45 * 60 + 100
    assert found.catch_up_time_s == pytest.approx(1800 / 19, abs=10)
