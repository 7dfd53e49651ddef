"""What the catalog says of gateways, compute, stores, edges, identity and clients, as published."""

import math
from statistics import NormalDist
from typing import Any

import pytest

from simulator import catalog, units


@pytest.mark.parametrize(
    ("name", "value", "label"),
    [
        # Amazon API Gateway developer guide, quotas
        ("gateway.account_rate", "10_000/s", "documented"),
        ("gateway.account_burst", 5000, "documented"),
        ("gateway.small_region.account_rate", "2500/s", "documented"),
        ("gateway.small_region.account_burst", 1250, "documented"),
        ("gateway.timeout", "29 s", "documented"),
        # AWS Lambda developer guide, quotas and scaling behavior: 1,000 every 10 s
        ("lambda.concurrency", 1000, "documented"),
        ("lambda.scaling_rate", "100/s", "derived"),
        ("lambda.scaling_burst", 1000, "documented"),
        ("lambda.requests_per_environment", "10/s", "documented"),
        ("lambda.idle", "10 min", "assumed"),
        ("lambda.init_factor.scripted", 3, "assumed"),
        ("lambda.init_factor.jvm", 10, "assumed"),
        # Elastic Load Balancing, Application Load Balancers guide
        ("load_balancer.check.interval", "30 s", "documented"),
        ("load_balancer.check.timeout", "5 s", "documented"),
        ("load_balancer.check.unhealthy_threshold", 2, "documented"),
        ("load_balancer.check.healthy_threshold", 5, "documented"),
        ("load_balancer.connect_timeout", "10 s", "documented"),
        # Amazon DynamoDB developer guide, on-demand-capacity-mode, bp-partition-key-design, and
        # burst-adaptive-capacity
        ("dynamodb.on_demand.write", "4000/s", "documented"),
        ("dynamodb.on_demand.read", "12_000/s", "documented"),
        ("dynamodb.partition.write", "1000/s", "documented"),
        ("dynamodb.partition.read", "3000/s", "documented"),
        ("dynamodb.provisioned.burst", "300 s", "documented"),
        ("call.applied_share", "50 %", "assumed"),
        ("call.endpoint_ttl", "5 s", "assumed"),
        ("network.in_region_round_trip", "1 ms", "assumed"),
        # Amazon MemoryDB developer guide: a few seconds, and 27 s in its sample log
        ("memorydb.failover", {"from": "5 s", "to": "30 s"}, "derived"),
        # Amazon CloudFront developer guide, Expiration, high_availability_origin_failover
        ("cdn.ttl", "24 h", "documented"),
        ("cdn.error_ttl", "10 s", "documented"),
        ("cdn.attempts", 3, "documented"),
        ("cdn.connect_timeout", "10 s", "documented"),
        # Amazon API Gateway developer guide, http-api-jwt-authorizer
        ("identity.keys_cache", "2 h", "documented"),
        ("identity.keys_fetch_limit", "1.5 s", "documented"),
        ("identity.verifiers", 100, "assumed"),
    ],
)
def test_selected_defaults(name: str, value: Any, label: str) -> None:
    one = catalog.entry(name)
    assert (one.value, one.label) == (value, label)


def test_gateways_of_thirteen_regions_take_a_quarter() -> None:
    """Amazon API Gateway developer guide, quotas: Milan and Cape Town are among them."""
    small = {name for name in catalog.region_names() if catalog.gateway_limit(name) == (2500.0, 1250)}
    assert len(small) == 13
    assert {"eu-south-1", "af-south-1", "ap-southeast-3"} < small
    others = {catalog.gateway_limit(name) for name in catalog.region_names() if name not in small}
    assert others == {(10_000.0, 5000)}


def test_lambda_runs_a_thousand_at_once_everywhere() -> None:
    assert {catalog.lambda_concurrency(name) for name in catalog.region_names()} == {1000}


def test_multi_region_caches_are_offered_in_twelve_regions() -> None:
    """Amazon MemoryDB developer guide, multi-Region: not in Milan, Stockholm, Cape Town, São Paulo …"""
    there = {*catalog.MULTI_REGION_CACHE_REGIONS}
    assert len(there) == len(catalog.MULTI_REGION_CACHE_REGIONS) == 12
    assert there < {*catalog.region_names()}
    assert not there & {"eu-south-1", "eu-north-1", "af-south-1", "sa-east-1", "ca-central-1"}


