"""Metrics of a run: which points there are, of what, and from when on they can be seen."""

from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np
import pytest

from simulator.measure.monitoring import section
from simulator.outcome import Outcome
from simulator.result.monitoring import KeptMetric
from tests.small import HERE, THERE, experiment, played, topology

STORES = {
    "tables": {"orders": {"replicas": [HERE, THERE]}},
    "buckets": {"images": {"replicas": [HERE, THERE]}},
}
OPERATIONS = {"view": [{"read": "orders"}], "buy": [{"write": "orders"}, {"put": "images"}]}
SYSTEM: dict[str, Any] = STORES | {
    "services": {"api": {"regions": [HERE, THERE], "compute": {"lambda": {}}, "operations": OPERATIONS}},
    "dns": {"api.example": {"service": "api", "policy": "failover", "ttl": "60 s", "health_check": "api"}},
    "health_checks": {"api": {}},
}
USERS = {
    "people": {"near": HERE, "sessions": 20, "think_time": "3 s", "actions": {"view": 3, "buy": 1}},
}
DARK = {"at": "3 min 30 s", "region": HERE, "mode": "black_hole", "for": "3 min 30 s"}


@cache
def outcome(faults: bool, *metrics: Any) -> Outcome:
    """Ten minutes from 10:41:00 on; dark from 3.5 to 7 minutes."""
    wanted = [dict(one) if isinstance(one, tuple) else one for one in metrics]
    run = experiment(duration="10 min", time_of_day="10:41", users=USERS, faults=[DARK] if faults else [])
    return played(topology(**SYSTEM, metrics=wanted), run)


def kept(result: Outcome, metric: str, of: str, region: str | None = None) -> KeptMetric:
    """A metric of a run; in its own region unless another is said."""
    monitoring = section(result)
    assert monitoring is not None
    found = [one for one in monitoring.metrics if (one.metric, one.of) == (metric, of)]
    (chosen,) = [one for one in found if region is None or one.region == region]
    return chosen


def minutes(metric: KeptMetric) -> list[int]:
    """The minutes of the run that have a point."""
    return [round(begin / 60) for begin in metric.series.begin_s]


EVERYTHING = ("lambda.*", "dynamodb.*", "s3.*", "route53.*")


def test_nobody_asks_and_nothing_is_kept() -> None:
    assert section(outcome(True)) is None


COUNTED_FOR_METRICS = ("answers", "door_errors", "work_errors", "store_errors")


def test_metrics_change_nothing_else() -> None:
    """Every counter, every event, with metrics as without."""
    without, with_them = outcome(True), outcome(True, *EVERYTHING)
    assert without.events == with_them.events
    for field in fields(without.tallies):
        one, other = (getattr(some.tallies, field.name) for some in (without, with_them))
        assert np.array_equal(one, other) or field.name in COUNTED_FOR_METRICS, field.name


def test_minutes_add_up_to_what_was_counted() -> None:
    """Ten full minutes of a run of ten: every invocation is in one of them."""
    result = outcome(False, *EVERYTHING)
    invocations = kept(result, "lambda.invocations", f"api@{HERE}")
    assert minutes(invocations) == [*range(10)]
    assert invocations.series.sum.sum() == result.tallies.started[0, 0] > 0
    written = kept(result, "dynamodb.consumed_write_capacity_units", f"orders@{HERE}")
    assert written.series.sum.sum() == pytest.approx(result.tallies.units_milli[0, 0, 0] / 1000)


def test_only_whole_minutes_of_the_counted_time_have_points() -> None:
    """A warm-up of 90 s counts for nothing, and 9.5 min from 10:41 on hold nine minutes of the clock."""
    run = experiment(duration="9 min 30 s", warm_up="90 s", time_of_day="10:41", users=USERS)
    result = played(topology(**SYSTEM, metrics=["lambda.invocations"]), run)
    metric = kept(result, "lambda.invocations", f"api@{HERE}")
    assert metric.series.begin_s.tolist() == [60.0 * minute for minute in range(9)]
    assert (metric.points, metric.without) == (9, 0)


