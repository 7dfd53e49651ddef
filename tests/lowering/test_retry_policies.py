"""Clients lowered to policies: what a profile says, and what a user writes instead."""

from dataclasses import asdict
from typing import Any

import pytest

from simulator.boundary.kinds import REPEATS_ALL, REPEATS_NOTHING, REPEATS_READS
from simulator.language.models.clients import Client
from simulator.lowering.retry_policies import DYNAMODB, NO_NEXT_ADDRESS, NO_TIMEOUT, Policy, lower_policy
from simulator.lowering.sources import Sources
from tests.small import HERE, THERE, Written, experiment, plan_of, topology

MS, SECOND = 10**6, 10**9
NO_QUOTA = {"quota": 0, "cost": 0, "timeout_cost": 0, "throttle_cost": 0}
OLD_QUOTA = {"quota": 500, "cost": 5, "timeout_cost": 10, "throttle_cost": 5}
NEW_QUOTA = {"quota": 500, "cost": 14, "timeout_cost": 14, "throttle_cost": 5}
NO_BREAKER = {"window": 0, "least": 0, "threshold": 0.0, "open_ns": 0, "probes": 0}
STAYS = {"next_address_ns": NO_NEXT_ADDRESS, "repeats": REPEATS_NOTHING}
PLAIN = {"connect_timeout_ns": NO_TIMEOUT, "age_ns": 0, "adaptive": 0, "jitter": 1, "retries_refused": 0}
PLAIN |= STAYS | NO_QUOTA | NO_BREAKER
AWS = PLAIN | {
    "connect_timeout_ns": 60 * SECOND,
    "timeout_ns": 60 * SECOND,
    "keep_alive_ns": 60 * SECOND,
    "cap_ns": 20 * SECOND,
}


def waits(attempts: int, base_ns: int, throttle_base_ns: int | None = None) -> Written:
    throttling_ns = base_ns if throttle_base_ns is None else throttle_base_ns
    return {"attempts": attempts, "base_ns": base_ns, "throttle_base_ns": throttling_ns}


PROFILES = {  # see the catalog for the sources
    "browser": PLAIN
    | waits(3, 100 * MS)
    | {"timeout_ns": 10 * SECOND, "cap_ns": 5 * SECOND, "keep_alive_ns": 300 * SECOND}
    | {"next_address_ns": 8 * SECOND, "repeats": REPEATS_READS},
    "jvm": PLAIN
    | waits(3, 50 * MS)
    | {"timeout_ns": 10 * SECOND, "cap_ns": 20 * SECOND, "keep_alive_ns": 60 * SECOND},
    "script": PLAIN
    | waits(1, SECOND)
    | {"timeout_ns": 30 * SECOND, "cap_ns": 20 * SECOND, "keep_alive_ns": 0},
    "aws-standard-2026": AWS | waits(3, 50 * MS, SECOND) | NEW_QUOTA,
    "aws-standard-pre2026": AWS | waits(3, SECOND) | OLD_QUOTA,
    "aws-adaptive": AWS | waits(3, SECOND) | OLD_QUOTA | {"adaptive": 1},
    "aws-legacy-boto3": AWS | waits(5, SECOND) | {"cap_ns": 366 * 86_400 * SECOND},
}
OF_TABLES = {
    "aws-standard-2026": waits(4, 25 * MS, SECOND),
    "aws-legacy-boto3": waits(10, 50 * MS) | {"jitter": 0},
}


@pytest.mark.parametrize("profile", PROFILES)
def test_profiles(profile: str) -> None:
    assert asdict(lower_policy(profile, Sources())) == PROFILES[profile]


@pytest.mark.parametrize("profile", PROFILES)
def test_calls_to_tables_have_their_own_figures_where_the_sdk_has(profile: str) -> None:
    expected = PROFILES[profile] | OF_TABLES.get(profile, {})
    assert asdict(lower_policy(profile, Sources(), DYNAMODB)) == expected


def changed(profile: str, **written: Any) -> Written:
    """What differs from the profile in a policy."""
    policy = asdict(lower_policy(Client.model_validate({"profile": profile} | written), Sources()))
    return {key: value for key, value in policy.items() if value != PROFILES[profile][key]}


