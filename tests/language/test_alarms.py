# ruff: noqa: E501
"""What is said of alarms: each complaint with its place and its remedy."""

from pathlib import Path

import pytest

from tests.language.writing import changed, complaints, framed

TOPOLOGY = """\
topology: what can be alarmed about
regions: {eu-south-1: {}, eu-central-1: {}}
tables:
  orders: {replicas: [eu-south-1, eu-central-1]}
services:
  api:
    regions: [eu-south-1, eu-central-1]
    compute: {lambda: {}}
    operations: {act: [{write: orders}]}
dns:
  api.example: {service: api, policy: failover, health_check: deep}
health_checks: {deep: {}}
metrics:
  - {metric: lambda.throttles, of: api, copied_to: eu-central-1}
alarms:
  busy: {metric: lambda.invocations, of: api@eu-south-1, threshold: '> 1_000', datapoints: 3 of 5, tells: ops}
  share: {metric: lambda.throttles, of: api@eu-south-1, in: eu-central-1, statistic: average, threshold: '> 5 %'}
  throttled: {metric: dynamodb.throttled_requests, of: orders@eu-south-1, threshold: '> 0', missing: ignore}
  late: {metric: s3.replication_latency, of: images@eu-south-1→eu-central-1, threshold: '>= 15 min'}
  rate:
    expression: 100 * bad / all
    metrics:
      bad: {metric: lambda.throttles, of: api@eu-south-1}
      all: {metric: lambda.invocations, of: api@eu-south-1}
    threshold: '> 1'
    period: 5 min
    window: wall_clock
  budget:
    burn_rate: 14.4
    objective: 99.9 %
    errors: {metric: lambda.throttles, of: api@eu-south-1}
    requests: {metric: lambda.invocations, of: api@eu-south-1}
    long: 1 h
  unusual: {metric: lambda.invocations, of: api@eu-south-1, band: 2, exclude: [{from: -3 d, to: -2 d}]}
  spoiled: {expression: 'FILL(m, 0)', metrics: {m: {metric: dynamodb.throttled_requests, of: orders@eu-south-1}}, band: 3, threshold: above}
  page: {rule: ALARM(busy) AND NOT ALARM(share), suppressor: {alarm: late, wait: 1 min}}
buckets:
  images: {replicas: [eu-south-1, eu-central-1]}
"""

EXPERIMENT = framed("alarms")

