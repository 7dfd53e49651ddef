"""Issuers, keys and verifiers lowered."""

from typing import Any

from tests.small import HERE, THERE, Written, experiment, plan_of, topology

SECOND = 10**9
THIRD = "us-east-1"
GATEWAY: Written = {"gateway": {}, "verifies_tokens": "gateway"}


def plan_with(service: Written, **identity: Any) -> Any:
    operations = {"view": [{"compute": "1 ms"}]}
    services = {"api": {"regions": [HERE, THERE], "operations": operations} | service}
    regions = {HERE: {}, THERE: {}, THIRD: {}}
    system = topology(regions=regions, services=services, identity=identity)
    return plan_of(system, experiment())


def test_a_region_without_an_issuer_trusts_the_primary() -> None:
    data = plan_with({}, issuer=[THERE, HERE], keys="regional").data
    assert data.issuer_region.tolist() == [1, 0]
    assert data.issuer_home.tolist() == [0, 1, 1]
    assert data.keys_shared == 0


def test_keys_are_kept_for_two_hours_and_shared_unless_written() -> None:
    data = plan_with(GATEWAY, issuer=[HERE]).data
    assert (data.keys_shared, data.verifier_count) == (1, 100)
    # Amazon API Gateway developer guide, http-api-jwt-authorizer
    assert (data.keys_cache_ns, data.keys_fetch_limit_ns) == (7200 * SECOND, 1_500_000_000)
    written = plan_with(GATEWAY, issuer=[HERE], keys_cache="1 min", keys_fetch_limit="2 s", verifiers=3).data
    assert (written.keys_cache_ns, written.keys_fetch_limit_ns) == (60 * SECOND, 2 * SECOND)
    assert written.verifier_count == 3


def test_the_number_of_verifiers_is_assumed_only_where_gateways_verify() -> None:
    found = [
        "identity.verifiers" in {one.name for one in plan_with(service, issuer=[HERE]).assumptions}
        for service in ({}, {"verifies_tokens": "compute"}, GATEWAY)
    ]
    assert found == [False, False, True]


def test_without_identity_nobody_is_home() -> None:
    data = plan_of(topology(), experiment()).data
    assert data.issuer_home.tolist() == [-1, -1]
    assert (data.verifier_count, data.keys_cache_ns) == (0, 0)