def test_a_metric_exists_by_its_rule_only() -> None:
    """Nobody is sent to the other region: consumed capacity says zero, invocations and throttles nothing."""
    result = outcome(False, *EVERYTHING)
    read = kept(result, "dynamodb.consumed_read_capacity_units", f"orders@{THERE}")
    assert read.series.sum.tolist() == [0.0] * 10
    assert kept(result, "lambda.invocations", f"api@{THERE}").points == 0
    assert kept(result, "dynamodb.throttled_requests", f"orders@{HERE}").points == 0
    throttles = kept(result, "lambda.throttles", f"api@{HERE}")
    assert throttles.series.sum.tolist() == [0.0] * 10
    assert np.array_equal(throttles.series.sample_count, result_of(result, "lambda.invocations"))


def result_of(result: Outcome, metric: str) -> Any:
    """The sums of a metric of the function in the first region."""
    return kept(result, metric, f"api@{HERE}").series.sum


def test_points_are_published_one_to_three_minutes_late_and_in_order() -> None:
    metric = kept(outcome(False, *EVERYTHING), "lambda.invocations", f"api@{HERE}")
    published = metric.series.published_s
    late = published - metric.series.begin_s - 60
    seen = ~np.isnan(published)
    assert 5 <= seen.sum() <= 9  # by 600 s: of those that ended by 420 s all, after 540 s none
    assert (late[seen] >= 60).all()
    assert (late[seen] <= 180).all()
    assert (np.diff(published[seen]) >= 0).all()


def test_the_metrics_of_a_region_go_dark_with_it() -> None:
    """Down from 3:30 to 7:00: the minutes that end at 4:00 to 7:00, before it is back, have no point."""
    result = outcome(True, *EVERYTHING)
    assert minutes(kept(result, "dynamodb.consumed_read_capacity_units", f"orders@{HERE}")) == [
        0,
        1,
        2,
        7,
        8,
        9,
    ]
    assert minutes(kept(result, "dynamodb.consumed_read_capacity_units", f"orders@{THERE}")) == [*range(10)]


def test_what_the_region_had_not_published_waits_until_it_is_back() -> None:
    """The minute to 3:00 would be seen from 4:00 at the earliest: it is seen at 7:00."""
    published = kept(
        outcome(True, *EVERYTHING), "dynamodb.consumed_read_capacity_units", f"orders@{HERE}"
    ).series
    assert published.published_s[published.begin_s == 120.0].tolist() == [420.0]
    assert (published.published_s[published.begin_s < 60.0] <= 210.0 + 30.0).all()


def test_metrics_of_health_checks_outlive_the_region_that_they_are_of() -> None:
    """They live in us-east-1. From the 92nd to 100th second on 14 of 16 checkers say that it is gone."""
    result = outcome(True, *EVERYTHING)
    status = kept(result, "route53.health_check_status", f"api@{HERE}")
    assert status.region == "us-east-1"
    assert minutes(status) == [*range(10)]
    assert status.series.sum.tolist()[:6] == [1, 1, 1, 1, 1, 0]  # at 5:00 it is 90 s, at 6:00 150 s
    healthy = kept(result, "route53.health_check_percentage_healthy", f"api@{HERE}").series.sum
    assert healthy[2] == 100.0
    assert healthy[5] == 0.0


def test_the_backlog_of_a_bucket_is_told_where_its_objects_arrive() -> None:
    """What the lost region had not copied is pending in the other one, whose metric goes on."""
    metric = kept(outcome(True, *EVERYTHING), "s3.operations_pending_replication", f"images@{HERE}→{THERE}")
    assert metric.region == THERE
    assert minutes(metric) == [*range(10)]
    waiting = metric.series.sum
    assert waiting[4] == waiting[5] > 0
    size = kept(
        outcome(True, *EVERYTHING), "s3.bytes_pending_replication", f"images@{HERE}→{THERE}"
    ).series.sum
    assert size[4] == waiting[4] * 2**20


def test_a_copy_is_seen_later_and_in_another_region() -> None:
    """Half a minute later; what could not be published when its region went down was not sent either."""
    wanted = (("metric", "lambda.invocations"), ("copied_to", THERE), ("copy_delay", "30 s"))
    result = outcome(True, wanted)
    own, copy = (kept(result, "lambda.invocations", f"api@{HERE}", region) for region in (HERE, THERE))
    assert (own.copied, copy.copied) == (False, True)
    assert copy.series.sum.tolist() == own.series.sum.tolist()
    early = own.series.published_s < 180
    assert (copy.series.published_s[early] == own.series.published_s[early] + 30).all()
    held = own.series.published_s == 420.0
    assert held.any()
    assert (copy.series.published_s[held] == 420.0).all()
