"""What metrics count, derived by hand: small systems in which everything takes a round time."""

from typing import Any

import numpy as np
import pytest

from simulator.measure.monitoring import section
from simulator.outcome import Outcome
from simulator.result.monitoring import KeptMetric
from tests.small import HERE, THERE, experiment, played, topology

SITE = f"api@{HERE}"


def system(steps: list[Any], **service: Any) -> dict[str, Any]:
    """One operation behind a gateway in one region, and a table."""
    api = {
        "regions": [HERE],
        "gateway": {"overhead": "10 ms"},
        "compute": {"lambda": {"provisioned": 10}},
        "operations": {"act": steps},
    }
    return topology(
        regions={HERE: {}, THERE: {}},
        tables={"orders": {"replicas": [HERE, THERE]}},
        services={"api": api | service},
        dns={"api.example": {"service": "api", "policy": "simple", "ttl": "60 s"}},
        metrics=["lambda.*", "lambda_insights.*", "api_gateway.*", "dynamodb.*"],
    )


def run(system_: dict[str, Any], *faults: dict[str, Any], **more: Any) -> Outcome:
    """Ten people who act a second after each answer, and do not try again."""
    people = {
        "near": HERE,
        "sessions": 10,
        "think_time": "1 s",
        "actions": {"act": 1},
        "client": {"profile": "script", "attempts": 1},
    }
    return played(
        system_, experiment(users={"people": people}, faults=[*faults], **{"duration": "4 min"} | more)
    )


def kept(outcome: Outcome, metric: str, of: str) -> KeptMetric:
    monitoring = section(outcome)
    assert monitoring is not None
    (found,) = [one for one in monitoring.metrics if (one.metric, one.of) == (metric, of)]
    return found


def total(outcome: Outcome, metric: str, of: str = SITE) -> float:
    return float(kept(outcome, metric, of).series.sum.sum())


def test_a_throttled_invocation_is_neither_an_invocation_nor_an_error() -> None:
    """One at once of ten who ask: the others get a 500 of the gateway; the function knows nothing of them."""
    outcome = run(system([{"compute": "200 ms"}], compute={"lambda": {"provisioned": 1, "reserved": 1}}))
    throttled, invoked = total(outcome, "lambda.throttles"), total(outcome, "lambda.invocations")
    assert throttled == outcome.tallies.lambda_throttled.sum() > 100
    assert invoked == outcome.tallies.started[0, 0] > 100
    assert total(outcome, "lambda.errors") == 0
    assert kept(outcome, "lambda.errors", SITE).series.sample_count.sum() == invoked
    assert total(outcome, "api_gateway.5xx_error") == throttled
    assert total(outcome, "api_gateway.4xx_error") == 0
    rate = kept(outcome, "api_gateway.5xx_error", SITE).series
    assert rate.average.tolist() == (rate.sum / rate.sample_count).tolist()
    assert kept(outcome, "lambda.concurrent_executions", SITE).highest == 1


def test_latency_has_the_overhead_and_integration_latency_has_not() -> None:
    """Computing takes 200 ms, the gateway adds 10 ms; a bin of the histogram is off by 0.4 % at most."""
    outcome = run(system([{"compute": "200 ms"}]))
    latency = kept(outcome, "api_gateway.latency", SITE).series
    assert latency.average == pytest.approx(210, rel=0.004)
    assert latency.percentiles["p99"] == pytest.approx(210, rel=0.004)
    assert kept(outcome, "api_gateway.integration_latency", SITE).series.average == pytest.approx(
        200, rel=0.004
    )
    assert kept(outcome, "lambda.duration", SITE).series.minimum == pytest.approx(200, rel=0.004)
    assert kept(outcome, "lambda_insights.cpu_total_time", SITE).series.average == pytest.approx(
        200, rel=0.02
    )


def test_a_gateway_that_gives_up_answers_when_it_does() -> None:
    """Work of 70 s behind a gateway that waits for 20 s: all are answered with a 504 after 20.01 s.

    The function ends well, with durations of 70 s and no error.
    """
    api = {"overhead": "10 ms", "timeout": "20 s"}
    outcome = run(system([{"compute": "70 s"}], gateway=api, compute={"lambda": {"provisioned": 200}}))
    errors = kept(outcome, "api_gateway.5xx_error", SITE).series
    assert (errors.average == 1.0).all()
    assert errors.sum.sum() == outcome.tallies.answers[3, 0, 0] > 80
    assert kept(outcome, "api_gateway.latency", SITE).series.average == pytest.approx(20010, rel=0.004)
    assert kept(outcome, "api_gateway.integration_latency", SITE).points == 0
    assert kept(outcome, "lambda.duration", SITE).series.average == pytest.approx(70_000, rel=0.004)
    assert total(outcome, "lambda.errors") == 0


