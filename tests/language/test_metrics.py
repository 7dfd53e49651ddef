"""What is said of metrics: each complaint with its place and its remedy."""

from pathlib import Path

import pytest

from tests.language.writing import changed, changed_in, complaints, framed

TOPOLOGY = """\
topology: what can be monitored
regions: {eu-south-1: {}, eu-central-1: {}}
tables:
  orders: {replicas: [eu-south-1, eu-central-1]}
caches:
  views: {regions: [eu-south-1, eu-central-1]}
services:
  api:
    regions: [eu-south-1, eu-central-1]
    compute: {lambda: {}}
    operations: {act: [{write: orders}, {cache: views}]}
dns:
  api.example: {service: api, policy: failover, health_check: deep}
health_checks: {deep: {}}
metrics:
  - lambda.invocations
  - {metric: dynamodb.throttled_requests, of: orders@eu-south-1}
  - {metric: memorydb.*, of: views}
  - {metric: lambda.throttles, of: api, copied_to: eu-central-1, copy_delay: 1 min}
  - {metric: route53.health_check_status, of: deep@eu-south-1}
"""

EXPERIMENT = framed("metrics", "metrics: [{metric: lambda.*, of: api@eu-central-1}]\n")

CASES = [
    (
        "- lambda.invocations",
        "- lambda.invokations",
        "t.yaml:16:5: no metric is called 'lambda.invokations'; did you mean 'lambda.invocations'?",
    ),
    (
        "- lambda.invocations",
        "- Errors",
        "t.yaml:16:5: no metric is called 'Errors'; metrics begin with lambda., lambda_insights., "
        "api_gateway., dynamodb., memorydb., load_balancer., nodes., cloudfront., waf., canary., route53., "
        "s3.",
    ),
    (
        "- lambda.invocations",
        "- nodes.*",
        "t.yaml:16:5: nothing in the topology has nodes.*, "
        "which is of a service on nodes in one of its regions",
    ),
    (
        "of: orders@eu-south-1",
        "of: order@eu-south-1",
        "t.yaml:17:47: 'order@eu-south-1' has no dynamodb.throttled_requests; "
        "did you mean 'orders@eu-south-1'?",
    ),
    (
        "{metric: memorydb.*, of: views}",
        "{metric: memorydb.*, of: views@eu-west-1}",
        "t.yaml:18:30: 'views@eu-west-1' has no memorydb.*; did you mean 'views@eu-south-1'?",
    ),
    (
        "copied_to: eu-central-1, copy_delay: 1 min",
        "copied_to: eu-centrall-1",
        "t.yaml:19:52: unknown region 'eu-centrall-1'; did you mean 'eu-central-1'?",
    ),
    (
        "copied_to: eu-central-1, copy_delay: 1 min",
        "copy_delay: 1 min",
        "t.yaml:19:41: 'copy_delay' belongs to 'copied_to'",
    ),
    (
        "of: deep@eu-south-1}",
        "of: deep, copied_to: us-east-1}",
        "t.yaml:20:64: route53.health_check_status is in us-east-1 already; leave this out",
    ),
    (
        "[{metric: lambda.*, of: api@eu-central-1}]",
        "[{metric: lambda.*, of: apis}]",
        "e.yaml:4:34: 'apis' has no lambda.*; did you mean 'api'?",
    ),
]


def test_metrics_that_make_sense_are_taken(tmp_path: Path) -> None:
    assert complaints(tmp_path, EXPERIMENT, TOPOLOGY) == []


@pytest.mark.parametrize(("old", "new", "expected"), CASES)
def test_each_mistake_has_its_place_and_its_remedy(old: str, new: str, expected: str, tmp_path: Path) -> None:
    assert complaints(tmp_path, *changed_in(EXPERIMENT, TOPOLOGY, old, new)) == [expected]


def test_people_type_the_arrow_as_two_characters(tmp_path: Path) -> None:
    buckets = "buckets: {images: {replicas: [eu-south-1, eu-central-1]}}\nmetrics:\n"
    pair = "  - {metric: s3.replication_latency, of: 'images@eu-south-1 -> eu-central-1'}\n"
    assert complaints(tmp_path, EXPERIMENT, changed(TOPOLOGY, "metrics:\n", buckets + pair)) == []
