"""Notes on what is single on the request path, and on regions that can take less than the first."""

from typing import Any

import pytest

from simulator.plan.checks import notes
from tests.small import HERE, THERE, Written, experiment, read, topology

MILAN = "eu-south-1"
VIEW = {"view": [{"compute": "1 ms"}]}
LAMBDA: Written = {"lambda": {}}
NODES: Written = {"nodes": {}}


def found(service: Written, record: Written | None = None, **changes: Any) -> list[str]:
    """The notes on a system of Frankfurt and Milan with a name that fails over."""
    services = {"api": {"regions": [HERE, MILAN], "operations": VIEW} | service}
    dns = {"api.example": {"service": "api", "policy": "failover", "health_check": "deep"} | (record or {})}
    written: Written = {"regions": {HERE: {}, MILAN: {}}, "health_checks": {"deep": {}}} | changes
    return notes(read(topology(services=services, dns=dns, **written), experiment()).topology)


def test_milans_gateways_take_a_quarter_of_frankfurts() -> None:
    assert found({"gateway": {}}) == [
        f"api.example falls back from {HERE} to {MILAN}, where the account's gateways take 2,500 requests a "
        "second instead of 10,000"
    ]


@pytest.mark.parametrize(
    ("service", "record", "changes"),
    [
        ({}, {}, {}),  # no gateway
        ({"gateway": {}}, {"order": [MILAN, HERE]}, {}),  # the fallback takes more
        ({"gateway": {}}, {"policy": "latency"}, {}),  # nobody falls back on anybody in particular
        (
            {"gateway": {}},
            {},
            {"regions": {HERE: {}, MILAN: {"quotas": {"gateway": {"rate": "10_000/s", "burst": 9}}}}},
        ),
    ],
)
def test_no_note_where_the_fallback_takes_as_much(
    service: Written, record: Written, changes: Written
) -> None:
    assert found(service, record, **changes) == []


def test_a_standby_stands_in_whatever_the_policy() -> None:
    regions = {HERE: {}, MILAN: {"role": "standby"}}
    assert len(found({"gateway": {}}, {"policy": "latency"}, regions=regions)) == 1


@pytest.mark.parametrize(
    ("service", "regions", "limit"),
    [
        (
            {"compute": LAMBDA},
            {HERE: {}, MILAN: {"quotas": {"lambda_concurrency": 50}}},
            "Lambda works on 50 requests at once instead of 1,000",
        ),
        (
            {"compute": NODES, "compute_in": {MILAN: {"nodes": {"workers": 2}}}},
            {HERE: {}, MILAN: {"zones": 2}},
            "nodes work on 4 requests at once instead of 24",
        ),
    ],
)
def test_a_fallback_that_works_on_less_at_once(service: Written, regions: Written, limit: str) -> None:
    expected = [f"api.example falls back from {HERE} to {MILAN}, where {limit}"]
    assert found(service, regions=regions) == expected


@pytest.mark.parametrize(
    ("per_zone", "note"), [(1, "api has a single node in"), (4, "api has all its nodes in one zone in")]
)
def test_nodes_in_one_zone(per_zone: int, note: str) -> None:
    compute: Written = {"nodes": {"per_zone": per_zone}}
    regions = {HERE: {"zones": 1}, MILAN: {"zones": 1}}
    assert found({"compute": compute}, regions=regions) == [f"{note} {region}" for region in (HERE, MILAN)]


@pytest.mark.parametrize(
    ("stores", "note"),
    [
        (
            {"buckets": {"files": {"replicas": [HERE]}}},
            f"bucket files has one replica, in {HERE}: if that region is lost, so is the bucket",
        ),
        (
            {"caches": {"near": {"regions": [HERE, MILAN], "failover": {"replicas": 0}}}},
            "cache near has no replicas: while the zone of its primary is down, so is the cache",
        ),
    ],
)
def test_stores_in_one_place(stores: Written, note: str) -> None:
    assert found({}, **stores) == [note]


def test_writes_through_a_content_network_have_one_origin() -> None:
    service: Written = {
        "cdn": {"origins": [HERE, THERE]},
        "regions": [HERE, THERE],
        "operations": {"view": [{"get": "files"}], "store": [{"put": "files"}]},
    }
    changes: Written = {"regions": {HERE: {}, THERE: {}}, "buckets": {"files": {"replicas": [HERE, THERE]}}}
    record = {"policy": "simple"}  # which edge answers is not for the name to say
    assert found(service, record, **changes) == [
        f"api.example writes to {HERE} alone: only reads go to another origin"
    ]


def test_reads_through_a_content_network_with_one_origin_depend_on_it() -> None:
    service: Written = {
        "cdn": {"origins": [HERE]},
        "regions": [HERE],
        "operations": {"view": [{"get": "files"}]},
    }
    buckets = {"files": {"replicas": [HERE, MILAN]}}
    assert found(service, buckets=buckets) == [f"api.example depends on {HERE} alone"]