def test_an_error_bears_the_minute_of_the_begin() -> None:
    """Ten people ask every 31 s (their clients wait for 30 s), and computing takes 50 s before a write.

    Writes fail from 1:30 on, so of the rounds that begin after 0, 31, 62, 93, 124, 155, 186 and 217 s the
    first two end well, the next five fail, each in a later minute, and the last is under way when it is over.
    """
    refused = {"at": "90 s", "table": "orders", "region": HERE, "mode": "error"}
    steps = [{"compute": "50 s"}, {"write": "orders"}]
    system_ = system(steps, gateway={"timeout": "3 min"}, compute={"lambda": {"provisioned": 200}})
    errors = kept(run(system_, refused), "lambda.errors", SITE).series
    assert errors.sum.tolist() == [0, 20, 20, 10]
    assert errors.average.tolist() == [0.0, 1.0, 1.0, 0.5]
    assert (errors.minimum.tolist(), errors.maximum.tolist()) == ([0, 1, 1, 0], [0, 1, 1, 1])


def test_the_applications_own_errors_are_errors_of_the_function() -> None:
    """A deployment that answers everything with a 500 is invoked, and fails."""
    broken = {"at": "0 s", "service": "api", "region": HERE, "mode": "error"}
    outcome = run(system([{"compute": "200 ms"}]), broken)
    errors = kept(outcome, "lambda.errors", SITE).series
    assert (errors.average == 1.0).all()
    assert errors.sum.tolist() == kept(outcome, "lambda.invocations", SITE).series.sum.tolist()


def test_errors_of_a_table_are_told_of_its_operation_and_not_of_callers() -> None:
    """Half of the writes get a 500: none of them is a user error, nor has it a latency."""
    faulty = {"at": "0 s", "table": "orders", "region": HERE, "mode": "error", "share": "50 %"}
    outcome = run(system([{"write": "orders"}, {"read": "orders"}]), faulty)
    writes = total(outcome, "dynamodb.system_errors", f"orders.write@{HERE}")
    reads = total(outcome, "dynamodb.system_errors", f"orders.read@{HERE}")
    assert writes + reads == outcome.tallies.call_failures[4].sum() > 100
    assert writes > reads > 0
    assert kept(outcome, "dynamodb.user_errors", f"account@{HERE}").points == 0
    answered = kept(
        outcome, "dynamodb.successful_request_latency", f"orders.write@{HERE}"
    ).series.sample_count
    assert answered.sum() < outcome.tallies.call_tries[0, 0]


def test_an_isolated_table_has_no_lag_metric_and_the_only_sign_is_silence() -> None:
    """Replication stops from 5 to 25 min: the five-minute points between are not high, they are not there.

    The period that begins with the stop still has what was under way; then nothing arrives until the end
    of the stop, and what waited then is late by up to 20 min.
    """
    stop = {"at": "5 min", "replication": {"table": "orders"}, "mode": "paused", "for": "20 min"}
    outcome = run(system([{"write": "orders"}]), stop, duration="40 min")
    lag = kept(outcome, "dynamodb.replication_latency", f"orders@{HERE}→{THERE}")
    assert lag.period_s == 300
    begins = lag.series.begin_s.tolist()
    assert {0.0, 1500.0, 1800.0} <= {*begins}
    assert not {600.0, 900.0, 1200.0} & {*begins}
    late = lag.series.maximum[begins.index(1500.0)]
    assert late == pytest.approx(20 * 60 * 1000, rel=0.02)
    consumed = kept(outcome, "dynamodb.consumed_write_capacity_units", f"orders@{THERE}").series
    assert np.array_equal(consumed.sum[6:25], np.zeros(19))


def test_a_gateway_does_not_know_whether_its_answers_arrive() -> None:
    """From 1:30 on nothing leaves the region: all users fail, and the gateway counts 200s as before.

    They ask for as long as their names are cached, and each request that arrives is answered well.
    """
    cut = {"at": "90 s", "link": {"from": HERE, "to": THERE}, "mode": "cut"}
    people = {"near": THERE, "sessions": 10, "think_time": "1 s", "actions": {"act": 1}, "client": "script"}
    steps: list[Any] = [{"compute": "5 s"}]
    outcome = played(system(steps), experiment(users={"people": people}, faults=[cut], duration="4 min"))
    asked, failed = (kept(outcome, f"api_gateway.{name}", SITE).series for name in ("count", "5xx_error"))
    assert failed.sum.sum() == 0
    assert asked.sum[1] > outcome.tallies.actions[0] - asked.sum[0]
    assert outcome.tallies.actions[1:].sum() > 0


def test_nodes_hold_memory_for_requests_at_work_and_that_wait_and_some_at_rest() -> None:
    """Each minute ends with all ten at three nodes of 1,000 MB: 100 MB at rest, 30 MB for each of 10/3."""
    nodes = {"workers": 1, "memory": "1000 MB", "idle_memory": "100 MB", "request_memory": "30 MB"}
    busy = system([{"compute": "5 min"}], gateway={"timeout": "1 h"}, compute={"nodes": nodes})
    patient = {"profile": "script", "attempts": 1, "timeout": "1 h"}
    people = {"near": HERE, "sessions": 10, "think_time": "1 s", "actions": {"act": 1}, "client": patient}
    outcome = played(
        busy | {"metrics": ["nodes.memory_utilization"]},
        experiment(users={"people": people}, duration="4 min"),
    )
    held = kept(outcome, "nodes.memory_utilization", SITE).series.sum
    assert held[1:].tolist() == pytest.approx([10 + 3 * 10 / 3] * (len(held) - 1))