CASES = [
    ("metric: lambda.invocations, of", "metric: lambda.invocation, of", "t.yaml:16:18: no metric is called "
     "'lambda.invocation'; did you mean 'lambda.invocations'?"),
    ("invocations, of: api@eu-south-1, t", "invocations, of: api@eu-west-1, t", "t.yaml:16:42: 'api@eu-west-1' has "
     "no lambda.invocations; did you mean 'api@eu-south-1'?"),
    ("invocations, of: api@eu-south-1, t", "invocations, of: api, t", "t.yaml:16:42: an alarm watches one; say which "
     "of api@eu-south-1, api@eu-central-1"),
    ("'> 1_000'", "'1_000'", "t.yaml:16:69: write a comparison and a value, such as '> 5'; there are > >= < <="),
    ("'> 1_000'", "'> many'", "t.yaml:16:69: 'many' is no number"),
    ("'> 1_000'", "'> 5 %'", "t.yaml:16:69: the sum of lambda.invocations is no share; leave the percent sign out"),
    ("invocations, of: api@eu-south-1, threshold: '> 1_000'", "errors, of: api@eu-south-1, threshold: '> 5 %'",
     "t.yaml:16:64: the sum of lambda.errors is no share; write 'statistic: average', which is one, or leave the "
     "percent sign out"),
    ("3 of 5", "6 of 5", "t.yaml:16:92: of 5 data points between 1 and 5 can breach, not 6"),
    ("3 of 5", "3", "t.yaml:16:92: this must be text, not 3; put it in quotes"),
    ("3 of 5", "3 from 5", "t.yaml:16:92: write 'M of N', such as '3 of 5'"),
    ("3 of 5", "3 of 5_000", "t.yaml:16:92: write 'M of N', such as '3 of 5'"),
    ("3 of 5", "3 of 5000", "t.yaml:16:92: 5000 periods of 1 min are longer than 1 d, the most that an alarm looks "
     "back"),
    ("tells: ops", "acknowledge: 5 min", "t.yaml:16:100: 'acknowledge' belongs to 'tells'"),
    ("tells: ops", "statistic: p99", "t.yaml:16:111: lambda.invocations has no percentiles; it has sum, average, "
     "minimum, maximum, sample_count"),
    ("tells: ops", "statistic: mean", "t.yaml:16:111: no statistic is called 'mean'; one of: sum, average, minimum, maximum, sample_count, p99"),
    ("tells: ops", "period: 90 s", "t.yaml:16:108: a period is one minute or some of them"),
    ("in: eu-central-1", "in: eu-west-1", "t.yaml:17:61: lambda.throttles is in eu-south-1, and no entry of 'metrics' "
     "copies it to eu-west-1"),
    ("missing: ignore", "missing: breaching", "t.yaml:18:102: alarms on DynamoDB's metrics always ignore missing data; "
     "leave this out"),
    ("'>= 15 min'", "'>= 900'", "t.yaml:19:89: this metric is a time; give its unit, such as '> 200 ms', not '900'"),
    ("100 * bad / all", "100 * bad / al", [
        "t.yaml:21:17: unknown metric of this alarm 'al'; did you mean 'all'?",
        "t.yaml:24:7: the expression does not use 'all'"]),
    ("100 * bad / all", "100 * bad ^ all", "t.yaml:21:17: '100 * bad ^ all' cannot be computed; there are + - * / and "
     "comparisons"),
    ("period: 5 min", "period: 10 min", "t.yaml:26:13: periods of the wall clock are 1 min, 5 min, 1 h, 1 d"),
    ("objective: 99.9 %", "objective: 90 %", "t.yaml:29:16: it can never speak: even if every request fails, a budget "
     "of 0.1 is not spent 14.4 times as fast"),
    ("objective: 99.9 %", "objective: 100 %", "t.yaml:30:16: an objective of 100 % leaves no budget"),
    ("'>= 15 min'}", "'>= 15 min'}\n  old: {metric: dynamodb.replication_latency, of: orders@eu-south-1→eu-central-1, threshold: '> 1 s', period: 2 min}",
     "t.yaml:20:111: a data point of dynamodb.replication_latency stands for 5 min; a period is no shorter"),
    ("long: 1 h", "long: 90 s", "t.yaml:33:11: a window is in whole minutes, and at most 7 d long"),
    ("long: 1 h", "long: 10 min\n    short: 1 h", "t.yaml:33:11: the short window must be shorter than the long one"),
    ("ALARM(busy) AND", "ALARM(bussy) AND", "t.yaml:36:16: unknown alarm 'bussy'; did you mean 'busy'?"),
    ("ALARM(busy) AND", "ALARM(busy)", "t.yaml:36:16: AND or OR must stand before 'NOT ALARM(share)'"),
    ("ALARM(busy) AND", "ALARM(page) AND", "t.yaml:36:16: it follows itself: page → page"),
    ("{alarm: late,", "{alarm: lates,", "t.yaml:36:70: unknown alarm 'lates'; did you mean 'late'?"),
    ("band: 2, ", "band: 0, ", "t.yaml:34:67: this must be more than 0, not 0"),
    ("band: 2, ", "band: 2, threshold: over, ", "t.yaml:34:81: 'over' is not allowed here; did you mean 'above'?"),
    ("band: 2, ", "band: 2, history: 15 d, ", "t.yaml:34:79: a band learns from 14 d at most"),
    ("band: 2, ", "band: 2, period: 1 h, ", "t.yaml:34:78: a band is of periods of at most 30 min"),
    ("to: -2 d", "to: -3 d", "t.yaml:34:97: it ends before it begins"),
    ("lambda.invocations, of: api@eu-south-1, band", "lambda.throttle, of: api@eu-south-1, band",
     "t.yaml:34:21: no metric is called 'lambda.throttle'; did you mean 'lambda.throttles'?"),
    ("metric: lambda.invocations, of: api@eu-south-1, band", "metric: dynamodb.throttled_requests, of: orders@eu-south-1, band",
     "t.yaml:34:21: dynamodb.throttled_requests has no data points while it is zero, and so no band; write "
     "'expression: FILL(m, 0)' with it as m in 'metrics'"),
    ("'FILL(m, 0)'", "m", "t.yaml:35:25: while dynamodb.throttled_requests is zero it has no data points, and this no "
     "value, and so no band; write 'FILL(m, 0)'"),
]  # fmt: skip


def test_alarms_that_make_sense_are_taken(tmp_path: Path) -> None:
    assert complaints(tmp_path, EXPERIMENT, TOPOLOGY) == []


@pytest.mark.parametrize(("old", "new", "expected"), CASES)
def test_each_mistake_has_its_place_and_its_remedy(
    old: str, new: str, expected: str | list[str], tmp_path: Path
) -> None:
    found = complaints(tmp_path, EXPERIMENT, changed(TOPOLOGY, old, new))
    assert found == ([expected] if isinstance(expected, str) else expected)
