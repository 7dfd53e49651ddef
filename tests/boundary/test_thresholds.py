"""Thresholds: what a percent sign means, and where it means nothing."""

import pytest

from simulator.boundary.metrics import BY_NAME
from simulator.boundary.thresholds import BadThreshold, Threshold, read_threshold


@pytest.mark.parametrize(
    ("text", "metric", "statistic", "value"),
    [
        ("> 5 %", "lambda.errors", "average", 0.05),
        ("> 0.05", "lambda.errors", "average", 0.05),
        ("> 5", "lambda.errors", None, 5.0),
        ("> 95%", "canary.success_percent", None, 95.0),
        ("> 95", "canary.success_percent", None, 95.0),
        ("> 1.5 s", "lambda.duration", "p99", 1500.0),
        ("> 1500", "lambda.duration", "sample_count", 1500.0),
    ],
)
def test_a_value_is_in_the_unit_of_the_statistic(
    text: str, metric: str, statistic: str | None, value: float
) -> None:
    assert read_threshold(text, BY_NAME[metric], statistic) == Threshold(">", value)


@pytest.mark.parametrize(
    ("metric", "statistic"),
    [
        ("lambda.errors", "sum"),
        ("lambda.errors", "maximum"),
        ("lambda.invocations", None),
        ("nodes.queue_length", "average"),
        ("load_balancer.healthy_host_count", "average"),
        ("canary.success_percent", "sample_count"),
    ],
)
def test_no_share_is_read_from_what_is_none(metric: str, statistic: str | None) -> None:
    with pytest.raises(BadThreshold, match=r"no share; .*leave the percent sign out"):
        read_threshold("> 5 %", BY_NAME[metric], statistic)


def test_an_expression_has_no_unit() -> None:
    assert read_threshold("<= 5") == Threshold("<=", 5.0)
    with pytest.raises(BadThreshold, match="leave the percent sign out"):
        read_threshold("<= 5 %")