@pytest.mark.parametrize(
    ("profile", "written", "expected"),
    [
        ("browser", {"timeout": "2 s"}, {"timeout_ns": 2 * SECOND}),
        ("browser", {"connect_timeout": "3 s"}, {"connect_timeout_ns": 3 * SECOND}),
        ("browser", {"next_address": "none", "repeat_reset": "none"}, STAYS),
        ("jvm", {"next_address": "2 s"}, {"next_address_ns": 2 * SECOND}),
        ("script", {"repeat_reset": "all"}, {"repeats": REPEATS_ALL}),
        ("script", {"attempts": 4}, {"attempts": 4}),
        ("script", {"keep_alive": "7 s"}, {"keep_alive_ns": 7 * SECOND}),
        ("script", {"retry_refused_conditions": True}, {"retries_refused": 1}),
        ("aws-standard-2026", {"connection_age": "10 min"}, {"age_ns": 600 * SECOND}),
        ("aws-standard-2026", {"quota": "none"}, NO_QUOTA),
        ("aws-standard-2026", {"adaptive": True}, {"adaptive": 1}),
        ("aws-adaptive", {"adaptive": False}, {"adaptive": 0}),
        (
            "browser",
            {"quota": {"tokens": 50, "cost": 2}},
            {"quota": 50, "cost": 2, "timeout_cost": 2, "throttle_cost": 2},
        ),
        (
            "aws-standard-2026",
            {"quota": {"tokens": 50, "cost": 2, "timeout_cost": 0, "throttling_cost": 3}},
            {"quota": 50, "cost": 2, "timeout_cost": 0, "throttle_cost": 3},
        ),
        (
            "browser",
            {"circuit_breaker": {}},  # resilience4j's defaults
            {"window": 100, "least": 100, "threshold": 0.5, "open_ns": 60 * SECOND, "probes": 10},
        ),
        (
            "aws-standard-2026",  # a written backoff replaces the profile's, that after throttling too
            {"backoff": {"base": "1 ms", "cap": "9 ms"}},
            {"base_ns": MS, "throttle_base_ns": MS, "cap_ns": 9 * MS},
        ),
        (
            "jvm",
            {"backoff": {"base": "1 ms", "cap": "9 ms", "throttling": "4 ms", "jitter": "none"}},
            {"base_ns": MS, "throttle_base_ns": 4 * MS, "cap_ns": 9 * MS, "jitter": 0},
        ),
    ],
)
def test_what_is_written_overrides_the_profile(profile: str, written: Written, expected: Written) -> None:
    assert changed(profile, **written) == expected


STEPS = {"view": [{"read": "items"}, {"cache": "near"}, {"get": "files"}]}
STORES: Written = {
    "tables": {"items": {"replicas": [HERE, THERE]}},
    "caches": {"near": {"regions": [HERE, THERE]}},
    "buckets": {"files": {"replicas": [HERE, THERE]}},
}


def policies(**service: Any) -> list[list[Policy]]:
    """The policy of each service's calls to tables, buckets, caches."""
    services = {"api": {"regions": [HERE, THERE], "operations": STEPS} | service}
    data = plan_of(topology(services=services, **STORES), experiment()).data
    columns = [name for name in asdict(lower_policy("script", Sources()))]
    rows = [
        Policy(**{name: getattr(data, f"policy_{name}")[row] for name in columns})
        for row in range(len(data.policy_attempts))
    ]
    return [[rows[number] for number in service] for service in data.call_policy]


def test_services_call_as_the_newest_sdk_unless_written() -> None:
    to_table, to_bucket, to_cache = policies()[0]
    assert to_table == lower_policy("aws-standard-2026", Sources(), DYNAMODB)
    assert to_bucket == to_cache == lower_policy("aws-standard-2026", Sources())


def test_services_may_call_with_any_client() -> None:
    written: Written = {"profile": "aws-legacy-boto3", "attempts": 2, "connection_age": "1 min"}
    to_table, to_bucket, _ = policies(calls=written)[0]
    assert (to_table.attempts, to_table.base_ns, to_table.jitter) == (2, 50 * MS, 0)
    assert (to_bucket.attempts, to_bucket.base_ns, to_bucket.jitter) == (2, SECOND, 1)
    assert to_table.age_ns == to_bucket.age_ns == 60 * SECOND
    assert policies(calls="browser")[0] == [lower_policy("browser", Sources())] * 3


def test_the_identity_service_calls_nobody() -> None:
    system = topology(services={"api": {"regions": [HERE, THERE], "operations": STEPS}}, **STORES)
    assert plan_of(system, experiment()).data.call_policy[-1].tolist() == [0, 0, 0]