@pytest.mark.parametrize(
    ("runtime", "kind", "median_ms", "max_ms"),
    [  # GitHub maxday/lambda-perf, data/last.json of 2026-08-22
        ("python3.13", "scripted", 85, 98),
        ("nodejs22.x", "scripted", 138, 160),
        ("java21", "jvm", 234, 250),
        ("dotnet8", "clr", 250, 413),
        ("rust", "compiled", 15, 43),
    ],
)
def test_runtimes(runtime: str, kind: str, median_ms: int, max_ms: int) -> None:
    one = catalog.LAMBDA_RUNTIMES[runtime]
    assert (one.kind, one.median_ms, one.max_ms) == (kind, median_ms, max_ms)
    assert one.min_ms <= one.median_ms < one.max_ms


@pytest.mark.parametrize("runtime", catalog.LAMBDA_RUNTIMES)
def test_the_slow_tail_of_a_runtime_follows_from_the_slowest_of_ten(runtime: str) -> None:
    """The largest of ten is below its median with probability one half: F(x)^10 = 1/2."""
    one, normal = catalog.LAMBDA_RUNTIMES[runtime], NormalDist()
    sigma = math.log(one.max_ms / one.median_ms) / normal.inv_cdf(0.5**0.1)
    p99_ms = one.median_ms * math.exp(sigma * normal.inv_cdf(0.99))
    assert one.p99_ms == pytest.approx(p99_ms, abs=0.5)  # whole milliseconds
    assert catalog.entry(f"lambda.init.{runtime}").text == f"median {one.median_ms} ms, p99 {one.p99_ms} ms"
    assert catalog.has_entry(f"lambda.init_factor.{one.kind}")


def test_time_control_means_999_of_1000_within_15_minutes() -> None:
    """Amazon S3 user guide, replication-time-control; the log-normal through that quantile and the median."""
    name, normal = "s3.replication_lag.time_control", NormalDist()
    median, p99 = (catalog.duration_ns(f"{name}.{key}") for key in ("median", "p99"))
    sigma = math.log(p99 / median) / normal.inv_cdf(0.99)
    # the catalog's p99 is in whole seconds: 0.5 s of 327 s, and the quantile moves by 1.33 times as much
    assert median * math.exp(sigma * normal.inv_cdf(0.999)) == pytest.approx(900e9, rel=0.0021)


PROFILES = {  # AWS SDKs and tools reference, retry behavior; botocore 1.43.11
    "aws-standard-2026": (3, "50 ms", "20 s", 500, 14, 14, 5),
    "aws-standard-pre2026": (3, "1 s", "20 s", 500, 5, 10, 5),
    "aws-adaptive": (3, "1 s", "20 s", 500, 5, 10, 5),
}
KEYS = ("attempts", "backoff_base", "backoff_cap", "quota")
COSTS = ("quota_cost", "quota_timeout_cost", "quota_throttling_cost")


@pytest.mark.parametrize("profile", PROFILES)
def test_profiles_of_aws_sdks(profile: str) -> None:
    found = tuple(catalog.entry(f"client.{profile}.{key}").value for key in (*KEYS, *COSTS))
    assert found == PROFILES[profile]


def test_legacy_boto3_tries_long_and_has_no_quota() -> None:
    """botocore 1.43.11, data/_retry.json: DynamoDB 10 attempts, 50 ms doubling, not random."""
    name = "client.aws-legacy-boto3"
    assert [entry.value for entry in catalog.entries(f"{name}.dynamodb.*")] == [10, "50 ms", "none"]
    assert catalog.entry(f"{name}.attempts").value == 5
    assert not catalog.has_entry(f"{name}.quota")
    # no cap: the longest wait of 10 attempts, 2^8 s, is far below
    assert catalog.duration_ns(f"{name}.backoff_cap") > 2**8 * units.NS_PER_UNIT["s"]


@pytest.mark.parametrize("profile", catalog.client_profiles())
def test_every_profile_says_all_that_every_client_needs(profile: str) -> None:
    keys = ("timeout", "attempts", "backoff_base", "backoff_cap", "keep_alive", "dns_cache")
    assert all(catalog.has_entry(f"client.{profile}.{key}") for key in keys)
    assert catalog.has_entry(f"client.{profile}.connect_timeout") == profile.startswith("aws-")
    assert catalog.has_entry(f"client.{profile}.limiter") == (profile == "aws-adaptive")


def test_lists_are_read_out() -> None:
    assert catalog.entry("gateway.small_regions").text.startswith("af-south-1, eu-south-1, ")
